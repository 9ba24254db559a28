/* Reference pages, one Markdown file a call, whose generated sections follow the definitions. */
#ifndef ABIGEN_UPDATE_DOCS_H
#define ABIGEN_UPDATE_DOCS_H

#include "abigen.h"

enum update_docs_flags {
	UPDATE_DOCS_CHECK	= 1u << 0,	/* change nothing, tell what is stale */
	UPDATE_DOCS_GENERATE	= 1u << 1,	/* make the pages that are missing */
};

enum update_docs_result {
	DOCS_DONE,
	DOCS_STALE,	/* with UPDATE_DOCS_CHECK: something is not as it should be */
	DOCS_FAILED,	/* a page could not be read or written */
};

/* Refresh the pages in the folder @dir. What there is to tell about pages goes to stderr. */
enum update_docs_result update_docs(const char *dir, const struct abi *abi, unsigned flags);

#endif
