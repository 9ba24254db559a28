/* Names by call number. A variant has the name that programs call it by. */
#include "outputs.h"

void out_names(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (call->number >= 0)
			fprintf(out, "[ZXCALL_%s] = \"zx_%s\",\n", call->name,
				call->base ? call->base->name : call->name);
	}
}
