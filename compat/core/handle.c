#include "compat/core/handle.h"

#include <string.h>

#include "compat/core/core.h"

/*
 * A value is index, generation and secret mixed, with the two low bits set that Zircon promises, and
 * the top bit clear: libc keeps its mutexes' state there, beside the owner's handle.
 */
#define VALUE_BITS 29
#define INDEX_BITS 18
#define INDEX_MASK ((1u << INDEX_BITS) - 1)
#define GENERATION_MASK ((1u << (VALUE_BITS - INDEX_BITS)) - 1)
#define SECRET_MASK ((1u << VALUE_BITS) - 1)
#define FIXED_BITS 3u

_Static_assert(HANDLE_CHUNK *HANDLE_CHUNKS == 1u << INDEX_BITS, "every index must be encodable");

struct handle handle__make(struct object *object, zx_rights_t rights)
{
	__atomic_fetch_add(&object->handles, 1, __ATOMIC_RELAXED);
	return (struct handle){ .object = object, .rights = rights };
}

struct handle handle__dup(const struct handle *handle, zx_rights_t rights)
{
	object__get(handle->object);
	return handle__make(handle->object, rights);
}

void handle__close(struct handle *handle)
{
	struct object *object = handle->object;

	if (!object)
		return;
	handle->object = NULL;
	if (__atomic_fetch_sub(&object->handles, 1, __ATOMIC_ACQ_REL) == 1) {
		const struct object_ops *ops = object__ops(object->type);

		if (ops->on_zero_handles)
			ops->on_zero_handles(object);
	}
	object__put(object);
}

zx_status_t handle_table__init(struct handle_table *table)
{
	table->chunks = arena__alloc(HANDLE_CHUNKS * sizeof(*table->chunks));
	if (!table->chunks)
		return ZX_ERR_NO_MEMORY;
	list__init(&table->with_room);
	core_host.random(&table->secret, sizeof(table->secret));
	table->secret &= SECRET_MASK;
	return ZX_OK;
}

/* NULL where there is no such slot now. */
static struct handle_slot *slot_at_locked(struct handle_table *table, uint32_t index)
{
	struct handle_chunk *chunk;

	if (!table->chunks)
		return NULL;
	chunk = table->chunks[index / HANDLE_CHUNK].chunk;
	return chunk ? &chunk->slots[index % HANDLE_CHUNK] : NULL;
}

static zx_handle_t encode(const struct handle_table *table, uint32_t index, uint32_t generation)
{
	uint32_t plain = (generation & GENERATION_MASK) << INDEX_BITS | index;

	return (plain ^ table->secret) << 2 | FIXED_BITS;
}

/* The slot that @value names now, or NULL. */
static struct handle_slot *find_locked(struct handle_table *table, zx_handle_t value,
				       uint32_t *out_index)
{
	uint32_t plain = value >> 2 ^ table->secret;
	uint32_t index = plain & INDEX_MASK;
	struct handle_slot *slot;

	if ((value & FIXED_BITS) != FIXED_BITS)
		return NULL;
	slot = slot_at_locked(table, index);
	if (!slot || !slot->object || (slot->generation & GENERATION_MASK) != plain >> INDEX_BITS)
		return NULL;
	*out_index = index;
	return slot;
}

static void close_all(struct process *process, struct handle_chunk *chunk)
{
	for (uint32_t i = 0; i < HANDLE_CHUNK; i++) {
		struct handle_slot *slot = &chunk->slots[i];
		struct handle handle = { .object = slot->object, .rights = slot->rights };

		if (!handle.object)
			continue;
		object__cancel_handle(handle.object, process,
				      encode(&process->handles, chunk->number * HANDLE_CHUNK + i,
					     slot->generation));
		handle__close(&handle);
	}
}

void handle_table__destroy(struct process *process)
{
	struct handle_table *table = &process->handles;
	struct handle_chunk_ref *chunks;

	/*
	 * Others may look into the table, or be about to add to it: for them it is empty and
	 * closed.
	 */
	mutex__lock(&table->lock);
	chunks = table->chunks;
	table->chunks = NULL;
	table->count = 0;
	mutex__unlock(&table->lock);
	if (!chunks)
		return;
	for (uint32_t i = 0; i < HANDLE_CHUNKS; i++) {
		if (!chunks[i].chunk)
			continue;
		close_all(process, chunks[i].chunk);
		arena__free(chunks[i].chunk);
	}
	arena__free(chunks);
}

zx_status_t handle__get_rights(struct thread *self, zx_handle_t value, uint32_t type,
			       zx_rights_t rights, void *out_object, zx_rights_t *out_rights)
{
	struct handle_table *table = &self->process->handles;
	struct handle_slot *slot;
	struct object *object = NULL;
	zx_rights_t have = 0;
	uint32_t index;

	mutex__lock(&table->lock);
	slot = find_locked(table, value, &index);
	if (slot) {
		object = slot->object;
		have = slot->rights;
		object__get(object);
	}
	mutex__unlock(&table->lock);
	if (!object) {
		/* The policy may end the process; what it answers does not change the error. */
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
		return ZX_ERR_BAD_HANDLE;
	}
	if (type != ZX_OBJ_TYPE_NONE && object->type != type) {
		object__put(object);
		return ZX_ERR_WRONG_TYPE;
	}
	if ((have & rights) != rights) {
		object__put(object);
		return ZX_ERR_ACCESS_DENIED;
	}
	memcpy(out_object, &object, sizeof(object));
	if (out_rights)
		*out_rights = have;
	return ZX_OK;
}

zx_status_t handle__get(struct thread *self, zx_handle_t value, uint32_t type, zx_rights_t rights,
			void *out_object)
{
	return handle__get_rights(self, value, type, rights, out_object, NULL);
}

zx_status_t handle__dup_value(struct thread *self, zx_handle_t value, zx_rights_t need,
			      zx_rights_t rights, struct handle *out)
{
	struct object *object;
	zx_rights_t have;
	zx_status_t status;

	status = handle__get_rights(self, value, ZX_OBJ_TYPE_NONE, need, &object, &have);
	if (status != ZX_OK)
		return status;
	if (rights == ZX_RIGHT_SAME_RIGHTS)
		rights = have;
	if ((have & rights) != rights) {
		object__put(object);
		return ZX_ERR_INVALID_ARGS;
	}
	*out = handle__make(object, rights);
	return ZX_OK;
}

bool handle__valid(struct process *process, zx_handle_t value)
{
	struct handle_table *table = &process->handles;
	uint32_t index;
	bool valid;

	mutex__lock(&table->lock);
	valid = find_locked(table, value, &index);
	mutex__unlock(&table->lock);
	return valid;
}

bool handle__names(struct process *process, zx_handle_t value, const struct object *object)
{
	struct handle_table *table = &process->handles;
	struct handle_slot *slot;
	uint32_t index;
	bool names;

	mutex__lock(&table->lock);
	slot = find_locked(table, value, &index);
	names = slot && slot->object == object;
	mutex__unlock(&table->lock);
	return names;
}

struct object *handle__look(struct process *process, zx_handle_t value)
{
	struct handle_table *table = &process->handles;
	struct object *object = NULL;
	struct handle_slot *slot;
	uint32_t index;

	mutex__lock(&table->lock);
	slot = find_locked(table, value, &index);
	if (slot) {
		object = slot->object;
		object__get(object);
	}
	mutex__unlock(&table->lock);
	return object;
}

bool handle_table__next(struct process *process, uint32_t *cursor, struct object **out_object,
			zx_rights_t *out_rights, zx_handle_t *out_value)
{
	struct handle_table *table = &process->handles;
	bool found = false;

	mutex__lock(&table->lock);
	while (!found && *cursor < HANDLE_CHUNKS * HANDLE_CHUNK) {
		uint32_t index = (*cursor)++;
		struct handle_slot *slot = slot_at_locked(table, index);

		if (!slot) {
			*cursor = (index / HANDLE_CHUNK + 1) * HANDLE_CHUNK;
			continue;
		}
		if (!slot->object)
			continue;
		object__get(slot->object);
		*out_object = slot->object;
		*out_rights = slot->rights;
		*out_value = encode(table, index, slot->generation);
		found = true;
	}
	mutex__unlock(&table->lock);
	return found;
}

static struct handle_chunk *add_chunk_locked(struct handle_table *table)
{
	struct handle_chunk *chunk;
	uint32_t number = 0;

	while (number < HANDLE_CHUNKS && table->chunks[number].chunk)
		number++;
	if (number == HANDLE_CHUNKS)
		return NULL;
	chunk = arena__alloc(sizeof(*chunk));
	if (!chunk)
		return NULL;
	chunk->number = number;
	for (uint32_t i = 0; i < HANDLE_CHUNK; i++) {
		chunk->slots[i].generation = table->chunks[number].generation;
		chunk->slots[i].next_free = i + 2;
	}
	chunk->slots[HANDLE_CHUNK - 1].next_free = 0;
	chunk->first_free = 1;
	chunk->last_free = HANDLE_CHUNK;
	table->chunks[number].chunk = chunk;
	list__add_tail(&table->with_room, &chunk->node);
	return chunk;
}

/* Values that were given out of the chunk stay invalid: who takes its place goes on counting. */
static void drop_chunk_locked(struct handle_table *table, struct handle_chunk *chunk)
{
	struct handle_chunk_ref *ref = &table->chunks[chunk->number];

	for (uint32_t i = 0; i < HANDLE_CHUNK; i++) {
		if ((int32_t)(chunk->slots[i].generation - ref->generation) > 0)
			ref->generation = chunk->slots[i].generation;
	}
	ref->chunk = NULL;
	list__remove(&chunk->node);
	arena__free(chunk);
}

/*
 * Index of a free slot; those of a chunk are used again oldest first, so that stale values stay
 * invalid long.
 */
static zx_status_t take_slot_locked(struct handle_table *table, uint32_t *out_index)
{
	struct handle_chunk *chunk;
	uint32_t at;

	if (!list__empty(&table->with_room))
		chunk = list_first(&table->with_room, struct handle_chunk, node);
	else
		chunk = add_chunk_locked(table);
	if (!chunk)
		return ZX_ERR_NO_MEMORY;
	at = chunk->first_free - 1;
	chunk->first_free = chunk->slots[at].next_free;
	if (!chunk->first_free) {
		chunk->last_free = 0;
		list__remove(&chunk->node);
	}
	chunk->count++;
	*out_index = chunk->number * HANDLE_CHUNK + at;
	return ZX_OK;
}

static void release_slot_locked(struct handle_table *table, uint32_t index)
{
	struct handle_chunk *chunk = table->chunks[index / HANDLE_CHUNK].chunk;
	uint32_t at = index % HANDLE_CHUNK;

	chunk->slots[at].object = NULL;
	chunk->slots[at].next_free = 0;
	if (chunk->last_free)
		chunk->slots[chunk->last_free - 1].next_free = at + 1;
	else
		chunk->first_free = at + 1;
	chunk->last_free = at + 1;
	if (chunk->count-- == HANDLE_CHUNK)
		list__add_tail(&table->with_room, &chunk->node);
	table->count--;
	/* One with room is kept, so that a single handle coming and going costs no memory. */
	if (!chunk->count && table->with_room.next->next != &table->with_room)
		drop_chunk_locked(table, chunk);
}

zx_status_t handle__add(struct process *process, struct handle *handle, zx_handle_t *out_value)
{
	struct handle_table *table = &process->handles;
	zx_status_t status = ZX_ERR_BAD_STATE;
	uint32_t index;

	mutex__lock(&table->lock);
	if (table->chunks)
		status = take_slot_locked(table, &index);
	if (status == ZX_OK) {
		struct handle_slot *slot = slot_at_locked(table, index);

		slot->object = handle->object;
		slot->rights = handle->rights;
		slot->generation++;
		table->count++;
		*out_value = encode(table, index, slot->generation);
	}
	mutex__unlock(&table->lock);
	if (status != ZX_OK)
		handle__close(handle);
	handle->object = NULL;
	return status;
}

zx_status_t handle__remove(struct process *process, zx_handle_t value, zx_rights_t need,
			   struct handle *out)
{
	struct handle_table *table = &process->handles;
	zx_status_t status = ZX_OK;
	struct handle_slot *slot;
	uint32_t index;

	mutex__lock(&table->lock);
	slot = find_locked(table, value, &index);
	if (!slot) {
		status = ZX_ERR_BAD_HANDLE;
	} else if ((slot->rights & need) != need) {
		status = ZX_ERR_ACCESS_DENIED;
	} else {
		*out = (struct handle){ .object = slot->object, .rights = slot->rights };
		release_slot_locked(table, index);
	}
	mutex__unlock(&table->lock);
	if (status == ZX_OK)
		object__cancel_handle(out->object, process, value);
	return status;
}
