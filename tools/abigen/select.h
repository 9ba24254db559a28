/* The interface of one era, out of definitions that tell that of all. */
#ifndef ABIGEN_SELECT_H
#define ABIGEN_SELECT_H

#include "abigen.h"

/*
 * Leave in @abi the calls that were public in @era, each in the form that it had then: afterwards
 * there are no variants. Call numbers are handed out anew. Only after check_abi() without errors.
 */
void select_era(struct abi *abi, enum era era);

#endif
