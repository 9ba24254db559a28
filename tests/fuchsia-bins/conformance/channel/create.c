/* zx_channel_create. */
#include "channel.h"

CHECK_ERROR(channel_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	zx_handle_t a, b;

	EXPECT_STATUS(zx_channel_create(1, &a, &b), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_channel_create(0x80000000u, &a, &b), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_create, ZX_ERR_INVALID_ARGS, bad_out0, .line = "bad pointer")
{
	zx_handle_t b;

	EXPECT_STATUS(zx_channel_create(0, BAD_OUT, &b), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_create, ZX_ERR_INVALID_ARGS, bad_out1, .line = "bad pointer")
{
	zx_handle_t a;

	EXPECT_STATUS(zx_channel_create(0, &a, BAD_OUT), ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_CHANNEL, zx_channel_create, 0, CHILD_OUT, CHILD_OUT),
	.from = ERA_2020_07)

CHECK(channel_create, two_ends)
{
	zx_info_handle_basic_t info[2];
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &info[0], sizeof(info[0]), NULL,
				     NULL));
	EXPECT_OK(zx_object_get_info(b, ZX_INFO_HANDLE_BASIC, &info[1], sizeof(info[1]), NULL,
				     NULL));
	EXPECT_EQ(info[0].type, ZX_OBJ_TYPE_CHANNEL);
	EXPECT_EQ(info[0].related_koid, info[1].koid);
	EXPECT_EQ(info[1].related_koid, info[0].koid);
	EXPECT(info[0].koid != info[1].koid);
	EXPECT_EQ(info[0].rights, info[1].rights);
	EXPECT_SIGNALS(a, ZX_CHANNEL_WRITABLE);
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE);
}

CHECK(channel_create, rights, .from = ERA_2018_12)
{
	EXPECT_EQ(rights_of(channel_end()),
		  ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT | ZX_RIGHT_READ |
			  ZX_RIGHT_WRITE | ZX_RIGHT_SIGNAL | ZX_RIGHT_SIGNAL_PEER);
}

/* Channels could be given properties in these eras. */
CHECK(channel_create, rights_with_properties, .to = ERA_2018_10)
{
	EXPECT_EQ(rights_of(channel_end()),
		  ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT | ZX_RIGHT_READ |
			  ZX_RIGHT_WRITE | ZX_RIGHT_SIGNAL | ZX_RIGHT_SIGNAL_PEER |
			  ZX_RIGHT_GET_PROPERTY | ZX_RIGHT_SET_PROPERTY);
}

CHECK(channel_create, close_tells_the_peer)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_SIGNALS(a, ZX_CHANNEL_PEER_CLOSED);
}

/* A channel in a message of a channel goes with the latter. */
CHECK(channel_create, close_ends_what_is_queued)
{
	zx_handle_t a, b, inner, carried;

	make_channel(&a, &b);
	make_channel(&inner, &carried);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &carried, 1));
	EXPECT_SIGNALS(inner, ZX_CHANNEL_WRITABLE);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_SIGNALS(inner, ZX_CHANNEL_PEER_CLOSED);
}
