/* Calls that want the root resource, made in July 2018 with one for something else. */
#include "conformance.h"

#include <zircon/syscalls/log.h>
#include <zircon/syscalls/resource.h>
#include <zircon/syscalls/system.h>

/* It had neither options nor a name then, and a last number instead of a size. */
extern zx_status_t resource_create_2018(zx_handle_t parent, uint32_t kind, uint64_t low,
					uint64_t high, zx_handle_t *out)
	__asm__("zx_resource_create") __attribute__((weak));
extern zx_status_t debug_read_2018(zx_handle_t handle, char *buffer, size_t *buffer_size)
	__asm__("zx_debug_read") __attribute__((weak));

static uint64_t words[64];
static uint32_t value;
static zx_handle_t out;

static zx_handle_t interrupts(void)
{
	zx_handle_t resource;

	EXPECT_OK(resource_create_2018(root_resource(), ZX_RSRC_KIND_IRQ, 1, 1, &resource));
	return own(resource);
}

static zx_status_t read_console(zx_handle_t resource)
{
	size_t size = sizeof(words);

	return debug_read_2018(resource, (char *)words, &size);
}

static zx_status_t get_device(zx_handle_t resource)
{
	zx_pcie_device_info_t info;

	return zx_pci_get_nth_device(resource, 0, &info, &out);
}

/* A kernel without a PCI driver does not look at the resource. */
static zx_status_t unless_lacking(zx_status_t status)
{
	if (status == ZX_ERR_NOT_SUPPORTED)
		skip("the kernel has no PCI driver");
	return status;
}

#define CHECK_ANOTHER_KIND(call, text, expression) \
	CHECK_ERROR(call, ZX_ERR_ACCESS_DENIED, another_kind, .line = text, \
		    .to = ERA_2018_07, .root = true) \
	{ \
		zx_handle_t h = interrupts(); \
		EXPECT_STATUS(expression, ZX_ERR_ACCESS_DENIED); \
	}

CHECK_ANOTHER_KIND(debug_read, "?of another kind", read_console(h))
CHECK_ANOTHER_KIND(debug_send_command, "?of another kind", zx_debug_send_command(h, "help", 4))
CHECK_ANOTHER_KIND(debuglog_create, "?of another kind", zx_debuglog_create(h, 0, &out))
CHECK_ANOTHER_KIND(framebuffer_get_info, "?of another kind",
		   zx_framebuffer_get_info(h, &value, &value, &value, &value))
CHECK_ANOTHER_KIND(framebuffer_set_range, "?of another kind",
		   zx_framebuffer_set_range(h, ZX_HANDLE_INVALID, 0, 0, 0, 0, 0))
CHECK_ANOTHER_KIND(iommu_create, "?of another kind", zx_iommu_create(h, 0, words, 1, &out))
CHECK_ANOTHER_KIND(ioports_request, "?of another kind", zx_ioports_request(h, 0x80, 1))
CHECK_ANOTHER_KIND(ktrace_control, "?of another kind", zx_ktrace_control(h, 77, 0, NULL))
CHECK_ANOTHER_KIND(ktrace_read, "?of another kind",
		   zx_ktrace_read(h, words, 0, sizeof(words), words))
CHECK_ANOTHER_KIND(ktrace_write, "?of another kind", zx_ktrace_write(h, 0, 0, 0))
CHECK_ANOTHER_KIND(mtrace_control, "?of another kind", zx_mtrace_control(h, 0, 0, 0, NULL, 0))
CHECK_ANOTHER_KIND(pc_firmware_tables, "?of another kind", zx_pc_firmware_tables(h, words, words))
CHECK_ANOTHER_KIND(pci_add_subtract_io_range, "?of another kind",
		   unless_lacking(zx_pci_add_subtract_io_range(h, 1, 0, 4096, 1)))
CHECK_ANOTHER_KIND(pci_cfg_pio_rw, "?of another kind",
		   unless_lacking(zx_pci_cfg_pio_rw(h, 0, 0, 0, 0, &value, 4, 0)))
CHECK_ANOTHER_KIND(pci_get_nth_device, "?of another kind", unless_lacking(get_device(h)))
CHECK_ANOTHER_KIND(pci_init, "?of another kind",
		   unless_lacking(zx_pci_init(h, BAD_POINTER, sizeof(zx_pci_init_arg_t))))
CHECK_ANOTHER_KIND(system_mexec, "?of another kind", zx_system_mexec(h, make_vmo(1), make_vmo(1)))
CHECK_ANOTHER_KIND(system_powerctl, "?of another kind",
		   zx_system_powerctl(h, ZX_SYSTEM_POWERCTL_REBOOT, NULL))
CHECK_ANOTHER_KIND(clock_adjust, "not the root", zx_clock_adjust(h, ZX_CLOCK_UTC, 0))
