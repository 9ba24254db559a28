/* zx_socket_create. */
#include "socket.h"

#define RIGHTS_201807 \
	(ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT | \
	 ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_GET_PROPERTY | ZX_RIGHT_SIGNAL | \
	 ZX_RIGHT_SIGNAL_PEER)

static zx_status_t create(uint32_t options)
{
	zx_handle_t a, b;
	zx_status_t status = zx_socket_create(options, &a, &b);

	if (status == ZX_OK) {
		own(a);
		own(b);
	}
	return status;
}

CHECK_ERROR(socket_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(create(8), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(0x80000000u), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_create, ZX_ERR_INVALID_ARGS, old_options, .line = "options",
	    .from = ERA_2020_07)
{
	EXPECT_STATUS(create(ZX_SOCKET_HAS_CONTROL_2018), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(ZX_SOCKET_HAS_ACCEPT_2018), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_create, ZX_ERR_INVALID_ARGS, bad_out, .line = "bad pointer")
{
	zx_handle_t other;

	EXPECT_STATUS(zx_socket_create(0, BAD_OUT, &other), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_create(0, &other, BAD_OUT), ZX_ERR_INVALID_ARGS);
}

REFUSES(socket_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_SOCKET, zx_socket_create, 0, CHILD_OUT, CHILD_OUT),
	.from = ERA_2020_07)

CHECK(socket_create, policy_before_options, .from = ERA_2020_07)
{
	EXPECT_STATUS(call_denied_by_policy(ZX_POL_NEW_SOCKET, zx_socket_create, 8, CHILD_OUT,
					    CHILD_OUT),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK(socket_create, rights_201807, .to = ERA_2018_07)
{
	EXPECT_EQ(rights_of(socket_end()), RIGHTS_201807);
}

CHECK(socket_create, rights_2018, .from = ERA_2018_10, .to = ERA_2020_07)
{
	EXPECT_EQ(rights_of(socket_end()), RIGHTS_201807 | ZX_RIGHT_SET_PROPERTY);
}

CHECK(socket_create, rights, .from = ERA_2021_01)
{
	EXPECT_EQ(rights_of(socket_end()),
		  RIGHTS_201807 | ZX_RIGHT_SET_PROPERTY | ZX_RIGHT_MANAGE_SOCKET);
}

CHECK(socket_create, ends_know_each_other)
{
	zx_info_handle_basic_t info;
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.type, ZX_OBJ_TYPE_SOCKET);
	EXPECT_EQ(info.related_koid, rt_koid(b));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_SIGNALS(a, ZX_SOCKET_PEER_CLOSED);
}

CHECK(socket_create, info, .from = ERA_2018_12)
{
	zx_info_socket_t info;
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	write_all(a, "12345", 5);
	write_all(a, "678", 3);
	EXPECT_OK(zx_object_get_info(b, ZX_INFO_SOCKET, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.options, ZX_SOCKET_DATAGRAM);
	EXPECT_EQ(info.rx_buf_size, 8);
	EXPECT_EQ(info.rx_buf_available, 5);
	EXPECT_EQ(info.tx_buf_size, 0);
	EXPECT(info.rx_buf_max >= 65536);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_SOCKET, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.tx_buf_size, 8);
	EXPECT_EQ(info.rx_buf_size, 0);
}
