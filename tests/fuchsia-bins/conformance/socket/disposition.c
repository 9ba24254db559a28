/* zx_socket_set_disposition and, before it, zx_socket_shutdown. */
#include "socket.h"

#define DISABLED ZX_SOCKET_DISPOSITION_WRITE_DISABLED
#define ENABLED ZX_SOCKET_DISPOSITION_WRITE_ENABLED

static zx_status_t write(zx_handle_t end)
{
	return zx_socket_write(end, 0, "x", 1, NULL);
}

static zx_status_t read(zx_handle_t end)
{
	char byte;

	return zx_socket_read(end, 0, &byte, 1, NULL);
}

CHECK_HANDLE(socket_set_disposition, handle, MANAGE_SOCKET, socket_end(),
	     zx_socket_set_disposition(h, 0, 0))

CHECK_ERROR(socket_set_disposition, ZX_ERR_INVALID_ARGS, disposition)
{
	EXPECT_STATUS(zx_socket_set_disposition(socket_end(), 4, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_set_disposition(socket_end(), DISABLED | ENABLED, 0),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_set_disposition(ZX_HANDLE_INVALID, 4, 0), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_set_disposition, ZX_ERR_INVALID_ARGS, disposition_peer)
{
	EXPECT_STATUS(zx_socket_set_disposition(socket_end(), 0, 4), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_set_disposition(socket_end(), 0, DISABLED | ENABLED),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_set_disposition, ZX_ERR_BAD_STATE, bytes_wait)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(write(a));
	EXPECT_OK(zx_socket_set_disposition(a, DISABLED, 0));
	EXPECT_STATUS(zx_socket_set_disposition(a, ENABLED, 0), ZX_ERR_BAD_STATE);
	EXPECT_STATUS(zx_socket_set_disposition(b, 0, ENABLED), ZX_ERR_BAD_STATE);
	EXPECT_OK(read(b));
	EXPECT_OK(zx_socket_set_disposition(a, ENABLED, 0));
	EXPECT_OK(write(a));
}

/* Neither takes effect where one of them cannot. */
CHECK(socket_set_disposition, both_or_none)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(write(a));
	EXPECT_OK(zx_socket_set_disposition(a, DISABLED, 0));
	EXPECT_STATUS(zx_socket_set_disposition(a, ENABLED, DISABLED), ZX_ERR_BAD_STATE);
	EXPECT_OK(write(b));
}

CHECK(socket_set_disposition, signals)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_socket_set_disposition(a, DISABLED, 0));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITE_DISABLED);
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE | ZX_SOCKET_PEER_WRITE_DISABLED);
	EXPECT_OK(zx_socket_set_disposition(a, ENABLED, 0));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE);
}

CHECK(socket_set_disposition, enabled_stays_enabled)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(write(a));
	EXPECT_OK(zx_socket_set_disposition(a, ENABLED, ENABLED));
	EXPECT_OK(write(a));
}

CHECK(socket_set_disposition, nothing)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_socket_set_disposition(a, 0, 0));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
}

CHECK(socket_set_disposition, other_end_gone)
{
	zx_handle_t end = lonely_end();

	EXPECT_OK(zx_socket_set_disposition(end, DISABLED, 0));
	EXPECT_SIGNALS(end, ZX_SOCKET_WRITE_DISABLED | ZX_SOCKET_PEER_CLOSED);
}

CHECK_HANDLE(socket_shutdown, handle, WRITE, socket_end(),
	     zx_socket_shutdown(h, ZX_SOCKET_SHUTDOWN_WRITE))

CHECK_ERROR(socket_shutdown, ZX_ERR_INVALID_ARGS, options)
{
	EXPECT_STATUS(zx_socket_shutdown(socket_end(), 4), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_shutdown(ZX_HANDLE_INVALID, 4), ZX_ERR_INVALID_ARGS);
}

CHECK(socket_shutdown, signals, .to = ERA_2021_01)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(write(a));
	EXPECT_OK(zx_socket_shutdown(a, ZX_SOCKET_SHUTDOWN_WRITE));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITE_DISABLED);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE | ZX_SOCKET_PEER_WRITE_DISABLED);
	EXPECT_OK(zx_socket_shutdown(a, ZX_SOCKET_SHUTDOWN_WRITE));
	EXPECT_OK(zx_socket_shutdown(a, 0));
	EXPECT_OK(read(b));
	EXPECT_STATUS(read(b), ZX_ERR_BAD_STATE);
}

CHECK(socket_shutdown, reading, .to = ERA_2021_01)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(write(b));
	EXPECT_OK(zx_socket_shutdown(a, ZX_SOCKET_SHUTDOWN_READ));
	EXPECT_STATUS(write(b), ZX_ERR_BAD_STATE);
	EXPECT_OK(read(a));
	EXPECT_STATUS(read(a), ZX_ERR_BAD_STATE);
	EXPECT_OK(write(a));
}

CHECK(socket_shutdown, other_end_gone, .to = ERA_2021_01)
{
	EXPECT_OK(zx_socket_shutdown(lonely_end(), ZX_SOCKET_SHUTDOWN_WRITE));
}
