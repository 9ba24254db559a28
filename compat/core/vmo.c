#include "compat/core/vmo.h"

#include <string.h>

#include "compat/core/core.h"

static bool owns_memory(const struct vmo *vmo)
{
	return vmo->kind == VMO_PLAIN || vmo->kind == VMO_SNAPSHOT;
}

static void vmo_destroy(struct object *object)
{
	struct vmo *vmo = (struct vmo *)object;
	struct vmo *parent = vmo->parent;

	if (vmo->shared)
		core_host.mem_unmap_shared(vmo->shared, vmo->size);
	if (owns_memory(vmo) && vmo->memory >= 0)
		core_host.mem_destroy(vmo->memory);
	handle__close(&vmo->keeps);
	if (!parent)
		return;
	object__lock(&parent->object);
	if (!--parent->children)
		object__update_signals_locked(&parent->object, 0, ZX_VMO_ZERO_CHILDREN);
	object__unlock(&parent->object);
}

static struct object *vmo_parent(struct object *object)
{
	struct vmo *parent = ((struct vmo *)object)->parent;

	return parent ? &parent->object : NULL;
}

const struct object_ops vmo_ops = {
	.name = "vmo",
	.default_rights = ZX_DEFAULT_VMO_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = vmo_destroy,
	.parent = vmo_parent,
};

void vmo__set_name(struct vmo *vmo, const char *name)
{
	object__lock(&vmo->object);
	memset(vmo->name, 0, sizeof(vmo->name));
	memcpy(vmo->name, name, strnlen(name, sizeof(vmo->name) - 1));
	object__unlock(&vmo->object);
}

static zx_status_t round_up(uint64_t size, uint64_t *out)
{
	if (size > VMO_MAX_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	*out = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	return ZX_OK;
}

static struct vmo *vmo_alloc(uint64_t size, uint64_t stream_size, bool resizable,
			     enum vmo_kind kind)
{
	struct vmo *vmo = object__alloc(sizeof(*vmo), ZX_OBJ_TYPE_VMO);

	if (!vmo)
		return NULL;
	list__init(&vmo->mappings);
	vmo->size = size;
	vmo->stream_size = stream_size;
	vmo->resizable = resizable;
	vmo->kind = kind;
	vmo->memory = -1;
	vmo->object.signals = ZX_VMO_ZERO_CHILDREN;
	return vmo;
}

/* Makes @child a child of @parent, under its name. */
static void adopt(struct vmo *parent, struct vmo *child)
{
	child->object.related_koid = parent->object.koid;
	object__get(&parent->object);
	child->parent = parent;
	object__lock(&parent->object);
	memcpy(child->name, parent->name, sizeof(child->name));
	if (!parent->children++)
		object__update_signals_locked(&parent->object, ZX_VMO_ZERO_CHILDREN, 0);
	object__unlock(&parent->object);
}

zx_status_t vmo__create(uint64_t size, bool resizable, struct vmo **out)
{
	uint64_t rounded;
	zx_status_t status = round_up(size, &rounded);
	struct vmo *vmo;

	if (status != ZX_OK)
		return status;
	vmo = vmo_alloc(rounded, size, resizable, VMO_PLAIN);
	if (!vmo)
		return ZX_ERR_NO_MEMORY;
	status = core_host.mem_create(rounded, &vmo->memory);
	if (status != ZX_OK) {
		object__put(&vmo->object);
		return status;
	}
	*out = vmo;
	return ZX_OK;
}

zx_status_t vmo__create_shared(uint64_t size, zx_koid_t koid, struct vmo **out)
{
	struct vmo *vmo = vmo_alloc(size, size, false, VMO_PLAIN);
	zx_status_t status;

	if (!vmo)
		return ZX_ERR_NO_MEMORY;
	vmo->object.koid = koid;
	status = core_host.mem_create_shared(size, &vmo->memory, &vmo->shared);
	if (status != ZX_OK) {
		object__put(&vmo->object);
		return status;
	}
	*out = vmo;
	return ZX_OK;
}

uint64_t vmo__size(struct vmo *vmo)
{
	uint64_t size;

	object__lock(&vmo->object);
	size = vmo->size;
	object__unlock(&vmo->object);
	return size;
}

static bool in_range(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	uint64_t limit = vmo__size(vmo);

	return offset <= limit && size <= limit - offset;
}

zx_status_t vmo__read(struct vmo *vmo, void *data, uint64_t offset, size_t size)
{
	if (!in_range(vmo, offset, size))
		return ZX_ERR_OUT_OF_RANGE;
	if (!size)
		return ZX_OK;
	return core_host.mem_read(vmo->memory, vmo->memory_offset + offset, data, size);
}

zx_status_t vmo__write(struct vmo *vmo, const void *data, uint64_t offset, size_t size)
{
	if (vmo->sealed)
		return ZX_ERR_ACCESS_DENIED;
	if (!in_range(vmo, offset, size))
		return ZX_ERR_OUT_OF_RANGE;
	if (!size)
		return ZX_OK;
	return core_host.mem_write(vmo->memory, vmo->memory_offset + offset, data, size);
}

static zx_status_t resize_locked(struct vmo *vmo, uint64_t rounded)
{
	zx_status_t status;

	if (rounded == vmo->size)
		return ZX_OK;
	status = core_host.mem_resize(vmo->memory, rounded);
	if (status == ZX_OK)
		vmo->size = rounded;
	return status;
}

/*
 * Bytes between the content's end and the page's end read as zero once they become content again.
 */
static zx_status_t zero_tail_locked(struct vmo *vmo, uint64_t from, uint64_t to)
{
	static const char zeros[256];
	zx_status_t status = ZX_OK;

	while (status == ZX_OK && from < to) {
		uint64_t run = to - from < sizeof(zeros) ? to - from : sizeof(zeros);

		status = core_host.mem_write(vmo->memory, vmo->memory_offset + from, zeros, run);
		from += run;
	}
	return status;
}

zx_status_t vmo__set_size(struct vmo *vmo, uint64_t size)
{
	uint64_t rounded;
	zx_status_t status = round_up(size, &rounded);

	if (status != ZX_OK)
		return status;
	if (!vmo->resizable)
		return ZX_ERR_UNAVAILABLE;
	object__lock(&vmo->object);
	status = resize_locked(vmo, rounded);
	if (status == ZX_OK && size < vmo->stream_size && size < rounded)
		status = zero_tail_locked(vmo, size, rounded);
	if (status == ZX_OK && (!vmo->content_apart || size < vmo->stream_size))
		vmo->stream_size = size;
	object__unlock(&vmo->object);
	return status;
}

uint64_t vmo__stream_size(struct vmo *vmo)
{
	uint64_t size;

	object__lock(&vmo->object);
	size = vmo->stream_size;
	object__unlock(&vmo->object);
	return size;
}

zx_status_t vmo__set_stream_size(struct vmo *vmo, uint64_t size)
{
	uint64_t rounded;
	zx_status_t status = round_up(size, &rounded);

	if (status != ZX_OK)
		return status;
	object__lock(&vmo->object);
	if (rounded > vmo->size)
		status = vmo->resizable ? resize_locked(vmo, rounded) : ZX_ERR_OUT_OF_RANGE;
	if (status == ZX_OK && size < vmo->stream_size) {
		uint64_t page_end = rounded < vmo->stream_size ? rounded : vmo->stream_size;

		status = zero_tail_locked(vmo, size, page_end);
		if (status == ZX_OK && rounded < vmo->size)
			status = core_host.mem_decommit(vmo->memory, vmo->memory_offset + rounded,
							vmo->size - rounded);
	}
	if (status == ZX_OK)
		vmo->stream_size = size;
	object__unlock(&vmo->object);
	return status;
}

zx_status_t vmo__create_snapshot(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				 struct vmo **out)
{
	uint64_t parent_size = vmo__size(parent);
	uint64_t rounded;
	zx_status_t status = round_up(size, &rounded);
	struct vmo *child;

	if (status != ZX_OK)
		return status;
	if (offset & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	if (offset + rounded < offset)
		return ZX_ERR_OUT_OF_RANGE;
	child = vmo_alloc(rounded, size, resizable, VMO_SNAPSHOT);
	if (!child)
		return ZX_ERR_NO_MEMORY;
	status = core_host.mem_create(rounded, &child->memory);
	if (status == ZX_OK && offset < parent_size) {
		uint64_t run = parent_size - offset < rounded ? parent_size - offset : rounded;

		status = core_host.mem_copy(child->memory, 0, parent->memory,
					    parent->memory_offset + offset, run);
	}
	if (status != ZX_OK) {
		object__put(&child->object);
		return status;
	}
	adopt(parent, child);
	*out = child;
	return ZX_OK;
}

/* A child that sees the parent's own pages. */
static zx_status_t create_window(struct vmo *parent, uint64_t offset, uint64_t size,
				 enum vmo_kind kind, struct vmo **out)
{
	struct vmo *child = vmo_alloc(size, size, false, kind);

	if (!child)
		return ZX_ERR_NO_MEMORY;
	child->memory = parent->memory;
	child->memory_offset = parent->memory_offset + offset;
	adopt(parent, child);
	*out = child;
	return ZX_OK;
}

zx_status_t vmo__create_slice(struct vmo *parent, uint64_t offset, uint64_t size, struct vmo **out)
{
	uint64_t rounded;
	zx_status_t status = round_up(size, &rounded);

	if (status != ZX_OK)
		return status;
	if (offset & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	if (parent->resizable)
		return ZX_ERR_NOT_SUPPORTED;
	if (!in_range(parent, offset, rounded))
		return ZX_ERR_INVALID_ARGS;
	return create_window(parent, offset, rounded, VMO_SLICE, out);
}

zx_status_t vmo__create_reference(struct vmo *parent, struct vmo **out)
{
	/* A reference to a resizable VMO would have to follow its size. */
	if (parent->resizable)
		return ZX_ERR_NOT_SUPPORTED;
	return create_window(parent, 0, vmo__size(parent), VMO_REFERENCE, out);
}

static zx_status_t zero_range(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size;
	uint64_t first = (offset + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	uint64_t last = end & ~(PAGE_SIZE - 1);
	zx_status_t status;

	if (first >= last)
		return zero_tail_locked(vmo, offset, end);
	status = zero_tail_locked(vmo, offset, first);
	if (status == ZX_OK)
		status = core_host.mem_decommit(vmo->memory, vmo->memory_offset + first,
						last - first);
	if (status == ZX_OK)
		status = zero_tail_locked(vmo, last, end);
	return status;
}

static zx_status_t op_locked(struct vmo *vmo, uint32_t op, uint64_t offset, uint64_t size)
{
	uint64_t first = offset & ~(PAGE_SIZE - 1);
	uint64_t last = (offset + size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	switch (op) {
	case ZX_VMO_OP_COMMIT:
		return core_host.mem_commit(vmo->memory, vmo->memory_offset + first, last - first);
	case ZX_VMO_OP_DECOMMIT:
		return core_host.mem_decommit(vmo->memory, vmo->memory_offset + first,
					      last - first);
	case ZX_VMO_OP_ZERO:
		return zero_range(vmo, offset, size);
	case ZX_VMO_OP_CACHE_SYNC:
	case ZX_VMO_OP_CACHE_INVALIDATE:
	case ZX_VMO_OP_CACHE_CLEAN:
	case ZX_VMO_OP_CACHE_CLEAN_INVALIDATE:
		/* Caches of x86-64 are coherent for all that programs can see. */
		return size ? ZX_OK : ZX_ERR_INVALID_ARGS;
	case ZX_VMO_OP_DONT_NEED:
	case ZX_VMO_OP_ALWAYS_NEED:
	case ZX_VMO_OP_PREFETCH:
		/* Hints about reclaiming: nothing of a VMO is ever reclaimed here. */
		return ZX_OK;
	case ZX_VMO_OP_LOCK:
	case ZX_VMO_OP_TRY_LOCK:
	case ZX_VMO_OP_UNLOCK:
		return ZX_ERR_NOT_SUPPORTED;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
}

zx_status_t vmo__op_range(struct vmo *vmo, uint32_t op, uint64_t offset, uint64_t size)
{
	zx_status_t status = ZX_ERR_OUT_OF_RANGE;

	object__lock(&vmo->object);
	if (offset <= vmo->size && size <= vmo->size - offset)
		status = op_locked(vmo, op, offset, size);
	object__unlock(&vmo->object);
	return status;
}

uint64_t vmo__committed(struct vmo *vmo)
{
	/* A window's pages belong to its parent. */
	if (!owns_memory(vmo))
		return 0;
	return core_host.mem_committed(vmo->memory, 0, vmo__size(vmo));
}

zx_status_t vmo__set_cache_policy(struct vmo *vmo, uint32_t policy)
{
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	if (!list__empty(&vmo->mappings) || vmo->children || vmo->parent)
		status = ZX_ERR_BAD_STATE;
	else
		vmo->cache_policy = policy;
	object__unlock(&vmo->object);
	return status;
}
