/* The include file zircon/syscalls.h. */
#include "outputs.h"

#include <stdlib.h>
#include <string.h>

#include "types.h"

/* What every SDK's zircon/syscalls.h includes, at all dates: programs count on it. */
static const char *const common_headers[] = {
	"zircon/types.h", "zircon/syscalls/types.h", "zircon/syscalls/object.h",
	"zircon/syscalls/pci.h", "zircon/syscalls/profile.h",
};

/* Types that every date's zircon/syscalls/types.h declares, which is enough for a pointer. */
static const char *const declared_types[] = {
	"zx_pci_bar_t", "zx_pci_init_arg_t", "zx_pcie_device_info_t", "zx_port_packet_t",
	"zx_profile_info_t", "zx_smc_parameters_t", "zx_smc_result_t", "zx_system_powerctl_arg_t",
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Headers that the definitions need beside the common ones, by name, each once. */
struct header_list {
	const char **v;
	size_t n;
};

static void add_header(struct header_list *list, const char *header)
{
	size_t i = 0;

	if (words_index(common_headers, COUNT(common_headers), header) >= 0)
		return;
	while (i < list->n && strcmp(list->v[i], header) < 0)
		i++;
	if (i < list->n && !strcmp(list->v[i], header))
		return;
	list->v = xgrow(list->v, list->n, sizeof(*list->v));
	memmove(&list->v[i + 1], &list->v[i], (list->n - i) * sizeof(*list->v));
	list->v[i] = header;
	list->n++;
}

static void add_type(struct header_list *list, const char *type, bool by_value)
{
	const struct type_info *info = type_find(type);
	bool known = words_index(declared_types, COUNT(declared_types), type) >= 0;

	if (info && info->header && (by_value || !known))
		add_header(list, info->header);
}

static void print_includes(FILE *out, const struct abi *abi)
{
	struct header_list list = { 0 };

	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_public(call))
			continue;
		add_type(&list, call_ret_type(call), true);
		for (unsigned a = 0; a < call->nargs; a++)
			add_type(&list, call->args[a].type, !call->args[a].is_array);
	}
	fputs("#include <stddef.h>\n"
	      "#include <stdint.h>\n\n", out);
	for (size_t i = 0; i < COUNT(common_headers); i++)
		fprintf(out, "#include <%s>\n", common_headers[i]);
	for (size_t i = 0; i < list.n; i++)
		fprintf(out, "#include <%s>\n", list.v[i]);
	fputc('\n', out);
	free(list.v);
}

static void print_macros(FILE *out)
{
	fputs("/* What becomes of handles, for clang's static analyser (fuchsia.HandleChecker). */\n"
	      "#ifdef __has_attribute\n"
	      "#if __has_attribute(__acquire_handle__)\n"
	      "#define ZX_HANDLE_ANNO(what) __attribute__((__##what##_handle__(\"Fuchsia\")))\n"
	      "#endif\n"
	      "#endif\n"
	      "#ifndef ZX_HANDLE_ANNO\n"
	      "#define ZX_HANDLE_ANNO(what)\n"
	      "#endif\n\n", out);
}

/*
 * The attribute of an argument that is a handle, or NULL. The analyser takes acquired arrays for
 * full and released handles for gone, whatever the call returned. So arrays that come back, and
 * handles that stay where they were when the call fails, are left to themselves: it then assumes
 * nothing about them.
 */
static const char *handle_attribute(const struct abi_arg *arg)
{
	bool one = arg->nfactors == 1 && !arg->factors[0].name && arg->factors[0].number == 1;

	if (strcmp(arg->type, "zx_handle_t"))
		return NULL;
	if (arg->attrs & ABI_ARG_HANDLE_RELEASE_ALWAYS)
		return "release";
	if ((arg->attrs & ABI_ARG_HANDLE_ACQUIRE) && one)
		return "acquire";
	if (!arg->is_array && !(arg->attrs & ABI_ARG_HANDLE_RELEASE))
		return "use";
	return NULL;
}

static void print_argument(FILE *out, const struct abi_arg *arg)
{
	const char *attribute = handle_attribute(arg);

	if (attribute)
		fprintf(out, "ZX_HANDLE_ANNO(%s) ", attribute);
	arg_print_c(out, arg);
}

static void print_prototype(FILE *out, const struct abi_call *call, const char *prefix)
{
	const char *ret = call_ret_type(call);
	int col;

	if (call->attrs & ABI_CALL_NORETURN)
		fputs("__attribute__((__noreturn__)) ", out);
	if (call->attrs & ABI_CALL_CONST)
		fputs("__attribute__((__const__)) ", out);
	col = fprintf(out, "%s%s%s%s(", ret, ret[strlen(ret) - 1] == '*' ? "" : " ", prefix,
		      call->name);
	if (col > 0 && !call->nargs)
		fputs("void", out);
	for (unsigned i = 0; i < call->nargs; i++) {
		if (i)
			fputs(",\n\t", out);
		print_argument(out, &call->args[i]);
	}
	fputs(");\n", out);
}

static void print_comment(FILE *out, const struct abi_call *call)
{
	if (!call->description.n)
		return;
	if (call->description.n == 1) {
		fprintf(out, "/* %s */\n", call->description.v[0]);
		return;
	}
	fputs("/*\n", out);
	for (size_t i = 0; i < call->description.n; i++)
		fprintf(out, " * %s\n", call->description.v[i]);
	fputs(" */\n", out);
}

void out_c_header(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "#ifndef ZIRCON_SYSCALLS_H\n"
	      "#define ZIRCON_SYSCALLS_H\n\n", out);
	print_includes(out, abi);
	print_macros(out);
	fputs("#ifdef __cplusplus\n"
	      "extern \"C\" {\n"
	      "#endif\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_public(call))
			continue;
		fputc('\n', out);
		print_comment(out, call);
		print_prototype(out, call, "zx_");
		print_prototype(out, call, "_zx_");
	}
	fputs("\n#ifdef __cplusplus\n"
	      "}\n"
	      "#endif\n\n"
	      "#undef ZX_HANDLE_ANNO\n\n"
	      "#endif\n", out);
}
