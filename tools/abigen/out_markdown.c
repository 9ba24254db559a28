/* Reference pages in Markdown, as new ones. */
#include "outputs.h"

#include <stdlib.h>

#include "md_refs.h"
#include "page_md.h"
#include "text.h"

void out_markdown(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct md_targets targets = { .abi = abi };
	struct text page;

	md_write_page(text_open(&page), abi, call);
	text_close(&page);
	md_print_with_references(out, &targets, call->name, page.s, page.len);
	free(page.s);
}
