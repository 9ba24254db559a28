/* Everything that abigen can write. One out_*.c per row of the table in outputs.c. */
#ifndef ABIGEN_OUTPUTS_H
#define ABIGEN_OUTPUTS_H

#include "abigen.h"

struct output {
	const char *option;	/* long option that asks for it, without "--" */
	const char *help;
	void (*write)(FILE *out, const struct abi *abi);
};

extern const struct output outputs[];
extern const size_t noutputs;

void out_c_header(FILE *out, const struct abi *abi);
void out_numbers(FILE *out, const struct abi *abi);
void out_core_protos(FILE *out, const struct abi *abi);
void out_core_dispatch(FILE *out, const struct abi *abi);
void out_marshal(FILE *out, const struct abi *abi);
void out_vdso_asm(FILE *out, const struct abi *abi);
void out_names(FILE *out, const struct abi *abi);
void out_status(FILE *out, const struct abi *abi);

#endif
