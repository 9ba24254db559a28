#include <assert.h>
#include <string.h>

#include "compat/core/channel.h"
#include "compat/services/fidl_wire.h"

/* Word 1 of a header of 2020: the magic number, and the flag "unions are in envelopes". */
#define HEADER_WORD_2020 (1u << 24 | 1u)
#define EPITAPH_2018 0xffffffffull
#define EPITAPH_2020 UINT64_MAX

static uint32_t align(uint32_t value, uint32_t to)
{
	return (value + to - 1) & ~(to - 1);
}

static void put(struct fidl_writer *writer, const void *value, uint32_t size)
{
	writer->pos = align(writer->pos, size);
	assert(writer->pos + size <= writer->size);
	memcpy(writer->bytes + writer->pos, value, size);
	writer->pos += size;
}

/* Appends zeros, a multiple of eight. */
static uint32_t extend(struct fidl_writer *writer, uint32_t size)
{
	uint32_t at = writer->size;

	assert(at + align(size, 8) <= sizeof(writer->bytes));
	memset(writer->bytes + at, 0, align(size, 8));
	writer->size = at + align(size, 8);
	return at;
}

void fidl_writer__begin(struct fidl_writer *writer, const struct fidl_header *header,
			uint32_t inline_size)
{
	uint32_t words[4] = { header->txid };

	writer->era = header->era;
	writer->num_handles = 0;
	writer->size = 0;
	extend(writer, FIDL_HEADER_SIZE + inline_size);
	if (header->era == FIDL_2020) {
		words[1] = HEADER_WORD_2020;
		words[2] = (uint32_t)header->ordinal;
		words[3] = (uint32_t)(header->ordinal >> 32);
	} else {
		words[3] = (uint32_t)header->ordinal;
	}
	memcpy(writer->bytes, words, sizeof(words));
	writer->pos = FIDL_HEADER_SIZE;
}

void fidl_writer__u32(struct fidl_writer *writer, uint32_t value)
{
	put(writer, &value, sizeof(value));
}

void fidl_writer__u64(struct fidl_writer *writer, uint64_t value)
{
	put(writer, &value, sizeof(value));
}

void fidl_writer__handle(struct fidl_writer *writer, struct handle *handle)
{
	if (!handle->object) {
		fidl_writer__u32(writer, 0);
		return;
	}
	assert(writer->num_handles < FIDL_MAX_REPLY_HANDLES);
	fidl_writer__u32(writer, FIDL_PRESENT_U32);
	writer->handles[writer->num_handles++] = *handle;
	handle->object = NULL;
}

void fidl_writer__bytes(struct fidl_writer *writer, const void *data, size_t size)
{
	uint32_t at;

	fidl_writer__u64(writer, size);
	fidl_writer__u64(writer, FIDL_PRESENT_U64);
	at = extend(writer, (uint32_t)size);
	if (size)
		memcpy(writer->bytes + at, data, size);
}

void fidl_writer__absent(struct fidl_writer *writer)
{
	fidl_writer__u64(writer, 0);
	fidl_writer__u64(writer, 0);
}

void fidl_writer__out_of_line(struct fidl_writer *writer, uint32_t size)
{
	writer->pos = extend(writer, size);
}

void fidl_writer__trim(struct fidl_writer *writer, uint32_t size)
{
	assert(size <= writer->size);
	writer->size = size;
}

zx_status_t fidl_writer__send(struct fidl_writer *writer, struct channel *channel)
{
	struct message *message = message__alloc(writer->size, writer->num_handles);

	if (!message) {
		for (uint32_t i = 0; i < writer->num_handles; i++)
			handle__close(&writer->handles[i]);
		return ZX_ERR_NO_MEMORY;
	}
	memcpy(message->bytes, writer->bytes, writer->size);
	memcpy(message->handles, writer->handles, writer->num_handles * sizeof(*writer->handles));
	return channel__write(channel, message);
}

/* 2018 has the status in the reserved word of the header, 2020 as the payload. */
zx_status_t fidl__send_epitaph(struct channel *channel, enum fidl_era era, zx_status_t status)
{
	struct fidl_header header = { .era = era };
	struct fidl_writer writer;

	header.ordinal = era == FIDL_2018 ? EPITAPH_2018 : EPITAPH_2020;
	fidl_writer__begin(&writer, &header, era == FIDL_2018 ? 0 : sizeof(uint32_t));
	if (era == FIDL_2018)
		memcpy(writer.bytes + sizeof(uint32_t), &status, sizeof(status));
	else
		fidl_writer__u32(&writer, (uint32_t)status);
	return fidl_writer__send(&writer, channel);
}
