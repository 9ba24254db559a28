/*
 * The wire format of FIDL messages: reading and writing of the parts that our protocols use, in the
 * two forms that exist among the programs. Facts from docs/reference/fidl (wire format) of each
 * era.
 */
#ifndef COMPAT_SERVICES_FIDL_WIRE_H
#define COMPAT_SERVICES_FIDL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/types.h>

#include "compat/core/handle.h"

struct channel;
struct message;

/* The form of a message, told by its header. */
enum fidl_era {
	FIDL_2018, /* header without magic, 32-bit ordinals, unions in place */
	FIDL_2020, /* magic 1, 64-bit ordinals, unions out of line in envelopes */
};

#define FIDL_HEADER_SIZE 16u
#define FIDL_PRESENT_U32 UINT32_MAX
#define FIDL_PRESENT_U64 UINT64_MAX
/*
 * The largest reply that any of our protocols sends: a vector of 8192 bytes, and what is around it.
 */
#define FIDL_MAX_REPLY (8192u + 128u)
#define FIDL_MAX_REPLY_HANDLES 4u

struct fidl_header {
	enum fidl_era era;
	uint32_t txid;
	uint64_t ordinal;
};

/* Returns false where @message does not begin with a header of either form. */
bool fidl__read_header(const struct message *message, struct fidl_header *out);

/*
 * Reads a message in the order of its declaration. The first mistake (sizes, markers, handles) is
 * remembered, all later values are zero or empty, and fidl_reader__end() returns false.
 */
struct fidl_reader {
	struct message *message;
	uint32_t pos;        /* next byte of the fixed part */
	uint32_t inline_end; /* where the fixed part ends */
	uint32_t next_out;   /* next byte of what is out of line */
	uint32_t next_handle;
	bool bad;
};

/* @inline_size: bytes of the request's fixed part, without the header. */
void fidl_reader__begin(struct fidl_reader *reader, struct message *message, uint32_t inline_size);
uint32_t fidl_reader__u32(struct fidl_reader *reader);
uint64_t fidl_reader__u64(struct fidl_reader *reader);
/*
 * A handle of @type (ZX_OBJ_TYPE_NONE: any) that must be present and have @rights. The caller owns
 * @out; it is empty where the message is bad.
 */
void fidl_reader__handle(struct fidl_reader *reader, uint32_t type, zx_rights_t rights,
			 struct handle *out);
/* As many handles as a vector holds are closed; for requests that are refused anyway. */
void fidl_reader__drop_handles(struct fidl_reader *reader, uint64_t max);
/*
 * A vector whose elements have fixed parts of @element_size bytes: what is read next are these, and
 * nothing that follows the vector itself can be read any more. Returns how many there are.
 */
uint64_t fidl_reader__enter_vector(struct fidl_reader *reader, uint32_t element_size);
/* A string or vector of bytes, at most @max long; points into the message, not terminated. */
const uint8_t *fidl_reader__bytes(struct fidl_reader *reader, uint64_t max, size_t *size);
/* True where the message was good, and all of it was read. */
bool fidl_reader__end(struct fidl_reader *reader);

/*
 * Writes a message in the order of its declaration. Running over is a mistake of ours: it asserts.
 */
struct fidl_writer {
	enum fidl_era era;
	uint32_t pos;
	uint32_t size;
	uint32_t num_handles;
	struct handle handles[FIDL_MAX_REPLY_HANDLES];
	uint8_t bytes[FIDL_MAX_REPLY];
};

/* Begins the reply or event of @header's era, transaction, and ordinal. */
void fidl_writer__begin(struct fidl_writer *writer, const struct fidl_header *header,
			uint32_t inline_size);
void fidl_writer__u32(struct fidl_writer *writer, uint32_t value);
void fidl_writer__u64(struct fidl_writer *writer, uint64_t value);
/* A handle, or "absent" where it is empty. Takes it over. */
void fidl_writer__handle(struct fidl_writer *writer, struct handle *handle);
/* A vector of bytes. */
void fidl_writer__bytes(struct fidl_writer *writer, const void *data, size_t size);
/* A string that may be absent, and is: */
void fidl_writer__absent(struct fidl_writer *writer);
/*
 * Moves to a new part of @size bytes out of line, whose pointer or envelope was just written;
 * what follows is written there.
 */
void fidl_writer__out_of_line(struct fidl_writer *writer, uint32_t size);
/* Cuts the message to @size bytes. */
void fidl_writer__trim(struct fidl_writer *writer, uint32_t size);
/* Sends it, with its handles. Errors: ZX_ERR_NO_MEMORY, ZX_ERR_PEER_CLOSED. */
zx_status_t fidl_writer__send(struct fidl_writer *writer, struct channel *channel);

/* Says why a connection ends, in the form that the era has for it. */
zx_status_t fidl__send_epitaph(struct channel *channel, enum fidl_era era, zx_status_t status);

#endif
