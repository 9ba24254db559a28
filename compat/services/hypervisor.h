/* The services that hand out the resource for guests: fuchsia.sysinfo, and its successor. */
#ifndef COMPAT_SERVICES_HYPERVISOR_H
#define COMPAT_SERVICES_HYPERVISOR_H

#include <stdint.h>
#include <zircon/types.h>

struct handle;

/*
 * Each serves a connection, which it takes over, of a program of @era. Errors: ZX_ERR_NO_MEMORY,
 * ZX_ERR_NO_RESOURCES.
 */
/* fuchsia.sysinfo.Device (2018, 2019) and SysInfo (2020): of these GetHypervisorResource alone. */
zx_status_t sysinfo__serve(uint32_t era, struct handle *channel);
/* fuchsia.kernel.HypervisorResource, from 2021 on. */
zx_status_t hypervisor_resource__serve(uint32_t era, struct handle *channel);

#endif
