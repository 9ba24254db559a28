/*
 * Shared regions: a ring of messages that many ends write, each through the system, and one reads
 * from a mapping. The first page holds two numbers that only grow: the head, behind the last
 * message, and the tail, which the reader moves. The ring is all behind that page. Each message is
 * a tag and a size, 64 bits each, and its bytes, filled up to 64 bits.
 */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/iob.h"
#include "compat/core/vmo.h"

#define VECTORS_MAX 8u
#define HEADER_SIZE (2 * sizeof(uint64_t))
/* With its header, a message's size fits 16 bits. */
#define MESSAGE_MAX (UINT16_MAX - HEADER_SIZE)

struct ring_header {
	uint64_t head;
	uint64_t tail;
};

/* A message on its way into a ring. */
struct message {
	zx_iovec_t vectors[VECTORS_MAX];
	size_t count;
	size_t size;    /* bytes, without the header */
	size_t rounded; /* what it takes in the ring */
};

static void shared_destroy(struct object *object)
{
	struct iob_shared *shared = (struct iob_shared *)object;

	if (shared->vmo)
		object__put(&shared->vmo->object);
}

const struct object_ops iob_shared_ops = {
	.name = "iob-shared-region",
	.default_rights = ZX_DEFAULT_IOB_SHARED_REGION_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = shared_destroy,
};

zx_status_t iob_shared__create(uint64_t size, struct iob_shared **out)
{
	struct iob_shared *shared = object__alloc(sizeof(*shared), ZX_OBJ_TYPE_IOB_SHARED_REGION);
	zx_status_t status;

	if (!shared)
		return ZX_ERR_NO_MEMORY;
	status = vmo__create_shared(size, shared->object.koid, &shared->vmo);
	if (status != ZX_OK) {
		object__put(&shared->object);
		return status;
	}
	*out = shared;
	return ZX_OK;
}

static uint64_t ring_size(const struct iob_shared *shared)
{
	return shared->vmo->size - PAGE_SIZE;
}

static zx_status_t message__read(struct thread *self, user_addr_t vectors, size_t count,
				 struct message *out)
{
	if (count > VECTORS_MAX)
		return ZX_ERR_INVALID_ARGS;
	if (user__copy_in(self, out->vectors, vectors, count * sizeof(out->vectors[0])) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	out->count = count;
	out->size = 0;
	for (size_t i = 0; i < count; i++) {
		if (out->vectors[i].capacity > MESSAGE_MAX - out->size)
			return ZX_ERR_INVALID_ARGS;
		out->size += out->vectors[i].capacity;
	}
	out->rounded = (HEADER_SIZE + out->size + 7) & ~(size_t)7;
	return ZX_OK;
}

/* Is there room? Neither number is trusted: both lie in memory that programs can write. */
static zx_status_t check_room_locked(struct iob_shared *shared, size_t rounded, uint64_t *out_head)
{
	struct ring_header *header = shared->vmo->shared;
	uint64_t head = __atomic_load_n(&header->head, __ATOMIC_RELAXED);
	/* What the reader has read it has read before this. */
	uint64_t tail = __atomic_load_n(&header->tail, __ATOMIC_ACQUIRE);

	if (rounded > ring_size(shared))
		return ZX_ERR_NO_SPACE;
	if (tail > head || head > UINT64_MAX - rounded || head % sizeof(uint64_t))
		return ZX_ERR_IO_DATA_INTEGRITY;
	if (head - tail > ring_size(shared) - rounded)
		return ZX_ERR_NO_SPACE;
	*out_head = head;
	return ZX_OK;
}

/* Puts @size bytes at @at, a number that grows, and goes on at the ring's start where it ends. */
static void put(struct iob_shared *shared, uint64_t at, const void *data, size_t size)
{
	char *ring = (char *)shared->vmo->shared + PAGE_SIZE;
	uint64_t offset = at % ring_size(shared);
	size_t run = ring_size(shared) - offset;

	if (run > size)
		run = size;
	memcpy(ring + offset, data, run);
	memcpy(ring, (const char *)data + run, size - run);
}

static zx_status_t check_room(struct iob_shared *shared, size_t rounded)
{
	uint64_t head;
	zx_status_t status;

	object__lock(&shared->object);
	status = check_room_locked(shared, rounded, &head);
	object__unlock(&shared->object);
	return status;
}

static zx_status_t append(struct iob_shared *shared, const struct message *message, uint64_t tag,
			  const void *data)
{
	struct ring_header *header = shared->vmo->shared;
	const uint64_t begin[2] = { tag, message->size };
	zx_status_t status;
	uint64_t head;

	object__lock(&shared->object);
	status = check_room_locked(shared, message->rounded, &head);
	if (status == ZX_OK) {
		put(shared, head, begin, sizeof(begin));
		put(shared, head + sizeof(begin), data, message->size);
		/* Who sees the new head sees the message. */
		__atomic_fetch_add(&header->head, message->rounded, __ATOMIC_RELEASE);
		/* Who waits hears of each message; the signal does not stay. */
		object__update_signals_locked(&shared->object, 0, ZX_IOB_SHARED_REGION_UPDATED);
		object__update_signals_locked(&shared->object, ZX_IOB_SHARED_REGION_UPDATED, 0);
	}
	object__unlock(&shared->object);
	return status;
}

static zx_status_t gather(struct thread *self, const struct message *message, char *data)
{
	for (size_t i = 0; i < message->count; i++) {
		user_addr_t from = (user_addr_t)message->vectors[i].buffer;
		size_t size = message->vectors[i].capacity;

		if (user__copy_in(self, data, from, size) != ZX_OK)
			return user__fault(self, from, size, HOST_PROT_READ);
		data += size;
	}
	return ZX_OK;
}

zx_status_t iob_shared__write(struct thread *self, struct iob_shared *shared, uint64_t tag,
			      user_addr_t vectors, size_t count)
{
	struct message message;
	zx_status_t status;
	char *data;

	status = message__read(self, vectors, count, &message);
	/* A ring without room says so before bytes are looked at. */
	if (status == ZX_OK)
		status = check_room(shared, message.rounded);
	if (status != ZX_OK)
		return status;
	data = arena__alloc_raw(message.size ? message.size : 1);
	if (!data)
		return ZX_ERR_NO_MEMORY;
	status = gather(self, &message, data);
	if (status == ZX_OK)
		status = append(shared, &message, tag, data);
	arena__free(data);
	return status;
}
