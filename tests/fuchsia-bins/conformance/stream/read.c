/* zx_stream_readv and zx_stream_readv_at. */
#include "stream.h"

static char bytes[16];
static const zx_iovec_t one = { bytes, sizeof(bytes) };
static const zx_iovec_t unmapped = { BAD_POINTER, 1 };
static const zx_iovec_t too_much[2] = { { bytes, SIZE_MAX }, { bytes, 1 } };

static zx_status_t readv(zx_handle_t stream, const zx_iovec_t *vectors, size_t count)
{
	return zx_stream_readv(stream, 0, (zx_iovec_t *)vectors, count, NULL);
}

static zx_status_t readv_at(zx_handle_t stream, const zx_iovec_t *vectors, size_t count)
{
	return zx_stream_readv_at(stream, 0, 0, (zx_iovec_t *)vectors, count, NULL);
}

CHECK_HANDLE(stream_readv, handle, READ, any_stream(), readv(h, &one, 1))
CHECK_HANDLE(stream_readv_at, handle, READ, any_stream(), readv_at(h, &one, 1))

CHECK_ERROR(stream_readv, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(zx_stream_readv(any_stream(), 1, (zx_iovec_t *)&one, 1, NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_stream_readv(ZX_HANDLE_INVALID, 1, (zx_iovec_t *)&one, 1, NULL),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_readv_at, ZX_ERR_INVALID_ARGS, options,
	zx_stream_readv_at(any_stream(), 1, 0, (zx_iovec_t *)&one, 1, NULL), .line = "options")

CHECK_ERROR(stream_readv, ZX_ERR_INVALID_ARGS, bad_vectors, .line = "vectors")
{
	EXPECT_STATUS(readv(any_stream(), NULL, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(readv(any_stream(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(stream_readv_at, ZX_ERR_INVALID_ARGS, bad_vectors, .line = "vectors")
{
	EXPECT_STATUS(readv_at(any_stream(), NULL, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(readv_at(any_stream(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_readv, ZX_ERR_INVALID_ARGS, too_much,
	readv(any_stream(), too_much, 2), .line = "capacities")
REFUSES(stream_readv_at, ZX_ERR_INVALID_ARGS, too_much,
	readv_at(any_stream(), too_much, 2), .line = "capacities")
REFUSES(stream_readv, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_stream_readv(any_stream(), 0, (zx_iovec_t *)&one, 1, BAD_POINTER), .line = "actual")
REFUSES(stream_readv_at, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_stream_readv_at(any_stream(), 0, 0, (zx_iovec_t *)&one, 1, BAD_POINTER),
	.line = "actual")
REFUSES(stream_readv, ZX_ERR_NOT_FOUND, unmapped, readv(any_stream(), &unmapped, 1))
REFUSES(stream_readv_at, ZX_ERR_NOT_FOUND, unmapped, readv_at(any_stream(), &unmapped, 1))

CHECK(stream_readv, several_buffers)
{
	char first[2], second[8];
	zx_iovec_t vectors[3] = { { first, 2 }, { NULL, 0 }, { second, 8 } };
	zx_handle_t stream = any_stream();
	size_t actual;

	EXPECT_OK(zx_stream_readv(stream, 0, vectors, 3, &actual));
	EXPECT_EQ(actual, 6);
	EXPECT_BYTES(first, "ab", 2);
	EXPECT_BYTES(second, "cdef", 4);
	EXPECT_EQ(place_of(stream), 6);
}

CHECK(stream_readv, ends_at_the_content)
{
	zx_handle_t stream = any_stream();
	zx_iovec_t vector = { bytes, 4 };
	size_t actual;

	EXPECT_OK(zx_stream_readv(stream, 0, &vector, 1, &actual));
	EXPECT_EQ(actual, 4);
	EXPECT_OK(zx_stream_readv(stream, 0, &vector, 1, &actual));
	EXPECT_EQ(actual, 2);
	EXPECT_BYTES(bytes, "ef", 2);
	EXPECT_OK(zx_stream_readv(stream, 0, &vector, 1, &actual));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(place_of(stream), 6);
}

CHECK(stream_readv, behind_the_content)
{
	zx_handle_t stream = stream_over(vmo_with("abc", 3), ZX_STREAM_MODE_READ, 10);
	zx_iovec_t vector = { bytes, 4 };
	size_t actual = 7;

	EXPECT_OK(zx_stream_readv(stream, 0, &vector, 1, &actual));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(place_of(stream), 10);
}

/* What was read before the bad buffer counts. */
CHECK(stream_readv, partly_unmapped)
{
	zx_iovec_t vectors[2] = { { bytes, 2 }, { BAD_POINTER, 2 } };
	zx_handle_t stream = any_stream();
	size_t actual;

	EXPECT_OK(zx_stream_readv(stream, 0, vectors, 2, &actual));
	EXPECT_EQ(actual, 2);
	EXPECT_EQ(place_of(stream), 2);
}

CHECK(stream_readv_at, place_stays)
{
	zx_handle_t stream = any_stream();
	zx_iovec_t vector = { bytes, 2 };
	size_t actual;

	EXPECT_OK(zx_stream_readv_at(stream, 0, 3, &vector, 1, &actual));
	EXPECT_EQ(actual, 2);
	EXPECT_BYTES(bytes, "de", 2);
	EXPECT_EQ(place_of(stream), 0);
	EXPECT_OK(zx_stream_readv_at(stream, 0, 6, &vector, 1, &actual));
	EXPECT_EQ(actual, 0);
	EXPECT_OK(zx_stream_readv_at(stream, 0, UINT64_MAX, &vector, 1, &actual));
	EXPECT_EQ(actual, 0);
}
