#include <string.h>

#include "compat/core/channel.h"
#include "compat/services/fidl_wire.h"

#define FIDL_MAGIC 1u

static uint32_t align(uint32_t value, uint32_t to)
{
	return (value + to - 1) & ~(to - 1);
}

bool fidl__read_header(const struct message *message, struct fidl_header *out)
{
	uint32_t words[4];

	if (message->num_bytes < FIDL_HEADER_SIZE)
		return false;
	memcpy(words, message->bytes, sizeof(words));
	out->txid = words[0];
	if (words[1] >> 24 == FIDL_MAGIC) {
		out->era = FIDL_2020;
		out->ordinal = (uint64_t)words[3] << 32 | words[2];
		return true;
	}
	/* 2018: two words that were reserved, then the ordinal. */
	out->era = FIDL_2018;
	out->ordinal = words[3];
	return !words[1];
}

void fidl_reader__begin(struct fidl_reader *reader, struct message *message, uint32_t inline_size)
{
	memset(reader, 0, sizeof(*reader));
	reader->message = message;
	reader->pos = FIDL_HEADER_SIZE;
	reader->inline_end = FIDL_HEADER_SIZE + inline_size;
	reader->next_out = align(reader->inline_end, 8);
	reader->bad = reader->next_out > message->num_bytes;
}

/* @size bytes of the fixed part, aligned to their size; zeros where the message is bad. */
static void take(struct fidl_reader *reader, void *value, uint32_t size)
{
	uint32_t at = align(reader->pos, size);

	memset(value, 0, size);
	if (!reader->bad && at + size > reader->inline_end)
		reader->bad = true;
	if (reader->bad)
		return;
	memcpy(value, reader->message->bytes + at, size);
	reader->pos = at + size;
}

uint32_t fidl_reader__u32(struct fidl_reader *reader)
{
	uint32_t value;

	take(reader, &value, sizeof(value));
	return value;
}

uint64_t fidl_reader__u64(struct fidl_reader *reader)
{
	uint64_t value;

	take(reader, &value, sizeof(value));
	return value;
}

static struct handle *next_handle(struct fidl_reader *reader)
{
	if (reader->bad || reader->next_handle >= reader->message->num_handles) {
		reader->bad = true;
		return NULL;
	}
	return &reader->message->handles[reader->next_handle++];
}

void fidl_reader__handle(struct fidl_reader *reader, uint32_t type, zx_rights_t rights,
			 struct handle *out)
{
	struct handle *handle;

	out->object = NULL;
	if (fidl_reader__u32(reader) != FIDL_PRESENT_U32)
		reader->bad = true;
	handle = next_handle(reader);
	if (!handle)
		return;
	if ((type != ZX_OBJ_TYPE_NONE && handle->object->type != type) ||
	    (handle->rights & rights) != rights) {
		reader->bad = true;
		return;
	}
	*out = *handle;
	handle->object = NULL;
}

/* Reserves @size bytes out of line, and what fills them up to the next multiple of eight. */
static const uint8_t *claim(struct fidl_reader *reader, uint64_t size)
{
	uint32_t at = reader->next_out;

	if (reader->bad || size > reader->message->num_bytes - at ||
	    align((uint32_t)size, 8) > reader->message->num_bytes - at) {
		reader->bad = true;
		return NULL;
	}
	reader->next_out = at + align((uint32_t)size, 8);
	return (const uint8_t *)reader->message->bytes + at;
}

/* The count of a string or vector that must be present. */
static uint64_t take_count(struct fidl_reader *reader, uint64_t max)
{
	uint64_t count = fidl_reader__u64(reader);

	if (fidl_reader__u64(reader) != FIDL_PRESENT_U64 || count > max)
		reader->bad = true;
	return reader->bad ? 0 : count;
}

const uint8_t *fidl_reader__bytes(struct fidl_reader *reader, uint64_t max, size_t *size)
{
	uint64_t count = take_count(reader, max);
	const uint8_t *data = claim(reader, count);

	*size = data ? (size_t)count : 0;
	return data;
}

uint64_t fidl_reader__enter_vector(struct fidl_reader *reader, uint32_t element_size)
{
	/* More elements than bytes are in no message: the product cannot wrap around. */
	uint64_t count = take_count(reader, reader->message->num_bytes);

	reader->pos = reader->next_out;
	if (!claim(reader, count * element_size))
		return 0;
	reader->inline_end = reader->pos + (uint32_t)count * element_size;
	return count;
}

void fidl_reader__drop_handles(struct fidl_reader *reader, uint64_t max)
{
	uint64_t count = take_count(reader, max);

	if (!claim(reader, count * sizeof(uint32_t)))
		return;
	for (uint64_t i = 0; i < count; i++) {
		struct handle *handle = next_handle(reader);

		if (handle)
			handle__close(handle);
	}
}

bool fidl_reader__end(struct fidl_reader *reader)
{
	return !reader->bad && reader->next_out == reader->message->num_bytes &&
	       reader->next_handle == reader->message->num_handles;
}
