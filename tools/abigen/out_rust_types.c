/* Types of the Rust bindings. */
#include "out_rust.h"

#include <stdlib.h>
#include <string.h>

#include "statuses.h"
#include "types.h"

/* Types of C that need no definition. A char is one of the bytes that b"..." has in Rust. */
static const struct base_type {
	const char *c, *rust;
} base_types[] = {
	{ "any", "c_void" },
	{ "bool", "bool" },
	{ "char", "u8" },
	{ "int", "i32" },
	{ "int8_t", "i8" },
	{ "int16_t", "i16" },
	{ "int32_t", "i32" },
	{ "int64_t", "i64" },
	{ "size_t", "usize" },
	{ "uint8_t", "u8" },
	{ "uint16_t", "u16" },
	{ "uint32_t", "u32" },
	{ "uint64_t", "u64" },
	{ "uintptr_t", "usize" },
};

/* A type that has to be defined. */
struct used_type {
	const char *name;
	const struct type_info *info;	/* NULL for a type that is not known */
	bool by_value;			/* somewhere; and not only behind pointers */
};

struct used_types {
	struct used_type *v;
	size_t n;
	bool buffers;	/* `any` is among the types */
};

static const char *base_name(const char *type)
{
	for (size_t i = 0; i < sizeof(base_types) / sizeof(base_types[0]); i++)
		if (!strcmp(base_types[i].c, type))
			return base_types[i].rust;
	return NULL;
}

/* A value of an atomic type is no atomic: only the one that a pointer names is shared. */
static const char *type_name(const char *type, bool pointer)
{
	const struct type_info *info = type_find(type);
	const char *base = base_name(type);

	if (info && info->kind == TYPE_FUTEX && !pointer)
		return "i32";
	return base ? base : type;
}

struct rust_type rust_arg_type(const struct abi_arg *arg)
{
	const char *pointer = "";

	if (arg->is_array)
		pointer = arg->dir == ABI_DIR_IN ? "*const " : "*mut ";
	return (struct rust_type){ pointer, type_name(arg->type, arg->is_array) };
}

struct rust_type rust_ret_type(const struct abi_call *call)
{
	if (call->attrs & ABI_CALL_NORETURN)
		return (struct rust_type){ "", "!" };
	if (!call->ret)
		return (struct rust_type){ "", NULL };
	if (!strcmp(call->ret, "string"))
		return (struct rust_type){ "*const ", "u8" };
	return (struct rust_type){ "", type_name(call->ret, false) };
}

/* --- Which types there are --- */

static struct used_type *find_used(struct used_types *used, const char *name)
{
	for (size_t i = 0; i < used->n; i++)
		if (!strcmp(used->v[i].name, name))
			return &used->v[i];
	return NULL;
}

static void use_type(struct used_types *used, const char *name, bool by_value)
{
	const struct type_info *info = type_find(name);
	struct used_type *type;

	used->buffers |= !strcmp(name, "any");
	if (base_name(name) || (info && info->kind == TYPE_FUTEX && by_value))
		return;
	type = find_used(used, name);
	if (type) {
		type->by_value |= by_value;
		return;
	}
	used->v = xgrow(used->v, used->n, sizeof(*used->v));
	used->v[used->n++] = (struct used_type){ name, info, by_value };
	for (unsigned i = 0; info && i < info->nfields; i++) {
		const struct type_field *field = &info->fields[i];

		use_type(used, field->type, field->pointer == FIELD_VALUE);
	}
}

/* In the order of the table, with the unknown ones behind it. */
static int compare_used(const void *a, const void *b)
{
	const struct used_type *x = a, *y = b;

	if (!x->info && !y->info)
		return strcmp(x->name, y->name);
	if (!x->info || !y->info)
		return x->info ? -1 : 1;
	return (x->info > y->info) - (x->info < y->info);
}

static struct used_types collect(const struct abi *abi)
{
	struct used_types used = { 0 };

	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_public(call))
			continue;
		if (call->ret && strcmp(call->ret, "string"))
			use_type(&used, call->ret, true);
		for (unsigned j = 0; j < call->nargs; j++)
			use_type(&used, call->args[j].type, !call->args[j].is_array);
	}
	if (used.n)
		qsort(used.v, used.n, sizeof(*used.v), compare_used);
	return used;
}

/* --- Their definitions --- */

static void print_handle(FILE *out, const char *name)
{
	fprintf(out, "    /// A handle of this process. Going out of scope does not close it.\n"
		     "    #[repr(transparent)]\n"
		     "    #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]\n"
		     "    pub struct %s(pub u32);\n\n", name);
	fprintf(out, "    impl %s {\n"
		     "        /// The value that no handle has.\n"
		     "        pub const INVALID: %s = %s(0);\n\n", name, name, name);
	fputs("        /// True for all values but `INVALID`, whether there is such a handle or not.\n"
	      "        pub const fn is_valid(self) -> bool {\n"
	      "            self.0 != 0\n"
	      "        }\n"
	      "    }\n\n", out);
	fprintf(out, "    pub const ZX_HANDLE_INVALID: %s = %s::INVALID;\n", name, name);
}

static void print_status_constants(FILE *out, const char *type)
{
	fprintf(out, "    pub const ZX_OK: %s = %s(0);\n", type, type);
	for (size_t i = 0; i < nstatus_infos; i++)
		fprintf(out, "    pub const %s: %s = %s(%d);\n", status_infos[i].name, type, type,
			status_infos[i].value);
}

static void print_status_methods(FILE *out, const char *type)
{
	fprintf(out, "    impl %s {\n", type);
	fprintf(out, "        /// `Ok` for `ZX_OK`, and else the status as an error.\n"
		     "        pub const fn ok(self) -> Result<(), %s> {\n"
		     "            match self {\n"
		     "                ZX_OK => Ok(()),\n"
		     "                error => Err(error),\n"
		     "            }\n"
		     "        }\n\n", type);
	fputs("        /// The name of the constant with this value.\n"
	      "        pub const fn name(self) -> Option<&'static str> {\n"
	      "            match self {\n"
	      "                ZX_OK => Some(\"ZX_OK\"),\n", out);
	for (size_t i = 0; i < nstatus_infos; i++)
		fprintf(out, "                %s => Some(\"%s\"),\n", status_infos[i].name,
			status_infos[i].name);
	fputs("                _ => None,\n"
	      "            }\n"
	      "        }\n"
	      "    }\n\n", out);
}

static void print_status_format(FILE *out, const char *type)
{
	fprintf(out, "    impl core::fmt::Display for %s {\n", type);
	fputs("        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {\n"
	      "            match self.name() {\n"
	      "                Some(name) => f.pad(name),\n"
	      "                None => write!(f, \"status {}\", self.0),\n"
	      "            }\n"
	      "        }\n"
	      "    }\n\n", out);
	fprintf(out, "    impl core::fmt::Debug for %s {\n", type);
	fputs("        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {\n"
	      "            core::fmt::Display::fmt(self, f)\n"
	      "        }\n"
	      "    }\n", out);
}

static void print_status(FILE *out, const char *name)
{
	fprintf(out, "    /// What a call says about its success. It is shown by the name of its "
		     "constant.\n"
		     "    #[repr(transparent)]\n"
		     "    #[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]\n"
		     "    pub struct %s(pub i32);\n\n", name);
	print_status_constants(out, name);
	fputc('\n', out);
	print_status_methods(out, name);
	print_status_format(out, name);
}

static void print_alias(FILE *out, const struct type_info *info)
{
	if (info->kind == TYPE_FUTEX)
		fprintf(out, "    pub type %s = core::sync::atomic::AtomicI32;\n", info->name);
	else if (info->meaning == MEANS_ADDRESS && info->size == 8)
		fprintf(out, "    pub type %s = usize;\n", info->name);
	else
		fprintf(out, "    pub type %s = %c%u;\n", info->name,
			info->kind == TYPE_INT ? 'i' : 'u', info->size * 8);
}

static void print_field(FILE *out, const struct type_field *field)
{
	const char *name = type_name(field->type, field->pointer != FIELD_VALUE);

	fprintf(out, "        pub %s%s: ", field->name, rust_keyword(field->name) ? "_" : "");
	if (field->count)
		fprintf(out, "[%s; %u],\n", name, field->count);
	else if (field->pointer == FIELD_VALUE)
		fprintf(out, "%s,\n", name);
	else
		fprintf(out, "*%s %s,\n", field->pointer == FIELD_POINTER ? "mut" : "const", name);
}

/* A union is not shown by Debug: nothing says which of its fields is valid. */
static bool has_union(const struct type_info *info)
{
	if (!info || info->kind == TYPE_UNION)
		return info;
	for (unsigned i = 0; i < info->nfields; i++)
		if (info->fields[i].pointer == FIELD_VALUE &&
		    has_union(type_find(info->fields[i].type)))
			return true;
	return false;
}

static void print_struct(FILE *out, const struct type_info *info)
{
	fprintf(out, "    #[repr(C)]\n"
		     "    #[derive(Clone, Copy%s)]\n"
		     "    pub %s %s {\n", has_union(info) ? "" : ", Debug",
		info->kind == TYPE_UNION ? "union" : "struct", info->name);
	for (unsigned i = 0; i < info->nfields; i++)
		print_field(out, &info->fields[i]);
	fprintf(out, "    }\n"
		     "    const _: () = assert!(core::mem::size_of::<%s>() == %u);\n", info->name,
		info->size);
}

/*
 * Behind a pointer the contents do not matter. As a value they do: the module around the bindings
 * has to know the type, and without one the compiler says so.
 */
static void print_unknown(FILE *out, const struct used_type *type)
{
	if (type->by_value)
		fprintf(out, "    /// Passed by value and unknown to abigen: to be defined around "
			     "these bindings.\n"
			     "    pub use super::super::%s;\n", type->name);
	else
		fprintf(out, "    /// A structure that only C knows.\n"
			     "    #[repr(C)]\n"
			     "    pub struct %s {\n"
			     "        _private: [u8; 0],\n"
			     "    }\n", type->name);
}

/* Aliases stand in one block, all else apart. */
static bool is_alias(const struct used_type *type)
{
	if (!type->info || type->info->meaning == MEANS_HANDLE ||
	    type->info->meaning == MEANS_STATUS)
		return false;
	return type->info->meaning != MEANS_STRUCT;
}

static void print_type(FILE *out, const struct used_type *type)
{
	const struct type_info *info = type->info;

	if (!info || info->kind == TYPE_OPAQUE)
		print_unknown(out, type);
	else if (info->meaning == MEANS_STRUCT)
		print_struct(out, info);
	else if (info->meaning == MEANS_HANDLE)
		print_handle(out, info->name);
	else if (info->meaning == MEANS_STATUS)
		print_status(out, info->name);
	else
		print_alias(out, info);
}

void rust_print_types(FILE *out, const struct abi *abi)
{
	struct used_types used = collect(abi);

	if (used.buffers)
		fputs("    use core::ffi::c_void;\n\n", out);
	for (size_t i = 0; i < used.n; i++) {
		print_type(out, &used.v[i]);
		if (i + 1 == used.n || !is_alias(&used.v[i]) || !is_alias(&used.v[i + 1]))
			fputc('\n', out);
	}
	free(used.v);
}
