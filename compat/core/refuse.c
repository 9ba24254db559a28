/*
 * Calls that nobody can be served with here (state "refused" in abi/): a program with a bad handle, or
 * one to another thing than the resource or device that is asked for, is told so, as on Zircon.
 */
#include <core/calls.h>

#include <zircon/syscalls/next.h>

#include "compat/core/core.h"
#include "compat/core/resource.h"

static zx_status_t judge(uint32_t type, zx_status_t status)
{
	return status == ZX_ERR_ACCESS_DENIED && type != ZX_OBJ_TYPE_RESOURCE ? ZX_ERR_WRONG_TYPE :
										status;
}

zx_status_t core_refuse(struct thread *self, zx_handle_t handle, zx_status_t status)
{
	struct object *object;
	zx_status_t found;

	/* A system without the call looks at no argument. */
	if (status == ZX_ERR_NOT_SUPPORTED)
		return status;
	found = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &object);
	if (found != ZX_OK)
		return found;
	status = judge(object->type, status);
	object__put(object);
	return status;
}

zx_status_t core_refuse_taken(struct thread *self, zx_handle_t handle, zx_status_t status)
{
	struct handle taken;

	status = core_refuse(self, handle, status);
	if (handle__remove(self->process, handle, ZX_RIGHT_NONE, &taken) == ZX_OK)
		handle__close(&taken);
	return status;
}

zx_status_t core_refuse_debugging(struct thread *self, zx_handle_t resource, uint64_t base)
{
	zx_status_t status;

	if (!era__of(self->process->era)->debug_by_resource)
		return ZX_ERR_NOT_SUPPORTED;
	status = resource__check(self, resource, base);
	return status == ZX_OK ? ZX_ERR_NOT_SUPPORTED : status;
}

zx_status_t sys_system_mexec(struct thread *self, zx_handle_t resource, zx_handle_t kernel_vmo,
			     zx_handle_t bootimage_vmo)
{
	(void)kernel_vmo;
	(void)bootimage_vmo;
	return core_refuse_debugging(self, resource, ZX_RSRC_SYSTEM_MEXEC_BASE);
}

zx_status_t sys_system_mexec_payload_get(struct thread *self, zx_handle_t resource,
					 user_addr_t buffer, size_t buffer_size)
{
	(void)buffer;
	(void)buffer_size;
	return core_refuse_debugging(self, resource, ZX_RSRC_SYSTEM_MEXEC_BASE);
}

/* There are no IOMMUs, and so whatever the handle is to, it is no right one. */
zx_status_t sys_bti_create(struct thread *self, zx_handle_t iommu, uint32_t options,
			   uint64_t bti_id, user_addr_t out)
{
	(void)bti_id;
	(void)out;
	return options ? ZX_ERR_INVALID_ARGS : core_refuse(self, iommu, ZX_ERR_WRONG_TYPE);
}

zx_status_t sys_vmo_create_contiguous(struct thread *self, zx_handle_t bti, size_t size,
				      uint32_t alignment_log2, user_addr_t out)
{
	(void)out;
	if (!size || (alignment_log2 && (alignment_log2 < ZX_PAGE_SHIFT || alignment_log2 >= 64)))
		return ZX_ERR_INVALID_ARGS;
	return core_refuse(self, bti, ZX_ERR_WRONG_TYPE);
}

/* The machine has no memory for programs but what VMOs have already. */
zx_status_t sys_vmo_create_physical(struct thread *self, zx_handle_t resource, zx_paddr_t paddr,
				    size_t size, user_addr_t out)
{
	zx_status_t status = resource__check_range(self, resource, RESOURCE_MMIO, paddr, size);

	(void)out;
	if (status != ZX_OK)
		return status;
	return size && !(paddr & ZX_PAGE_MASK) ? ZX_ERR_NOT_SUPPORTED : ZX_ERR_INVALID_ARGS;
}

/* No group of processors was ever described to the scheduler, so there is none to be found. */
zx_status_t sys_system_set_processor_power_state(struct thread *self, zx_handle_t port,
						 user_addr_t power_state)
{
	zx_processor_power_state_t state;
	struct object *object;
	zx_status_t status;

	status = handle__get(self, port, ZX_OBJ_TYPE_PORT, ZX_RIGHT_READ, &object);
	if (status != ZX_OK)
		return status;
	object__put(object);
	if (user__get(self, &state, power_state) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return ZX_ERR_NOT_FOUND;
}
