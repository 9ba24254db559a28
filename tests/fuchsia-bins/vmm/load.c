#include "monitor.h"

#include <zircon/errors.h>

#include "fidl.h"
#include "fidl_io.h"

#define GET_HYPERVISOR 0x1c312131d3b824a2u /* fuchsia.kernel/HypervisorResource.Get */

void load_image(struct monitor *monitor, const char *name)
{
	char *to = (char *)monitor->memory + VMM_LOAD_ADDR;
	size_t room = VMM_MEMORY_SIZE - VMM_LOAD_ADDR;
	zx_handle_t file;
	size_t actual;

	check(name, io_open(rt_boot__directory("/pkg"), IO_RIGHT_READABLE, 0, name, &file, NULL));
	do {
		size_t part = room < 4096 ? room : 4096;

		check(name, io_read(file, to, part, &actual));
		to += actual;
		room -= actual;
	} while (actual);
	check(name, io_close(file));
}

zx_handle_t get_hypervisor(void)
{
	struct fidl_header request = FIDL_HEADER(GET_HYPERVISOR);
	uint64_t reply[8];
	uint32_t size;
	zx_handle_t service;
	zx_handle_t resource;

	check("services (zxrun --hypervisor)",
	      io_open(rt_boot__directory("/svc"), IO_RIGHT_READABLE | IO_RIGHT_WRITABLE, 0,
		      "fuchsia.kernel.HypervisorResource", &service, NULL));
	check("resource", fidl_call(service, &request, sizeof(request), ZX_HANDLE_INVALID, reply,
				    sizeof(reply), &size, &resource));
	return resource;
}
