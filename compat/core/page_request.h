/* Requests for pages that a pager has to supply. All under the lock of the source's VMO. */
#ifndef COMPAT_CORE_PAGE_REQUEST_H
#define COMPAT_CORE_PAGE_REQUEST_H

#include "compat/core/pager.h"

/* Of one range, by one packet, for all threads that wait for its first missing page. */
struct page_request {
	struct list node; /* in page_source.requests */
	struct page_source *source;
	uint64_t begin;
	uint64_t end;
	struct list waiters; /* struct thread.wait_node */
	struct port_packet packet;
};

/* Ends the requests that [begin, end) touches with @error. */
void page_request__fail(struct page_source *source, uint64_t begin, uint64_t end,
			zx_status_t error);
/* Ends all: those who waited try again, and find the source detached. */
void page_request__end_all(struct page_source *source);

#endif
