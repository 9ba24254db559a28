#include "go_types.h"

#include <stdlib.h>
#include <string.h>

#include "go_names.h"

static void collect_known(struct go_types *types, const struct type_info *info)
{
	types->known[info - type_infos] = true;
	for (unsigned i = 0; i < info->nfields; i++)
		if (strcmp(info->fields[i].type, "any"))
			collect_known(types, type_find(info->fields[i].type));
}

static void collect_type(struct go_types *types, const char *name)
{
	const struct type_info *info = type_find(name);

	if (!strcmp(name, "any") || !strcmp(name, "string"))
		return;
	if (info) {
		types->named[info - type_infos] = true;
		collect_known(types, info);
		return;
	}
	types->others = xgrow(types->others, types->nothers, sizeof(*types->others));
	types->others[types->nothers++] = name;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_others(struct go_types *types)
{
	size_t n = 0;

	if (!types->nothers)
		return;
	qsort(types->others, types->nothers, sizeof(*types->others), compare_names);
	for (size_t i = 0; i < types->nothers; i++)
		if (!n || strcmp(types->others[i], types->others[n - 1]))
			types->others[n++] = types->others[i];
	types->nothers = n;
}

void go_types_collect(struct go_types *types, const struct abi *abi)
{
	*types = (struct go_types){
		.known = xcalloc(ntype_infos, sizeof(*types->known)),
		.named = xcalloc(ntype_infos, sizeof(*types->named)),
	};
	collect_type(types, "zx_handle_t");
	collect_type(types, "zx_status_t");
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_public(call))
			continue;
		if (call->ret)
			collect_type(types, call->ret);
		for (unsigned j = 0; j < call->nargs; j++)
			collect_type(types, call->args[j].type);
	}
	sort_others(types);
}

void go_types_free(struct go_types *types)
{
	free(types->known);
	free(types->named);
	free(types->others);
}

bool go_types_taken(const struct go_types *types, const char *call)
{
	char *type = go_format("zx_%s_t", call);
	const struct type_info *info = type_find(type);
	bool taken = info && types->known[info - type_infos];

	for (size_t i = 0; i < types->nothers; i++)
		taken |= !strcmp(types->others[i], type);
	free(type);
	return taken;
}

/* What a type of C's own, or one that needs no name in Go, is there; NULL for others. */
static const char *plain_type(const struct type_info *info)
{
	static const char *const types[][2] = {
		{ "int", "int32" }, { "char", "byte" }, { "bool", "bool" },
		{ "int8_t", "int8" }, { "int16_t", "int16" },
		{ "int32_t", "int32" }, { "int64_t", "int64" },
		{ "uint8_t", "uint8" }, { "uint16_t", "uint16" },
		{ "uint32_t", "uint32" }, { "uint64_t", "uint64" },
		{ "size_t", "uintptr" }, { "uintptr_t", "uintptr" },
		{ "zx_futex_t", "int32" },
	};

	for (size_t i = 0; info && i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(info->name, types[i][0]))
			return types[i][1];
	return NULL;
}

char *go_type(const char *type)
{
	const char *plain = plain_type(type_find(type));

	return plain ? go_format("%s", plain) : go_type_name(type);
}

bool go_by_pointer(const char *type)
{
	const struct type_info *info = type_find(type);

	return info && (info->kind == TYPE_STRUCT || info->kind == TYPE_UNION);
}

static bool included_before(const struct go_types *types, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (types->known[i] && type_infos[i].header &&
		    !strcmp(type_infos[i].header, type_infos[index].header))
			return true;
	return false;
}

void go_types_print_includes(FILE *out, const struct go_types *types)
{
	for (size_t i = 0; i < ntype_infos; i++)
		if (types->known[i] && type_infos[i].header && !included_before(types, i))
			fprintf(out, "#include <%s>\n", type_infos[i].header);
}

static void print_scalar(FILE *out, const struct type_info *info, const char *name)
{
	fprintf(out, "\n// %s is %s.\ntype %s ", name, info->name, name);
	if (info->meaning == MEANS_ADDRESS && info->size == sizeof(uint64_t))
		fputs("uintptr\n", out);
	else
		fprintf(out, "%sint%u\n", info->kind == TYPE_UINT ? "u" : "", info->size * 8);
}

/* The type of a field: behind a pointer, bytes of any kind are unsafe.Pointer. */
static void print_field_type(FILE *out, const struct type_field *field)
{
	char *type;

	if (field->count)
		fprintf(out, "[%u]", field->count);
	if (!strcmp(field->type, "any")) {
		fputs("unsafe.Pointer", out);
		return;
	}
	type = go_type(field->type);
	fprintf(out, "%s%s", field->pointer == FIELD_VALUE ? "" : "*", type);
	free(type);
}

static void print_struct(FILE *out, const struct type_info *info, const char *name)
{
	int width = 0;

	for (unsigned i = 0; i < info->nfields; i++) {
		char *field = go_name(info->fields[i].name);

		if ((int)strlen(field) > width)
			width = (int)strlen(field);
		free(field);
	}
	fprintf(out, "\n// %s is %s.\ntype %s struct {\n", name, info->name, name);
	for (unsigned i = 0; i < info->nfields; i++) {
		char *field = go_name(info->fields[i].name);

		fprintf(out, "\t%-*s ", width, field);
		print_field_type(out, &info->fields[i]);
		fputc('\n', out);
		free(field);
	}
	fputs("}\n", out);
}

/* The alignment of a known type in C, which is that of the largest scalar in it. */
static unsigned alignment(const struct type_info *info)
{
	unsigned most = info->nfields ? 1 : info->size;

	for (unsigned i = 0; i < info->nfields; i++) {
		const struct type_field *field = &info->fields[i];
		unsigned align = field->pointer == FIELD_VALUE ?
			alignment(type_find(field->type)) : sizeof(uint64_t);

		if (align > most)
			most = align;
	}
	return most;
}

/* Go has no unions: words of the right size and alignment, seen through a method for each field. */
static void print_union(FILE *out, const struct type_info *info, const char *name)
{
	unsigned align = alignment(info);

	fprintf(out, "\n// %s is the union %s: each method gives a view of the same bytes.\n"
		"type %s [%u]uint%u\n", name, info->name, name, info->size / align, align * 8);
	for (unsigned i = 0; i < info->nfields; i++) {
		char *field = go_name(info->fields[i].name);

		fprintf(out, "\n// %s is the field %s.\nfunc (u *%s) %s() *", field,
			info->fields[i].name, name, field);
		print_field_type(out, &info->fields[i]);
		fputs(" {\n\treturn (*", out);
		print_field_type(out, &info->fields[i]);
		fputs(")(unsafe.Pointer(u))\n}\n", out);
		free(field);
	}
}

static void print_opaque(FILE *out, const char *type)
{
	char *name = go_type(type);

	fprintf(out, "\n// %s is %s; C alone knows what it consists of.\n"
		"type %s C.%s\n", name, type, name, type);
	free(name);
}

static void print_known(FILE *out, const struct type_info *info)
{
	char *name;

	if (plain_type(info))
		return;
	if (info->kind == TYPE_OPAQUE) {
		print_opaque(out, info->name);
		return;
	}
	name = go_type(info->name);
	if (info->kind == TYPE_STRUCT)
		print_struct(out, info, name);
	else if (info->kind == TYPE_UNION)
		print_union(out, info, name);
	else
		print_scalar(out, info, name);
	free(name);
}

static void print_size_check(FILE *out, const struct type_info *info)
{
	char *name = go_type(info->name);

	fprintf(out, "\t_ = [1]byte{}[unsafe.Sizeof(%s%s)-C.sizeof_%s]\n", name,
		info->nfields ? "{}" : "(0)", info->name);
	free(name);
}

/* Types that stand only in others can be later than C's headers, as fields of unions are. */
static void print_size_checks(FILE *out, const struct go_types *types)
{
	fputs("\n// The types have the sizes that they have in C: no other index than 0 compiles.\n"
	      "var (\n", out);
	for (size_t i = 0; i < ntype_infos; i++)
		if (types->named[i] && !plain_type(&type_infos[i]) &&
		    type_infos[i].kind != TYPE_OPAQUE)
			print_size_check(out, &type_infos[i]);
	fputs(")\n", out);
}

void go_types_print(FILE *out, const struct go_types *types)
{
	for (size_t i = 0; i < ntype_infos; i++)
		if (types->known[i])
			print_known(out, &type_infos[i]);
	for (size_t i = 0; i < types->nothers; i++)
		print_opaque(out, types->others[i]);
	print_size_checks(out, types);
}
