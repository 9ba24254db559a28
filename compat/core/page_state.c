#include "compat/core/page_state.h"

#include <string.h>

#include "compat/core/arena.h"

#define FIRST_CAPACITY 4u

/* Index of the first range that ends behind @offset. */
static uint32_t first_after(const struct page_ranges *ranges, uint64_t offset)
{
	uint32_t low = 0;
	uint32_t high = ranges->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (ranges->at[middle].end > offset)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

enum page_state page_state__at(const struct page_ranges *ranges, uint64_t offset, uint64_t *end)
{
	uint32_t i = first_after(ranges, offset);
	const struct page_range *range = &ranges->at[i];
	bool inside = i < ranges->count && range->begin <= offset;
	uint64_t stop = UINT64_MAX;

	if (i < ranges->count)
		stop = inside ? range->end : range->begin;
	if (stop < *end)
		*end = stop;
	return inside ? range->state : PAGE_CLEAN;
}

bool page_state__all(const struct page_ranges *ranges, uint64_t begin, uint64_t end,
		     enum page_state state)
{
	while (begin < end) {
		uint64_t stop = end;

		if (page_state__at(ranges, begin, &stop) != state)
			return false;
		begin = stop;
	}
	return true;
}

static bool reserve(struct page_ranges *ranges, uint32_t more)
{
	uint32_t capacity = ranges->capacity ? ranges->capacity : FIRST_CAPACITY;
	struct page_range *at;

	if (ranges->count + more <= ranges->capacity)
		return true;
	while (capacity < ranges->count + more)
		capacity *= 2;
	at = arena__alloc_raw(capacity * sizeof(*at));
	if (!at)
		return false;
	if (ranges->count)
		memcpy(at, ranges->at, ranges->count * sizeof(*at));
	arena__free(ranges->at);
	ranges->at = at;
	ranges->capacity = capacity;
	return true;
}

static void insert(struct page_ranges *ranges, uint32_t i, struct page_range range)
{
	memmove(&ranges->at[i + 1], &ranges->at[i], (ranges->count - i) * sizeof(range));
	ranges->at[i] = range;
	ranges->count++;
}

static void drop(struct page_ranges *ranges, uint32_t i, uint32_t count)
{
	ranges->count -= count;
	memmove(&ranges->at[i], &ranges->at[i + count], (ranges->count - i) * sizeof(*ranges->at));
}

/* Makes [begin, end) clean. Returns the index where a range of it belongs. */
static uint32_t clear(struct page_ranges *ranges, uint64_t begin, uint64_t end)
{
	uint32_t i = first_after(ranges, begin);
	uint32_t stop;

	if (i < ranges->count && ranges->at[i].begin < begin) {
		insert(ranges, i, ranges->at[i]);
		ranges->at[i++].end = begin;
		ranges->at[i].begin = begin;
	}
	for (stop = i; stop < ranges->count && ranges->at[stop].end <= end; stop++)
		;
	if (stop < ranges->count && ranges->at[stop].begin < end)
		ranges->at[stop].begin = end;
	drop(ranges, i, stop - i);
	return i;
}

bool page_state__set(struct page_ranges *ranges, uint64_t begin, uint64_t end,
		     enum page_state state)
{
	struct page_range range = { begin, end, state };
	uint32_t i;

	if (begin >= end)
		return true;
	if (!reserve(ranges, 2))
		return false;
	i = clear(ranges, begin, end);
	if (state == PAGE_CLEAN)
		return true;
	if (i < ranges->count && ranges->at[i].begin == end && ranges->at[i].state == state) {
		range.end = ranges->at[i].end;
		drop(ranges, i, 1);
	}
	if (i && ranges->at[i - 1].end == begin && ranges->at[i - 1].state == state)
		ranges->at[i - 1].end = range.end;
	else
		insert(ranges, i, range);
	return true;
}

void page_state__free(struct page_ranges *ranges)
{
	arena__free(ranges->at);
	*ranges = (struct page_ranges){ 0 };
}
