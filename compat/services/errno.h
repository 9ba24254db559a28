/* Linux errors as Zircon's. */
#ifndef COMPAT_SERVICES_ERRNO_H
#define COMPAT_SERVICES_ERRNO_H

#include <zircon/types.h>

/* The status for a negative errno; ZX_OK for 0, ZX_ERR_IO for what has no counterpart. */
zx_status_t zx_from_errno(int err);

#endif
