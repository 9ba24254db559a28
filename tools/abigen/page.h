/* What reference pages tell about a call, before it has the form of Markdown or of a man page. */
#ifndef ABIGEN_PAGE_H
#define ABIGEN_PAGE_H

#include "abigen.h"

/* The first sentence of the description, "" without one. The caller frees it. */
char *page_summary(const struct abi_call *call);

/* The paragraphs of the description behind its first sentence. */
void page_description(const struct abi_call *call, struct str_list *paragraphs);

/* The sentences of the lines about rights. */
void page_rights(const struct abi_call *call, struct str_list *sentences);

/* What to say about rights and errors where the definition has no lines about them. */
const char *page_no_rights(const struct abi_call *call);
char *page_no_errors(const struct abi_call *call);	/* freed by the caller */

/* What the call returns, as far as that follows from its type. The caller frees it. */
char *page_return_value(const struct abi_call *call);

/* An error of a definition, in its two parts. */
struct page_error {
	int status_len;
	const char *status;	/* no string: see @status_len */
	const char *when;
};

struct page_error page_error(const char *error);

/* Include files that a program needs for the call, sorted. */
void page_headers(const struct abi_call *call, struct str_list *headers);

/* Print the eras of @call as part of a sentence that begins with a capital. */
void page_print_eras(FILE *out, const struct abi_call *call);

/* The older forms of @call, oldest first. */
size_t page_variants(const struct abi *abi, const struct abi_call *call,
		     const struct abi_call ***variants);

/* Names of calls of the same family. */
void page_related(const struct abi *abi, const struct abi_call *call, struct str_list *names);

#endif
