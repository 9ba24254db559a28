/* Calls for hardware and the system, with a resource of another range, or the right one. */
#include "conformance.h"

#include <zircon/syscalls/iommu.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/resource.h>
#include <zircon/syscalls/system.h>

static uint64_t words[ZX_IOMMU_MAX_DESC_LEN / 8 + 1];
static zx_handle_t out;

static zx_handle_t part(uint32_t kind, uint64_t base, uint64_t size)
{
	zx_handle_t resource;

	EXPECT_OK(zx_resource_create(root_resource(), kind, base, size, NULL, 0, &resource));
	return own(resource);
}

/* For what none of these calls is. */
static zx_handle_t another_base(void)
{
	return part(ZX_RSRC_KIND_SYSTEM_2021, ZX_RSRC_SYSTEM_STALL_BASE, 1);
}

static zx_handle_t processors(void)
{
	return part(ZX_RSRC_KIND_SYSTEM_2021, ZX_RSRC_SYSTEM_CPU_BASE, 1);
}

static zx_handle_t lacks_right(zx_rights_t right)
{
	return without_rights(make_port(), right);
}

static zx_status_t suspend(zx_handle_t resource, uint64_t options, void *entries, uint32_t count)
{
	uint32_t actual;

	return zx_system_suspend_enter(resource, 0, options, NULL, entries, count,
				       entries ? &actual : NULL);
}

static zx_status_t set_domain(zx_handle_t resource, zx_handle_t port)
{
	zx_processor_power_domain_t domain = { 0 };

	return zx_system_set_processor_power_domain(resource, 0, &domain, port, NULL, 0, NULL, 0);
}

/* From 2020 on a system can be started without these calls. */
static zx_status_t unless_lacking(zx_status_t status)
{
	if (era() >= ERA_2020_07 && status == ZX_ERR_NOT_SUPPORTED)
		skip("the system was started without debugging calls");
	return status;
}

#define ANOTHER_BASE(call, expression) \
	CHECK_ERROR(call, ZX_ERR_OUT_OF_RANGE, another_base, .line = "another base", \
		    .from = ERA_NEWEST, .root = true) \
	{ \
		zx_handle_t h = another_base(); \
		EXPECT_STATUS(expression, ZX_ERR_OUT_OF_RANGE); \
	}

ANOTHER_BASE(iommu_create, zx_iommu_create(h, 0, words, 1, &out))
ANOTHER_BASE(ktrace_control, zx_ktrace_control(h, 77, 0, NULL))
ANOTHER_BASE(ktrace_read, zx_ktrace_read(h, words, 0, sizeof(words), words))
ANOTHER_BASE(msi_allocate, zx_msi_allocate(h, 1, &out))
ANOTHER_BASE(system_get_performance_info, zx_system_get_performance_info(h, 1, 1, words, words))
ANOTHER_BASE(system_powerctl, zx_system_powerctl(h, ZX_SYSTEM_POWERCTL_REBOOT, NULL))
ANOTHER_BASE(system_set_performance_info, zx_system_set_performance_info(h, 1, words, 1))
ANOTHER_BASE(system_set_processor_power_domain, set_domain(h, make_port()))
ANOTHER_BASE(system_suspend_enter, suspend(h, 0, NULL, 0))

/* --- Another range --- */

REFUSES(ioports_request, ZX_ERR_OUT_OF_RANGE, another_range,
	zx_ioports_request(part(ZX_RSRC_KIND_IOPORT, 0x80, 1), 0x81, 1), .from = ERA_2018_10,
	.to = ERA_2021_01, .root = true)
REFUSES(ioports_release, ZX_ERR_OUT_OF_RANGE, another_range,
	zx_ioports_release(part(ZX_RSRC_KIND_IOPORT, 0x80, 1), 0x80, 2), .to = ERA_2021_01,
	.root = true)
REFUSES(vmo_create_physical, ZX_ERR_OUT_OF_RANGE, another_range,
	zx_vmo_create_physical(part(ZX_RSRC_KIND_MMIO, 4096, 4096), 4096, 8192, &out),
	.from = ERA_2018_10, .to = ERA_2021_01, .root = true)

/* --- The right resource, and a wrong argument --- */

/* A status without its ZX_ERR_, which would be a number already where it is handed on. */
#define WITH_ROOT(call, status, condition, text, expression) \
	REFUSES(call, ZX_ERR_##status, condition, expression, .line = text, .to = ERA_2020_07, \
		.root = true)

WITH_ROOT(iommu_create, INVALID_ARGS, size, "desc_size",
	  zx_iommu_create(root_resource(), 0, words, ZX_IOMMU_MAX_DESC_LEN + 1, &out))
WITH_ROOT(iommu_create, INVALID_ARGS, bad_desc, "bad pointer",
	  zx_iommu_create(root_resource(), 0, BAD_POINTER, 8, &out))
WITH_ROOT(iommu_create, NOT_SUPPORTED, type, "type is unknown",
	  zx_iommu_create(root_resource(), 77, words, 8, &out))
WITH_ROOT(ioports_request, INVALID_ARGS, beyond_the_last, "last port",
	  zx_ioports_request(root_resource(), 65535, 2))
WITH_ROOT(ioports_release, INVALID_ARGS, beyond_the_last, "last port",
	  zx_ioports_release(root_resource(), 65535, 2))
WITH_ROOT(framebuffer_set_range, BAD_HANDLE, vmo, NULL,
	  zx_framebuffer_set_range(root_resource(), closed_handle(), 0, 0, 0, 0, 0))
WITH_ROOT(framebuffer_set_range, WRONG_TYPE, vmo, NULL,
	  zx_framebuffer_set_range(root_resource(), make_event(), 0, 0, 0, 0, 0))
WITH_ROOT(system_powerctl, INVALID_ARGS, command, "cmd is unknown",
	  zx_system_powerctl(root_resource(), 77, NULL))
WITH_ROOT(system_powerctl, INVALID_ARGS, bad_arg, "bad pointer",
	  zx_system_powerctl(root_resource(), ZX_SYSTEM_POWERCTL_X86_SET_PKG_PL1, BAD_POINTER))
WITH_ROOT(ktrace_control, INVALID_ARGS, action, "action is unknown",
	  unless_lacking(zx_ktrace_control(root_resource(), 77, 0, NULL)))
WITH_ROOT(ktrace_control, INVALID_ARGS, bad_name, "action is unknown",
	  unless_lacking(zx_ktrace_control(root_resource(), 4, 0, BAD_POINTER)))
WITH_ROOT(ktrace_write, INVALID_ARGS, probe, "id is",
	  unless_lacking(zx_ktrace_write(root_resource(), 2048, 0, 0)))
WITH_ROOT(mtrace_control, INVALID_ARGS, kind, "kind, action",
	  unless_lacking(zx_mtrace_control(root_resource(), 77, 0, 0, NULL, 0)))
WITH_ROOT(vmo_create_physical, INVALID_ARGS, empty, NULL,
	  zx_vmo_create_physical(root_resource(), 4096, 0, &out))
WITH_ROOT(vmo_create_physical, INVALID_ARGS, no_whole_pages, NULL,
	  zx_vmo_create_physical(root_resource(), 4097, 4096, &out))

#define WITH_ROOT_TO_2019(call, status, condition, text, expression) \
	REFUSES(call, ZX_ERR_##status, condition, expression, .line = text, .to = ERA_2019_01, \
		.root = true)

WITH_ROOT_TO_2019(debug_send_command, INVALID_ARGS, size, "buffer_size",
		  zx_debug_send_command(root_resource(), (char *)words, 257))
WITH_ROOT_TO_2019(debug_send_command, INVALID_ARGS, bad_buffer, "bad pointer",
		  zx_debug_send_command(root_resource(), BAD_POINTER, 8))

/* --- Processors, of the newest interface --- */

#define WITH_PROCESSORS(call, status, condition, text, expression) \
	REFUSES(call, ZX_ERR_##status, condition, expression, .line = text, .from = ERA_NEWEST, \
		.root = true)

WITH_PROCESSORS(system_suspend_enter, INVALID_ARGS, options, "unknown bits",
		suspend(processors(), 1u << 31, NULL, 0))
WITH_PROCESSORS(system_suspend_enter, INVALID_ARGS, entries_without_room, "go together",
		suspend(processors(), 0, words, 0))
WITH_PROCESSORS(system_suspend_enter, INVALID_ARGS, no_header, "no out_header",
		suspend(processors(), ZX_SYSTEM_SUSPEND_OPTION_REPORT_ONLY, NULL, 0))
WITH_PROCESSORS(system_get_performance_info, INVALID_ARGS, topic, "topic",
		zx_system_get_performance_info(processors(), 77, zx_system_get_num_cpus(), words,
					       words))
WITH_PROCESSORS(system_get_performance_info, OUT_OF_RANGE, no_count, "count is",
		zx_system_get_performance_info(processors(), ZX_CPU_PERF_SCALE, 0, words, words))
WITH_PROCESSORS(system_set_performance_info, INVALID_ARGS, topic, "topic",
		zx_system_set_performance_info(processors(), 77, words, 1))
WITH_PROCESSORS(system_set_performance_info, OUT_OF_RANGE, no_count, "count is",
		zx_system_set_performance_info(processors(), ZX_CPU_PERF_SCALE, words, 0))
WITH_PROCESSORS(system_set_processor_power_domain, BAD_HANDLE, port, NULL,
		set_domain(processors(), closed_handle()))
WITH_PROCESSORS(system_set_processor_power_domain, WRONG_TYPE, port, NULL,
		set_domain(processors(), make_event()))
WITH_PROCESSORS(system_set_processor_power_domain, ACCESS_DENIED, port_lacks_read,
		"port lacks", set_domain(processors(), lacks_right(ZX_RIGHT_READ)))
WITH_PROCESSORS(system_set_processor_power_domain, ACCESS_DENIED, port_lacks_write,
		"port lacks", set_domain(processors(), lacks_right(ZX_RIGHT_WRITE)))
