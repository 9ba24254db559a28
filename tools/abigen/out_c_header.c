/* The include file zircon/syscalls.h. */
#include "outputs.h"

#include <string.h>

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
		arg_print_c(out, &call->args[i]);
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
	      "#define ZIRCON_SYSCALLS_H\n\n"
	      "#include <stddef.h>\n"
	      "#include <stdint.h>\n\n"
	      "#include <zircon/string_view.h>\n"
	      "#include <zircon/types.h>\n"
	      "#include <zircon/syscalls/types.h>\n"
	      "#include <zircon/syscalls/next.h>\n"
	      "#include <zircon/syscalls/object.h>\n"
	      "#include <zircon/syscalls/pci.h>\n"
	      "#include <zircon/syscalls/profile.h>\n\n"
	      "#ifdef __cplusplus\n"
	      "extern \"C\" {\n"
	      "#endif\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_exported(call))
			continue;
		fputc('\n', out);
		print_comment(out, call);
		print_prototype(out, call, "zx_");
		print_prototype(out, call, "_zx_");
	}
	fputs("\n#ifdef __cplusplus\n"
	      "}\n"
	      "#endif\n\n"
	      "#endif\n", out);
}
