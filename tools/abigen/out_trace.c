/* Rows of the table that says how to show calls: names, and a format for each argument. */
#include "outputs.h"

#include <string.h>

#include "types.h"

/* What is passed in a register, of a type that is not known. */
#define REGISTER_SIZE	8

/* The names of enum zxabi_format, by meaning. A plain number's format goes by its type. */
static const char *const meaning_formats[] = {
	[MEANS_BITS] = "BITS",
	[MEANS_ADDRESS] = "ADDRESS",
	[MEANS_SIZE] = "SIZE",
	[MEANS_HANDLE] = "HANDLE",
	[MEANS_STATUS] = "STATUS",
	[MEANS_RIGHTS] = "RIGHTS",
	[MEANS_SIGNALS] = "SIGNALS",
	[MEANS_KOID] = "KOID",
	[MEANS_OBJ_TYPE] = "OBJECT_TYPE",
	[MEANS_CLOCK] = "CLOCK",
	[MEANS_TIME] = "TIME",
	[MEANS_DURATION] = "DURATION",
	[MEANS_TICKS] = "TICKS",
	[MEANS_VM_OPTION] = "VM_OPTION",
	[MEANS_SEEK_ORIGIN] = "SEEK_ORIGIN",
};

/* True of every type that is not known here. */
static bool is_struct(const char *type)
{
	const struct type_info *info = type_find(type);

	return !info || info->meaning == MEANS_STRUCT;
}

static bool is_bytes(const struct abi_arg *arg)
{
	return !strcmp(arg->type, "any");
}

static bool is_struct_buffer(const struct abi_arg *arg)
{
	return arg->is_array && !is_bytes(arg) && is_struct(arg->type);
}

static const char *number_format(enum type_kind kind)
{
	switch (kind) {
	case TYPE_BOOL:
		return "BOOL";
	case TYPE_UINT:
		return "UNSIGNED";
	default:
		return "SIGNED";
	}
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

/* Sets of bits have no type of their own in the definitions; their names give them away. */
static bool is_bits(const struct abi_arg *arg, const struct type_info *info)
{
	return info->kind == TYPE_UINT && info->meaning == MEANS_NUMBER &&
	       ((arg->attrs & ABI_ARG_FEATURES) || ends_with(arg->name, "options") ||
		ends_with(arg->name, "flags") || ends_with(arg->name, "mask"));
}

static const char *value_format(const char *type)
{
	const struct type_info *info = type_find(type);

	if (is_struct(type))
		return "BITS";
	if (info->meaning == MEANS_NUMBER)
		return number_format(info->kind);
	return meaning_formats[info->meaning];
}

static const char *arg_format(const struct abi_arg *arg)
{
	static const char *const shown[] = {
		[ABI_SHOWN_FLAGS] = "BITS",
		[ABI_SHOWN_ONE] = "ONE",
		[ABI_SHOWN_SIGNALS] = "SIGNALS",
	};
	const struct type_info *info = type_find(arg->type);

	if (arg->shown != ABI_SHOWN_BY_TYPE)
		return shown[arg->shown];
	if (is_bytes(arg))
		return "BYTES";
	if (is_struct_buffer(arg))
		return "STRUCT";
	if (arg->is_array && info->kind == TYPE_CHAR)
		return "TEXT";
	if (info && is_bits(arg, info))
		return "BITS";
	return value_format(arg->type);
}

static unsigned value_size(const char *type)
{
	return is_struct(type) ? REGISTER_SIZE : type_find(type)->size;
}

static unsigned elem_size(const struct abi_arg *arg)
{
	const struct type_info *info = type_find(arg->type);

	if (!arg->is_array)
		return value_size(arg->type);
	if (is_bytes(arg))
		return 1;
	return info ? info->size : 0;
}

static void print_length(FILE *out, const struct abi_arg *arg)
{
	bool sized = arg->is_array && !(arg->attrs & ABI_ARG_UNSIZED) &&
		     arg->nfactors <= ABI_ROW_FACTORS;

	for (unsigned i = 0; i < ABI_ROW_FACTORS; i++) {
		if (sized && i < arg->nfactors && arg->factors[i].name)
			fprintf(out, "%d, ", arg->factors[i].arg);
		else
			fputs("ZXABI_NO_ARG, ", out);
	}
	fprintf(out, "%u, ", elem_size(arg));
	if (!arg->is_array)
		fputs("1", out);
	else
		fprintf(out, "%u", sized ? (unsigned)arg->factors[0].number : 0);
}

static void print_arg_flags(FILE *out, unsigned attrs)
{
	static const struct {
		unsigned attr;
		const char *flag;
	} flags[] = {
		{ ABI_ARG_OPTIONAL, "OPTIONAL" },
		{ ABI_ARG_UNSIZED, "UNSIZED" },
		{ ABI_ARG_HANDLE_ACQUIRE, "ACQUIRED" },
		{ ABI_ARG_HANDLE_RELEASE, "RELEASED" },
		{ ABI_ARG_HANDLE_RELEASE_ALWAYS, "RELEASED_ALWAYS" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!(attrs & flags[i].attr))
			continue;
		fprintf(out, "%sZXABI_ARG_%s", any ? " | " : "", flags[i].flag);
		any = true;
	}
	fputs(any ? ", " : "0, ", out);
}

static void print_arg(FILE *out, const struct abi_arg *arg)
{
	static const char *const directions[] = {
		[ABI_DIR_NONE] = "VALUE",
		[ABI_DIR_IN] = "IN",
		[ABI_DIR_OUT] = "OUT",
		[ABI_DIR_INOUT] = "INOUT",
	};

	fprintf(out, "\t{ \"%s\", ", arg->name);
	if (is_struct_buffer(arg))
		fprintf(out, "\"%s\", ", arg->type);
	else
		fputs("0, ", out);
	fprintf(out, "ZXABI_FORMAT_%s, ZXABI_%s, ", arg_format(arg), directions[arg->dir]);
	print_arg_flags(out, arg->attrs);
	print_length(out, arg);
	if (arg->filled)
		fprintf(out, ", %u", arg->filled - 1);
	else
		fputs(", ZXABI_NO_ARG", out);
	if (arg->set)
		fprintf(out, ", \"%s\" },\n", arg->set);
	else
		fputs(", 0 },\n", out);
}

static void print_flags(FILE *out, unsigned attrs)
{
	if (attrs & ABI_CALL_NORETURN)
		fputs("ZXABI_TRACE_NORETURN, ", out);
	else if (attrs & ABI_CALL_BLOCKING)
		fputs("ZXABI_TRACE_BLOCKING, ", out);
	else
		fputs("0, ", out);
}

static void print_result(FILE *out, const char *type)
{
	if (type)
		fprintf(out, "ZXABI_FORMAT_%s, %u, ", value_format(type), value_size(type));
	else
		fputs("ZXABI_FORMAT_NONE, 0, ", out);
}

static void print_row(FILE *out, const struct abi_call *call)
{
	fprintf(out, "[ZXCALL_%s] = { \"zx_%s\", %u, ", call->name,
		call->base ? call->base->name : call->name, call->nargs);
	print_flags(out, call->attrs);
	print_result(out, call->ret);
	if (!call->nargs) {
		fputs("0 },\n", out);
		return;
	}
	fputs("(const struct zxabi_trace_arg[]){\n", out);
	for (unsigned i = 0; i < call->nargs; i++)
		print_arg(out, &call->args[i]);
	fputs("} },\n", out);
}

void out_trace(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "/*\n"
	      " * name, nargs, flags, result, result_size,\n"
	      " * { name, type, format, direction, flags, count_arg, mul_arg, elem, count,\n"
	      " *   filled_arg, set } each\n"
	      " */\n", out);
	for (size_t i = 0; i < abi->ncalls; i++)
		if (abi->calls[i].number >= 0)
			print_row(out, &abi->calls[i]);
}
