#include "compat/core/socket_queue.h"

#include <string.h>

#include "compat/core/core.h"

struct socket_chunk {
	struct list node;
	uint32_t start; /* of the bytes not yet read, in data */
	uint32_t end;
	uint32_t room;
	char data[];
};

/* Streams: chunks that suit the arena's slabs; small ones leave room for the next write. */
#define CHUNK_SMALL (1024u - sizeof(struct socket_chunk))
#define CHUNK_LARGE (4080u - sizeof(struct socket_chunk))

static struct socket_chunk *first_chunk(const struct socket_queue *queue)
{
	return list_first(&queue->chunks, struct socket_chunk, node);
}

static uint32_t chunk_size(const struct socket_chunk *chunk)
{
	return chunk->end - chunk->start;
}

static struct socket_chunk *add_chunk(struct socket_queue *queue, size_t room)
{
	struct socket_chunk *chunk = arena__alloc_raw(sizeof(*chunk) + room);

	if (!chunk)
		return NULL;
	chunk->start = 0;
	chunk->end = 0;
	chunk->room = (uint32_t)room;
	list__add_tail(&queue->chunks, &chunk->node);
	return chunk;
}

static void free_chunk(struct socket_queue *queue, struct socket_chunk *chunk)
{
	queue->size -= chunk_size(chunk);
	list__remove(&chunk->node);
	arena__free(chunk);
}

void socket_queue__init(struct socket_queue *queue)
{
	list__init(&queue->chunks);
	queue->size = 0;
}

void socket_queue__clear(struct socket_queue *queue)
{
	while (!list__empty(&queue->chunks))
		free_chunk(queue, first_chunk(queue));
}

static zx_status_t fill(struct socket_queue *queue, struct thread *self, uint64_t addr, size_t size,
			size_t room)
{
	struct socket_chunk *chunk = add_chunk(queue, room);
	zx_status_t status = ZX_OK;

	if (!chunk)
		return ZX_ERR_NO_MEMORY;
	if (self)
		status = user__copy_in(self, chunk->data, addr, size);
	else
		memcpy(chunk->data, (const void *)addr, size);
	if (status != ZX_OK)
		return status;
	chunk->end = (uint32_t)size;
	queue->size += size;
	return ZX_OK;
}

zx_status_t socket_queue__fill(struct socket_queue *queue, struct thread *self, uint64_t addr,
			       size_t size, bool datagram)
{
	zx_status_t status = ZX_OK;

	if (datagram)
		status = fill(queue, self, addr, size, size);
	for (size_t done = 0; !datagram && done < size && status == ZX_OK;) {
		size_t room = size - done <= CHUNK_SMALL ? CHUNK_SMALL : CHUNK_LARGE;
		size_t part = size - done < room ? size - done : room;

		status = fill(queue, self, addr + done, part, room);
		done += part;
	}
	if (status != ZX_OK)
		socket_queue__clear(queue);
	return status;
}

zx_status_t socket_queue__copy_out(struct socket_queue *queue, struct thread *self, uint64_t addr,
				   size_t size)
{
	struct socket_chunk *chunk;
	zx_status_t status = ZX_OK;

	list_for_each(chunk, &queue->chunks, node) {
		const char *data = chunk->data + chunk->start;
		size_t part = chunk_size(chunk) < size ? chunk_size(chunk) : size;

		if (self)
			status = user__copy_out(self, addr, data, part);
		else
			memcpy((void *)addr, data, part);
		if (status != ZX_OK)
			break;
		addr += part;
		size -= part;
	}
	return status;
}

/* Copies @size bytes behind those that @chunk has; it has the room. */
static void append(struct socket_queue *queue, struct socket_chunk *chunk, const char *data,
		   uint32_t size)
{
	memcpy(chunk->data + chunk->end, data, size);
	chunk->end += size;
	queue->size += size;
}

/* The last chunk of @queue, if @size more bytes fit into it. */
static struct socket_chunk *room_at_end(struct socket_queue *queue, uint32_t size)
{
	struct socket_chunk *last;

	if (list__empty(&queue->chunks))
		return NULL;
	last = list_last(&queue->chunks, struct socket_chunk, node);
	return last->room - last->end >= size ? last : NULL;
}

static zx_status_t copy_to_end(struct socket_queue *to, const char *data, uint32_t size)
{
	struct socket_chunk *chunk = room_at_end(to, size);

	if (!chunk)
		chunk = add_chunk(to, size <= CHUNK_SMALL ? CHUNK_SMALL : size);
	if (!chunk)
		return ZX_ERR_NO_MEMORY;
	append(to, chunk, data, size);
	return ZX_OK;
}

zx_status_t socket_queue__move(struct socket_queue *to, struct socket_queue *from, size_t size)
{
	while (size && !list__empty(&from->chunks)) {
		struct socket_chunk *chunk = first_chunk(from);
		uint32_t part = chunk_size(chunk);
		struct socket_chunk *last = NULL;

		if (part <= size) {
			if (part <= CHUNK_SMALL)
				last = room_at_end(to, part);
			from->size -= part;
			list__remove(&chunk->node);
			if (last) {
				append(to, last, chunk->data + chunk->start, part);
				arena__free(chunk);
			} else {
				list__add_tail(&to->chunks, &chunk->node);
				to->size += part;
			}
		} else {
			zx_status_t status;

			part = (uint32_t)size;
			status = copy_to_end(to, chunk->data + chunk->start, part);
			if (status != ZX_OK)
				return status;
			chunk->start += part;
			from->size -= part;
		}
		size -= part;
	}
	return ZX_OK;
}

void socket_queue__push_front(struct socket_queue *to, struct socket_queue *from)
{
	while (!list__empty(&from->chunks)) {
		struct socket_chunk *last = list_last(&from->chunks, struct socket_chunk, node);

		list__remove(&last->node);
		list__add_head(&to->chunks, &last->node);
	}
	to->size += from->size;
	from->size = 0;
}

zx_status_t socket_queue__peek(struct socket_queue *to, struct socket_queue *from, size_t size)
{
	struct socket_chunk *chunk;
	zx_status_t status = ZX_OK;

	list_for_each(chunk, &from->chunks, node) {
		uint32_t part = chunk_size(chunk);

		if (part > size)
			part = (uint32_t)size;
		if (!part)
			break;
		status = copy_to_end(to, chunk->data + chunk->start, part);
		if (status != ZX_OK)
			break;
		size -= part;
	}
	return status;
}

size_t socket_queue__first(const struct socket_queue *queue)
{
	return list__empty(&queue->chunks) ? 0 : chunk_size(first_chunk(queue));
}

void socket_queue__move_first(struct socket_queue *to, struct socket_queue *from)
{
	struct socket_chunk *chunk = first_chunk(from);

	list__remove(&chunk->node);
	from->size -= chunk_size(chunk);
	list__add_tail(&to->chunks, &chunk->node);
	to->size += chunk_size(chunk);
}
