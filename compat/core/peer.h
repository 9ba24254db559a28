/* What eventpairs, channels, sockets and fifos share: they are made in pairs that use one lock. */
#ifndef COMPAT_CORE_PEER_H
#define COMPAT_CORE_PEER_H

#include "compat/core/object.h"

/*
 * Two objects of @size bytes and @type, each with one reference, that lock through one lock and
 * know each other's koid. Linking them is the caller's part. Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t peer__create_pair(size_t size, uint32_t type, struct object **out0,
			      struct object **out1);

#endif
