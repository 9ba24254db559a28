/* The guest's journal: printed when its bell rings, while the guest goes on. */
#ifndef VMM_JOURNAL_H
#define VMM_JOURNAL_H

#include "machine.h"

zx_status_t journal__add(struct machine *machine, zx_handle_t port, uint64_t key);
/* Prints what is new. */
void journal__print(struct machine *machine);

#endif
