/* What check.c is made of. */
#ifndef ABIGEN_CHECK_H
#define ABIGEN_CHECK_H

#include "abigen.h"

/* check_names.c: rules about the names of arguments, and about types. */
void check_names(struct diag *diag, const struct abi_call *call);
/* check_notes.c: what `arg:` lines say goes to the arguments. */
void check_notes(struct diag *diag, struct abi_call *call);

#endif
