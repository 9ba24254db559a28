/* The calls on VMARs: options and rights; the tree is in vmar.c. */
#include <core/calls.h>
#include <string.h>
#include <zircon/types.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"
#include "compat/core/vmar.h"
#include "compat/core/vmar_deep.h"
#include "compat/core/vmar_map.h"
#include "compat/core/vmo.h"

#define CAN_MAP_ALL (ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE)
/* What zx_vmar_allocate takes, and what only it takes. */
#define ALLOCATE_OPTIONS                                                                           \
	(CAN_MAP_ALL | ZX_VM_COMPACT | ZX_VM_SPECIFIC | ZX_VM_CAN_MAP_SPECIFIC |                   \
	 ZX_VM_OFFSET_IS_UPPER_LIMIT | ALIGN_MASK)
#define ALLOCATE_ONLY (ZX_VM_COMPACT | ZX_VM_CAN_MAP_SPECIFIC)
#define ALIGN_MASK (0xffu << ZX_VM_ALIGN_BASE)
/* Base-2 logarithms that can be asked for: 1 KiB to 4 GiB. */
#define ALIGN_MIN 10u
#define ALIGN_MAX 32u

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

/* Unknown bits and alignments that nobody offers. */
static zx_status_t check_options(const struct era_traits *era, zx_vm_option_t options)
{
	uint32_t align = options >> ZX_VM_ALIGN_BASE;
	uint32_t known = era->vm_options | (era->vm_align ? ALIGN_MASK : 0);

	if (options & ~known)
		return ZX_ERR_INVALID_ARGS;
	if (align && (align < ALIGN_MIN || align > ALIGN_MAX))
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

/* Execute-only memory cannot be had on x86-64: the option that allows for that reads as well. */
static zx_vm_option_t resolve_xom(const struct era_traits *era, zx_vm_option_t options)
{
	if (options & era->vm_options & ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED)
		options = (options & ~ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED) | ZX_VM_PERM_READ;
	return options;
}

/* Writable or executable without readable cannot be expressed. */
static bool perm_valid(zx_vm_option_t options)
{
	return options & ZX_VM_PERM_READ ||
	       !(options & (ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE));
}

static zx_rights_t rights_for_can_map(zx_vm_option_t options)
{
	return (options & ZX_VM_CAN_MAP_READ ? ZX_RIGHT_READ : 0) |
	       (options & ZX_VM_CAN_MAP_WRITE ? ZX_RIGHT_WRITE : 0) |
	       (options & ZX_VM_CAN_MAP_EXECUTE ? ZX_RIGHT_EXECUTE : 0);
}

static zx_rights_t rights_for_perm(zx_vm_option_t options)
{
	return (options & ZX_VM_PERM_READ ? ZX_RIGHT_READ : 0) |
	       (options & ZX_VM_PERM_WRITE ? ZX_RIGHT_WRITE : 0) |
	       (options & ZX_VM_PERM_EXECUTE ? ZX_RIGHT_EXECUTE : 0);
}

static uint32_t prot_for_rights(zx_rights_t rights)
{
	return (rights & ZX_RIGHT_READ ? HOST_PROT_READ : 0) |
	       (rights & ZX_RIGHT_WRITE ? HOST_PROT_WRITE : 0) |
	       (rights & ZX_RIGHT_EXECUTE ? HOST_PROT_EXEC : 0);
}

/* To have no place, or not to fit 64 bits, were other errors before the newest era. */
static zx_status_t place_status(const struct era_traits *era, zx_status_t status)
{
	if (era->vm_rights_newest)
		return status;
	if (status == ZX_ERR_ALREADY_EXISTS || status == ZX_ERR_NO_RESOURCES)
		return ZX_ERR_NO_MEMORY;
	return status == ZX_ERR_OUT_OF_RANGE ? ZX_ERR_INVALID_ARGS : status;
}

zx_status_t sys_vmar_allocate(struct thread *self, zx_handle_t parent_vmar, zx_vm_option_t options,
			      size_t offset, size_t size, user_addr_t child_vmar,
			      user_addr_t child_addr)
{
	zx_rights_t rights = rights_for_can_map(options);
	struct vmar *parent;
	struct vmar *child;
	struct handle handle;
	zx_status_t status;
	uint64_t addr;

	status = handle__get(self, parent_vmar, ZX_OBJ_TYPE_VMAR, rights, &parent);
	if (status != ZX_OK)
		return status;
	status = check_options(era_of(self), options);
	if (status == ZX_OK && options & ~ALLOCATE_OPTIONS)
		status = ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK)
		status = vmar__allocate(parent, options, offset, size, &child, &addr);
	object__put(&parent->object);
	if (status != ZX_OK)
		return place_status(era_of(self), status);
	object__get(&child->object); /* for the undoing below */
	handle = handle__make(&child->object,
			      era__default_rights(self->process->era, ZX_OBJ_TYPE_VMAR) | rights);
	/* The address first: once there is a handle, another thread may use it. */
	status = user__put(self, child_addr, &addr);
	if (status == ZX_OK)
		status = handle__give(self, &handle, child_vmar);
	else
		handle__close(&handle);
	if (status != ZX_OK)
		(void)vmar__destroy(self, child); /* it may only be gone already, with its parent */
	object__put(&child->object);
	return status;
}

zx_status_t sys_vmar_allocate_old(struct thread *self, zx_handle_t parent_vmar, uint64_t offset,
				  uint64_t size, uint32_t map_flags, user_addr_t child_vmar,
				  user_addr_t child_addr)
{
	return sys_vmar_allocate(self, parent_vmar, map_flags, offset, size, child_vmar,
				 child_addr);
}

static bool is_root(struct vmar *vmar)
{
	bool root;

	mutex__lock(&vmar->process->aspace_lock);
	root = vmar == vmar->process->root_vmar;
	mutex__unlock(&vmar->process->aspace_lock);
	return root;
}

/* A program that destroys its root VMAR ends in the next instruction; the newest system says no. */
zx_status_t sys_vmar_destroy(struct thread *self, zx_handle_t handle)
{
	bool newest = era_of(self)->vm_rights_newest;
	zx_rights_t need = newest ? ZX_RIGHT_OP_CHILDREN : ZX_RIGHT_NONE;
	struct vmar *vmar;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMAR, need, &vmar);

	if (status != ZX_OK)
		return status;
	status = newest && is_root(vmar) ? ZX_ERR_NOT_SUPPORTED : vmar__destroy(self, vmar);
	object__put(&vmar->object);
	return status;
}

/* What zx_vmar_map checks between the handles and the tree. */
static zx_status_t check_map(const struct era_traits *era, zx_vm_option_t options,
			     zx_rights_t vmo_rights, zx_rights_t both)
{
	zx_rights_t need = rights_for_perm(options);

	if (!(vmo_rights & ZX_RIGHT_MAP))
		return ZX_ERR_ACCESS_DENIED;
	if (!perm_valid(options))
		return ZX_ERR_INVALID_ARGS;
	if (options & ZX_VM_MAP_RANGE && options & ZX_VM_SPECIFIC_OVERWRITE)
		return ZX_ERR_INVALID_ARGS;
	/* The handles' rights say what a mapping may become, not the caller. */
	if (options & CAN_MAP_ALL)
		return ZX_ERR_INVALID_ARGS;
	if ((both & need) != need)
		return ZX_ERR_ACCESS_DENIED;
	if (options & ZX_VM_FAULT_BEYOND_STREAM_SIZE && !(options & ZX_VM_ALLOW_FAULTS))
		return ZX_ERR_INVALID_ARGS;
	if (options & ALLOCATE_ONLY)
		return ZX_ERR_INVALID_ARGS;
	return check_options(era, options);
}

zx_status_t vmar_map__user(struct thread *self, const struct vmar_map_request *request,
			   user_addr_t mapped_addr)
{
	const struct era_traits *era = era_of(self);
	zx_rights_t both = request->vmar_rights & request->vmo_rights;
	zx_vm_option_t options = resolve_xom(era, request->options);
	zx_status_t status;
	uint64_t addr;

	status = check_map(era, options, request->vmo_rights, both);
	if (status != ZX_OK)
		return status;
	if (options & ZX_VM_FAULT_BEYOND_STREAM_SIZE && !request->stream)
		return ZX_ERR_INVALID_ARGS;
	/* Who maps pages that may go at any moment must say that faults are expected. */
	if (request->vmo->discardable && !(options & ZX_VM_ALLOW_FAULTS))
		return ZX_ERR_NOT_SUPPORTED;
	/* Page faults come lazily anyway: to have none in a range is no more than a wish. */
	options &= ~ZX_VM_MAP_RANGE;
	status = vmar__map(self, request->vmar, options, request->vmar_offset, request->vmo,
			   prot_for_rights(both), request->vmo_offset, request->len, &addr);
	if (status != ZX_OK)
		return place_status(era, status);
	status = user__put(self, mapped_addr, &addr);
	if (status != ZX_OK)
		(void)vmar__unmap(self, request->vmar, addr, request->len);
	return status;
}

zx_status_t sys_vmar_map(struct thread *self, zx_handle_t handle, zx_vm_option_t options,
			 size_t vmar_offset, zx_handle_t vmo_handle, uint64_t vmo_offset,
			 size_t len, user_addr_t mapped_addr)
{
	struct vmar_map_request request = {
		.options = options,
		.vmar_offset = vmar_offset,
		.vmo_offset = vmo_offset,
		.len = len,
		.stream = true,
	};
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_NONE, &request.vmar,
				    &request.vmar_rights);
	if (status != ZX_OK)
		return status;
	status = handle__get_rights(self, vmo_handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_NONE, &request.vmo,
				    &request.vmo_rights);
	if (status == ZX_OK) {
		status = vmar_map__user(self, &request, mapped_addr);
		object__put(&request.vmo->object);
	}
	object__put(&request.vmar->object);
	return status;
}

zx_status_t sys_vmar_map_old(struct thread *self, zx_handle_t handle, uint64_t vmar_offset,
			     zx_handle_t vmo, uint64_t vmo_offset, uint64_t len, uint32_t map_flags,
			     user_addr_t mapped_addr)
{
	return sys_vmar_map(self, handle, map_flags, vmar_offset, vmo, vmo_offset, len,
			    mapped_addr);
}

/*
 * Without ZX_RIGHT_OP_CHILDREN a handle reaches the VMAR's own mappings, but not what lies in its
 * sub-VMARs: ZX_ERR_INVALID_ARGS where the range touches one.
 */
static zx_status_t check_children(struct thread *self, struct vmar *vmar, zx_rights_t rights,
				  uint64_t addr, uint64_t size)
{
	zx_status_t status = ZX_OK;

	if (!era_of(self)->vm_rights_newest || rights & ZX_RIGHT_OP_CHILDREN)
		return ZX_OK;
	mutex__lock(&vmar->process->aspace_lock);
	for (uint32_t i = 0; i < vmar->count; i++) {
		struct region *region = vmar->children[i];

		if (region->is_vmar && region->base + region->size > addr &&
		    (region->base <= addr || region->base - addr < size))
			status = ZX_ERR_INVALID_ARGS;
	}
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

zx_status_t sys_vmar_unmap(struct thread *self, zx_handle_t handle, zx_vaddr_t addr, size_t len)
{
	struct vmar *vmar;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_NONE, &vmar, &rights);
	if (status != ZX_OK)
		return status;
	status = check_children(self, vmar, rights, addr, len);
	if (status == ZX_OK)
		status = vmar__unmap(self, vmar, addr, len);
	object__put(&vmar->object);
	return status;
}

zx_status_t sys_vmar_protect(struct thread *self, zx_handle_t handle, zx_vm_option_t options,
			     zx_vaddr_t addr, size_t len)
{
	struct vmar *vmar;
	zx_rights_t rights;
	zx_status_t status;

	options = resolve_xom(era_of(self), options);
	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMAR, rights_for_perm(options), &vmar,
				    &rights);
	if (status != ZX_OK)
		return status;
	if (era_of(self)->vm_rights_newest)
		status = vmar__protect_deep(self, vmar, options, addr, len,
					    rights & ZX_RIGHT_OP_CHILDREN);
	else
		status = vmar__protect(self, vmar, options, addr, len);
	object__put(&vmar->object);
	return status;
}

zx_status_t sys_vmar_protect_old(struct thread *self, zx_handle_t handle, zx_vaddr_t addr,
				 uint64_t len, uint32_t prot_flags)
{
	return sys_vmar_protect(self, handle, prot_flags, addr, len);
}

/* Is all of the range mapped? For operations that change nothing that a program could see. */
static zx_status_t check_mapped(struct vmar *vmar, uint64_t addr, uint64_t size)
{
	uint64_t end = addr + size;
	zx_status_t status = ZX_OK;

	mutex__lock(&vmar->process->aspace_lock);
	if (!vmar->alive)
		status = ZX_ERR_BAD_STATE;
	else if (end < addr || addr < vmar->region.base ||
		 end > vmar->region.base + vmar->region.size)
		status = ZX_ERR_OUT_OF_RANGE;
	while (status == ZX_OK && addr < end) {
		struct mapping *mapping = vmar__find_mapping(vmar->process, addr);

		if (mapping)
			addr = mapping->region.base + mapping->region.size;
		else
			status = ZX_ERR_BAD_STATE;
	}
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

/* Does @op change memory? Then what is mapped must be writable. */
static bool op_writes(uint32_t op)
{
	return op == ZX_VMAR_OP_COMMIT || op == ZX_VMAR_OP_DECOMMIT || op == ZX_VMAR_OP_ZERO;
}

/* Rights that the handle must have for @op. */
static zx_rights_t op_rights(const struct era_traits *era, uint32_t op)
{
	if (op_writes(op))
		return ZX_RIGHT_WRITE;
	if (era->vm_rights_newest && (op == ZX_VMAR_OP_MAP_RANGE || op == ZX_VMAR_OP_PREFETCH))
		return ZX_RIGHT_READ;
	return ZX_RIGHT_NONE;
}

static zx_status_t op_mapped(struct thread *self, struct vmar *vmar, zx_rights_t rights,
			     uint32_t op, uint64_t address, uint64_t size)
{
	enum page_access access = op == ZX_VMAR_OP_COMMIT ? PAGE_COMMITS : PAGE_READS;
	zx_status_t status;

	do {
		if (era_of(self)->vm_rights_newest)
			status = vmar__op_deep(vmar, op, address, size,
					       rights & ZX_RIGHT_OP_CHILDREN);
		else
			status = op_writes(op) ? vmar__op_range(vmar, op, address, size) :
						 check_mapped(vmar, address, size);
	} while (vmar__again(self, vmar->process, address, size, access, &status));
	return status;
}

zx_status_t sys_vmar_op_range(struct thread *self, zx_handle_t handle, uint32_t op,
			      zx_vaddr_t address, size_t size, user_addr_t buffer,
			      size_t buffer_size)
{
	const struct era_traits *era = era_of(self);
	struct vmar *vmar;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_NONE, &vmar, &rights);
	if (status != ZX_OK)
		return status;
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (op >= 32 || !(era->vmar_ops & 1u << op))
		status = ZX_ERR_INVALID_ARGS;
	else if (era->vm_rights_newest && op_rights(era, op) & ~rights)
		status = ZX_ERR_ACCESS_DENIED;
	else if (buffer || buffer_size || !size || address & (PAGE_SIZE - 1))
		status = ZX_ERR_INVALID_ARGS;
	else if (op_rights(era, op) & ~rights)
		status = ZX_ERR_ACCESS_DENIED;
	else
		status = op_mapped(self, vmar, rights, op, address, size);
	object__put(&vmar->object);
	return status;
}

/* The end of a detached thread, which frees its own stack: nothing of it may be touched after. */
zx_status_t sys_vmar_unmap_handle_close_thread_exit(struct thread *self, zx_handle_t vmar_handle,
						    zx_vaddr_t addr, size_t size,
						    zx_handle_t close_handle)
{
	zx_status_t status = sys_vmar_unmap(self, vmar_handle, addr, size);

	if (status != ZX_OK)
		return status;
	(void)sys_handle_close(self, close_handle); /* nobody is left to be told */
	thread__exit(self);
	return ZX_ERR_INTERNAL_INTR_KILLED;
}
