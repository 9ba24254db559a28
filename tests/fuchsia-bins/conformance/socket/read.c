/* zx_socket_read. */
#include "socket.h"

static char buffer[64];

static zx_status_t read(zx_handle_t end)
{
	return zx_socket_read(end, 0, buffer, sizeof(buffer), NULL);
}

static zx_status_t peek(zx_handle_t end, size_t size, size_t *actual)
{
	return zx_socket_read(end, ZX_SOCKET_PEEK, buffer, size, actual);
}

CHECK_HANDLE(socket_read, handle, READ, socket_end(), read(h))

REFUSES(socket_read, ZX_ERR_INVALID_ARGS, options,
	zx_socket_read(socket_end(), 1, buffer, 1, NULL), .line = "options")

CHECK(socket_read, options_before_handle, .from = ERA_2018_12)
{
	EXPECT_STATUS(zx_socket_read(ZX_HANDLE_INVALID, 1, buffer, 1, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK(socket_read, handle_before_options, .to = ERA_2018_10)
{
	EXPECT_STATUS(zx_socket_read(ZX_HANDLE_INVALID, 1, buffer, 1, NULL), ZX_ERR_BAD_HANDLE);
	/* But not before the buffer. */
	EXPECT_STATUS(zx_socket_read(ZX_HANDLE_INVALID, 1, NULL, 1, NULL), ZX_ERR_INVALID_ARGS);
}

REFUSES(socket_read, ZX_ERR_INVALID_ARGS, peek_option,
	zx_socket_read(socket_end(), ZX_SOCKET_PEEK, buffer, 1, NULL),
	.line = "options", .to = ERA_2018_12)
REFUSES(socket_read, ZX_ERR_INVALID_ARGS, no_buffer,
	zx_socket_read(socket_end(), 0, NULL, 1, NULL), .line = "options")
REFUSES(socket_read, ZX_ERR_SHOULD_WAIT, empty, read(socket_end()))

CHECK_ERROR(socket_read, ZX_ERR_BAD_STATE, writing_disabled, .line = "all is read")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "left", 4);
	disable_writing(a, THIS_END);
	EXPECT_OK(read(b));
	EXPECT_BYTES(buffer, "left", 4);
	EXPECT_STATUS(read(b), ZX_ERR_BAD_STATE);
}

CHECK_ERROR(socket_read, ZX_ERR_PEER_CLOSED, other_end_gone)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "left", 4);
	EXPECT_OK(zx_handle_close(a));
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED);
	EXPECT_OK(read(b));
	EXPECT_STATUS(read(b), ZX_ERR_PEER_CLOSED);
	EXPECT_SIGNALS(b, ZX_SOCKET_PEER_CLOSED);
}

CHECK_ERROR(socket_read, ZX_ERR_INVALID_ARGS, far_too_large, .line = "4 GiB")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "x", 1);
	EXPECT_STATUS(zx_socket_read(b, 0, buffer, (size_t)1 << 32, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_read, ZX_ERR_INVALID_ARGS, bad_buffer, .line = "buffer or actual")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "x", 1);
	EXPECT_STATUS(zx_socket_read(b, 0, BAD_POINTER, 1, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_read, ZX_ERR_INVALID_ARGS, bad_actual, .line = "buffer or actual")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "x", 1);
	EXPECT_STATUS(zx_socket_read(b, 0, buffer, 1, BAD_POINTER), ZX_ERR_INVALID_ARGS);
}

CHECK(socket_read, stream_has_no_bounds)
{
	zx_handle_t a, b;
	size_t actual;

	make_socket(0, &a, &b);
	write_all(a, "hello ", 6);
	write_all(a, "world", 5);
	EXPECT_OK(zx_socket_read(b, 0, buffer, 8, &actual));
	EXPECT_EQ(actual, 8);
	EXPECT_BYTES(buffer, "hello wo", 8);
	EXPECT_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 3);
	EXPECT_BYTES(buffer, "rld", 3);
}

CHECK(socket_read, readable_until_empty)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	write_all(a, "ab", 2);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
	EXPECT_OK(zx_socket_read(b, 0, buffer, 1, NULL));
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
	EXPECT_OK(zx_socket_read(b, 0, buffer, 1, NULL));
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE);
}

CHECK(socket_read, datagrams_one_by_one)
{
	zx_handle_t a, b;
	size_t actual;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	write_all(a, "0123456789", 10);
	write_all(a, "abc", 3);
	EXPECT_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 10);
	EXPECT_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 3);
	EXPECT_BYTES(buffer, "abc", 3);
	EXPECT_STATUS(read(b), ZX_ERR_SHOULD_WAIT);
}

/* What does not fit of a datagram is lost. */
CHECK(socket_read, datagram_is_cut)
{
	zx_handle_t a, b;
	size_t actual;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	write_all(a, "0123456789", 10);
	write_all(a, "abc", 3);
	EXPECT_OK(zx_socket_read(b, 0, buffer, 4, &actual));
	EXPECT_EQ(actual, 4);
	EXPECT_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	EXPECT_BYTES(buffer, "abc", 3);
}

CHECK(socket_read, peek, .from = ERA_2019_01)
{
	zx_handle_t a, b;
	size_t actual;

	make_socket(0, &a, &b);
	EXPECT_STATUS(peek(b, 4, &actual), ZX_ERR_SHOULD_WAIT);
	write_all(a, "abcdef", 6);
	EXPECT_OK(peek(b, 4, &actual));
	EXPECT_EQ(actual, 4);
	EXPECT_OK(peek(b, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 6);
	EXPECT_BYTES(buffer, "abcdef", 6);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
}

CHECK(socket_read, peek_datagram, .from = ERA_2019_01)
{
	zx_handle_t a, b;
	size_t actual;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	write_all(a, "abcdef", 6);
	write_all(a, "gh", 2);
	EXPECT_OK(peek(b, 4, &actual));
	EXPECT_EQ(actual, 4);
	EXPECT_OK(peek(b, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 6);
	EXPECT_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	EXPECT_EQ(actual, 6);
}

/* A NULL buffer asked how much there is. */
CHECK(socket_read, how_much, .to = ERA_2018_10)
{
	zx_handle_t a, b;
	size_t actual = 7;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_socket_read(b, 0, NULL, 0, &actual));
	EXPECT_EQ(actual, 0);
	write_all(a, "abcdef", 6);
	EXPECT_OK(zx_socket_read(b, 0, NULL, 0, &actual));
	EXPECT_EQ(actual, 6);
}

CHECK(socket_read, thresholds, .from = ERA_2018_12)
{
	zx_handle_t a, b;
	size_t value = 8;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_object_set_property(b, ZX_PROP_SOCKET_RX_THRESHOLD, &value, sizeof(value)));
	write_all(a, "1234567", 7);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
	write_all(a, "8", 1);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE | ZX_SOCKET_READ_THRESHOLD);
	EXPECT_OK(zx_socket_read(b, 0, buffer, 1, NULL));
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
	/* 0 switches it off. */
	value = 0;
	EXPECT_OK(zx_object_set_property(b, ZX_PROP_SOCKET_RX_THRESHOLD, &value, sizeof(value)));
	write_all(a, "9", 1);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
}
