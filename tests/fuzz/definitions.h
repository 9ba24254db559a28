/* Definitions of calls, read from memory. */
#ifndef TESTS_FUZZ_DEFINITIONS_H
#define TESTS_FUZZ_DEFINITIONS_H

#include "tools/abigen/abigen.h"

struct definitions {
	struct source src;
	struct abi abi;
};

/* A few that are correct. */
extern const char definitions_fixed[];

/* Read @text, which is copied. True when there is no error in it. */
bool definitions_read(struct definitions *defs, const char *text, size_t len);
void definitions_free(struct definitions *defs);

#endif
