/* The include file core/calls.h: one handler per call that has one. */
#include "outputs.h"

#include <string.h>

/*
 * In the core a pointer of the program is a number; only the functions that copy may look behind
 * it.
 */
static void print_param(FILE *out, const struct abi_arg *arg)
{
	fprintf(out, ", %s %s", arg->is_array ? "user_addr_t" : arg->type, arg->name);
}

void out_core_protos(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "#ifndef CORE_CALLS_H\n"
	      "#define CORE_CALLS_H\n\n"
	      "#include <stdint.h>\n\n"
	      "#include <zircon/types.h>\n"
	      "#include <zircon/syscalls/types.h>\n\n"
	      "#include \"compat/core/user.h\"\n"
	      "#include \"zxabi/calls.h\"\n\n"
	      "struct thread;\n\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];
		const char *ret = call_ret_type(call);

		if (!call_handled(call) || call->where == ABI_WHERE_VDSO)
			continue;
		fprintf(out, "%s%ssys_%s(struct thread *self", ret,
			ret[strlen(ret) - 1] == '*' ? "" : " ", call->name);
		for (unsigned a = 0; a < call->nargs; a++)
			print_param(out, &call->args[a]);
		fputs(");\n", out);
	}
	fputs("\n/*\n"
	      " * Run call @nr with @args for @self. Calls that this build refuses or lacks give\n"
	      " * their error, a number that is no call ZX_ERR_BAD_SYSCALL.\n"
	      " */\n"
	      "int64_t core_dispatch(struct thread *self, uint32_t nr, const uint64_t args[8]);\n\n"
	      "#endif\n", out);
}
