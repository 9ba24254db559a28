/* Resources: what lets a driver at the hardware. No program here is ever given one. */
#ifndef COMPAT_CORE_RESOURCE_H
#define COMPAT_CORE_RESOURCE_H

#include <zircon/types.h>

struct thread;

/*
 * What a call that needs a resource answers to @handle: ZX_ERR_BAD_HANDLE where it names nothing,
 * else ZX_ERR_WRONG_TYPE.
 */
zx_status_t resource__refuse(struct thread *self, zx_handle_t handle);

#endif
