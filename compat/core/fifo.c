#include "compat/core/fifo.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/peer.h"

static struct fifo *as_fifo(struct object *object)
{
	return (struct fifo *)object;
}

static void fifo_leave(struct object *object)
{
	struct fifo *self = as_fifo(object);
	struct fifo *peer;

	object__lock(object);
	peer = self->peer;
	if (peer) {
		self->peer = NULL;
		peer->peer = NULL;
		object__update_signals_locked(&peer->object, ZX_FIFO_WRITABLE, ZX_FIFO_PEER_CLOSED);
	}
	object__unlock(object);
}

static void fifo_destroy(struct object *object)
{
	fifo_leave(object);
	arena__free(as_fifo(object)->data);
}

static struct object *fifo_peer_locked(struct object *object)
{
	struct fifo *peer = as_fifo(object)->peer;

	return peer && object__try_get(&peer->object) ? &peer->object : NULL;
}

const struct object_ops fifo_ops = {
	.name = "fifo",
	.default_rights = ZX_DEFAULT_FIFO_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = fifo_leave,
	.destroy = fifo_destroy,
	.peer_locked = fifo_peer_locked,
};

static zx_status_t fifo_init(struct fifo *fifo, size_t count, size_t elem_size)
{
	fifo->elem_count = (uint32_t)count;
	fifo->elem_size = (uint32_t)elem_size;
	fifo->object.signals = ZX_FIFO_WRITABLE;
	fifo->data = arena__alloc_raw(count * elem_size);
	return fifo->data ? ZX_OK : ZX_ERR_NO_MEMORY;
}

bool fifo__size_fits(size_t count, size_t elem_size)
{
	return count && elem_size && count <= ZX_FIFO_MAX_SIZE_BYTES &&
	       elem_size <= ZX_FIFO_MAX_SIZE_BYTES && count * elem_size <= ZX_FIFO_MAX_SIZE_BYTES;
}

zx_status_t fifo__create(size_t count, size_t elem_size, struct fifo **out0, struct fifo **out1)
{
	struct object *object0;
	struct object *object1;
	zx_status_t status;

	if (!fifo__size_fits(count, elem_size))
		return ZX_ERR_OUT_OF_RANGE;
	status = peer__create_pair(sizeof(struct fifo), ZX_OBJ_TYPE_FIFO, &object0, &object1);
	if (status != ZX_OK)
		return status;
	status = fifo_init(as_fifo(object0), count, elem_size);
	if (status == ZX_OK)
		status = fifo_init(as_fifo(object1), count, elem_size);
	if (status != ZX_OK) {
		object__put(object0);
		object__put(object1);
		return status;
	}
	*out0 = as_fifo(object0);
	*out1 = as_fifo(object1);
	(*out0)->peer = *out1;
	(*out1)->peer = *out0;
	return ZX_OK;
}

static uint64_t used(const struct fifo *fifo)
{
	return fifo->head - fifo->tail;
}

static zx_status_t check_write_locked(struct fifo *fifo, size_t elem_size, size_t count,
				      size_t *room)
{
	struct fifo *peer = fifo->peer;

	if (!peer)
		return ZX_ERR_PEER_CLOSED;
	if (elem_size != fifo->elem_size || !count)
		return ZX_ERR_OUT_OF_RANGE;
	*room = fifo->elem_count - used(peer);
	if (!*room)
		return ZX_ERR_SHOULD_WAIT;
	if (count < *room)
		*room = count;
	return ZX_OK;
}

static zx_status_t check_read_locked(struct fifo *fifo, size_t elem_size, size_t count,
				     size_t *ready)
{
	if (elem_size != fifo->elem_size || !count)
		return ZX_ERR_OUT_OF_RANGE;
	*ready = used(fifo);
	if (!*ready)
		return fifo->peer ? ZX_ERR_SHOULD_WAIT : ZX_ERR_PEER_CLOSED;
	if (count < *ready)
		*ready = count;
	return ZX_OK;
}

zx_status_t fifo__can_write(struct fifo *fifo, size_t elem_size, size_t count, size_t *room)
{
	zx_status_t status;

	object__lock(&fifo->object);
	status = check_write_locked(fifo, elem_size, count, room);
	object__unlock(&fifo->object);
	return status;
}

/* Where element number @index lies, and how many follow it without a break, at most @count. */
static char *run_at(struct fifo *fifo, uint64_t index, size_t *count)
{
	uint32_t place = (uint32_t)(index % fifo->elem_count);

	if (*count > fifo->elem_count - place)
		*count = fifo->elem_count - place;
	return fifo->data + (size_t)place * fifo->elem_size;
}

zx_status_t fifo__write(struct fifo *fifo, size_t elem_size, const void *data, size_t count,
			size_t *actual)
{
	const char *from = data;
	zx_status_t status;
	struct fifo *peer;
	size_t room;

	object__lock(&fifo->object);
	status = check_write_locked(fifo, elem_size, count, &room);
	if (status != ZX_OK) {
		object__unlock(&fifo->object);
		return status;
	}
	peer = fifo->peer;
	*actual = room;
	while (room) {
		size_t run = room;
		char *to = run_at(peer, peer->head, &run);

		memcpy(to, from, run * elem_size);
		from += run * elem_size;
		peer->head += run;
		room -= run;
	}
	object__update_signals_locked(&peer->object, 0, ZX_FIFO_READABLE);
	if (used(peer) == peer->elem_count)
		object__update_signals_locked(&fifo->object, ZX_FIFO_WRITABLE, 0);
	object__unlock(&fifo->object);
	return ZX_OK;
}

/* Copies elements from the tail without taking them. */
static void copy_locked(struct fifo *fifo, char *to, size_t count)
{
	uint64_t index = fifo->tail;

	while (count) {
		size_t run = count;
		const char *from = run_at(fifo, index, &run);

		memcpy(to, from, run * fifo->elem_size);
		to += run * fifo->elem_size;
		index += run;
		count -= run;
	}
}

static void take_locked(struct fifo *fifo, size_t count)
{
	fifo->tail += count;
	if (fifo->peer)
		object__update_signals_locked(&fifo->peer->object, 0, ZX_FIFO_WRITABLE);
	if (!used(fifo))
		object__update_signals_locked(&fifo->object, ZX_FIFO_READABLE, 0);
}

zx_status_t fifo__read(struct fifo *fifo, size_t elem_size, void *data, size_t count,
		       size_t *actual)
{
	zx_status_t status;

	object__lock(&fifo->object);
	status = check_read_locked(fifo, elem_size, count, actual);
	if (status == ZX_OK) {
		copy_locked(fifo, data, *actual);
		take_locked(fifo, *actual);
	}
	object__unlock(&fifo->object);
	return status;
}

/* Copies without taking; *place is where. */
static zx_status_t peek(struct fifo *fifo, size_t elem_size, char *data, size_t count,
			size_t *actual, uint64_t *place)
{
	zx_status_t status;

	object__lock(&fifo->object);
	status = check_read_locked(fifo, elem_size, count, actual);
	if (status == ZX_OK)
		copy_locked(fifo, data, *actual);
	*place = fifo->tail;
	object__unlock(&fifo->object);
	return status;
}

/* Takes what was copied from @place, unless another reader was faster. */
static bool take(struct fifo *fifo, uint64_t place, size_t count)
{
	bool first;

	object__lock(&fifo->object);
	first = fifo->tail == place;
	if (first)
		take_locked(fifo, count);
	object__unlock(&fifo->object);
	return first;
}

zx_status_t fifo__read_user(struct thread *self, struct fifo *fifo, size_t elem_size,
			    user_addr_t addr, size_t count, size_t *actual)
{
	char data[ZX_FIFO_MAX_SIZE_BYTES];
	zx_status_t status;
	uint64_t place;

	/* Elements are taken after they were handed out, so that a bad buffer takes nothing. */
	do {
		status = peek(fifo, elem_size, data, count, actual, &place);
		if (status == ZX_OK)
			status = user__copy_out(self, addr, data, *actual * elem_size);
		if (status != ZX_OK)
			return status;
	} while (!take(fifo, place, *actual));
	return ZX_OK;
}
