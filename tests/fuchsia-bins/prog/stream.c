/* Streams: a file-like view of a memory object. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define READ_WRITE (ZX_STREAM_MODE_READ | ZX_STREAM_MODE_WRITE)

/* A memory object of one page that holds the first `size` bytes of `text`. */
static zx_handle_t make_vmo(const char *text, uint64_t size)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	CHECK_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_OK(zx_vmo_write(vmo, text, 0, size));
	CHECK_OK(zx_object_set_property(vmo, ZX_PROP_VMO_CONTENT_SIZE, &size, sizeof(size)));
	return vmo;
}

static uint64_t content_size(zx_handle_t vmo)
{
	uint64_t size = 0;

	CHECK_OK(zx_object_get_property(vmo, ZX_PROP_VMO_CONTENT_SIZE, &size, sizeof(size)));
	return size;
}

static void reading(void)
{
	zx_handle_t vmo = make_vmo("hello world", 11), stream;
	char first[5], second[16];
	zx_iovec_t vector[] = { { first, sizeof(first) }, { second, sizeof(second) } };
	size_t actual = 0;

	REQUIRE_OK(zx_stream_create(ZX_STREAM_MODE_READ, vmo, 0, &stream));
	CHECK_OK(zx_stream_readv(stream, 0, vector, 2, &actual));
	CHECK_EQ(actual, 11);
	CHECK(!memcmp(first, "hello", 5));
	CHECK(!memcmp(second, " world", 6));
	/* At the end there is nothing more, which is no error. */
	CHECK_OK(zx_stream_readv(stream, 0, vector, 2, &actual));
	CHECK_EQ(actual, 0);
	CHECK_OK(zx_stream_readv_at(stream, 0, 6, vector, 1, &actual));
	CHECK_EQ(actual, 5);
	CHECK(!memcmp(first, "world", 5));
	CHECK_STATUS(zx_stream_writev(stream, 0, vector, 1, &actual), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(stream);
	zx_handle_close(vmo);
}

static void writing(void)
{
	zx_handle_t vmo = make_vmo("0123456789", 10), stream;
	char text[] = "abcdef", seen[16] = { 0 };
	zx_iovec_t vector = { text, 6 };
	size_t actual = 0;

	REQUIRE_OK(zx_stream_create(READ_WRITE, vmo, 2, &stream));
	CHECK_OK(zx_stream_writev(stream, 0, &vector, 1, &actual));
	CHECK_EQ(actual, 6);
	CHECK_EQ(content_size(vmo), 10);
	CHECK_OK(zx_stream_writev(stream, 0, &vector, 1, &actual));
	CHECK_EQ(content_size(vmo), 14);
	CHECK_OK(zx_vmo_read(vmo, seen, 0, 14));
	CHECK_STR(seen, "01abcdefabcdef");
	CHECK_OK(zx_stream_writev_at(stream, 0, 0, &vector, 1, &actual));
	CHECK_OK(zx_stream_writev(stream, ZX_STREAM_APPEND, &vector, 1, &actual));
	CHECK_EQ(content_size(vmo), 20);
	CHECK_OK(zx_vmo_read(vmo, seen, 14, 6));
	CHECK(!memcmp(seen, "abcdef", 6));
	CHECK_STATUS(zx_stream_writev(stream, 0x80, &vector, 1, &actual), ZX_ERR_INVALID_ARGS);

	/* Up to the end of the memory object, and no further. */
	CHECK_OK(zx_stream_writev_at(stream, 0, RT_PAGE_SIZE - 4, &vector, 1, &actual));
	CHECK_EQ(actual, 4);
	CHECK_EQ(content_size(vmo), RT_PAGE_SIZE);
	CHECK_STATUS(zx_stream_writev_at(stream, 0, RT_PAGE_SIZE, &vector, 1, &actual),
		     ZX_ERR_NO_SPACE);
	zx_handle_close(stream);
	zx_handle_close(vmo);
}

static void seeking(void)
{
	zx_handle_t vmo = make_vmo("0123456789", 10), stream;
	zx_info_stream_t info = { 0 };
	zx_off_t at = 99;

	REQUIRE_OK(zx_stream_create(READ_WRITE, vmo, 3, &stream));
	CHECK_OK(zx_object_get_info(stream, ZX_INFO_STREAM, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.seek, 3);
	CHECK_EQ(info.content_size, 10);
	CHECK_EQ(info.options, READ_WRITE);
	CHECK_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 2, &at));
	CHECK_EQ(at, 5);
	CHECK_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_END, -1, &at));
	CHECK_EQ(at, 9);
	CHECK_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_START, 4, &at));
	CHECK_EQ(at, 4);
	CHECK_STATUS(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_START, -1, &at),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_stream_seek(stream, 7, 0, &at), ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 0, &at));
	CHECK_EQ(at, 4);
	zx_handle_close(stream);
	zx_handle_close(vmo);
}

static void bad_arguments(void)
{
	zx_handle_t vmo = make_vmo("x", 1), less, stream;

	CHECK_STATUS(zx_stream_create(0x80, vmo, 0, &stream), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_stream_create(READ_WRITE, rt_boot.process, 0, &stream), ZX_ERR_WRONG_TYPE);
	REQUIRE_OK(zx_handle_replace(vmo, ZX_RIGHT_READ, &less));
	CHECK_STATUS(zx_stream_create(READ_WRITE, less, 0, &stream), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(reading);
	RUN(writing);
	RUN(seeking);
	RUN(bad_arguments);
	return rt_check_result();
}
