/* zx_vmo_create_child, and zx_vmo_clone, which it followed. */
#include <core/calls.h>
#include <string.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/vmo_account.h"
#include "compat/core/vmo_pages.h"

#define SNAPSHOTS                                                                                  \
	(ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE |                         \
	 ZX_VMO_CHILD_SNAPSHOT_MODIFIED)

/* The child's name is the parent's where the caller may read that; objects copy it on their own. */
static void hide_name(struct vmo *child, zx_rights_t parent_rights)
{
	if (!(parent_rights & ZX_RIGHT_GET_PROPERTY))
		vmo__set_name(child, "");
}

/*
 * Of what a pager fills there are no full snapshots: what the child has not written goes on showing
 * the parent. Of changes there are, to a child of the VMO itself.
 */
static zx_status_t create_paged(struct vmo *parent, uint32_t kind, uint64_t offset, uint64_t size,
				bool resizable, struct vmo **out)
{
	const struct vmo *owner;
	uint64_t at = offset;

	if (kind == ZX_VMO_CHILD_SNAPSHOT)
		return ZX_ERR_NOT_SUPPORTED;
	owner = vmo__owner(parent, &at);
	if (kind != ZX_VMO_CHILD_SNAPSHOT_MODIFIED || owner->pages)
		return vmo__create_live(parent, offset, size, resizable, out);
	if (owner->kind != VMO_LIVE || !owner->source->pages)
		return ZX_ERR_NOT_SUPPORTED;
	return vmo__create_sibling(parent, offset, size, resizable, out);
}

/*
 * One kind of child must be named, and what each kind goes with; errors in the order of Zircon's
 * VmObjectDispatcher::CreateChild. A snapshot on write and one of what was modified are promises
 * that a full snapshot keeps.
 */
static zx_status_t create_child(const struct era_traits *era, struct vmo *parent, uint32_t options,
				uint64_t offset, uint64_t size, struct vmo **out)
{
	bool resizable = options & ZX_VMO_CHILD_RESIZABLE;
	uint32_t kind = options & ~ZX_VMO_CHILD_RESIZABLE;

	/* Its pages may go at any moment: nothing can be built on them. */
	if (parent->discardable)
		return ZX_ERR_NOT_SUPPORTED;
	if (kind & ZX_VMO_CHILD_SLICE) {
		if (options != ZX_VMO_CHILD_SLICE)
			return ZX_ERR_INVALID_ARGS;
		return vmo__create_slice(parent, offset, size, out);
	}
	if (kind & ZX_VMO_CHILD_REFERENCE) {
		if (kind != ZX_VMO_CHILD_REFERENCE || offset || size)
			return ZX_ERR_INVALID_ARGS;
		return vmo__create_reference(parent, resizable, out);
	}
	if (kind != ZX_VMO_CHILD_SNAPSHOT && kind != ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE &&
	    kind != ZX_VMO_CHILD_SNAPSHOT_MODIFIED)
		return ZX_ERR_INVALID_ARGS;
	if (parent->paged && !era->vmo_clones_live)
		return create_paged(parent, kind, offset, size, resizable, out);
	return era->vmo_clones_live ?
		       vmo__create_following(parent, offset, size, resizable, out) :
		       vmo__create_snapshot(parent, offset, size, resizable, out);
}

/* A copy can always be named and told its name; writing to it costs the right to run it. */
static zx_rights_t child_rights(const struct era_traits *era, zx_rights_t rights, uint32_t options)
{
	rights |= ZX_RIGHTS_PROPERTY;
	if (era->vm_rights_newest) {
		rights &= ~ZX_RIGHT_RESIZE;
		if (options & ZX_VMO_CHILD_RESIZABLE)
			rights |= ZX_RIGHT_RESIZE;
	}
	if (options & ZX_VMO_CHILD_NO_WRITE)
		rights &= ~ZX_RIGHT_WRITE;
	else if (options & SNAPSHOTS)
		rights = (rights & ~ZX_RIGHT_EXECUTE) | ZX_RIGHT_WRITE;
	return rights;
}

zx_status_t sys_vmo_create_child(struct thread *self, zx_handle_t handle, uint32_t options,
				 uint64_t offset, uint64_t size, user_addr_t out)
{
	const struct era_traits *era = era__of(self->process->era);
	struct vmo *parent;
	struct vmo *child;
	zx_rights_t rights;
	zx_status_t status;

	if (era->vm_rights_newest && options & ZX_VMO_CHILD_NO_WRITE &&
	    options & ZX_VMO_CHILD_RESIZABLE)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMO,
				    ZX_RIGHT_DUPLICATE | ZX_RIGHT_READ, &parent, &rights);
	if (status != ZX_OK)
		return status;
	if (options & ~era->vmo_child_options)
		status = ZX_ERR_INVALID_ARGS;
	else
		status = create_child(era, parent, options & ~ZX_VMO_CHILD_NO_WRITE, offset,
				      size, &child);
	object__put(&parent->object);
	if (status != ZX_OK)
		return status;
	vmo_account__charge(self->process->vmos, child);
	hide_name(child, rights);
	return handle__make_out(self, &child->object, child_rights(era, rights, options), out);
}

zx_status_t sys_vmo_clone(struct thread *self, zx_handle_t handle, uint32_t options,
			  uint64_t offset, uint64_t size, user_addr_t out)
{
	struct vmo *parent;
	struct vmo *child;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMO,
				    ZX_RIGHT_DUPLICATE | ZX_RIGHT_READ, &parent, &rights);
	if (status != ZX_OK)
		return status;
	if ((options & ~ZX_VMO_CLONE_NON_RESIZEABLE_2018) != ZX_VMO_CLONE_COPY_ON_WRITE_2018)
		status = ZX_ERR_INVALID_ARGS;
	else
		status = vmo__create_following(parent, offset, size,
					       !(options & ZX_VMO_CLONE_NON_RESIZEABLE_2018),
					       &child);
	object__put(&parent->object);
	if (status != ZX_OK)
		return status;
	vmo_account__charge(self->process->vmos, child);
	hide_name(child, rights);
	rights |= ZX_RIGHTS_PROPERTY | ZX_RIGHT_WRITE;
	return handle__make_out(self, &child->object, rights, out);
}
