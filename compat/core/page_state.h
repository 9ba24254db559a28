/*
 * What becomes of the pages of a pager's VMO that are there: which of them were written, and were
 * written back since. All under the lock of the VMO.
 */
#ifndef COMPAT_CORE_PAGE_STATE_H
#define COMPAT_CORE_PAGE_STATE_H

#include <stdbool.h>
#include <stdint.h>

enum page_state {
	PAGE_CLEAN, /* as the pager has it; no range says so */
	PAGE_DIRTY,
	PAGE_AWAITS, /* dirty, and being written back: clean then, unless it is written before */
	/* Zeros that the pager did not supply, without memory. */
	PAGE_ZERO,
	PAGE_ZERO_AWAITS,    /* being written back: missing then */
	PAGE_ZERO_UNTRACKED, /* behind the content: not to be written back */
};

static inline bool page_state__is_zero(enum page_state state)
{
	return state >= PAGE_ZERO;
}

/* Is it to be written back? */
static inline bool page_state__is_dirty(enum page_state state)
{
	return state != PAGE_CLEAN && state != PAGE_ZERO_UNTRACKED;
}

struct page_range {
	uint64_t begin;
	uint64_t end;
	enum page_state state;
};

struct page_ranges {
	struct page_range *at; /* sorted, without overlap; what is between them is clean */
	uint32_t count;
	uint32_t capacity;
};

/* The state at @offset. *end, at most what it was, is where that changes. */
enum page_state page_state__at(const struct page_ranges *ranges, uint64_t offset, uint64_t *end);
/* Are all pages of a range in @state? */
bool page_state__all(const struct page_ranges *ranges, uint64_t begin, uint64_t end,
		     enum page_state state);
/* False: no room, and nothing has changed. */
bool page_state__set(struct page_ranges *ranges, uint64_t begin, uint64_t end,
		     enum page_state state);
void page_state__free(struct page_ranges *ranges);

#endif
