/* zx_stream_writev and zx_stream_writev_at. */
#include "stream.h"

static const zx_iovec_t one = { (void *)"xyz", 3 };
static const zx_iovec_t unmapped = { BAD_POINTER, 1 };
static const zx_iovec_t too_much[2] = { { (void *)"x", SIZE_MAX }, { (void *)"x", 1 } };

static zx_status_t writev(zx_handle_t stream, const zx_iovec_t *vectors, size_t count)
{
	return zx_stream_writev(stream, 0, vectors, count, NULL);
}

static zx_status_t writev_at(zx_handle_t stream, const zx_iovec_t *vectors, size_t count)
{
	return zx_stream_writev_at(stream, 0, 0, vectors, count, NULL);
}

static void expect_content(zx_handle_t vmo, const char *text, size_t size)
{
	char bytes[32];

	EXPECT_EQ(content_size(vmo), size);
	EXPECT_OK(zx_vmo_read(vmo, bytes, 0, size));
	EXPECT_BYTES(bytes, text, size);
}

CHECK_HANDLE(stream_writev, handle, WRITE, any_stream(), writev(h, &one, 1))
CHECK_HANDLE(stream_writev_at, handle, WRITE, any_stream(), writev_at(h, &one, 1))

CHECK_ERROR(stream_writev, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(zx_stream_writev(any_stream(), 2, &one, 1, NULL), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_stream_writev(ZX_HANDLE_INVALID, 2, &one, 1, NULL), ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_writev_at, ZX_ERR_INVALID_ARGS, options,
	zx_stream_writev_at(any_stream(), 1, 0, &one, 1, NULL), .line = "options")

CHECK_ERROR(stream_writev, ZX_ERR_INVALID_ARGS, bad_vectors, .line = "vectors")
{
	EXPECT_STATUS(writev(any_stream(), NULL, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(writev(any_stream(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(stream_writev_at, ZX_ERR_INVALID_ARGS, bad_vectors, .line = "vectors")
{
	EXPECT_STATUS(writev_at(any_stream(), NULL, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(writev_at(any_stream(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_writev, ZX_ERR_INVALID_ARGS, too_much,
	writev(any_stream(), too_much, 2), .line = "capacities")
REFUSES(stream_writev_at, ZX_ERR_INVALID_ARGS, too_much,
	writev_at(any_stream(), too_much, 2), .line = "capacities")
REFUSES(stream_writev, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_stream_writev(any_stream(), 0, &one, 1, BAD_POINTER), .line = "actual")
REFUSES(stream_writev_at, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_stream_writev_at(any_stream(), 0, 0, &one, 1, BAD_POINTER), .line = "actual")
REFUSES(stream_writev, ZX_ERR_FILE_BIG, overflow,
	writev(stream_over(make_vmo(1), BOTH_MODES, UINT64_MAX), &one, 1))
REFUSES(stream_writev_at, ZX_ERR_FILE_BIG, overflow,
	zx_stream_writev_at(any_stream(), 0, UINT64_MAX, &one, 1, NULL))
REFUSES(stream_writev, ZX_ERR_OUT_OF_RANGE, beyond_any_vmo,
	writev(stream_over(make_vmo(1), BOTH_MODES, UINT64_MAX - 7), &one, 1), .from = ERA_NEWEST)
REFUSES(stream_writev_at, ZX_ERR_OUT_OF_RANGE, beyond_any_vmo,
	zx_stream_writev_at(any_stream(), 0, UINT64_MAX - 7, &one, 1, NULL), .from = ERA_NEWEST)
REFUSES(stream_writev, ZX_ERR_NO_SPACE, end_of_vmo,
	writev(stream_over(make_vmo(1), BOTH_MODES, RT_PAGE_SIZE), &one, 1))
REFUSES(stream_writev_at, ZX_ERR_NO_SPACE, end_of_vmo,
	zx_stream_writev_at(any_stream(), 0, RT_PAGE_SIZE, &one, 1, NULL))
REFUSES(stream_writev, ZX_ERR_NOT_FOUND, unmapped, writev(any_stream(), &unmapped, 1))
REFUSES(stream_writev_at, ZX_ERR_NOT_FOUND, unmapped, writev_at(any_stream(), &unmapped, 1))

CHECK(stream_writev, several_buffers)
{
	zx_iovec_t vectors[3] = { { (void *)"1", 1 }, { NULL, 0 }, { (void *)"23", 2 } };
	zx_handle_t vmo = vmo_with("abcdef", 6);
	zx_handle_t stream = stream_over(vmo, BOTH_MODES, 2);
	size_t actual;

	EXPECT_OK(zx_stream_writev(stream, 0, vectors, 3, &actual));
	EXPECT_EQ(actual, 3);
	EXPECT_EQ(place_of(stream), 5);
	expect_content(vmo, "ab123f", 6);
}

CHECK(stream_writev, content_grows)
{
	zx_handle_t vmo = vmo_with("ab", 2);

	EXPECT_OK(writev(stream_over(vmo, BOTH_MODES, 1), &one, 1));
	expect_content(vmo, "axyz", 4);
}

/* What lies between the end of the content and the write becomes zero. */
CHECK(stream_writev, gap_is_zero)
{
	zx_handle_t vmo = vmo_with("abcdef", 6);

	set_content_size(vmo, 2);
	EXPECT_OK(writev(stream_over(vmo, BOTH_MODES, 5), &one, 1));
	expect_content(vmo, "ab\0\0\0xyz", 8);
}

CHECK(stream_writev, short_at_the_end_of_the_vmo)
{
	zx_handle_t vmo = make_vmo(RT_PAGE_SIZE);
	zx_handle_t stream = stream_over(vmo, BOTH_MODES, RT_PAGE_SIZE - 2);
	size_t actual;

	EXPECT_OK(zx_stream_writev(stream, 0, &one, 1, &actual));
	EXPECT_EQ(actual, 2);
	EXPECT_EQ(content_size(vmo), RT_PAGE_SIZE);
}

CHECK(stream_writev, vmo_grows)
{
	zx_handle_t vmo;
	uint64_t size;

	EXPECT_OK(zx_vmo_create(RT_PAGE_SIZE, ZX_VMO_RESIZABLE, &vmo));
	own(vmo);
	EXPECT_OK(writev(stream_over(vmo, BOTH_MODES, RT_PAGE_SIZE - 1), &one, 1));
	EXPECT_EQ(content_size(vmo), RT_PAGE_SIZE + 2);
	EXPECT_OK(zx_vmo_get_size(vmo, &size));
	EXPECT_EQ(size, 2 * RT_PAGE_SIZE);
}

CHECK(stream_writev, append_option)
{
	zx_handle_t vmo = vmo_with("abc", 3);
	zx_handle_t stream = stream_over(vmo, BOTH_MODES, 0);

	EXPECT_OK(zx_stream_writev(stream, ZX_STREAM_APPEND, &one, 1, NULL));
	expect_content(vmo, "abcxyz", 6);
	EXPECT_EQ(place_of(stream), 6);
}

CHECK(stream_writev, append_mode, .from = ERA_NEWEST)
{
	zx_handle_t vmo = vmo_with("abc", 3);
	zx_handle_t stream = stream_over(vmo, BOTH_MODES | ZX_STREAM_MODE_APPEND, 0);
	uint8_t append = 0;

	EXPECT_OK(writev(stream, &one, 1));
	expect_content(vmo, "abcxyz", 6);
	EXPECT_OK(zx_object_set_property(stream, ZX_PROP_STREAM_MODE_APPEND, &append,
					 sizeof(append)));
	EXPECT_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_START, 0, NULL));
	EXPECT_OK(writev(stream, &one, 1));
	expect_content(vmo, "xyzxyz", 6);
}

CHECK(stream_writev, nothing)
{
	zx_handle_t stream = full_stream();
	size_t actual = 7;

	EXPECT_OK(zx_stream_writev(stream, 0, &one, 0, &actual));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(place_of(stream), 0);
}

CHECK(stream_writev, partly_unmapped)
{
	zx_iovec_t vectors[2] = { one, unmapped };
	zx_handle_t stream = full_stream();
	size_t actual;

	EXPECT_OK(zx_stream_writev(stream, 0, vectors, 2, &actual));
	EXPECT_EQ(actual, 3);
	EXPECT_EQ(place_of(stream), 3);
}

CHECK(stream_writev_at, place_stays)
{
	zx_handle_t vmo = vmo_with("abcdef", 6);
	zx_handle_t stream = stream_over(vmo, BOTH_MODES, 0);
	size_t actual;

	EXPECT_OK(zx_stream_writev_at(stream, 0, 2, &one, 1, &actual));
	EXPECT_EQ(actual, 3);
	expect_content(vmo, "abxyzf", 6);
	EXPECT_EQ(place_of(stream), 0);
}
