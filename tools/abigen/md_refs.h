/* The references at the end of a page in Markdown: where its links to other calls lead. */
#ifndef ABIGEN_MD_REFS_H
#define ABIGEN_MD_REFS_H

#include "abigen.h"
#include "md_lines.h"

/* What links can lead to: calls that are defined, and pages that are there. */
struct md_targets {
	const struct abi *abi;
	const struct str_list *files;	/* names of pages, sorted; NULL for none */
};

/* The name of the file with the page of the call @name; NULL when there is no page and no call. */
char *md_page_file(const struct md_targets *targets, const char *name);

/*
 * Write the references that @text, the page of the call @self, needs: a line for each. Nothing is
 * written when there are none.
 */
void md_write_references(FILE *out, const struct md_targets *targets, const char *self,
			 const char *text, size_t len);

/* Print @page, the text of a new page of the call @self, with its references. */
void md_print_with_references(FILE *out, const struct md_targets *targets, const char *self,
			      const char *page, size_t len);

/* True for a line that md_write_references() could have written. */
bool md_is_reference(const struct md_line *line);

#endif
