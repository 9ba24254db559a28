#include "outputs.h"

const struct output outputs[] = {
	{ "c-header", "declarations for C and C++ programs", out_c_header },
	{ "numbers", "call numbers, eras and variants", out_numbers },
	{ "core-protos", "prototypes of the core's handlers", out_core_protos },
	{ "core-dispatch", "the core's dispatch function", out_core_dispatch },
	{ "marshal", "rows of the marshalling table", out_marshal },
	{ "vdso-asm", "entry points of the vDSO", out_vdso_asm },
	{ "names", "names of the calls by number", out_names },
	{ "status", "what is implemented, as Markdown", out_status },
};

const size_t noutputs = sizeof(outputs) / sizeof(outputs[0]);
