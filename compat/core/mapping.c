#include "compat/core/mapping.h"

#include "compat/core/core.h"
#include "compat/core/pager.h"
#include "compat/core/vmo_pages.h"

/* No memory of the host reaches further. */
#define MEMORY_END (1ull << 63)

/*
 * Bytes of @mapping, from its start on, that its VMO has memory for. The host sees to the end of
 * what a VMO has to itself; behind a window, though, its parent's memory goes on.
 */
static uint64_t backed(const struct mapping *mapping)
{
	const struct vmo *vmo = mapping->vmo;
	bool window = vmo->kind == VMO_SLICE || vmo->kind == VMO_REFERENCE;
	uint64_t end = window ? vmo->size : MEMORY_END - PAGE_SIZE;
	uint64_t left = mapping->vmo_offset < end ? end - mapping->vmo_offset : 0;

	return left < mapping->region.size ? left : mapping->region.size;
}

/* One piece of a mapping, as the host takes it. */
struct shown {
	struct vmo *vmo; /* the one with pages */
	uint64_t addr;
	uint64_t size;
	struct piece piece;
	uint32_t prot;
	bool writable; /* may ever be */
};

/* What @mapping shows at @into, which lies before @end, with @prot. */
static void piece_of(const struct mapping *mapping, uint64_t into, uint64_t end, uint32_t prot,
		     struct shown *out)
{
	uint64_t offset = mapping->vmo_offset + into;
	struct vmo *vmo = vmo__owner(mapping->vmo, &offset);

	vmo__piece_locked(vmo, offset, offset + (end - into), &out->piece);
	out->vmo = vmo;
	out->addr = mapping->region.base + into;
	out->size = out->piece.end - offset;
	out->writable = out->piece.holder == vmo && mapping->max_prot & HOST_PROT_WRITE;
	out->prot = prot;
	if (out->piece.holder != vmo || out->piece.trapped)
		out->prot &= ~HOST_PROT_WRITE;
}

static zx_status_t show_piece(struct thread *caller, struct process *process,
			      const struct shown *shown)
{
	struct vmo *holder = shown->piece.holder;
	int memory = shown->piece.memory;

	if (shown->piece.missing)
		return core_host.unmap(caller, process, shown->addr, shown->size);
	if (memory < 0) {
		zx_status_t status = vmo__need_memory_locked(holder);

		if (status != ZX_OK)
			return status;
		memory = holder->memory;
	}
	return core_host.map(caller, process, shown->addr, shown->size, shown->prot, memory,
			     shown->piece.offset, shown->writable);
}

/* Shows [from, to) of @mapping. */
static zx_status_t show(struct thread *caller, const struct mapping *mapping, uint64_t from,
			uint64_t to, uint32_t prot)
{
	zx_status_t status = ZX_OK;
	struct shown shown;

	for (; status == ZX_OK && from < to; from += shown.size) {
		piece_of(mapping, from, to, prot, &shown);
		status = show_piece(caller, mapping->process, &shown);
	}
	return status;
}

static zx_status_t show_all(struct thread *caller, const struct mapping *mapping, uint32_t prot)
{
	const struct region *region = &mapping->region;
	uint64_t size = backed(mapping);
	zx_status_t status = ZX_OK;

	if (size < region->size)
		status = core_host.unmap(caller, mapping->process, region->base + size,
					 region->size - size);
	return status == ZX_OK ? show(caller, mapping, 0, size, prot) : status;
}

zx_status_t mapping__attach(struct thread *caller, struct mapping *mapping)
{
	struct vmo *vmo = mapping->vmo;
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	if (mapping->prot)
		status = show_all(caller, mapping, mapping->prot);
	if (status == ZX_OK)
		list__add_tail(&vmo->mappings, &mapping->vmo_node);
	object__unlock(&vmo->object);
	return status;
}

void mapping__reattach(struct thread *caller, struct mapping *mapping)
{
	struct vmo *vmo = mapping->vmo;

	object__lock(&vmo->object);
	if (mapping->prot)
		(void)show_all(caller, mapping, mapping->prot);
	list__add_tail(&vmo->mappings, &mapping->vmo_node);
	object__unlock(&vmo->object);
}

void mapping__detach(struct mapping *mapping)
{
	struct vmo *vmo = mapping->vmo;

	object__lock(&vmo->object);
	list__remove(&mapping->vmo_node);
	object__unlock(&vmo->object);
}

static zx_status_t protect(struct thread *caller, const struct mapping *mapping, uint32_t prot)
{
	uint64_t size = backed(mapping);
	zx_status_t status = ZX_OK;
	struct shown shown;

	for (uint64_t from = 0; status == ZX_OK && from < size; from += shown.size) {
		piece_of(mapping, from, size, prot, &shown);
		if (shown.piece.missing)
			continue;
		status = core_host.protect(caller, mapping->process, shown.addr, shown.size,
					   shown.prot);
	}
	return status;
}

static zx_status_t change_locked(struct thread *caller, struct mapping *mapping, uint32_t prot)
{
	const struct region *region = &mapping->region;

	if (mapping->prot == prot)
		return ZX_OK;
	/* What has no access at all is not mapped on the host. */
	if (!prot)
		return core_host.unmap(caller, mapping->process, region->base, region->size);
	if (!mapping->prot)
		return show_all(caller, mapping, prot);
	return protect(caller, mapping, prot);
}

zx_status_t mapping__change(struct thread *caller, struct mapping *mapping, uint32_t prot)
{
	struct vmo *vmo = mapping->vmo;
	zx_status_t status;

	object__lock(&vmo->object);
	status = change_locked(caller, mapping, prot);
	if (status == ZX_OK)
		mapping->prot = prot;
	object__unlock(&vmo->object);
	return status;
}

/* Shows what of [begin, end) of its VMO @mapping has. */
static void refresh(struct mapping *mapping, uint64_t begin, uint64_t end)
{
	uint64_t size = backed(mapping);
	uint64_t from = begin > mapping->vmo_offset ? begin - mapping->vmo_offset : 0;
	uint64_t to;

	if (!mapping->prot || end <= mapping->vmo_offset)
		return;
	to = end - mapping->vmo_offset < size ? end - mapping->vmo_offset : size;
	if (from >= to)
		return;
	/*
	 * Nothing is better than pages that are no longer the VMO's: an access to it is a fault,
	 * which tries again.
	 */
	if (show(NULL, mapping, from, to, mapping->prot) != ZX_OK)
		(void)core_host.unmap(NULL, mapping->process, mapping->region.base + from,
				      to - from);
}

static void refresh_all(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct mapping *mapping;

	list_for_each(mapping, &vmo->mappings, vmo_node)
		refresh(mapping, begin, end);
}

static bool has_next_viewer(const struct vmo *vmo)
{
	return vmo->viewer.next != &vmo->source->viewers;
}

/* Offsets of @top as offsets of a window or live clone of it. */
static uint64_t below(uint64_t offset, uint64_t start)
{
	return offset > start ? offset - start : 0;
}

/* Goes down to the leaves and up again: clones may be nested as deep as a program likes. */
void mapping__refresh(struct vmo *top, uint64_t begin, uint64_t end)
{
	struct vmo *vmo = top;
	uint64_t start = 0; /* of @vmo in @top */

	for (;;) {
		refresh_all(vmo, below(begin, start), below(end, start));
		if (!list__empty(&vmo->viewers)) {
			vmo = list_first(&vmo->viewers, struct vmo, viewer);
			start += vmo->source_offset;
			continue;
		}
		while (vmo != top && !has_next_viewer(vmo)) {
			start -= vmo->source_offset;
			vmo = vmo->source;
		}
		if (vmo == top)
			return;
		start -= vmo->source_offset;
		vmo = list_entry(vmo->viewer.next, struct vmo, viewer);
		start += vmo->source_offset;
	}
}

static zx_status_t freeze(struct vmo *vmo)
{
	zx_status_t status = ZX_OK;
	struct mapping *mapping;

	list_for_each(mapping, &vmo->mappings, vmo_node) {
		if (status == ZX_OK && mapping->prot & HOST_PROT_WRITE)
			status = protect(NULL, mapping, mapping->prot & ~HOST_PROT_WRITE);
		/* A process that is gone writes nothing. */
		if (status == ZX_ERR_BAD_STATE)
			status = ZX_OK;
	}
	return status;
}

zx_status_t mapping__freeze(struct vmo *vmo)
{
	zx_status_t status = freeze(vmo);
	struct vmo *viewer;

	list_for_each(viewer, &vmo->viewers, viewer) {
		/* Live clones cannot write it. */
		if (status == ZX_OK && viewer->kind != VMO_LIVE)
			status = freeze(viewer);
	}
	return status;
}

#define FIRST_COPY PAGE_SIZE
#define LARGEST_COPY (64ull << 10)
/* Each so many runs of a VMO, writes copy more at a time: Linux counts the pieces of a process. */
#define MANY_RUNS 8192u
#define MANY_RUNS_SHIFT 4
#define MANY_MAX 5u

/*
 * How much to copy for a write at @offset: one page, and twice as much each time where writes
 * follow each other.
 */
static void choose_copy(struct vmo *vmo, uint64_t offset, uint64_t *begin, uint64_t *end)
{
	const struct vmo_run *run = &vmo->runs.at[run__first_after(vmo, offset)];
	uint32_t many = vmo->runs.count / MANY_RUNS;
	uint64_t size = FIRST_COPY;

	if (vmo->fault_size && offset == vmo->fault_end)
		size = vmo->fault_size < LARGEST_COPY ? 2 * vmo->fault_size : LARGEST_COPY;
	*begin = offset;
	if (many > MANY_MAX)
		many = MANY_MAX;
	if (many) {
		size = LARGEST_COPY << (many - 1) * MANY_RUNS_SHIFT;
		*begin = offset & ~(size - 1);
		if (*begin < run->begin)
			*begin = run->begin;
		offset &= ~(size - 1);
	}
	*end = run->end - offset > size ? offset + size : run->end;
	vmo->fault_end = *end;
	vmo->fault_size = *end - *begin;
}

static zx_status_t make_own(struct vmo *vmo, uint64_t offset)
{
	uint64_t begin;
	uint64_t end;

	choose_copy(vmo, offset, &begin, &end);
	/* No more than the page itself is worth waiting for. */
	if (pager__missing_locked(vmo, begin, end)) {
		begin = offset;
		end = offset + PAGE_SIZE;
	}
	return vmo__claim_locked(vmo, begin, end - begin);
}

static zx_status_t fault_locked(struct mapping *mapping, uint64_t into, uint32_t prot)
{
	struct vmo *vmo = mapping->vmo;
	struct shown shown;

	if ((mapping->prot & prot) != prot)
		return ZX_ERR_ACCESS_DENIED;
	if (mapping->vmo_offset + into >= vmo->size)
		return ZX_ERR_OUT_OF_RANGE;
	piece_of(mapping, into, backed(mapping), mapping->prot, &shown);
	if (shown.piece.missing)
		return ZX_ERR_SHOULD_WAIT;
	if (prot & HOST_PROT_WRITE && shown.piece.holder != shown.vmo) {
		uint64_t offset = mapping->vmo_offset + into;

		vmo = vmo__owner(vmo, &offset);
		return make_own(vmo, offset);
	}
	if (prot & HOST_PROT_WRITE && shown.piece.trapped) {
		zx_status_t status = pager__write_fault_locked(shown.vmo, shown.piece.offset);

		if (status != ZX_OK)
			return status;
		piece_of(mapping, into, backed(mapping), mapping->prot, &shown);
	}
	/* Another thread was faster, or the host did not show it for want of memory. */
	return show_piece(NULL, mapping->process, &shown);
}

zx_status_t mapping__fault(struct mapping *mapping, uint64_t addr, uint32_t prot)
{
	uint64_t into = (addr - mapping->region.base) & ~(PAGE_SIZE - 1);
	struct vmo *vmo = mapping->vmo;
	zx_status_t status;

	object__lock(&vmo->object);
	status = fault_locked(mapping, into, prot);
	object__unlock(&vmo->object);
	return status;
}
