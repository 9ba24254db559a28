#include "compat/core/page_request.h"

#include "compat/core/core.h"
#include "compat/core/vmo_pages.h"

/* A run of pages that a pager must be asked for. */
struct want {
	struct page_source *source;
	uint16_t command;
	uint64_t begin; /* in the source's VMO */
	uint64_t end;
};

static uint64_t page_up(uint64_t offset)
{
	return (offset + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static void want_missing(const struct piece *piece, uint64_t size, struct want *out)
{
	*out = (struct want){
		.source = piece->missing->pages,
		.command = ZX_PAGER_VMO_READ,
		.begin = piece->offset & ~(PAGE_SIZE - 1),
		.end = page_up(piece->offset + size),
	};
}

/* Leave to write all pages from @offset on that there are one after the other. */
static void want_dirty(struct vmo *vmo, uint64_t offset, uint64_t end, enum page_access access,
		       struct want *out)
{
	struct piece piece;

	*out = (struct want){
		.source = vmo->pages,
		.command = ZX_PAGER_VMO_DIRTY,
		.begin = offset & ~(PAGE_SIZE - 1),
	};
	while (offset < end && pager__asks_locked(vmo, offset, access)) {
		vmo__piece_locked(vmo, offset, end, &piece);
		if (piece.missing)
			break;
		offset = piece.end;
	}
	out->end = page_up(offset);
}

static bool find_want(struct vmo *vmo, uint64_t offset, uint64_t end, enum page_access access,
		      struct want *out)
{
	struct piece piece;

	for (; vmo->paged && offset < end; offset = piece.end) {
		vmo__piece_locked(vmo, offset, end, &piece);
		if (piece.missing) {
			want_missing(&piece, piece.end - offset, out);
			return true;
		}
		if (vmo->pages && pager__asks_locked(vmo, offset, access)) {
			want_dirty(vmo, offset, end, access, out);
			return true;
		}
	}
	return false;
}

bool pager__missing_locked(struct vmo *vmo, uint64_t offset, uint64_t end)
{
	struct want want;

	return find_want(vmo, offset, end, PAGE_READS, &want);
}

static void free_request(struct page_request *request)
{
	port__remove_packet(request->source->port, &request->packet);
	list__remove(&request->node);
	arena__free(request);
}

static void end_request(struct page_request *request, zx_status_t status)
{
	struct thread *waiter;
	struct thread *next;

	list_for_each_safe(waiter, next, &request->waiters, wait_node) {
		list__remove(&waiter->wait_node);
		waiter->wait_status = status;
		thread__wake(waiter);
	}
	free_request(request);
}

static bool touches(const struct page_request *request, uint64_t begin, uint64_t end)
{
	return request->begin < end && begin < request->end;
}

void page_request__end(struct page_source *source, uint64_t begin, uint64_t end, zx_status_t status)
{
	struct page_request *request;
	struct page_request *next;

	list_for_each_safe(request, next, &source->requests, node) {
		if (touches(request, begin, end))
			end_request(request, status);
	}
}

void page_request__retry_dirty(struct page_source *source, uint64_t begin, uint64_t end)
{
	struct page_request *request;
	struct page_request *next;

	list_for_each_safe(request, next, &source->requests, node) {
		if (request->command == ZX_PAGER_VMO_DIRTY && touches(request, begin, end))
			end_request(request, ZX_OK);
	}
}

void page_request__end_all(struct page_source *source)
{
	page_request__end(source, 0, UINT64_MAX, ZX_OK);
}

void page_request__supplied(struct page_source *source, uint64_t begin, uint64_t end)
{
	struct page_request *request;

	list_for_each(request, &source->requests, node) {
		uint64_t from = begin > request->begin ? begin : request->begin;
		uint64_t to = end < request->end ? end : request->end;

		if (request->command != ZX_PAGER_VMO_READ || from >= to)
			continue;
		request->awaited -= to - from < request->awaited ? to - from : request->awaited;
	}
}

/*
 * Is all there that @request asks for? Or was it: who waited asks again for pages that have been
 * given back meanwhile, of which the pager knows nothing.
 */
static bool is_answered(struct vmo *vmo, const struct page_request *request)
{
	if (!request->awaited)
		return true;
	if (request->command == ZX_PAGER_VMO_DIRTY)
		return page_state__all(&vmo->pages->states, request->begin, request->end,
				       PAGE_DIRTY);
	return !pager__missing_locked(vmo, request->begin, request->end);
}

void pager__arrived_locked(struct vmo *vmo)
{
	struct page_request *request;
	struct page_request *next;

	if (!vmo->pages)
		return;
	list_for_each_safe(request, next, &vmo->pages->requests, node) {
		if (is_answered(vmo, request))
			end_request(request, ZX_OK);
	}
}

/* Tells the pager. No two requests of a command have a page in common. */
static struct page_request *send_request(const struct want *want)
{
	struct page_source *source = want->source;
	struct page_request *request = arena__alloc(sizeof(*request));
	struct page_request *other;

	if (!request)
		return NULL;
	list__init(&request->waiters);
	request->source = source;
	request->command = want->command;
	request->begin = want->begin;
	request->end = want->end;
	list_for_each(other, &source->requests, node) {
		if (other->command == request->command && other->begin > request->begin &&
		    other->begin < request->end)
			request->end = other->begin;
	}
	request->awaited = request->end - request->begin;
	list__add_tail(&source->requests, &request->node);
	request->packet = source->complete;
	list__init(&request->packet.node);
	request->packet.packet.page_request = (zx_packet_page_request_t){
		.command = request->command,
		.offset = request->begin,
		.length = request->end - request->begin,
	};
	port__queue_packet(source->port, &request->packet);
	return request;
}

/* The request that has the first of the pages: one that is on its way, or a new one. */
static struct page_request *request_for(const struct want *want)
{
	struct page_request *request;

	list_for_each(request, &want->source->requests, node) {
		if (request->command == want->command && request->begin <= want->begin &&
		    want->begin < request->end)
			return request;
	}
	return send_request(want);
}

static zx_status_t join_locked(struct thread *self, const struct want *want)
{
	struct page_request *request;

	if (want->source->detached)
		return era__of(self->process->era)->pager_2019 ? ZX_ERR_NOT_FOUND : ZX_ERR_BAD_STATE;
	request = request_for(want);
	if (!request)
		return ZX_ERR_NO_MEMORY;
	thread__prepare(self);
	self->wait_data = request;
	list__add_tail(&request->waiters, &self->wait_node);
	return ZX_OK;
}

/* @self is killed, or to be suspended. A request that nobody waits for is none. */
static void leave_locked(struct thread *self)
{
	struct page_request *request = self->wait_data;

	list__remove(&self->wait_node);
	if (list__empty(&request->waiters))
		free_request(request);
}

static zx_status_t wait_for(struct thread *self, struct vmo *vmo, const struct want *want)
{
	zx_status_t status = join_locked(self, want);

	if (status != ZX_OK)
		return status;
	object__unlock(&vmo->object);
	status = thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_PAGER);
	object__lock(&vmo->object);
	if (list__linked(&self->wait_node))
		leave_locked(self);
	else if (status != ZX_ERR_INTERNAL_INTR_KILLED)
		status = self->wait_status;
	return status;
}

/* Waits for what is wanted of the range, if anything. True: *status tells how that ended. */
static bool wait_in(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		    enum page_access access, zx_status_t *status)
{
	struct vmo *owner;
	struct want want;
	bool wanted = false;
	uint64_t end;

	object__lock(&vmo->object);
	/* What has been cut off meanwhile is the business of whoever tries again. */
	if (offset < vmo->size) {
		end = size < vmo->size - offset ? offset + size : vmo->size;
		end -= offset;
		owner = vmo__owner(vmo, &offset);
		wanted = find_want(owner, offset, offset + end, access, &want);
		if (wanted)
			*status = wait_for(self, vmo, &want);
	}
	object__unlock(&vmo->object);
	return wanted;
}

bool pager__again(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		  enum page_access access, zx_status_t *status)
{
	if (*status != ZX_ERR_SHOULD_WAIT || !vmo->paged)
		return false;
	if (!wait_in(self, vmo, offset, size, access, status))
		*status = thread__killed(self) ? ZX_ERR_INTERNAL_INTR_KILLED : ZX_OK;
	return *status == ZX_OK;
}

bool pager__again_zero(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		       zx_status_t *status)
{
	uint64_t end = offset + size;

	if (*status != ZX_ERR_SHOULD_WAIT || !vmo->paged)
		return false;
	if (offset & (PAGE_SIZE - 1) && wait_in(self, vmo, offset, 1, PAGE_WRITES, status))
		return *status == ZX_OK;
	*status = thread__killed(self) ? ZX_ERR_INTERNAL_INTR_KILLED : ZX_OK;
	if (end & (PAGE_SIZE - 1))
		(void)wait_in(self, vmo, end - 1, 1, PAGE_WRITES, status);
	return *status == ZX_OK;
}
