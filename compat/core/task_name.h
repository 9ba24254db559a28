/* The name that a program gives a task at its creation. */
#ifndef COMPAT_CORE_TASK_NAME_H
#define COMPAT_CORE_TASK_NAME_H

#include <zircon/types.h>

#include "compat/core/user.h"

/*
 * Reads @size bytes at @addr, cut short to what a name holds, and ends them with a NUL byte. An
 * empty name still needs an address. Errors: ZX_ERR_INVALID_ARGS.
 */
zx_status_t task_name__read(struct thread *self, user_addr_t addr, size_t size,
			    char out[ZX_MAX_NAME_LEN]);

#endif
