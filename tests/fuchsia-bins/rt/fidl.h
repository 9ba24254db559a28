/*
 * FIDL messages written by hand, in the wire format of the era that the program is built for.
 */
#ifndef RT_FIDL_H
#define RT_FIDL_H

#include <stdint.h>

#include <zircon/types.h>

#include "era.h"

#define FIDL_PRESENT UINT64_MAX
#define FIDL_HANDLE_PRESENT_MARK UINT32_MAX
#define FIDL_ALIGN(size) (((size) + 7) & ~(size_t)7)

#if RT_ERA == 2018

#define FIDL_ORDINAL(y2018, y2020) (y2018)

struct fidl_header {
	uint32_t txid;
	uint32_t reserved;
	uint32_t flags;
	uint32_t ordinal;
};

#define FIDL_HEADER(o) ((struct fidl_header){ .ordinal = (o) })

#else

#define FIDL_ORDINAL(y2018, y2020) (y2020)

struct fidl_header {
	uint32_t txid;
	uint8_t flags[3];
	uint8_t magic;
	uint64_t ordinal;
};

#define FIDL_HEADER(o) ((struct fidl_header){ .magic = 1, .ordinal = (o) })

#endif

_Static_assert(sizeof(struct fidl_header) == 16, "a FIDL header has 16 bytes in every era");

/* In-line part of a string or vector; its content follows out of line, padded to 8 bytes. */
struct fidl_vector {
	uint64_t count;
	uint64_t present;
};

/* The most handles that any reply we know carries. */
#define FIDL_REPLY_HANDLES_MAX 4

/*
 * One call: sends `request` (a header and body, `size` bytes, perhaps one handle, which is
 * consumed) and receives the reply, of at most `capacity` bytes, into `reply`. The reply's ordinal
 * is checked (ZX_ERR_IO_DATA_INTEGRITY). `handle`, if not NULL, gets the reply's first handle or
 * ZX_HANDLE_INVALID; handles that nobody wanted are closed.
 */
zx_status_t fidl_call(zx_handle_t channel, void *request, uint32_t size, zx_handle_t sent,
		      void *reply, uint32_t capacity, uint32_t *reply_size, zx_handle_t *handle);

#endif
