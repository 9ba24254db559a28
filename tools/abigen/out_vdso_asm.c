/* entries.S: one row per exported name; the macros are in vdso/entry.h. */
#include "outputs.h"

void out_vdso_asm(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "#include \"entry.h\"\n\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call_exported(call))
			continue;
		if (call->where == ABI_WHERE_VDSO)
			fprintf(out, "ZXVDSO_ENTRY zx_%s\n", call->name);
		else
			fprintf(out, "ZXCALL_ENTRY zx_%s, %d, %u\n", call->name, call->number,
				call->nargs);
	}
}
