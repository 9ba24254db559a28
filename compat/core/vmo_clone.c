/* Children of VMOs. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/vmo_pages.h"

/* Holes of a VMO stay apart from its data where there are not more than so many runs of it. */
#define RUNS_OF_DATA 64u
/* So much data is rather copied into a layer that the VMO has to itself than made a layer. */
#define COPY_MAX (2ull << 20)

/* A child of @parent, under its name and its lock. */
static struct vmo *alloc_child(struct vmo *parent, uint64_t size, uint64_t stream_size,
			       bool resizable, enum vmo_kind kind)
{
	struct vmo *child = vmo__alloc(size, stream_size, resizable, kind);

	if (!child)
		return NULL;
	/* It is the lock of the first of the family, which all others keep. */
	child->object.lock = parent->object.lock;
	child->object.related_koid = parent->object.koid;
	child->paged = parent->paged;
	return child;
}

static void adopt_locked(struct vmo *parent, struct vmo *child)
{
	object__get(&parent->object);
	child->parent = parent;
	memcpy(child->name, parent->name, sizeof(child->name));
	if (child->kind == VMO_SNAPSHOT)
		parent->snapshots++;
	if (!parent->children++)
		object__update_signals_locked(&parent->object, ZX_VMO_ZERO_CHILDREN, 0);
}

/* Lets @child show the pages of @parent from @offset on. */
static void view_locked(struct vmo *parent, struct vmo *child, uint64_t offset)
{
	struct vmo *source = vmo__owner(parent, &offset);

	child->source = source;
	child->source_offset = offset;
	list__add_tail(&source->viewers, &child->viewer);
}

/* --- snapshots --- */

/* A layer that only @vmo shows, at the same offsets; NULL: there is none. */
static struct layer_use *layer_alone(const struct vmo *vmo)
{
	for (uint32_t i = 0; i < vmo->runs.count && i < RUNS_OF_DATA; i++) {
		struct layer_use *use = vmo->runs.at[i].use;

		if (use && !use->delta && layer__alone(use))
			return use;
	}
	return NULL;
}

/* Walks the data in @vmo's own memory; past @limit runs of it, what is left between two runs. */
struct data_walk {
	struct vmo *vmo;
	uint64_t at;
	uint32_t limit;
	uint64_t begin;
	uint64_t end;
};

static bool data_walk__next(struct data_walk *walk)
{
	struct vmo *vmo = walk->vmo;

	while (walk->at < vmo->size) {
		uint32_t i = run__first_after(vmo, walk->at);
		const struct vmo_run *run = i < vmo->runs.count ? &vmo->runs.at[i] : NULL;
		uint64_t stop = run ? run->begin : vmo->size;

		if (run && run->begin <= walk->at) {
			walk->at = run->end;
			continue;
		}
		if (!core_host.mem_next_data(vmo->memory, walk->at, stop, &walk->begin,
					     &walk->end)) {
			walk->at = stop;
			continue;
		}
		if (!walk->limit)
			walk->end = stop;
		else
			walk->limit--;
		walk->at = walk->end;
		return true;
	}
	return false;
}

/* Moves the data of @vmo's own memory, run by run, to @use, which shows it from now on. */
static zx_status_t move_data(struct vmo *vmo, struct layer_use *use, bool copy)
{
	struct data_walk walk = { .vmo = vmo, .limit = RUNS_OF_DATA };
	zx_status_t status = ZX_OK;

	while (status == ZX_OK && data_walk__next(&walk)) {
		if (!run__reserve(vmo, 1))
			status = ZX_ERR_NO_MEMORY;
		else if (copy)
			status = core_host.mem_copy(use->layer->memory, walk.begin, vmo->memory,
						    walk.begin, walk.end - walk.begin);
		if (status == ZX_OK)
			run__add(vmo, walk.begin, walk.end, use);
		if (status == ZX_OK && copy) {
			(void)core_host.mem_decommit(vmo->memory, walk.begin,
						     walk.end - walk.begin);
			mapping__refresh(vmo, walk.begin, walk.end);
		}
	}
	return status;
}

/* Room for the runs that a freeze adds at most: so that what follows cannot fail half-way. */
static bool reserve_freeze(struct vmo *vmo)
{
	return run__reserve(vmo, RUNS_OF_DATA + vmo->runs.count + 2);
}

/* @vmo's own memory becomes a layer; it gets another one where it had none of its data. */
static zx_status_t make_layer(struct vmo *vmo)
{
	struct layer_use *use = layer__create(vmo->memory, vmo);
	zx_status_t status;

	if (!use)
		return ZX_ERR_NO_MEMORY;
	status = move_data(vmo, use, false);
	vmo->memory = -1;
	/* Mappings show the layer now: rightly where there are runs, not where there are none. */
	for (uint32_t i = 0; i <= vmo->runs.count; i++) {
		uint64_t begin = i ? vmo->runs.at[i - 1].end : 0;
		uint64_t end = i < vmo->runs.count ? vmo->runs.at[i].begin : UINT64_MAX;

		if (begin < end)
			mapping__refresh(vmo, begin, end);
		/* Pages that were only committed. */
		if (begin < end && begin < vmo->size)
			(void)core_host.mem_decommit(use->layer->memory, begin,
						     (end < vmo->size ? end : vmo->size) - begin);
	}
	return status;
}

/* All that @vmo shows is in layers from now on, or zero. Nobody writes it through a mapping. */
static zx_status_t freeze_locked(struct vmo *vmo)
{
	struct layer_use *alone;
	zx_status_t status;
	uint64_t data;

	if (vmo->memory < 0)
		return ZX_OK;
	if (!reserve_freeze(vmo))
		return ZX_ERR_NO_MEMORY;
	status = mapping__freeze(vmo);
	if (status != ZX_OK)
		return status;
	data = core_host.mem_committed(vmo->memory, 0, vmo->size);
	if (!data)
		return ZX_OK;
	alone = data <= COPY_MAX ? layer_alone(vmo) : NULL;
	return alone ? move_data(vmo, alone, true) : make_layer(vmo);
}

/* For what cannot be shared: it is copied at once. */
static zx_status_t copy_now(struct vmo *child, uint64_t at, const struct vmo *vmo, uint64_t begin,
			     uint64_t end)
{
	zx_status_t status = vmo__need_memory_locked(child);
	struct piece piece;

	for (; status == ZX_OK && begin < end; begin = piece.end) {
		vmo__piece_locked((struct vmo *)vmo, begin, end, &piece);
		if (piece.memory >= 0)
			status = core_host.mem_copy(child->memory, at, piece.memory, piece.offset,
						    piece.end - begin);
		at += piece.end - begin;
	}
	return status;
}

/*
 * What @vmo shows of its source @child does, too, where it is a live clone of the same; else it is
 * copied.
 */
static zx_status_t share_source(struct vmo *child, uint64_t at, struct vmo *vmo, uint64_t begin,
				uint64_t end)
{
	if (!child->source)
		return copy_now(child, at, vmo, begin, end);
	if (!run__reserve(child, 1))
		return ZX_ERR_NO_MEMORY;
	run__add(child, at, at + (end - begin), NULL);
	return ZX_OK;
}

/* Gives @child the runs of [begin, end) of @vmo. */
static zx_status_t share_runs(struct vmo *child, struct vmo *vmo, uint64_t begin, uint64_t end)
{
	zx_status_t status = ZX_OK;

	for (uint32_t i = run__first_after(vmo, begin);
	     status == ZX_OK && i < vmo->runs.count && vmo->runs.at[i].begin < end; i++) {
		const struct vmo_run *run = &vmo->runs.at[i];
		uint64_t from = run->begin > begin ? run->begin : begin;
		uint64_t to = run->end < end ? run->end : end;

		if (!run->use) {
			status = share_source(child, from - begin, vmo, from, to);
			continue;
		}
		if (!run->use->copy)
			run->use->copy = layer__use(run->use->layer, child,
						    run->use->delta + begin);
		if (!run->use->copy || !run__reserve(child, 1))
			status = ZX_ERR_NO_MEMORY;
		else
			run__add(child, from - begin, to - begin, run->use->copy);
	}
	for (uint32_t i = 0; i < vmo->runs.count; i++) {
		struct layer_use *use = vmo->runs.at[i].use;

		/* One that found no room for its run. */
		if (use && use->copy && !use->copy->runs)
			layer__drop(use->copy);
		if (use)
			use->copy = NULL;
	}
	return status;
}

static zx_status_t snapshot_locked(struct vmo *parent, uint64_t offset, struct vmo *child)
{
	uint64_t size = parent->size > offset ? parent->size - offset : 0;
	struct vmo *vmo = vmo__owner(parent, &offset);
	zx_status_t status;

	if (size > child->size)
		size = child->size;
	if (!size)
		return ZX_OK;
	/* What the supervisor writes through a mapping of its own cannot be frozen. */
	if (vmo->shared)
		return copy_now(child, 0, vmo, offset, offset + size);
	status = freeze_locked(vmo);
	return status == ZX_OK ? share_runs(child, vmo, offset, offset + size) : status;
}

static zx_status_t live_locked(struct vmo *parent, uint64_t offset, struct vmo *child)
{
	uint64_t size = parent->size > offset ? parent->size - offset : 0;

	if (size > child->size)
		size = child->size;
	if (!run__reserve(child, 1))
		return ZX_ERR_NO_MEMORY;
	view_locked(parent, child, offset);
	if (size)
		run__add(child, 0, size, NULL);
	return ZX_OK;
}

/*
 * A live clone of what @parent is one of, with what @parent has written since. It does not see what
 * @parent writes from now on.
 */
static zx_status_t sibling_locked(struct vmo *parent, uint64_t offset, struct vmo *child)
{
	uint64_t from = offset;
	struct vmo *vmo = vmo__owner(parent, &from);

	view_locked(vmo->source, child, vmo->source_offset + from);
	return snapshot_locked(parent, offset, child);
}

typedef zx_status_t share_fn(struct vmo *parent, uint64_t offset, struct vmo *child);

static zx_status_t create_clone(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				enum vmo_kind kind, share_fn *share, struct vmo **out)
{
	uint64_t rounded;
	zx_status_t status = vmo__round_size(size, &rounded);
	struct vmo *child;

	if (status != ZX_OK)
		return status;
	if (offset & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	if (offset + rounded < offset)
		return ZX_ERR_OUT_OF_RANGE;
	/* Linux cannot make a file of more, once it is needed. */
	if (rounded > INT64_MAX)
		return ZX_ERR_NO_MEMORY;
	child = alloc_child(parent, rounded, size, resizable, kind);
	if (!child)
		return ZX_ERR_NO_MEMORY;
	object__lock(&parent->object);
	/* Copies are written through the caches. */
	status = parent->cache_policy == ZX_CACHE_POLICY_CACHED ? share(parent, offset, child) :
								  ZX_ERR_BAD_STATE;
	if (status == ZX_OK)
		adopt_locked(parent, child);
	object__unlock(&parent->object);
	if (status != ZX_OK) {
		object__put(&child->object);
		return status;
	}
	*out = child;
	return ZX_OK;
}

zx_status_t vmo__create_snapshot(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				 struct vmo **out)
{
	return create_clone(parent, offset, size, resizable, VMO_SNAPSHOT, snapshot_locked, out);
}

zx_status_t vmo__create_live(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
			     struct vmo **out)
{
	return create_clone(parent, offset, size, resizable, VMO_LIVE, live_locked, out);
}

static zx_status_t following_locked(struct vmo *parent, uint64_t offset, struct vmo *child)
{
	child->follows = true;
	return live_locked(parent, offset, child);
}

zx_status_t vmo__create_following(struct vmo *parent, uint64_t offset, uint64_t size,
				  bool resizable, struct vmo **out)
{
	return create_clone(parent, offset, size, resizable, VMO_LIVE, following_locked, out);
}

zx_status_t vmo__create_sibling(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				struct vmo **out)
{
	return create_clone(parent, offset, size, resizable, VMO_LIVE, sibling_locked, out);
}

/* --- windows --- */

/* A child that sees the parent's own pages. */
static struct vmo *create_window_locked(struct vmo *parent, uint64_t offset, uint64_t size,
					bool resizable, enum vmo_kind kind)
{
	struct vmo *child = alloc_child(parent, size, size, resizable, kind);

	if (!child)
		return NULL;
	view_locked(parent, child, offset);
	adopt_locked(parent, child);
	return child;
}

zx_status_t vmo__create_slice(struct vmo *parent, uint64_t offset, uint64_t size, struct vmo **out)
{
	uint64_t limit = vmo__size(parent);
	uint64_t rounded;
	zx_status_t status = vmo__round_size(size, &rounded);

	if (status != ZX_OK)
		return status;
	if (offset & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	if (vmo__sized(parent)->resizable)
		return ZX_ERR_NOT_SUPPORTED;
	if (offset > limit || rounded > limit - offset)
		return ZX_ERR_INVALID_ARGS;
	object__lock(&parent->object);
	*out = create_window_locked(parent, offset, rounded, false, VMO_SLICE);
	object__unlock(&parent->object);
	return *out ? ZX_OK : ZX_ERR_NO_MEMORY;
}

/* Its source is the VMO with pages and a size: that of a reference is the reference's source. */
zx_status_t vmo__create_reference(struct vmo *parent, bool resizable, struct vmo **out)
{
	if (parent->kind == VMO_SLICE || (resizable && !parent->resizable))
		return ZX_ERR_NOT_SUPPORTED;
	object__lock(&parent->object);
	/* Whether its handle may resize it is a matter of rights. */
	*out = create_window_locked(parent, 0, parent->size, parent->resizable, VMO_REFERENCE);
	object__unlock(&parent->object);
	return *out ? ZX_OK : ZX_ERR_NO_MEMORY;
}
