/* What changed between two sets of definitions. */
#ifndef ABIGEN_DIFF_H
#define ABIGEN_DIFF_H

#include "abigen.h"

/*
 * Write the calls that were added, removed and changed from @old to @new to @out. True when a
 * program built for @old might not run with @new any more.
 */
bool diff_abi(FILE *out, const struct abi *old, const struct abi *new);

#endif
