/* The files that definitions are read from. */
#ifndef ABIGEN_INPUTS_H
#define ABIGEN_INPUTS_H

#include "abigen.h"

/* Sources that were read. Positions in definitions point to them, so they are freed last. */
struct inputs {
	struct source **sources;
	size_t n;
};

/*
 * Read the definitions of @path into @abi: a file, "-" for standard input, or a folder, which stands
 * for all files in it whose names end in .abigen. Errors in definitions go to @diag; false, with a
 * message on stderr, when something cannot be read. check_abi() is left to the caller.
 */
bool inputs_read(struct inputs *inputs, struct diag *diag, const char *path, struct abi *abi);
void inputs_free(struct inputs *inputs);

#endif
