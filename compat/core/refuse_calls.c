/*
 * Calls for hardware and privileges that are Linux's: whatever resource a program has, they are not
 * done. They look at handles and arguments as Zircon does, and then answer as on a machine that
 * lacks what is asked for.
 */
#include <core/calls.h>

#include <zircon/eras.h>
#include <zircon/limits.h>
#include <zircon/syscalls/iommu.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/pci.h>
#include <zircon/syscalls/system.h>

#include "compat/core/core.h"
#include "compat/core/resource.h"
#include "compat/core/vmo.h"

#define PORTS 65536u
/* Probes of the kernel's trace. */
#define PROBES 2048u
/* What ktrace_control() can be asked to do is counted from 1; the newest kernel has one thing more. */
#define TRACE_NEW_PROBE 4u
#define TRACE_ACTIONS 5u
/* Performance counters and the processor's own trace. */
#define TRACE_UNITS 2u

static uint32_t form_of(struct thread *self)
{
	return era__of(self->process->era)->resource_form;
}

/* The last word on a call whose handles and arguments are right. */
static zx_status_t lacking(zx_status_t checked)
{
	return checked == ZX_OK ? ZX_ERR_NOT_SUPPORTED : checked;
}

static zx_status_t check_root(struct thread *self, zx_handle_t handle)
{
	return resource__check_range(self, handle, RESOURCE_ROOT, 0, 0);
}

/* --- Devices --- */

zx_status_t sys_iommu_create(struct thread *self, zx_handle_t resource, uint32_t type,
			     user_addr_t desc, size_t desc_size, user_addr_t out)
{
	char bytes[ZX_IOMMU_MAX_DESC_LEN];
	zx_status_t status = resource__check(self, resource, ZX_RSRC_SYSTEM_IOMMU_BASE);

	(void)type;
	(void)out;
	if (status != ZX_OK)
		return status;
	if (desc_size > sizeof(bytes) || user__copy_in(self, bytes, desc, desc_size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return ZX_ERR_NOT_SUPPORTED;
}

static zx_status_t change_ports(struct thread *self, zx_handle_t resource, uint16_t first,
				uint32_t count)
{
	zx_status_t status = form_of(self) == RESOURCE_FORM_201807 ?
				     check_root(self, resource) :
				     resource__check_range(self, resource, RESOURCE_IOPORT, first,
							   count);

	if (status == ZX_OK && count > PORTS - first)
		return ZX_ERR_INVALID_ARGS;
	return lacking(status);
}

zx_status_t sys_ioports_request(struct thread *self, zx_handle_t resource, uint16_t io_addr,
				uint32_t len)
{
	return change_ports(self, resource, io_addr, len);
}

zx_status_t sys_ioports_release(struct thread *self, zx_handle_t resource, uint16_t io_addr,
				uint32_t len)
{
	return change_ports(self, resource, io_addr, len);
}

zx_status_t sys_pc_firmware_tables(struct thread *self, zx_handle_t handle, user_addr_t acpi_rsdp,
				   user_addr_t smbios)
{
	(void)acpi_rsdp;
	(void)smbios;
	return lacking(check_root(self, handle));
}

/* As after a boot loader that set up no screen. */
zx_status_t sys_framebuffer_get_info(struct thread *self, zx_handle_t resource, user_addr_t format,
				     user_addr_t width, user_addr_t height, user_addr_t stride)
{
	zx_status_t status = check_root(self, resource);

	(void)format;
	(void)width;
	(void)height;
	(void)stride;
	return status == ZX_OK ? ZX_ERR_INVALID_ARGS : status;
}

zx_status_t sys_framebuffer_set_range(struct thread *self, zx_handle_t resource, zx_handle_t vmo,
				      uint32_t len, uint32_t format, uint32_t width,
				      uint32_t height, uint32_t stride)
{
	zx_status_t status = check_root(self, resource);
	struct object *object;

	(void)len;
	(void)format;
	(void)width;
	(void)height;
	(void)stride;
	if (status != ZX_OK || vmo == ZX_HANDLE_INVALID)
		return lacking(status);
	status = handle__get(self, vmo, ZX_OBJ_TYPE_VMO, ZX_RIGHT_NONE, &object);
	if (status == ZX_OK)
		object__put(object);
	return lacking(status);
}

zx_status_t sys_msi_allocate(struct thread *self, zx_handle_t handle, uint32_t count,
			     user_addr_t out_allocation)
{
	(void)count;
	(void)out_allocation;
	return lacking(resource__check(self, handle, ZX_RSRC_SYSTEM_MSI_BASE));
}

/* --- The PCI bus, of which the root resource was the key until the newest interface --- */

zx_status_t sys_pci_get_nth_device(struct thread *self, zx_handle_t handle, uint32_t index,
				   user_addr_t out_info, user_addr_t out_handle)
{
	(void)out_info;
	(void)out_handle;
	if (form_of(self) < RESOURCE_FORM_NEWEST)
		return lacking(check_root(self, handle));
	return lacking(resource__check_range(self, handle, RESOURCE_IRQ, index, 1));
}

zx_status_t sys_pci_init(struct thread *self, zx_handle_t handle, user_addr_t init_buf, uint32_t len)
{
	zx_status_t status = form_of(self) < RESOURCE_FORM_NEWEST ?
				     check_root(self, handle) :
				     resource__check_kind(self, handle, RESOURCE_MMIO);

	(void)init_buf;
	if (status == ZX_OK && (len < sizeof(zx_pci_init_arg_t) || len > ZX_PCI_INIT_ARG_MAX_SIZE))
		return ZX_ERR_INVALID_ARGS;
	return lacking(status);
}

zx_status_t sys_pci_add_subtract_io_range(struct thread *self, zx_handle_t handle, uint32_t mmio,
					  uint64_t base, uint64_t len, uint32_t add)
{
	(void)mmio;
	(void)add;
	if (form_of(self) < RESOURCE_FORM_NEWEST)
		return lacking(check_root(self, handle));
	return lacking(resource__check_range(self, handle, RESOURCE_MMIO, base, len));
}

zx_status_t sys_pci_cfg_pio_rw(struct thread *self, zx_handle_t handle, uint8_t bus, uint8_t dev,
			       uint8_t func, uint8_t offset, user_addr_t val, size_t width,
			       uint32_t write)
{
	(void)bus;
	(void)dev;
	(void)func;
	(void)offset;
	(void)val;
	(void)width;
	(void)write;
	return lacking(check_root(self, handle));
}

/* --- The kernel's trace --- */

zx_status_t sys_ktrace_read(struct thread *self, zx_handle_t handle, user_addr_t data,
			    uint32_t offset, size_t data_size, user_addr_t actual)
{
	(void)data;
	(void)offset;
	(void)data_size;
	(void)actual;
	return lacking(resource__check(self, handle, ZX_RSRC_SYSTEM_TRACING_BASE));
}

zx_status_t sys_ktrace_control(struct thread *self, zx_handle_t handle, uint32_t action,
			       uint32_t options, user_addr_t ptr)
{
	zx_status_t status = resource__check(self, handle, ZX_RSRC_SYSTEM_TRACING_BASE);
	char name[ZX_MAX_NAME_LEN - 1];

	(void)options;
	if (status == ZX_OK && action == TRACE_NEW_PROBE && form_of(self) < RESOURCE_FORM_NEWEST &&
	    user__get(self, &name, ptr) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK && (!action || action > TRACE_ACTIONS))
		return ZX_ERR_INVALID_ARGS;
	return lacking(status);
}

zx_status_t sys_ktrace_write(struct thread *self, zx_handle_t handle, uint32_t id, uint32_t arg0,
			     uint32_t arg1)
{
	zx_status_t status = check_root(self, handle);

	(void)arg0;
	(void)arg1;
	if (status == ZX_OK && id >= PROBES)
		return ZX_ERR_INVALID_ARGS;
	return lacking(status);
}

zx_status_t sys_mtrace_control(struct thread *self, zx_handle_t handle, uint32_t kind,
			       uint32_t action, uint32_t options, user_addr_t ptr, size_t ptr_size)
{
	zx_status_t status = check_root(self, handle);

	(void)action;
	(void)options;
	(void)ptr;
	(void)ptr_size;
	if (status == ZX_OK && kind >= TRACE_UNITS)
		return ZX_ERR_INVALID_ARGS;
	return lacking(status);
}

/* --- The power of the machine and of its processors --- */

static bool power_command(struct thread *self, uint32_t cmd)
{
	uint32_t last = self->process->era == ZXERA_NEWEST ?
				ZX_SYSTEM_POWERCTL_ACK_KERNEL_INITIATED_REBOOT :
				ZX_SYSTEM_POWERCTL_SHUTDOWN;

	return cmd >= ZX_SYSTEM_POWERCTL_ENABLE_ALL_CPUS && cmd <= last;
}

zx_status_t sys_system_powerctl(struct thread *self, zx_handle_t resource, uint32_t cmd,
				user_addr_t arg)
{
	zx_status_t status = resource__check(self, resource, ZX_RSRC_SYSTEM_POWER_BASE);
	zx_system_powerctl_arg_t value;

	if (status != ZX_OK)
		return status;
	if (!power_command(self, cmd))
		return ZX_ERR_INVALID_ARGS;
	if ((cmd == ZX_SYSTEM_POWERCTL_ACPI_TRANSITION_S_STATE ||
	     cmd == ZX_SYSTEM_POWERCTL_X86_SET_PKG_PL1) &&
	    user__get(self, &value, arg) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return ZX_ERR_NOT_SUPPORTED;
}

static zx_status_t check_processors(struct thread *self, zx_handle_t resource)
{
	return resource__check(self, resource, ZX_RSRC_SYSTEM_CPU_BASE);
}

zx_status_t sys_system_suspend_enter(struct thread *self, zx_handle_t resource,
				     zx_time_t resume_deadline, uint64_t options,
				     user_addr_t out_header, user_addr_t out_entries,
				     uint32_t num_entries, user_addr_t actual_entries)
{
	zx_status_t status = check_processors(self, resource);

	(void)resume_deadline;
	if (status != ZX_OK)
		return status;
	if (options & ~(ZX_SYSTEM_SUSPEND_OPTION_DISCARD | ZX_SYSTEM_SUSPEND_OPTION_REPORT_ONLY))
		return ZX_ERR_INVALID_ARGS;
	if (!out_entries != !num_entries || !out_entries != !actual_entries)
		return ZX_ERR_INVALID_ARGS;
	if (!out_header && (out_entries || options & ZX_SYSTEM_SUSPEND_OPTION_REPORT_ONLY))
		return ZX_ERR_INVALID_ARGS;
	return ZX_ERR_NOT_SUPPORTED;
}

zx_status_t sys_system_get_performance_info(struct thread *self, zx_handle_t resource,
					    uint32_t topic, size_t count, user_addr_t info,
					    user_addr_t output_count)
{
	zx_status_t status = check_processors(self, resource);

	(void)info;
	(void)output_count;
	if (status == ZX_OK && topic != ZX_CPU_PERF_SCALE && topic != ZX_CPU_DEFAULT_PERF_SCALE)
		return ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK && !count)
		return ZX_ERR_OUT_OF_RANGE;
	return lacking(status);
}

zx_status_t sys_system_set_performance_info(struct thread *self, zx_handle_t resource,
					    uint32_t topic, user_addr_t info, size_t count)
{
	zx_status_t status = check_processors(self, resource);

	(void)info;
	if (status == ZX_OK && topic != ZX_CPU_PERF_SCALE && topic != ZX_CPU_PERF_LIMIT)
		return ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK && !count)
		return ZX_ERR_OUT_OF_RANGE;
	return lacking(status);
}

zx_status_t sys_system_set_processor_power_domain(struct thread *self, zx_handle_t resource,
						  uint64_t options, user_addr_t power_domain,
						  zx_handle_t port, user_addr_t power_levels,
						  size_t num_power_levels, user_addr_t transitions,
						  size_t num_transitions)
{
	zx_status_t status = check_processors(self, resource);
	struct object *object;

	(void)options;
	(void)power_domain;
	(void)power_levels;
	(void)num_power_levels;
	(void)transitions;
	(void)num_transitions;
	if (status != ZX_OK)
		return status;
	status = handle__get(self, port, ZX_OBJ_TYPE_PORT, ZX_RIGHT_READ | ZX_RIGHT_WRITE, &object);
	if (status == ZX_OK)
		object__put(object);
	return lacking(status);
}

/* --- What only the scheduler of the machine can do --- */

zx_status_t sys_sampler_create(struct thread *self, zx_handle_t rsrc, uint64_t options,
			       user_addr_t config, user_addr_t per_cpu_buffers)
{
	(void)self;
	(void)rsrc;
	(void)config;
	(void)per_cpu_buffers;
	return options ? ZX_ERR_INVALID_ARGS : ZX_ERR_NOT_SUPPORTED;
}

/* No thread ever has a sequence: so there is none to be taken back, which is no error. */
zx_status_t sys_thread_set_rseq(struct thread *self, zx_handle_t handle, uint64_t offset,
				uint64_t size)
{
	struct vmo *vmo;
	zx_status_t status;

	if (handle == ZX_HANDLE_INVALID)
		return offset || size ? ZX_ERR_INVALID_ARGS : ZX_OK;
	if (size != sizeof(zx_rseq_t) || offset % _Alignof(zx_rseq_t))
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_VMO,
			     ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_DUPLICATE, &vmo);
	if (status != ZX_OK)
		return status;
	object__lock(&vmo->object);
	if (vmo->sealed || vmo->paged || vmo->cache_policy != ZX_CACHE_POLICY_CACHED)
		status = ZX_ERR_INVALID_ARGS;
	object__unlock(&vmo->object);
	object__put(&vmo->object);
	return lacking(status);
}
