#include "outputs.h"

#define WHOLE(option_, help_, write_) \
	{ .option = option_, .help = help_, .write = write_ }
#define PAGES(option_, help_, write_, name_) \
	{ .option = option_, .help = help_, .write_page = write_, .page_name = name_ }

const struct output outputs[] = {
	WHOLE("c-header", "declarations for C and C++ programs", out_c_header),
	WHOLE("rust", "bindings for Rust programs", out_rust),
	WHOLE("go", "bindings for Go programs", out_go),
	WHOLE("json", "the definitions as JSON", out_json),
	PAGES("markdown", "reference pages in Markdown", out_markdown, "%s.md"),
	PAGES("man", "reference pages for man", out_man, "zx_%s.2"),
	WHOLE("numbers", "call numbers, eras and variants", out_numbers),
	WHOLE("vdso-asm", "entry points of the vDSO", out_vdso_asm),
	WHOLE("core-protos", "prototypes of the core's handlers", out_core_protos),
	WHOLE("core-dispatch", "the core's dispatch function", out_core_dispatch),
	WHOLE("marshal", "rows of the marshalling table", out_marshal),
	WHOLE("trace", "names and argument formats for traces", out_trace),
	WHOLE("status", "what is implemented, as Markdown", out_status),
};

const size_t noutputs = sizeof(outputs) / sizeof(outputs[0]);
