/* Everything that abigen can write. One out_*.c per row of the table in outputs.c. */
#ifndef ABIGEN_OUTPUTS_H
#define ABIGEN_OUTPUTS_H

#include "abigen.h"

/* Either the whole of the definitions in one file, or a page for each call. */
struct output {
	const char *option;	/* long option that asks for it, without "--" */
	const char *help;
	void (*write)(FILE *out, const struct abi *abi);
	/* For pages: those of exported calls, in a folder with the names that page_name gives. */
	void (*write_page)(FILE *out, const struct abi *abi, const struct abi_call *call);
	const char *page_name;	/* format of a page's file name, with the call's name for %s */
};

extern const struct output outputs[];
extern const size_t noutputs;

void out_c_header(FILE *out, const struct abi *abi);
void out_numbers(FILE *out, const struct abi *abi);
void out_core_protos(FILE *out, const struct abi *abi);
void out_core_dispatch(FILE *out, const struct abi *abi);
void out_marshal(FILE *out, const struct abi *abi);
void out_vdso_asm(FILE *out, const struct abi *abi);
void out_trace(FILE *out, const struct abi *abi);
void out_status(FILE *out, const struct abi *abi);
void out_json(FILE *out, const struct abi *abi);
void out_rust(FILE *out, const struct abi *abi);
void out_go(FILE *out, const struct abi *abi);
void out_markdown(FILE *out, const struct abi *abi, const struct abi_call *call);
void out_man(FILE *out, const struct abi *abi, const struct abi_call *call);

#endif
