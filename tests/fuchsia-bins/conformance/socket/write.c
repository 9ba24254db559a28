/* zx_socket_write. */
#include "socket.h"

static zx_status_t write(zx_handle_t end)
{
	return zx_socket_write(end, 0, "x", 1, NULL);
}

CHECK_HANDLE(socket_write, handle, WRITE, socket_end(), write(h))

CHECK_ERROR(socket_write, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(zx_socket_write(socket_end(), 8, "x", 1, NULL), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_write(socket_end(), 0x80000000u, "x", 1, NULL),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(socket_write, options_before_handle, .from = ERA_2018_12)
{
	EXPECT_STATUS(zx_socket_write(ZX_HANDLE_INVALID, 8, "x", 1, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK(socket_write, handle_before_options, .to = ERA_2018_10)
{
	EXPECT_STATUS(zx_socket_write(ZX_HANDLE_INVALID, 8, "x", 1, NULL), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(zx_socket_write(make_event(), 8, "x", 1, NULL), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(zx_socket_write(ZX_HANDLE_INVALID, 8, NULL, 1, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(socket_write, ZX_ERR_INVALID_ARGS, old_options, .line = "options",
	    .from = ERA_2020_07)
{
	EXPECT_STATUS(zx_socket_write(socket_end(), ZX_SOCKET_CONTROL_2018, "x", 1, NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_socket_write(socket_end(), 1, NULL, 0, NULL), ZX_ERR_INVALID_ARGS);
}

REFUSES(socket_write, ZX_ERR_INVALID_ARGS, no_buffer,
	zx_socket_write(socket_end(), 0, NULL, 1, NULL), .line = "options")
REFUSES(socket_write, ZX_ERR_PEER_CLOSED, other_end_gone, write(lonely_end()))

CHECK_ERROR(socket_write, ZX_ERR_BAD_STATE, disabled, .line = "writing is disabled")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	disable_writing(a, THIS_END);
	EXPECT_STATUS(write(a), ZX_ERR_BAD_STATE);
	EXPECT_OK(write(b));
}

CHECK_ERROR(socket_write, ZX_ERR_BAD_STATE, disabled_from_the_other_end,
	    .line = "writing is disabled")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	disable_writing(a, OTHER_END);
	EXPECT_STATUS(write(b), ZX_ERR_BAD_STATE);
	EXPECT_OK(write(a));
}

CHECK_ERROR(socket_write, ZX_ERR_SHOULD_WAIT, full, .line = "no room")
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT(fill(a) >= 65536);
	EXPECT_STATUS(write(a), ZX_ERR_SHOULD_WAIT);
	EXPECT_SIGNALS(a, 0);
	EXPECT_SIGNALS(b, ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
}

CHECK_ERROR(socket_write, ZX_ERR_SHOULD_WAIT, datagram, .line = "no room")
{
	static uint8_t large[60000];
	zx_status_t status = ZX_OK;
	size_t actual, sum = 0;
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	while (status == ZX_OK) {
		actual = sizeof(large);
		status = zx_socket_write(a, 0, large, sizeof(large), &actual);
		EXPECT_EQ(actual, sizeof(large));
		sum += actual;
		EXPECT(sum < (1u << 30));
	}
	EXPECT_STATUS(status, ZX_ERR_SHOULD_WAIT);
}

static zx_status_t write_huge_datagram(void)
{
	size_t size = 16u << 20;
	void *bytes = map_pages(size / RT_PAGE_SIZE, ZX_VM_PERM_READ);
	zx_handle_t a, b;

	make_socket(ZX_SOCKET_DATAGRAM, &a, &b);
	return zx_socket_write(a, 0, bytes, size, NULL);
}

REFUSES(socket_write, ZX_ERR_OUT_OF_RANGE, datagram, write_huge_datagram(),
	.line = "the datagram", .from = ERA_2018_10)
/* At first nobody told it from one that only has no room now. */
REFUSES(socket_write, ZX_ERR_SHOULD_WAIT, huge_datagram, write_huge_datagram(),
	.line = "there is no room", .to = ERA_2018_07)
REFUSES(socket_write, ZX_ERR_INVALID_ARGS, far_too_large,
	zx_socket_write(socket_end(), 0, "x", (size_t)1 << 32, NULL), .line = "4 GiB")
REFUSES(socket_write, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_socket_write(socket_end(), 0, BAD_POINTER, 1, NULL), .line = "buffer or actual")
REFUSES(socket_write, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_socket_write(socket_end(), 0, "x", 1, BAD_POINTER), .line = "buffer or actual")

CHECK(socket_write, peer_before_pointers)
{
	EXPECT_STATUS(zx_socket_write(lonely_end(), 0, BAD_POINTER, 1, NULL), ZX_ERR_PEER_CLOSED);
}

/* As much as there is room for. */
CHECK(socket_write, short_write)
{
	static uint8_t chunk[65536];
	zx_handle_t a, b;
	size_t actual = 0;

	make_socket(0, &a, &b);
	fill(a);
	EXPECT_OK(zx_socket_read(b, 0, chunk, 10000, &actual));
	EXPECT_EQ(actual, 10000);
	EXPECT_OK(zx_socket_write(a, 0, chunk, sizeof(chunk), &actual));
	EXPECT(actual > 0);
	EXPECT(actual < sizeof(chunk));
}

CHECK(socket_write, bytes_come_out_as_they_went_in)
{
	static uint8_t chunk[10007];
	size_t written = 0, taken = 0, actual, i;
	zx_handle_t a, b;
	zx_status_t status;

	make_socket(0, &a, &b);
	for (;;) {
		for (i = 0; i < sizeof(chunk); i++)
			chunk[i] = (uint8_t)((written + i) % 251);
		status = zx_socket_write(a, 0, chunk, sizeof(chunk), &actual);
		if (status != ZX_OK)
			break;
		written += actual;
	}
	while (zx_socket_read(b, 0, chunk, 4099, &actual) == ZX_OK) {
		for (i = 0; i < actual; i++)
			if (chunk[i] != (taken + i) % 251)
				EXPECT_EQ(chunk[i], (taken + i) % 251);
		taken += actual;
	}
	EXPECT_EQ(taken, written);
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
}

CHECK(socket_write, nothing)
{
	zx_handle_t a, b;
	size_t actual = 7;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_socket_write(a, 0, NULL, 0, &actual));
	EXPECT_EQ(actual, 0);
	EXPECT_SIGNALS(b, ZX_SOCKET_WRITABLE);
}

CHECK(socket_write, threshold, .from = ERA_2018_12)
{
	static uint8_t chunk[65536];
	zx_handle_t a, b;
	size_t value = 20000;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_object_set_property(a, ZX_PROP_SOCKET_TX_THRESHOLD, &value, sizeof(value)));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_WRITE_THRESHOLD);
	fill(a);
	EXPECT_SIGNALS(a, 0);
	EXPECT_OK(zx_socket_read(b, 0, chunk, 10000, NULL));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE);
	EXPECT_OK(zx_socket_read(b, 0, chunk, 20000, NULL));
	EXPECT_SIGNALS(a, ZX_SOCKET_WRITABLE | ZX_SOCKET_WRITE_THRESHOLD);
}

/* --- Shutdown by options of this call --- */

REFUSES(socket_write, ZX_ERR_INVALID_ARGS, shutdown_with_bytes,
	zx_socket_write(socket_end(), ZX_SOCKET_SHUTDOWN_WRITE, "x", 1, NULL),
	.line = "together with bytes", .to = ERA_2018_10)

CHECK(socket_write, shutdown, .to = ERA_2018_10)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	disable_writing(a, THIS_END | OTHER_END);
	EXPECT_STATUS(write(a), ZX_ERR_BAD_STATE);
	EXPECT_STATUS(write(b), ZX_ERR_BAD_STATE);
}
