/* What the files of this program share. */
#ifndef CONFORMANCE_SOCKET_H
#define CONFORMANCE_SOCKET_H

#include "conformance.h"

#include <zircon/eras.h>

static inline zx_handle_t socket_end(void)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_STREAM, &a, &b);
	return a;
}

static inline zx_handle_t lonely_end(void)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_STREAM, &a, &b);
	EXPECT_OK(zx_handle_close(a));
	return b;
}

static inline void write_all(zx_handle_t end, const void *bytes, size_t size)
{
	size_t actual = 0;

	EXPECT_OK(zx_socket_write(end, 0, bytes, size, &actual));
	EXPECT_EQ(actual, size);
}

/* Writes until nothing more goes in; tells how much did. */
size_t fill(zx_handle_t end);

/* Disables writing on this end, on the other end, or both: by the call of the date. */
#define THIS_END 1u
#define OTHER_END 2u
void disable_writing(zx_handle_t end, uint32_t ends);

#endif
