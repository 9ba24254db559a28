/* The resource without which nobody makes guests. */
#ifndef VMM_RESOURCE_H
#define VMM_RESOURCE_H

#include <zircon/types.h>

/* From fuchsia.kernel.HypervisorResource. The caller owns it. */
zx_status_t resource__get_hypervisor(zx_handle_t *out);

#endif
