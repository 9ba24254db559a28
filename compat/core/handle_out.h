/* How a call that ends with handles for its caller gives them away, or none where it fails. */
#ifndef COMPAT_CORE_HANDLE_OUT_H
#define COMPAT_CORE_HANDLE_OUT_H

#include "compat/core/handle.h"

/*
 * Adds @handle (taken over, also on failure) to the calling process and writes its value to @out.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_INVALID_ARGS (@out). The handle is closed then, but for programs
 * of the newest era with a bad @out.
 */
zx_status_t handle__give(struct thread *self, struct handle *handle, user_addr_t out);
/* The same for two that come or fail together. */
zx_status_t handle__give_pair(struct thread *self, struct handle *handle0, user_addr_t out0,
			      struct handle *handle1, user_addr_t out1);

#endif
