#include "compat/core/page_request.h"

#include "compat/core/core.h"
#include "compat/core/vmo_pages.h"

/* A run of missing pages. */
struct missing {
	struct page_source *source;
	uint64_t begin; /* in the source's VMO */
	uint64_t end;
};

static bool find_missing(struct vmo *vmo, uint64_t offset, uint64_t end, struct missing *out)
{
	struct piece piece;

	for (; vmo->paged && offset < end; offset = piece.end) {
		vmo__piece_locked(vmo, offset, end, &piece);
		if (!piece.missing)
			continue;
		out->source = piece.missing->pages;
		out->begin = piece.offset & ~(PAGE_SIZE - 1);
		out->end = (piece.offset + (piece.end - offset) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		return true;
	}
	return false;
}

bool pager__missing_locked(struct vmo *vmo, uint64_t offset, uint64_t end)
{
	struct missing missing;

	return find_missing(vmo, offset, end, &missing);
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

void page_request__fail(struct page_source *source, uint64_t begin, uint64_t end,
			zx_status_t error)
{
	struct page_request *request;
	struct page_request *next;

	list_for_each_safe(request, next, &source->requests, node) {
		if (request->begin < end && begin < request->end)
			end_request(request, error);
	}
}

void page_request__end_all(struct page_source *source)
{
	page_request__fail(source, 0, UINT64_MAX, ZX_OK);
}

void pager__arrived_locked(struct vmo *vmo)
{
	struct page_request *request;
	struct page_request *next;

	if (!vmo->pages)
		return;
	list_for_each_safe(request, next, &vmo->pages->requests, node) {
		if (!pager__missing_locked(vmo, request->begin, request->end))
			end_request(request, ZX_OK);
	}
}

/* Tells the pager. No two requests have a page in common. */
static struct page_request *send_request(const struct missing *missing)
{
	struct page_source *source = missing->source;
	struct page_request *request = arena__alloc(sizeof(*request));
	struct page_request *other;

	if (!request)
		return NULL;
	list__init(&request->waiters);
	request->source = source;
	request->begin = missing->begin;
	request->end = missing->end;
	list_for_each(other, &source->requests, node) {
		if (other->begin > request->begin && other->begin < request->end)
			request->end = other->begin;
	}
	list__add_tail(&source->requests, &request->node);
	request->packet = source->complete;
	list__init(&request->packet.node);
	request->packet.packet.page_request = (zx_packet_page_request_t){
		.command = ZX_PAGER_VMO_READ,
		.offset = request->begin,
		.length = request->end - request->begin,
	};
	port__queue_packet(source->port, &request->packet);
	return request;
}

/* The request that has the first of the missing pages: one that is on its way, or a new one. */
static struct page_request *request_for(const struct missing *missing)
{
	struct page_request *request;

	list_for_each(request, &missing->source->requests, node) {
		if (request->begin <= missing->begin && missing->begin < request->end)
			return request;
	}
	return send_request(missing);
}

static zx_status_t join_locked(struct thread *self, const struct missing *missing)
{
	struct page_request *request;

	if (missing->source->detached)
		return ZX_ERR_BAD_STATE;
	request = request_for(missing);
	if (!request)
		return ZX_ERR_NO_MEMORY;
	thread__prepare(self);
	self->wait_data = request;
	list__add_tail(&request->waiters, &self->wait_node);
	return ZX_OK;
}

/* @self is killed. A request that nobody waits for is none. */
static void leave_locked(struct thread *self)
{
	struct page_request *request = self->wait_data;

	list__remove(&self->wait_node);
	if (list__empty(&request->waiters))
		free_request(request);
}

static zx_status_t wait_for(struct thread *self, struct vmo *vmo, const struct missing *missing)
{
	zx_status_t status = join_locked(self, missing);

	if (status != ZX_OK)
		return status;
	object__unlock(&vmo->object);
	status = thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_PAGER);
	object__lock(&vmo->object);
	if (list__linked(&self->wait_node))
		leave_locked(self);
	else if (status == ZX_OK)
		status = self->wait_status;
	return status;
}

bool pager__again(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		  zx_status_t *status)
{
	struct missing missing;
	struct vmo *owner;
	uint64_t end;

	if (*status != ZX_ERR_SHOULD_WAIT || !vmo->paged)
		return false;
	*status = ZX_OK;
	object__lock(&vmo->object);
	/* What has been cut off meanwhile is the business of whoever tries again. */
	if (offset < vmo->size) {
		end = size < vmo->size - offset ? offset + size : vmo->size;
		end -= offset;
		owner = vmo__owner(vmo, &offset);
		if (find_missing(owner, offset, offset + end, &missing))
			*status = wait_for(self, vmo, &missing);
	}
	object__unlock(&vmo->object);
	return *status == ZX_OK;
}
