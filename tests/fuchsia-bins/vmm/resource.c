#include "resource.h"

#include <zircon/errors.h>

#include "fidl.h"
#include "fidl_io.h"
#include "rt.h"

#define GET 0x1c312131d3b824a2

zx_status_t resource__get_hypervisor(zx_handle_t *out)
{
	struct fidl_header request = FIDL_HEADER(GET);
	uint8_t reply[sizeof(struct fidl_header) + 8];
	zx_handle_t service;
	uint32_t size;
	zx_status_t status = io_open(rt_boot__directory("/svc"),
				     IO_RIGHT_READABLE | IO_RIGHT_WRITABLE, 0,
				     "fuchsia.kernel.HypervisorResource", &service, NULL);

	if (status != ZX_OK)
		return status;
	status = fidl_call(service, &request, sizeof(request), ZX_HANDLE_INVALID, reply,
			   sizeof(reply), &size, out);
	zx_handle_close(service);
	return status == ZX_OK && *out == ZX_HANDLE_INVALID ? ZX_ERR_NOT_FOUND : status;
}
