/* Which pages of a pager's VMO were written, and what is written back. */
#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/page_request.h"
#include "compat/core/vmo_pages.h"

bool pager__tracks(const struct vmo *vmo)
{
	return vmo->pages && vmo->pages->tracks;
}

/* Of a VMO whose pages are not tracked each may be written at any time. */
static enum page_state state_at(const struct page_source *source, uint64_t offset, uint64_t *end)
{
	return source->tracks ? page_state__at(&source->states, offset, end) : PAGE_DIRTY;
}

static enum page_state state_of_page(const struct page_source *source, uint64_t offset)
{
	uint64_t end = UINT64_MAX;

	return state_at(source, offset, &end);
}

bool pager__trapped_locked(const struct page_source *source, uint64_t offset, uint64_t *end)
{
	enum page_state state = state_at(source, offset, end);

	return source->tracks && (state != PAGE_DIRTY || !source->modified);
}

bool pager__asks_locked(const struct vmo *vmo, uint64_t offset, enum page_access access)
{
	enum page_state state;

	if (!vmo->pages || !vmo->pages->traps || access == PAGE_READS)
		return false;
	state = state_of_page(vmo->pages, offset);
	return access == PAGE_WRITES ? state != PAGE_DIRTY : page_state__is_zero(state);
}

bool pager__is_zero_locked(const struct vmo *vmo, uint64_t offset)
{
	return vmo->pages && page_state__is_zero(state_of_page(vmo->pages, offset));
}

/* --- changes of the VMO --- */

zx_status_t pager__write_locked(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct page_source *source = vmo->pages;

	if (!pager__tracks(vmo))
		return ZX_OK;
	if (!page_state__all(&source->states, begin, end, PAGE_DIRTY)) {
		if (source->traps)
			return ZX_ERR_SHOULD_WAIT;
		if (!page_state__set(&source->states, begin, end, PAGE_DIRTY))
			return ZX_ERR_NO_MEMORY;
	}
	source->modified = true;
	return ZX_OK;
}

/* Linux counts the pieces of a process: each so many ranges, faults dirty more at a time. */
#define MANY_RANGES 4096u
#define MANY_BLOCK (16 * PAGE_SIZE)
#define MANY_SHIFT 4
#define MANY_MAX 5u

zx_status_t pager__write_fault_locked(struct vmo *vmo, uint64_t offset)
{
	uint32_t many = vmo->pages->states.count / MANY_RANGES;
	uint64_t begin = offset;
	uint64_t end = offset + PAGE_SIZE;

	if (many && !vmo->pages->traps) {
		uint64_t block = MANY_BLOCK << ((many < MANY_MAX ? many : MANY_MAX) - 1) * MANY_SHIFT;

		begin = offset & ~(block - 1);
		end = begin + block < vmo->size ? begin + block : vmo->size;
		if (pager__missing_locked(vmo, begin, end)) {
			begin = offset;
			end = offset + PAGE_SIZE;
		}
	}
	return pager__write_locked(vmo, begin, end);
}

/* Zeros are dirty: a page in their place is, too. */
zx_status_t pager__commit_locked(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct page_source *source = vmo->pages;
	uint64_t stop;

	if (!pager__tracks(vmo))
		return ZX_OK;
	for (; begin < end; begin = stop) {
		stop = end;
		if (!page_state__is_zero(page_state__at(&source->states, begin, &stop)))
			continue;
		if (source->traps)
			return ZX_ERR_SHOULD_WAIT;
		if (!page_state__set(&source->states, begin, stop, PAGE_DIRTY))
			return ZX_ERR_NO_MEMORY;
	}
	return ZX_OK;
}

/* Zeros that are being written back are no other zeros than those that take their place. */
static bool set_zero(struct page_ranges *states, uint64_t begin, uint64_t end, bool track)
{
	uint64_t stop;

	if (!track)
		return page_state__set(states, begin, end, PAGE_ZERO_UNTRACKED);
	for (; begin < end; begin = stop) {
		stop = end;
		if (page_state__at(states, begin, &stop) == PAGE_ZERO_AWAITS)
			continue;
		if (!page_state__set(states, begin, stop, PAGE_ZERO))
			return false;
	}
	return true;
}

zx_status_t pager__zero_locked(struct vmo *vmo, uint64_t begin, uint64_t end, bool track)
{
	zx_status_t status = ZX_OK;

	if (!run__reserve(vmo, 1) || !set_zero(&vmo->pages->states, begin, end, track))
		return ZX_ERR_NO_MEMORY;
	vmo->pages->modified = true;
	run__remove(vmo, begin, end);
	/* Nobody writes these pages any more once they are zero. */
	mapping__refresh(vmo, begin, end);
	if (vmo->memory >= 0)
		status = core_host.mem_decommit(vmo->memory, begin, end - begin);
	pager__arrived_locked(vmo);
	return status;
}

zx_status_t pager__cut_locked(struct vmo *vmo, uint64_t size)
{
	struct page_source *source = vmo->pages;

	if (!page_state__set(&source->states, size, UINT64_MAX, PAGE_CLEAN))
		return ZX_ERR_NO_MEMORY;
	source->modified = true;
	page_request__end(source, size, UINT64_MAX, ZX_OK);
	return ZX_OK;
}

zx_status_t pager__grow_locked(struct vmo *vmo, uint64_t size)
{
	struct page_source *source = vmo->pages;

	if (source->fills_growth) {
		if (!run__reserve(vmo, 1))
			return ZX_ERR_NO_MEMORY;
		run__add(vmo, vmo->size, size, NULL);
	} else if (!page_state__set(&source->states, vmo->size, size, PAGE_ZERO)) {
		return ZX_ERR_NO_MEMORY;
	}
	source->modified = true;
	return ZX_OK;
}

/* [begin, end), without pages any more, is to be supplied again. False: no room. */
static bool drop_locked(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	if (!run__reserve(vmo, 1))
		return false;
	run__add(vmo, begin, end, NULL);
	mapping__refresh(vmo, begin, end);
	if (vmo->memory >= 0)
		(void)core_host.mem_decommit(vmo->memory, begin, end - begin);
	return true;
}

void pager__drop_clean_locked(struct vmo *vmo)
{
	struct piece piece;

	for (uint64_t at = 0; pager__tracks(vmo) && at < vmo->size; at = piece.end) {
		vmo__piece_locked(vmo, at, vmo->size, &piece);
		if (!piece.missing && state_of_page(vmo->pages, at) == PAGE_CLEAN &&
		    !drop_locked(vmo, at, piece.end))
			return;
	}
}

/* --- what the pager does --- */

static bool in_range(const struct vmo *vmo, uint64_t offset, uint64_t size)
{
	return offset <= vmo->size && size <= vmo->size - offset;
}

static zx_status_t dirty_locked(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct page_source *source = vmo->pages;

	if (end > vmo->size)
		return ZX_ERR_OUT_OF_RANGE;
	if (source->detached)
		return ZX_ERR_BAD_STATE;
	if (pager__missing_locked(vmo, begin, end))
		return ZX_ERR_NOT_FOUND;
	if (!page_state__set(&source->states, begin, end, PAGE_DIRTY))
		return ZX_ERR_NO_MEMORY;
	pager__arrived_locked(vmo);
	return ZX_OK;
}

zx_status_t pager__dirty(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size;
	zx_status_t status;

	if (!vmo->pages->traps)
		return ZX_ERR_NOT_SUPPORTED;
	object__lock(&vmo->object);
	if (offset > vmo->size || end < offset) {
		status = ZX_ERR_OUT_OF_RANGE;
	} else {
		status = dirty_locked(vmo, offset, end);
		/* Right or wrong, it was an answer: who still needs these pages asks again. */
		if (status != ZX_OK)
			page_request__retry_dirty(vmo->pages, offset, end);
	}
	object__unlock(&vmo->object);
	return status;
}

/* Returns where it came to: before @end where there is no memory. */
static uint64_t set_awaits(struct page_ranges *states, uint64_t begin, uint64_t end, bool zeros)
{
	uint64_t stop;

	for (; begin < end; begin = stop) {
		enum page_state state;

		stop = end;
		state = page_state__at(states, begin, &stop);
		if (state == PAGE_DIRTY && !zeros)
			state = PAGE_AWAITS;
		else if (state == PAGE_ZERO)
			state = PAGE_ZERO_AWAITS;
		else
			continue;
		if (!page_state__set(states, begin, stop, state))
			break;
	}
	return begin;
}

static zx_status_t begin_locked(struct vmo *vmo, uint64_t begin, uint64_t end, bool zeros)
{
	uint64_t stop = set_awaits(&vmo->pages->states, begin, end, zeros);

	/* From here on it is known when one of them is written, also where not all were reached. */
	if (stop > begin)
		mapping__refresh(vmo, begin, stop);
	return stop < end ? ZX_ERR_NO_MEMORY : ZX_OK;
}

zx_status_t pager__writeback_begin(struct vmo *vmo, uint64_t offset, uint64_t size, bool zeros)
{
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	if (!in_range(vmo, offset, size))
		status = ZX_ERR_OUT_OF_RANGE;
	else if (!pager__tracks(vmo))
		status = ZX_ERR_NOT_SUPPORTED;
	else
		status = begin_locked(vmo, offset, offset + size, zeros);
	object__unlock(&vmo->object);
	return status;
}

static zx_status_t end_locked(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct page_ranges *states = &vmo->pages->states;
	uint64_t stop;

	for (; begin < end; begin = stop) {
		enum page_state state;

		stop = end;
		state = page_state__at(states, begin, &stop);
		if (state != PAGE_AWAITS && state != PAGE_ZERO_AWAITS)
			continue;
		if (!page_state__set(states, begin, stop, PAGE_CLEAN))
			return ZX_ERR_NO_MEMORY;
		/* Of clean zeros nothing is left here. Where there is no room they are clean pages. */
		if (state == PAGE_ZERO_AWAITS)
			(void)drop_locked(vmo, begin, stop);
	}
	return ZX_OK;
}

zx_status_t pager__writeback_end(struct vmo *vmo, uint64_t offset, uint64_t size)
{
	zx_status_t status;

	object__lock(&vmo->object);
	if (!in_range(vmo, offset, size))
		status = ZX_ERR_OUT_OF_RANGE;
	else if (!pager__tracks(vmo))
		status = ZX_ERR_NOT_SUPPORTED;
	else
		status = end_locked(vmo, offset, offset + size);
	object__unlock(&vmo->object);
	return status;
}

/* Goes on from @out to where what is dirty in the same way ends. */
static void extend(const struct page_ranges *states, uint64_t end, struct page_range *out)
{
	bool zero = page_state__is_zero(out->state);

	while (out->end < end) {
		uint64_t stop = end;
		enum page_state state = page_state__at(states, out->end, &stop);

		if (!page_state__is_dirty(state) || page_state__is_zero(state) != zero)
			return;
		out->end = stop;
	}
}

bool pager__next_dirty(struct vmo *vmo, uint64_t offset, uint64_t end, struct page_range *out)
{
	const struct page_ranges *states = &vmo->pages->states;
	bool found = false;
	uint64_t stop;

	object__lock(&vmo->object);
	for (; !found && offset < end; offset = stop) {
		stop = end;
		out->state = page_state__at(states, offset, &stop);
		found = page_state__is_dirty(out->state);
		out->begin = offset;
		out->end = stop;
	}
	if (found)
		extend(states, end, out);
	object__unlock(&vmo->object);
	return found;
}

zx_status_t pager__modified(struct vmo *vmo, bool reset, bool *out)
{
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	*out = vmo->pages->modified;
	if (reset && *out) {
		vmo->pages->modified = false;
		status = mapping__freeze(vmo);
	}
	object__unlock(&vmo->object);
	return status;
}
