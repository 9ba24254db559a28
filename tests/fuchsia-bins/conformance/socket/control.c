/* The control plane, and sockets sent through sockets: to 2019-01. */
#include "socket.h"

#define CONTROL ZX_SOCKET_CONTROL_2018

static char buffer[2048];

static void make_with_control(zx_handle_t *a, zx_handle_t *b)
{
	make_socket(ZX_SOCKET_HAS_CONTROL_2018, a, b);
}

static zx_handle_t accepting(void)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	return a;
}

static zx_status_t accept(zx_handle_t end)
{
	zx_handle_t out;
	zx_status_t status = zx_socket_accept(end, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

REFUSES(socket_write, ZX_ERR_BAD_STATE, no_control,
	zx_socket_write(socket_end(), CONTROL, "x", 1, NULL),
	.line = "no control plane", .to = ERA_2019_01)
REFUSES(socket_read, ZX_ERR_BAD_STATE, no_control,
	zx_socket_read(socket_end(), CONTROL, buffer, 1, NULL),
	.line = "no control plane", .to = ERA_2019_01)

CHECK_ERROR(socket_write, ZX_ERR_OUT_OF_RANGE, control, .line = "control message",
	    .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_with_control(&a, &b);
	EXPECT_STATUS(zx_socket_write(a, CONTROL, buffer, 1025, NULL), ZX_ERR_OUT_OF_RANGE);
	EXPECT_OK(zx_socket_write(a, CONTROL, buffer, 1024, NULL));
}

CHECK_ERROR(socket_write, ZX_ERR_INVALID_ARGS, empty_control, .line = "is empty",
	    .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_with_control(&a, &b);
	EXPECT_STATUS(zx_socket_write(a, CONTROL, buffer, 0, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_write, ZX_ERR_SHOULD_WAIT, control, .line = "not read yet", .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_with_control(&a, &b);
	EXPECT_OK(zx_socket_write(a, CONTROL, "x", 1, NULL));
	EXPECT_STATUS(zx_socket_write(a, CONTROL, "y", 1, NULL), ZX_ERR_SHOULD_WAIT);
}

CHECK(socket_read, control, .to = ERA_2019_01)
{
	zx_handle_t a, b;
	size_t actual;

	make_with_control(&a, &b);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_CONTROL_WRITABLE_2018);
	EXPECT_STATUS(zx_socket_read(b, CONTROL, buffer, 10, &actual), ZX_ERR_SHOULD_WAIT);
	EXPECT_OK(zx_socket_write(a, CONTROL, "hello", 5, &actual));
	EXPECT_EQ(actual, 5);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE | ZX_SOCKET_CONTROL_WRITABLE_2018 |
				  ZX_SOCKET_CONTROL_READABLE_2018);
	/* What is too long is cut off, and lost. */
	EXPECT_OK(zx_socket_read(b, CONTROL, buffer, 3, &actual));
	EXPECT_EQ(actual, 3);
	EXPECT_BYTES(buffer, "hel", 3);
	EXPECT_STATUS(zx_socket_read(b, CONTROL, buffer, 3, &actual), ZX_ERR_SHOULD_WAIT);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_CONTROL_WRITABLE_2018);
}

CHECK_HANDLE(socket_share, handle, WRITE, accepting(), zx_socket_share(h, socket_end()),
	     .to = ERA_2019_01)
CHECK_HANDLE_VALID(socket_share, socket_to_share, zx_socket_share(accepting(), h),
		   .to = ERA_2019_01)
CHECK_HANDLE_TYPE(socket_share, socket_to_share, make_event(), zx_socket_share(accepting(), h),
		  .to = ERA_2019_01)
CHECK_HANDLE_RIGHT(socket_share, socket_to_share, TRANSFER, socket_end(),
		   zx_socket_share(accepting(), h), .to = ERA_2019_01)

CHECK_ERROR(socket_share, ZX_ERR_BAD_STATE, same_socket, .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	EXPECT_STATUS(zx_socket_share(a, b), ZX_ERR_BAD_STATE);
	EXPECT(!is_valid(b));
}

REFUSES(socket_share, ZX_ERR_BAD_STATE, accepts_itself,
	zx_socket_share(accepting(), accepting()), .to = ERA_2019_01)

CHECK_ERROR(socket_share, ZX_ERR_NOT_SUPPORTED, plain, .to = ERA_2019_01)
{
	zx_handle_t shared = socket_end();

	EXPECT_STATUS(zx_socket_share(socket_end(), shared), ZX_ERR_NOT_SUPPORTED);
	EXPECT(!is_valid(shared));
}

CHECK_ERROR(socket_share, ZX_ERR_PEER_CLOSED, other_end_gone, .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_STATUS(zx_socket_share(a, socket_end()), ZX_ERR_PEER_CLOSED);
}

CHECK_ERROR(socket_share, ZX_ERR_SHOULD_WAIT, one_at_a_time, .to = ERA_2019_01)
{
	zx_handle_t end = accepting();

	EXPECT_OK(zx_socket_share(end, socket_end()));
	EXPECT_STATUS(zx_socket_share(end, socket_end()), ZX_ERR_SHOULD_WAIT);
}

CHECK(socket_share, arrives, .to = ERA_2019_01)
{
	zx_handle_t a, b, shared = socket_end(), got;
	zx_koid_t koid = rt_koid(shared);

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018);
	EXPECT_OK(zx_socket_share(a, shared));
	EXPECT(!is_valid(shared));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018 | ZX_SOCKET_ACCEPT_2018);
	EXPECT_OK(zx_socket_accept(b, &got));
	EXPECT_EQ(rt_koid(own(got)), koid);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018);
}

CHECK_HANDLE(socket_accept, handle, READ, accepting(), accept(h), .to = ERA_2019_01)

REFUSES(socket_accept, ZX_ERR_NOT_SUPPORTED, plain, accept(socket_end()), .to = ERA_2019_01)
REFUSES(socket_accept, ZX_ERR_SHOULD_WAIT, none, accept(accepting()), .to = ERA_2019_01)

CHECK_ERROR(socket_accept, ZX_ERR_INVALID_ARGS, bad_out, .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	EXPECT_OK(zx_socket_share(a, socket_end()));
	EXPECT_STATUS(zx_socket_accept(b, BAD_POINTER), ZX_ERR_INVALID_ARGS);
}

CHECK(socket_accept, after_other_end_is_gone, .to = ERA_2019_01)
{
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b);
	EXPECT_OK(zx_socket_share(a, socket_end()));
	EXPECT_OK(zx_handle_close(a));
	EXPECT_OK(accept(b));
}
