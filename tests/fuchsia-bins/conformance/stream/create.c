/* zx_stream_create and zx_stream_seek. */
#include "stream.h"

#define RIGHTS \
	(ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT | \
	 ZX_RIGHT_GET_PROPERTY | ZX_RIGHT_SET_PROPERTY | ZX_RIGHT_SIGNAL)

static zx_status_t create(uint32_t options, zx_handle_t vmo)
{
	zx_handle_t stream;
	zx_status_t status = zx_stream_create(options, vmo, 0, &stream);

	if (status == ZX_OK)
		own(stream);
	return status;
}

static zx_status_t seek(zx_handle_t stream)
{
	return zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_START, 0, NULL);
}

static void expect_place(zx_handle_t stream, zx_stream_seek_origin_t whence, int64_t offset,
			 zx_off_t want)
{
	zx_off_t place = 99;

	EXPECT_OK(zx_stream_seek(stream, whence, offset, &place));
	EXPECT_EQ(place, want);
	EXPECT_EQ(place_of(stream), want);
}

CHECK_HANDLE_VALID(stream_create, vmo, create(BOTH_MODES, h))
CHECK_HANDLE_TYPE(stream_create, vmo, make_event(), create(0, h))
CHECK_HANDLE_RIGHT(stream_create, vmo, READ, make_vmo(1), create(ZX_STREAM_MODE_READ, h))
CHECK_HANDLE_RIGHT(stream_create, vmo, WRITE, make_vmo(1), create(ZX_STREAM_MODE_WRITE, h))

CHECK_ERROR(stream_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(create(8, make_vmo(1)), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(8, ZX_HANDLE_INVALID), ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_create, ZX_ERR_INVALID_ARGS, append,
	create(BOTH_MODES | ZX_STREAM_MODE_APPEND, make_vmo(1)),
	.line = "options", .to = ERA_2021_01)
REFUSES(stream_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_stream_create(BOTH_MODES, make_vmo(1), 0, BAD_OUT), .line = "bad pointer")

CHECK(stream_create, rights)
{
	zx_handle_t vmo = make_vmo(1);

	EXPECT_EQ(rights_of(stream_over(vmo, ZX_STREAM_MODE_READ, 0)), RIGHTS | ZX_RIGHT_READ);
	EXPECT_EQ(rights_of(stream_over(vmo, ZX_STREAM_MODE_WRITE, 0)), RIGHTS | ZX_RIGHT_WRITE);
	EXPECT_EQ(rights_of(stream_over(vmo, BOTH_MODES, 0)),
		  RIGHTS | ZX_RIGHT_READ | ZX_RIGHT_WRITE);
}

CHECK(stream_create, seek)
{
	EXPECT_EQ(place_of(stream_over(make_vmo(1), ZX_STREAM_MODE_READ, 0)), 0);
	EXPECT_EQ(place_of(stream_over(make_vmo(1), ZX_STREAM_MODE_READ, 77)), 77);
}

CHECK(stream_create, keeps_the_vmo)
{
	zx_handle_t vmo = vmo_with("abc", 3);
	zx_handle_t stream = stream_over(vmo, ZX_STREAM_MODE_READ, 0);
	char bytes[3];
	zx_iovec_t vector = { bytes, 3 };

	EXPECT_EQ(type_of(stream), ZX_OBJ_TYPE_STREAM);
	EXPECT_OK(zx_handle_close(vmo));
	EXPECT_OK(zx_stream_readv(stream, 0, &vector, 1, NULL));
	EXPECT_BYTES(bytes, "abc", 3);
}

CHECK(stream_create, info)
{
	zx_info_stream_t info;
	zx_handle_t stream = stream_over(vmo_with("abc", 3), ZX_STREAM_MODE_READ, 2);

	EXPECT_OK(zx_object_get_info(stream, ZX_INFO_STREAM, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.options, ZX_STREAM_MODE_READ);
	EXPECT_EQ(info.seek, 2);
	EXPECT_EQ(info.content_size, 3);
}

CHECK_HANDLE_VALID(stream_seek, handle, seek(h))
CHECK_HANDLE_TYPE(stream_seek, handle, make_event(), seek(h))

REFUSES(stream_seek, ZX_ERR_ACCESS_DENIED, neither_right,
	seek(without_rights(any_stream(), ZX_RIGHT_READ | ZX_RIGHT_WRITE)))
REFUSES(stream_seek, ZX_ERR_INVALID_ARGS, whence,
	zx_stream_seek(any_stream(), 3, 0, NULL), .line = "whence")

CHECK_ERROR(stream_seek, ZX_ERR_INVALID_ARGS, negative, .line = "negative")
{
	zx_handle_t stream = any_stream();

	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_START, 3, 3);
	EXPECT_STATUS(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_START, -1, NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, -4, NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_END, -7, NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_EQ(place_of(stream), 3);
}

CHECK_ERROR(stream_seek, ZX_ERR_INVALID_ARGS, overflow, .line = "more than 64 bits")
{
	zx_handle_t stream = stream_over(make_vmo(1), ZX_STREAM_MODE_READ, UINT64_MAX);

	EXPECT_STATUS(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 1, NULL),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(stream_seek, ZX_ERR_INVALID_ARGS, bad_out,
	zx_stream_seek(any_stream(), ZX_STREAM_SEEK_ORIGIN_START, 0, BAD_POINTER),
	.line = "bad pointer")

CHECK(stream_seek, origins)
{
	zx_handle_t stream = any_stream();

	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_START, 2, 2);
	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 2, 4);
	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, -3, 1);
	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_END, -1, 5);
	expect_place(stream, ZX_STREAM_SEEK_ORIGIN_END, 100, 106);
}

CHECK(stream_seek, either_right_is_enough)
{
	EXPECT_OK(seek(without_rights(any_stream(), ZX_RIGHT_READ)));
	EXPECT_OK(seek(without_rights(any_stream(), ZX_RIGHT_WRITE)));
}
