/*
 * Requests for pages that a pager has to supply, and for leave to write those that are there. All
 * under the lock of the source's VMO.
 */
#ifndef COMPAT_CORE_PAGE_REQUEST_H
#define COMPAT_CORE_PAGE_REQUEST_H

#include "compat/core/pager.h"

/* Of one range, by one packet, for all threads that wait for its first page. */
struct page_request {
	struct list node; /* in page_source.requests */
	struct page_source *source;
	uint16_t command; /* ZX_PAGER_VMO_READ, ZX_PAGER_VMO_DIRTY */
	uint64_t begin;
	uint64_t end;
	uint64_t awaited;    /* bytes of it that were not supplied yet, whatever became of those since */
	struct list waiters; /* struct thread.wait_node */
	struct port_packet packet;
};

/* Ends the requests that [begin, end) touches with @status; ZX_OK: who waited tries again. */
void page_request__end(struct page_source *source, uint64_t begin, uint64_t end,
		       zx_status_t status);
/* Missing pages of [begin, end) are there now. */
void page_request__supplied(struct page_source *source, uint64_t begin, uint64_t end);
/* Has those who wait to write in [begin, end) try again. */
void page_request__retry_dirty(struct page_source *source, uint64_t begin, uint64_t end);
/* Ends all: those who waited try again, and find the source detached. */
void page_request__end_all(struct page_source *source);

#endif
