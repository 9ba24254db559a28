/* The tables by which a guest's processor finds memory. */
#ifndef VMM_PAGING_H
#define VMM_PAGING_H

#include "machine.h"

/* Tables at 0, where a processor begins: the first 4 GiB of addresses are those of memory. */
void paging__make(struct machine *machine);

/*
 * Where the guest's tables that begin at @cr3 lead @addr; UINT64_MAX where nowhere. The guest may
 * have written anything into them.
 */
uint64_t paging__find(struct machine *machine, uint64_t cr3, uint64_t addr);

#endif
