/* What changed between two forms of one call. */
#ifndef ABIGEN_DIFF_FORM_H
#define ABIGEN_DIFF_FORM_H

#include "abigen.h"

enum finding_kind {
	FOUND_ADDED,
	FOUND_REMOVED,
	FOUND_CHANGED,
	FOUND_TEXT,	/* changed in nothing but its documentation */
	FOUND_KINDS
};

/* @text says what changed, and is empty for what was added or removed. */
struct finding {
	enum finding_kind kind;
	bool breaks;		/* programs built for the old form */
	unsigned eras;		/* one bit each */
	char *text;
};

struct findings {
	struct finding *v;
	size_t n;
	enum era era;		/* the one being looked at */
};

/* Add a finding in the present era. One that other eras have too is not repeated. */
void findings_add(struct findings *list, enum finding_kind kind, bool breaks, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Compare the forms that a call has in one era. */
void diff_forms(struct findings *list, const struct abi_call *old, const struct abi_call *new);

#endif
