#include "compat/core/vmo.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/pager.h"
#include "compat/core/vmo_account.h"
#include "compat/core/vmo_pages.h"

/* Gives up the pages. */
static void drop_pages_locked(struct vmo *vmo)
{
	run__remove_all(vmo);
	if (vmo->memory >= 0)
		core_host.mem_destroy(vmo->memory);
	vmo->memory = -1;
}

/*
 * Snapshots keep their parent, but not its pages: once nothing else can reach it, they go, and with
 * them, maybe, those that it showed. @others: references that are about to be given up.
 */
static void retire_locked(struct vmo *vmo, uint32_t others)
{
	while (vmo && vmo->children && !vmo->retired && list__empty(&vmo->viewers) &&
	       list__empty(&vmo->mappings) &&
	       __atomic_load_n(&vmo->object.refs, __ATOMIC_ACQUIRE) == vmo->children + others) {
		drop_pages_locked(vmo);
		list__remove(&vmo->viewer);
		vmo->retired = true;
		vmo = vmo->parent;
		others = 0;
	}
}

void vmo__retire(struct vmo *vmo)
{
	object__lock(&vmo->object);
	retire_locked(vmo, 1);
	object__unlock(&vmo->object);
}

static void vmo_destroy(struct object *object)
{
	struct vmo *vmo = (struct vmo *)object;
	struct vmo *parent = vmo->parent;

	if (vmo->shared)
		core_host.mem_unmap_shared(vmo->shared, vmo->size);
	handle__close(&vmo->keeps);
	vmo_account__put(vmo->account);
	/* The lock is the parent's too. */
	object__lock(&vmo->object);
	pager__vmo_gone_locked(vmo);
	drop_pages_locked(vmo);
	list__remove(&vmo->viewer);
	if (parent && vmo->kind == VMO_SNAPSHOT)
		parent->snapshots--;
	if (parent && !--parent->children)
		object__update_signals_locked(&parent->object, 0, ZX_VMO_ZERO_CHILDREN);
	retire_locked(parent, 1);
	object__unlock(&vmo->object);
}

static void vmo_zero_handles(struct object *object)
{
	vmo__retire((struct vmo *)object);
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
	.on_zero_handles = vmo_zero_handles,
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

zx_status_t vmo__round_size(uint64_t size, uint64_t *out)
{
	if (size > VMO_MAX_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	*out = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	return ZX_OK;
}

struct vmo *vmo__alloc(uint64_t size, uint64_t stream_size, bool resizable, enum vmo_kind kind)
{
	struct vmo *vmo = object__alloc(sizeof(*vmo), ZX_OBJ_TYPE_VMO);

	if (!vmo)
		return NULL;
	list__init(&vmo->mappings);
	list__init(&vmo->viewers);
	list__init(&vmo->viewer);
	vmo->size = size;
	vmo->stream_size = stream_size;
	vmo->resizable = resizable;
	vmo->kind = kind;
	vmo->memory = -1;
	vmo->object.signals = ZX_VMO_ZERO_CHILDREN;
	return vmo;
}

zx_status_t vmo__create(uint64_t size, bool resizable, struct vmo **out)
{
	uint64_t rounded;
	zx_status_t status = vmo__round_size(size, &rounded);
	struct vmo *vmo;

	if (status != ZX_OK)
		return status;
	/* Linux cannot make a file of more, once it is needed. */
	if (rounded > INT64_MAX)
		return ZX_ERR_NO_MEMORY;
	vmo = vmo__alloc(rounded, size, resizable, VMO_PLAIN);
	if (!vmo)
		return ZX_ERR_NO_MEMORY;
	*out = vmo;
	return ZX_OK;
}

zx_status_t vmo__create_shared(uint64_t size, zx_koid_t koid, struct vmo **out)
{
	struct vmo *vmo = vmo__alloc(size, size, false, VMO_PLAIN);
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

static bool in_range_locked(const struct vmo *vmo, uint64_t offset, uint64_t size)
{
	return offset <= vmo->size && size <= vmo->size - offset;
}

zx_status_t vmo__read(struct vmo *vmo, void *data, uint64_t offset, size_t size)
{
	zx_status_t status = ZX_ERR_OUT_OF_RANGE;

	object__lock(&vmo->object);
	if (in_range_locked(vmo, offset, size)) {
		struct vmo *owner = vmo__owner(vmo, &offset);

		status = vmo__read_locked(owner, data, offset, size);
	}
	object__unlock(&vmo->object);
	return status;
}

zx_status_t vmo__write(struct vmo *vmo, const void *data, uint64_t offset, size_t size)
{
	zx_status_t status = ZX_ERR_OUT_OF_RANGE;

	if (vmo->sealed)
		return ZX_ERR_ACCESS_DENIED;
	object__lock(&vmo->object);
	if (in_range_locked(vmo, offset, size)) {
		struct vmo *owner = vmo__owner(vmo, &offset);

		status = size ? vmo__write_locked(owner, data, offset, size) : ZX_OK;
	}
	object__unlock(&vmo->object);
	return status;
}

/* Of a VMO with pages, and thereby of its references. */
zx_status_t vmo__resize_locked(struct vmo *vmo, uint64_t rounded)
{
	uint64_t grown = rounded;
	zx_status_t status = ZX_OK;
	struct vmo *viewer;

	if (rounded < vmo->size)
		status = vmo__cut_locked(vmo, rounded);
	if (status == ZX_OK && rounded != vmo->size && vmo->memory >= 0)
		status = core_host.mem_resize(vmo->memory, rounded);
	if (status == ZX_OK && rounded > vmo->size) {
		grown = vmo->size;
		if (vmo->pages)
			status = pager__grow_locked(vmo, rounded);
		if (status == ZX_OK)
			status = vmo__grow_viewers_locked(vmo, rounded);
	}
	if (status != ZX_OK)
		return status;
	vmo->size = rounded;
	if (vmo->pages)
		mapping__refresh(vmo, grown, rounded);
	vmo__show_grown_locked(vmo, grown);
	list_for_each(viewer, &vmo->viewers, viewer) {
		if (viewer->kind != VMO_REFERENCE)
			continue;
		viewer->size = rounded;
		/* A window shows no more than it has. */
		mapping__refresh(viewer, grown, rounded);
	}
	return ZX_OK;
}

zx_status_t vmo__set_size(struct vmo *vmo, uint64_t size)
{
	uint64_t rounded;
	zx_status_t status = vmo__round_size(size, &rounded);

	if (status != ZX_OK)
		return status;
	if (!vmo->resizable)
		return ZX_ERR_UNAVAILABLE;
	vmo = vmo__sized(vmo);
	object__lock(&vmo->object);
	status = vmo__resize_locked(vmo, rounded);
	if (status == ZX_OK && size < vmo->stream_size && size < rounded)
		status = vmo__zero_locked(vmo, size, rounded - size, true);
	if (status == ZX_OK && (!vmo->content_apart || size < vmo->stream_size))
		vmo->stream_size = size;
	object__unlock(&vmo->object);
	return status;
}

uint64_t vmo__stream_size(struct vmo *vmo)
{
	uint64_t size;

	object__lock(&vmo->object);
	size = vmo__sized(vmo)->stream_size;
	object__unlock(&vmo->object);
	return size;
}

/*
 * What is no content any more when that ends at @size reads as zero, and so does what becomes
 * content, unless the eras of the VMO fill it before they say so.
 */
static zx_status_t zero_content_locked(struct vmo *vmo, uint64_t size)
{
	bool less = size < vmo->stream_size;
	uint64_t offset = less ? size : vmo->stream_size;
	uint64_t end = less ? vmo->size : size;
	uint64_t length = end - offset;
	struct vmo *owner;

	if (size == vmo->stream_size || (!less && vmo->content_apart))
		return ZX_OK;
	owner = vmo__owner(vmo, &offset);
	return vmo__zero_locked(owner, offset, length, !less);
}

zx_status_t vmo__set_stream_size(struct vmo *vmo, uint64_t size)
{
	uint64_t rounded;
	zx_status_t status = vmo__round_size(size, &rounded);
	bool resizable;

	if (status != ZX_OK)
		return status;
	resizable = vmo->resizable;
	vmo = vmo__sized(vmo);
	object__lock(&vmo->object);
	if (rounded > vmo->size)
		status = resizable ? vmo__resize_locked(vmo, rounded) : ZX_ERR_OUT_OF_RANGE;
	if (status == ZX_OK)
		status = zero_content_locked(vmo, size);
	if (status == ZX_OK)
		vmo->stream_size = size;
	object__unlock(&vmo->object);
	return status;
}

/* @offset and @size are in pages' terms; @vmo is one with pages. */
static zx_status_t commit_locked(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	zx_status_t status;

	if (!size)
		return ZX_OK;
	status = vmo__need_memory_locked(vmo);
	if (status == ZX_OK)
		status = vmo__claim_locked(vmo, offset, size);
	if (status == ZX_OK)
		status = pager__commit_locked(vmo, offset, offset + size);
	/* The claim may have put other memory in its place. */
	return status == ZX_OK ? core_host.mem_commit(vmo->memory, offset, size) : status;
}

static zx_status_t op_locked(struct vmo *window, uint32_t op, uint64_t offset, uint64_t size)
{
	struct vmo *vmo = vmo__owner(window, &offset);
	uint64_t first = offset & ~(PAGE_SIZE - 1);
	uint64_t last = size ? (offset + size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1) : first;

	switch (op) {
	case ZX_VMO_OP_COMMIT:
		return commit_locked(vmo, first, last - first);
	case ZX_VMO_OP_DECOMMIT:
		/* Zircon pins what it works on itself. */
		if (vmo->shared)
			return ZX_ERR_BAD_STATE;
		return vmo__decommit_locked(vmo, first, last - first);
	case ZX_VMO_OP_ZERO:
		return vmo__zero_locked(vmo, offset, size, true);
	case ZX_VMO_OP_CACHE_SYNC:
	case ZX_VMO_OP_CACHE_INVALIDATE:
	case ZX_VMO_OP_CACHE_CLEAN:
	case ZX_VMO_OP_CACHE_CLEAN_INVALIDATE:
		/* Caches of x86-64 are coherent for all that programs can see. */
		return size ? ZX_OK : ZX_ERR_INVALID_ARGS;
	case ZX_VMO_OP_PREFETCH:
		return pager__missing_locked(vmo, first, last) ? ZX_ERR_SHOULD_WAIT : ZX_OK;
	case ZX_VMO_OP_DONT_NEED:
	case ZX_VMO_OP_ALWAYS_NEED:
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
	if (in_range_locked(vmo, offset, size))
		status = op_locked(vmo, op, offset, size);
	object__unlock(&vmo->object);
	return status;
}

/* Does it share, or could it share, pages with a snapshot? */
static bool is_related(const struct vmo *vmo)
{
	if (vmo->snapshots)
		return true;
	while (vmo->kind == VMO_SNAPSHOT) {
		vmo = vmo->parent;
		if (!vmo->retired || vmo->snapshots > 1)
			return true;
	}
	return false;
}

/* Errors in the order of VmCowPages::DecommitRange. */
static zx_status_t decommit_strict(struct vmo *window, uint64_t offset, uint64_t size)
{
	uint64_t at = offset;
	const struct vmo *vmo = vmo__owner(window, &at);

	if (!size)
		return ZX_OK;
	if (is_related(vmo) || vmo->paged)
		return ZX_ERR_NOT_SUPPORTED;
	if ((at | size) & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	return op_locked(window, ZX_VMO_OP_DECOMMIT, offset, size);
}

static bool can_trim(uint32_t op)
{
	return op == ZX_VMO_OP_COMMIT || op == ZX_VMO_OP_DECOMMIT || op == ZX_VMO_OP_ZERO;
}

zx_status_t vmo__ranged_op(const struct era_traits *era, struct vmo *vmo, uint32_t op,
			   uint64_t offset, uint64_t size)
{
	zx_status_t status = ZX_ERR_OUT_OF_RANGE;

	object__lock(&vmo->object);
	if (era->vmo_commit_trims && can_trim(op) && offset <= vmo->size && offset + size >= offset &&
	    size > vmo->size - offset)
		size = vmo->size - offset;
	if (era->vmo_commit_trims && op == ZX_VMO_OP_ZERO &&
	    vmo->cache_policy != ZX_CACHE_POLICY_CACHED)
		status = ZX_ERR_BAD_STATE;
	else if (in_range_locked(vmo, offset, size))
		status = op == ZX_VMO_OP_DECOMMIT && era->vmo_decommit_strict ?
				 decommit_strict(vmo, offset, size) :
				 op_locked(vmo, op, offset, size);
	object__unlock(&vmo->object);
	return status;
}

void vmo__count(struct vmo *vmo, uint64_t offset, uint64_t size, struct vmo_count *count)
{
	uint64_t begin = offset;
	struct vmo *owner;

	*count = (struct vmo_count){ 0 };
	object__lock(&vmo->object);
	owner = vmo__owner(vmo, &begin);
	if (offset < vmo->size) {
		uint64_t end = size < vmo->size - offset ? begin + size : begin + vmo->size - offset;

		layer__count(owner, begin, end, count);
		if (owner->memory >= 0) {
			uint64_t own = core_host.mem_committed(owner->memory, begin, end - begin);

			count->attributed += own;
			count->alone += own;
			count->scaled += own;
		}
	}
	object__unlock(&vmo->object);
}

uint64_t vmo__committed(struct vmo *vmo)
{
	struct vmo_count count;

	/* A window's pages belong to its parent. */
	if (vmo->kind == VMO_SLICE || vmo->kind == VMO_REFERENCE)
		return 0;
	vmo__count(vmo, 0, UINT64_MAX, &count);
	return count.attributed;
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
