#include "compat/core/vmo_pages.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/pager.h"
#include "compat/core/vmo_account.h"

static uint64_t page_down(uint64_t offset)
{
	return offset & ~(PAGE_SIZE - 1);
}

static uint64_t page_up(uint64_t offset)
{
	return (offset + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

struct vmo *vmo__owner(struct vmo *vmo, uint64_t *offset)
{
	if (vmo->kind != VMO_SLICE && vmo->kind != VMO_REFERENCE)
		return vmo;
	*offset += vmo->source_offset;
	return vmo->source;
}

/*
 * What @vmo, in which @offset is missing, shows to @viewer there. Nobody supplies it any more to a
 * clone of 2019: it sees the hole in the memory.
 */
static struct piece missing_piece(struct vmo *vmo, const struct vmo *viewer, uint64_t offset)
{
	if (vmo != viewer && vmo->pages->detached && vmo->pages->leaves_zeros)
		return (struct piece){ .holder = vmo, .memory = vmo->memory, .offset = offset };
	return (struct piece){ .memory = -1, .offset = offset, .missing = vmo };
}

/* Goes from live clone to source until it comes to pages. */
void vmo__piece_locked(struct vmo *vmo, uint64_t offset, uint64_t end, struct piece *out)
{
	const struct vmo *viewer = vmo;
	uint64_t moved = 0;

	for (;;) {
		uint32_t i = run__first_after(vmo, offset);
		const struct vmo_run *run = i < vmo->runs.count ? &vmo->runs.at[i] : NULL;

		if (!run || run->begin > offset) {
			if (run && run->begin < end)
				end = run->begin;
			*out = (struct piece){ .holder = vmo, .memory = vmo->memory,
					       .offset = offset };
			if (vmo->pages)
				out->trapped = pager__trapped_locked(vmo->pages, offset, &end);
			out->end = end - moved;
			return;
		}
		if (run->end < end)
			end = run->end;
		if (run->use) {
			*out = (struct piece){ .memory = run->use->layer->memory,
					       .offset = offset + run->use->delta,
					       .end = end - moved };
			return;
		}
		if (vmo->pages) {
			*out = missing_piece(vmo, viewer, offset);
			out->end = end - moved;
			return;
		}
		offset += vmo->source_offset;
		end += vmo->source_offset;
		moved += vmo->source_offset;
		vmo = vmo->source;
	}
}

zx_status_t vmo__need_memory_locked(struct vmo *vmo)
{
	if (vmo->memory >= 0)
		return ZX_OK;
	return core_host.mem_create(vmo->size, vmo_account__count(vmo), &vmo->memory);
}

zx_status_t vmo__read_locked(struct vmo *vmo, void *data, uint64_t offset, size_t size)
{
	uint64_t end = offset + size;
	char *at = data;

	while (offset < end) {
		zx_status_t status = ZX_OK;
		struct piece piece;
		size_t run;

		vmo__piece_locked(vmo, offset, end, &piece);
		run = piece.end - offset;
		if (piece.missing)
			status = ZX_ERR_SHOULD_WAIT;
		else if (piece.memory < 0)
			memset(at, 0, run);
		else
			status = core_host.mem_read(piece.memory, piece.offset, at, run);
		if (status != ZX_OK)
			return status;
		offset += run;
		at += run;
	}
	return ZX_OK;
}

/* Copies what the range shows, and is not the VMO's own, into the VMO's own memory. */
static zx_status_t copy_up(struct vmo *vmo, uint64_t offset, uint64_t end)
{
	zx_status_t status = ZX_OK;
	struct piece piece;

	for (; status == ZX_OK && offset < end; offset = piece.end) {
		vmo__piece_locked(vmo, offset, end, &piece);
		if (piece.holder != vmo && piece.memory >= 0)
			status = core_host.mem_copy(vmo->memory, offset, piece.memory, piece.offset,
						    piece.end - offset);
	}
	return status;
}

/* A copy that failed leaves nothing behind: under a run the VMO's own memory is empty. */
static void undo_copy(struct vmo *vmo, uint64_t offset, uint64_t end)
{
	struct piece piece;

	for (; offset < end && vmo->memory >= 0; offset = piece.end) {
		vmo__piece_locked(vmo, offset, end, &piece);
		if (piece.holder != vmo)
			(void)core_host.mem_decommit(vmo->memory, offset, piece.end - offset);
	}
}

/* What was copied takes the place of the runs, unless that failed. */
static zx_status_t finish_copy(struct vmo *vmo, uint64_t begin, uint64_t end, zx_status_t status)
{
	if (status != ZX_OK) {
		undo_copy(vmo, begin, end);
		return status;
	}
	run__remove(vmo, begin, end);
	mapping__refresh(vmo, begin, end);
	return ZX_OK;
}

static bool touches_runs(const struct vmo *vmo, uint64_t begin, uint64_t end)
{
	uint32_t i = run__first_after(vmo, begin);

	return i < vmo->runs.count && vmo->runs.at[i].begin < end;
}

/*
 * A layer that nobody else shows any more becomes the VMO's own memory again, where it has none
 * yet. True: it has done so.
 */
static bool take_back(struct vmo *vmo, uint64_t offset)
{
	struct layer_use *use = vmo->runs.at[run__first_after(vmo, offset)].use;

	if (!use || use->delta || !layer__alone(use))
		return false;
	if (vmo->memory >= 0 && core_host.mem_committed(vmo->memory, 0, vmo->size))
		return false;
	if (core_host.mem_resize(use->layer->memory, vmo->size) != ZX_OK)
		return false;
	if (vmo->memory >= 0)
		core_host.mem_destroy(vmo->memory);
	vmo->memory = layer__take(use);
	mapping__refresh(vmo, 0, UINT64_MAX);
	return true;
}

zx_status_t vmo__claim_locked(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	uint64_t begin = page_down(offset);
	uint64_t end = page_up(offset + size);
	zx_status_t status;

	if (!touches_runs(vmo, begin, end))
		return ZX_OK;
	if (pager__missing_locked(vmo, begin, end))
		return ZX_ERR_SHOULD_WAIT;
	if (take_back(vmo, begin) && !touches_runs(vmo, begin, end))
		return ZX_OK;
	status = vmo__need_memory_locked(vmo);
	if (status == ZX_OK && !run__reserve(vmo, 1))
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK)
		status = copy_up(vmo, begin, end);
	return finish_copy(vmo, begin, end, status);
}

/*
 * The data goes into the VMO's own memory before its runs make way, so that nobody sees a page
 * that is half done.
 */
static zx_status_t write_over(struct vmo *vmo, const void *data, uint64_t offset, size_t size)
{
	uint64_t begin = page_down(offset);
	uint64_t end = page_up(offset + size);
	zx_status_t status = vmo__need_memory_locked(vmo);

	if (status == ZX_OK && !run__reserve(vmo, 1))
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK && begin < offset)
		status = copy_up(vmo, begin, begin + PAGE_SIZE);
	if (status == ZX_OK && end > offset + size)
		status = copy_up(vmo, end - PAGE_SIZE, end);
	if (status == ZX_OK)
		status = core_host.mem_write(vmo->memory, offset, data, size);
	return finish_copy(vmo, begin, end, status);
}

zx_status_t vmo__write_locked(struct vmo *vmo, const void *data, uint64_t offset, size_t size)
{
	uint64_t begin = page_down(offset);
	uint64_t end = page_up(offset + size);
	zx_status_t status;

	if (pager__missing_locked(vmo, begin, end))
		return ZX_ERR_SHOULD_WAIT;
	status = pager__write_locked(vmo, begin, end);
	if (status != ZX_OK)
		return status;
	if (touches_runs(vmo, begin, end) &&
	    (!take_back(vmo, begin) || touches_runs(vmo, begin, end)))
		return write_over(vmo, data, offset, size);
	status = vmo__need_memory_locked(vmo);
	return status == ZX_OK ? core_host.mem_write(vmo->memory, offset, data, size) : status;
}

zx_status_t vmo__decommit_locked(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size;
	bool changed = touches_runs(vmo, offset, end) || vmo->kind == VMO_LIVE || vmo->pages;
	zx_status_t status = ZX_OK;

	if (!size)
		return ZX_OK;
	if (changed && !run__reserve(vmo, 2))
		return ZX_ERR_NO_MEMORY;
	if (vmo->memory >= 0)
		status = core_host.mem_decommit(vmo->memory, offset, size);
	if (status != ZX_OK || !changed)
		return status;
	run__remove(vmo, offset, end);
	if (vmo->kind == VMO_LIVE) {
		uint64_t limit = vmo->source->size;

		limit = limit > vmo->source_offset ? limit - vmo->source_offset : 0;
		if (limit > end)
			limit = end;
		if (offset < limit)
			run__add(vmo, offset, limit, NULL);
	}
	if (vmo->pages)
		run__add(vmo, offset, end, NULL);
	mapping__refresh(vmo, offset, end);
	return ZX_OK;
}

/* Zeros over whole pages, also where a live clone would show its source's again. */
static zx_status_t zero_pages(struct vmo *vmo, uint64_t begin, uint64_t end, bool track)
{
	zx_status_t status = ZX_OK;

	if (pager__tracks(vmo))
		return pager__zero_locked(vmo, begin, end, track);
	if (!touches_runs(vmo, begin, end)) {
		if (vmo->memory >= 0)
			status = core_host.mem_decommit(vmo->memory, begin, end - begin);
		return status;
	}
	if (!run__reserve(vmo, 1))
		return ZX_ERR_NO_MEMORY;
	if (vmo->memory >= 0)
		status = core_host.mem_decommit(vmo->memory, begin, end - begin);
	if (status == ZX_OK) {
		run__remove(vmo, begin, end);
		mapping__refresh(vmo, begin, end);
		pager__arrived_locked(vmo);
	}
	return status;
}

static const char zeros[256];

/* Where there are only zeros, nothing is written: that would cost memory. */
static bool reads_zero(struct vmo *vmo, uint64_t offset, size_t size)
{
	char bytes[sizeof(zeros)];

	return !vmo->paged && vmo__read_locked(vmo, bytes, offset, size) == ZX_OK &&
	       !memcmp(bytes, zeros, size);
}

/* Of one page. */
static zx_status_t zero_bytes(struct vmo *vmo, uint64_t from, uint64_t to)
{
	zx_status_t status = ZX_OK;

	if (from < to && pager__is_zero_locked(vmo, from))
		return ZX_OK;
	while (status == ZX_OK && from < to) {
		uint64_t run = to - from < sizeof(zeros) ? to - from : sizeof(zeros);

		if (!reads_zero(vmo, from, run))
			status = vmo__write_locked(vmo, zeros, from, run);
		from += run;
	}
	return status;
}

/* Of two pages at most. */
static zx_status_t zero_edges(struct vmo *vmo, uint64_t from, uint64_t to)
{
	uint64_t middle = page_up(from) < to ? page_up(from) : to;
	zx_status_t status = zero_bytes(vmo, from, middle);

	return status == ZX_OK ? zero_bytes(vmo, middle, to) : status;
}

zx_status_t vmo__zero_locked(struct vmo *vmo, uint64_t offset, uint64_t size, bool track)
{
	uint64_t end = offset + size;
	uint64_t first = page_up(offset);
	uint64_t last = page_down(end);
	zx_status_t status;

	if (first >= last)
		return zero_edges(vmo, offset, end);
	status = zero_bytes(vmo, offset, first);
	if (status == ZX_OK)
		status = zero_pages(vmo, first, last, track);
	if (status == ZX_OK)
		status = zero_bytes(vmo, last, end);
	return status;
}

/* @viewer shows no more of its source behind @from. Room for one more run is reserved. */
static void cut_live(struct vmo *viewer, uint64_t from)
{
	uint32_t i = run__first_after(viewer, from);

	while (i < viewer->runs.count) {
		struct vmo_run run = viewer->runs.at[i++];

		if (run.use)
			continue;
		run__remove(viewer, run.begin > from ? run.begin : from, run.end);
		i = run__first_after(viewer, run.end);
	}
	mapping__refresh(viewer, from, viewer->size);
}

zx_status_t vmo__cut_viewers_locked(struct vmo *vmo, uint64_t size)
{
	struct vmo *viewer;

	list_for_each(viewer, &vmo->viewers, viewer) {
		uint64_t from = size > viewer->source_offset ? size - viewer->source_offset : 0;

		if (viewer->kind != VMO_LIVE || from >= viewer->size)
			continue;
		if (!run__reserve(viewer, 1))
			return ZX_ERR_NO_MEMORY;
		cut_live(viewer, from);
	}
	return ZX_OK;
}

zx_status_t vmo__cut_locked(struct vmo *vmo, uint64_t size)
{
	uint64_t old = vmo->size;
	zx_status_t status = vmo__cut_viewers_locked(vmo, size);

	if (status == ZX_OK && !run__reserve(vmo, 1))
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK && vmo->pages)
		status = pager__cut_locked(vmo, size);
	if (status != ZX_OK || !touches_runs(vmo, size, old))
		return status;
	run__remove(vmo, size, old);
	mapping__refresh(vmo, size, old);
	return ZX_OK;
}
