/* Bringing one page in Markdown up to date. */
#ifndef ABIGEN_MD_UPDATE_H
#define ABIGEN_MD_UPDATE_H

#include "md_refs.h"
#include "text.h"

/* What is to be told about a page. */
struct md_result {
	struct text text;		/* the page as it should be, when anything is stale */
	struct str_list stale;		/* parts that were not like this */
	struct str_list faults;		/* "has no NAME section" */
};

/*
 * Put what follows from the definition @call into the page @text. Everything else stays as it is,
 * byte for byte.
 */
void md_update(struct md_result *result, const struct md_targets *targets,
	       const struct abi_call *call, const char *text, size_t len);
void md_result_free(struct md_result *result);

#endif
