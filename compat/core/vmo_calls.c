/* The calls on VMOs: options, rights and copies; the work is in vmo.c. */
#include <core/calls.h>
#include <string.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"
#include "compat/core/pager.h"
#include "compat/core/resource.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_account.h"
#include "compat/core/vmo_copy.h"
#include "compat/core/vmo_lock.h"

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

/* An unbounded VMO is as large as memory of the host can be; @size is that of its content. */
static zx_status_t create_unbounded(uint64_t size, struct vmo **out)
{
	zx_status_t status;

	if (size > VMO_UNBOUNDED_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	status = vmo__create(VMO_UNBOUNDED_SIZE, false, out);
	if (status == ZX_OK)
		(*out)->stream_size = size;
	return status;
}

zx_status_t sys_vmo_create(struct thread *self, uint64_t size, uint32_t options, user_addr_t out)
{
	const struct era_traits *era = era_of(self);
	zx_rights_t rights = era__default_rights(self->process->era, ZX_OBJ_TYPE_VMO);
	zx_status_t status = policy__check(self, ZX_POL_NEW_VMO);
	bool resizable = options & ZX_VMO_RESIZABLE;
	struct vmo *vmo;

	if (status != ZX_OK)
		return status;
	if (options & ~era->vmo_create_options)
		return ZX_ERR_INVALID_ARGS;
	if (options & ZX_VMO_UNBOUNDED && resizable)
		return ZX_ERR_INVALID_ARGS;
	if (era->vmo_resizable_default)
		resizable = !(options & ZX_VMO_NON_RESIZABLE_2018);
	status = options & ZX_VMO_UNBOUNDED ? create_unbounded(size, &vmo) :
					      vmo__create(size, resizable, &vmo);
	if (status != ZX_OK)
		return status;
	vmo_account__charge(self->process->vmos, vmo);
	if (era->vmo_content_apart) {
		vmo->content_apart = true;
		vmo->stream_size = 0;
	}
	vmo->discardable = !era->vmo_resizable_default && options & ZX_VMO_DISCARDABLE;
	if (era->vm_rights_newest && resizable)
		rights |= ZX_RIGHT_RESIZE;
	return handle__make_out(self, &vmo->object, rights, out);
}

zx_status_t sys_vmo_read(struct thread *self, zx_handle_t handle, user_addr_t buffer,
			 uint64_t offset, size_t buffer_size)
{
	struct vmo *vmo;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_READ, &vmo);

	if (status != ZX_OK)
		return status;
	status = user__check_buffer(self, buffer, buffer_size, HOST_PROT_WRITE);
	if (status == ZX_OK)
		status = vmo__read_to_user(self, vmo, offset, buffer, buffer_size, NULL);
	object__put(&vmo->object);
	return user__explain(self, status, buffer, buffer_size, HOST_PROT_WRITE);
}

zx_status_t sys_vmo_write(struct thread *self, zx_handle_t handle, user_addr_t buffer,
			  uint64_t offset, size_t buffer_size)
{
	struct vmo *vmo;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_WRITE, &vmo);

	if (status != ZX_OK)
		return status;
	status = user__check_buffer(self, buffer, buffer_size, HOST_PROT_READ);
	if (status == ZX_OK)
		status = vmo__write_from_user(self, vmo, offset, buffer, buffer_size, NULL);
	object__put(&vmo->object);
	return user__explain(self, status, buffer, buffer_size, HOST_PROT_READ);
}

/* Everybody who holds the VMO may ask for its sizes: no right is needed. */
zx_status_t sys_vmo_get_size(struct thread *self, zx_handle_t handle, user_addr_t size)
{
	struct vmo *vmo;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_NONE, &vmo);
	uint64_t value;

	if (status != ZX_OK)
		return status;
	value = vmo__size(vmo);
	object__put(&vmo->object);
	return user__put(self, size, &value);
}

zx_status_t sys_vmo_get_stream_size(struct thread *self, zx_handle_t handle, user_addr_t size)
{
	struct vmo *vmo;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_NONE, &vmo);
	uint64_t value;

	if (status != ZX_OK)
		return status;
	value = vmo__stream_size(vmo);
	object__put(&vmo->object);
	return user__put(self, size, &value);
}

zx_status_t sys_vmo_set_size(struct thread *self, zx_handle_t handle, uint64_t size)
{
	struct vmo *vmo;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_WRITE, &vmo, &rights);
	if (status != ZX_OK)
		return status;
	/* One that cannot be resized at all says so first, as it did before there was the right. */
	if (era_of(self)->vm_rights_newest && vmo->resizable && !(rights & ZX_RIGHT_RESIZE))
		status = ZX_ERR_ACCESS_DENIED;
	else
		do {
			status = vmo__set_size(vmo, size);
		} while (pager__again_zero(self, vmo, size, 0, &status));
	object__put(&vmo->object);
	return status;
}

zx_status_t sys_vmo_set_stream_size(struct thread *self, zx_handle_t handle, uint64_t size)
{
	struct vmo *vmo;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_WRITE, &vmo);

	if (status != ZX_OK)
		return status;
	if (size > vmo__size(vmo))
		status = ZX_ERR_OUT_OF_RANGE;
	else
		status = vmo__set_stream_size_wait(self, vmo, size);
	object__put(&vmo->object);
	return status;
}

/* Rights that each ZX_VMO_OP_* needs; hints need none, locks see below. */
static const zx_rights_t op_rights[] = {
	[ZX_VMO_OP_COMMIT] = ZX_RIGHT_WRITE,
	[ZX_VMO_OP_DECOMMIT] = ZX_RIGHT_WRITE,
	[ZX_VMO_OP_CACHE_SYNC] = ZX_RIGHT_READ,
	[ZX_VMO_OP_CACHE_INVALIDATE] = ZX_RIGHT_WRITE,
	[ZX_VMO_OP_CACHE_CLEAN] = ZX_RIGHT_READ,
	[ZX_VMO_OP_CACHE_CLEAN_INVALIDATE] = ZX_RIGHT_READ,
	[ZX_VMO_OP_ZERO] = ZX_RIGHT_WRITE,
	[ZX_VMO_OP_PREFETCH] = ZX_RIGHT_READ,
};

#define OPS (sizeof(op_rights) / sizeof(op_rights[0]))
/* A number that stood for an operation before 2018. */
#define OP_LOOKUP_GONE 5u

_Static_assert(OPS == ZX_VMO_OP_PREFETCH + 1, "every operation has a row");

static zx_status_t commit_op(struct thread *self, struct vmo *vmo, uint32_t op, uint64_t offset,
			     uint64_t size)
{
	zx_status_t status;

	do {
		status = vmo__ranged_op(era_of(self), vmo, op, offset, size);
	} while (pager__again(self, vmo, offset, size, PAGE_COMMITS, &status));
	return status;
}

static zx_status_t prefetch_op(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size)
{
	zx_status_t status;

	do {
		status = vmo__op_range(vmo, ZX_VMO_OP_PREFETCH, offset, size);
	} while (pager__again(self, vmo, offset, size, PAGE_READS, &status));
	return status;
}

static zx_status_t other_op(struct thread *self, struct vmo *vmo, uint32_t op, uint64_t offset,
			    uint64_t size)
{
	zx_status_t status;

	do {
		status = vmo__ranged_op(era_of(self), vmo, op, offset, size);
	} while (pager__again_zero(self, vmo, offset, size, &status));
	return status;
}

zx_status_t sys_vmo_op_range(struct thread *self, zx_handle_t handle, uint32_t op, uint64_t offset,
			     uint64_t size, user_addr_t buffer, size_t buffer_size)
{
	struct vmo *vmo;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_NONE, &vmo, &rights);
	if (status != ZX_OK)
		return status;
	if (!op || op == OP_LOOKUP_GONE || op > era_of(self)->vmo_op_last)
		status = ZX_ERR_INVALID_ARGS;
	else if ((rights & op_rights[op]) != op_rights[op])
		status = ZX_ERR_ACCESS_DENIED;
	else if (vmo_lock__is_op(op))
		/* Either of two rights will do. */
		status = rights & ZX_RIGHTS_IO ? vmo_lock__op(self, vmo, op, offset, size, buffer,
							      buffer_size) :
						 ZX_ERR_ACCESS_DENIED;
	else if (op == ZX_VMO_OP_COMMIT || op == ZX_VMO_OP_DECOMMIT)
		status = commit_op(self, vmo, op, offset, size);
	else if (op == ZX_VMO_OP_PREFETCH)
		status = prefetch_op(self, vmo, offset, size);
	else
		status = other_op(self, vmo, op, offset, size);
	object__put(&vmo->object);
	return status;
}

zx_status_t sys_vmo_transfer_data(struct thread *self, zx_handle_t dst_vmo, uint32_t options,
				  uint64_t offset, uint64_t length, zx_handle_t src_vmo,
				  uint64_t src_offset)
{
	zx_status_t status;
	struct vmo *dst;
	struct vmo *src;

	if (options || (offset | length | src_offset) & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, dst_vmo, ZX_OBJ_TYPE_VMO, ZX_RIGHT_WRITE, &dst);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, src_vmo, ZX_OBJ_TYPE_VMO, ZX_RIGHT_READ | ZX_RIGHT_WRITE, &src);
	if (status == ZX_OK) {
		if (dst != src || offset != src_offset)
			status = vmo__transfer(self, dst, offset, length, src, src_offset);
		object__put(&src->object);
	}
	object__put(&dst->object);
	return status;
}

zx_status_t sys_vmo_set_cache_policy(struct thread *self, zx_handle_t handle, uint32_t cache_policy)
{
	struct vmo *vmo;
	zx_status_t status;

	if (cache_policy & ~ZX_CACHE_POLICY_MASK)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_MAP, &vmo);
	if (status != ZX_OK)
		return status;
	if (era_of(self)->cache_policy_of_empty && vmo__committed(vmo))
		status = ZX_ERR_BAD_STATE;
	else
		status = vmo__set_cache_policy(vmo, cache_policy);
	object__put(&vmo->object);
	return status;
}

/*
 * The VMEX resource, or without one the job's policy, says whether a program may make executable
 * memory (zx_vmo_replace_as_executable).
 */
static zx_status_t may_execute(struct thread *self, zx_handle_t vmex)
{
	if (vmex != ZX_HANDLE_INVALID)
		return resource__check(self, vmex, ZX_RSRC_SYSTEM_VMEX_BASE);
	return policy__check(self, ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST);
}

zx_status_t sys_vmo_replace_as_executable(struct thread *self, zx_handle_t handle, zx_handle_t vmex,
					  user_addr_t out)
{
	zx_status_t may = may_execute(self, vmex);
	struct handle moved;

	if (handle__remove(self->process, handle, ZX_RIGHT_NONE, &moved) != ZX_OK) {
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
		return ZX_ERR_BAD_HANDLE;
	}
	if (may == ZX_OK && moved.object->type != ZX_OBJ_TYPE_VMO)
		may = ZX_ERR_BAD_HANDLE;
	if (may != ZX_OK) {
		handle__close(&moved);
		return may;
	}
	moved.rights |= ZX_RIGHT_EXECUTE;
	return handle__give(self, &moved, out);
}
