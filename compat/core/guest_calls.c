#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/handle_out.h"
#include "compat/core/interrupt.h"
#include "compat/core/resource.h"
#include "compat/core/vcpu.h"
#include "compat/core/vmar.h"

/* The memory can be mapped in every way; each of them is a right of its handle. */
#define VMAR_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)

#define PHYSMEM_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)
#define PHYSMEM_OPTIONS                                                                            \
	(ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE | ZX_VM_SPECIFIC)
#define PHYSMEM_PROT (HOST_PROT_READ | HOST_PROT_WRITE | HOST_PROT_EXEC)

zx_status_t sys_guest_create(struct thread *self, zx_handle_t resource, uint32_t options,
			     user_addr_t guest_handle, user_addr_t vmar_handle)
{
	uint32_t era = self->process->era;
	struct handle guest_out;
	struct handle vmar_out;
	struct guest *guest;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = resource__check(self, resource, ZX_RSRC_SYSTEM_HYPERVISOR_BASE);
	if (status == ZX_OK)
		status = guest__create(era, &guest);
	if (status != ZX_OK)
		return status;
	vmar_out = handle__make(&guest__vmar(guest)->object,
				era__default_rights(era, ZX_OBJ_TYPE_VMAR) | VMAR_RIGHTS);
	guest_out = handle__make(&guest->object, era__default_rights(era, ZX_OBJ_TYPE_GUEST));
	return handle__give_pair(self, &guest_out, guest_handle, &vmar_out, vmar_handle);
}

static zx_status_t map_physmem(struct thread *self, struct guest *guest, struct vmo *physmem)
{
	uint64_t size = vmo__size(physmem);
	uint64_t addr;

	return vmar__map(self, guest->memory->root_vmar, PHYSMEM_OPTIONS, 0, physmem, PHYSMEM_PROT,
			 0, size, &addr);
}

zx_status_t sys_guest_create_2018_07(struct thread *self, zx_handle_t resource, uint32_t options,
				     zx_handle_t physmem_vmo, user_addr_t out)
{
	struct guest *guest;
	struct vmo *physmem;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = resource__check(self, resource, ZX_RSRC_SYSTEM_HYPERVISOR_BASE);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, physmem_vmo, ZX_OBJ_TYPE_VMO, PHYSMEM_RIGHTS, &physmem);
	if (status != ZX_OK)
		return status;
	status = guest__create(self->process->era, &guest);
	if (status == ZX_OK) {
		status = map_physmem(self, guest, physmem);
		if (status != ZX_OK)
			object__put(&guest->object);
	}
	object__put(&physmem->object);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &guest->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_GUEST), out);
}

zx_status_t sys_guest_set_trap(struct thread *self, zx_handle_t handle, uint32_t kind,
			       zx_vaddr_t addr, size_t size, zx_handle_t port_handle, uint64_t key)
{
	struct port *port = NULL;
	struct guest *guest;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_GUEST, ZX_RIGHT_WRITE, &guest);
	if (status != ZX_OK)
		return status;
	if (port_handle)
		status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status == ZX_OK)
		status = guest__set_trap(self, guest, kind, addr, size, port, key);
	if (port)
		object__put(&port->object);
	object__put(&guest->object);
	return status;
}

/*
 * Zircon does this for interrupts of the machine, which are Linux's here; virtual ones it refuses.
 */
zx_status_t sys_interrupt_bind_vcpu(struct thread *self, zx_handle_t handle,
				    zx_handle_t vcpu_handle, uint32_t options)
{
	struct interrupt *interrupt;
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_READ, &interrupt);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, vcpu_handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_WRITE, &vcpu);
	if (status == ZX_OK) {
		status = options && era__of(self->process->era)->guest_options_checked ?
				 ZX_ERR_INVALID_ARGS :
				 ZX_ERR_NOT_SUPPORTED;
		object__put(&vcpu->object);
	}
	object__put(&interrupt->object);
	return status;
}
