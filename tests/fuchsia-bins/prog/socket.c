/* Sockets: streams and datagrams. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>

static uint8_t chunk[65536];

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void stream(void)
{
	char buffer[16];
	zx_handle_t a, b;
	size_t actual = 0;

	REQUIRE_OK(zx_socket_create(ZX_SOCKET_STREAM, &a, &b));
	CHECK_STATUS(zx_socket_create(0x80, &a, &b), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual), ZX_ERR_SHOULD_WAIT);
	CHECK_EQ(signals_of(b), ZX_SOCKET_WRITABLE);
	CHECK_OK(zx_socket_write(a, 0, "hello ", 6, &actual));
	CHECK_EQ(actual, 6);
	CHECK_OK(zx_socket_write(a, 0, "world", 5, NULL));
	CHECK_EQ(signals_of(b), ZX_SOCKET_WRITABLE | ZX_SOCKET_READABLE);
	/* Looking doesn't take; the bounds of writes don't count. */
	CHECK_OK(zx_socket_read(b, ZX_SOCKET_PEEK, buffer, 8, &actual));
	CHECK_EQ(actual, 8);
	CHECK_OK(zx_socket_read(b, 0, buffer, 8, &actual));
	CHECK_EQ(actual, 8);
	CHECK(!memcmp(buffer, "hello wo", 8));
	CHECK_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 3);
	CHECK(!memcmp(buffer, "rld", 3));
	CHECK_EQ(signals_of(b), ZX_SOCKET_WRITABLE);
	zx_handle_close(a);
	zx_handle_close(b);
}

/* Writes until no more goes in; everything must come out again. */
static void full(void)
{
	zx_info_socket_t info = { 0 };
	size_t written = 0, taken = 0, actual, i;
	zx_handle_t a, b;
	zx_status_t status;

	REQUIRE_OK(zx_socket_create(0, &a, &b));
	CHECK_OK(zx_object_get_info(a, ZX_INFO_SOCKET, &info, sizeof(info), NULL, NULL));
	for (;;) {
		for (i = 0; i < sizeof(chunk); i++)
			chunk[i] = (uint8_t)((written + i) % 251);
		status = zx_socket_write(a, 0, chunk, sizeof(chunk), &actual);
		if (status != ZX_OK)
			break;
		written += actual;
	}
	CHECK_STATUS(status, ZX_ERR_SHOULD_WAIT);
	CHECK_EQ(signals_of(a) & ZX_SOCKET_WRITABLE, 0);
	CHECK(written >= 65536);
	CHECK(written <= info.tx_buf_max);
	CHECK_OK(zx_object_get_info(b, ZX_INFO_SOCKET, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.rx_buf_size, written);
	CHECK_EQ(info.rx_buf_available, written);
	CHECK_EQ(info.tx_buf_size, 0);

	while (taken < written) {
		if (!CHECK_OK(zx_socket_read(b, 0, chunk, 10007, &actual)))
			return;
		for (i = 0; i < actual; i++)
			if (chunk[i] != (uint8_t)((taken + i) % 251)) {
				CHECK_EQ(chunk[i], (taken + i) % 251);
				return;
			}
		taken += actual;
	}
	CHECK_EQ(taken, written);
	CHECK_EQ(signals_of(a) & ZX_SOCKET_WRITABLE, ZX_SOCKET_WRITABLE);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void datagrams(void)
{
	zx_info_socket_t info = { 0 };
	char buffer[16];
	zx_handle_t a, b;
	size_t actual = 0;

	REQUIRE_OK(zx_socket_create(ZX_SOCKET_DATAGRAM, &a, &b));
	CHECK_OK(zx_socket_write(a, 0, "0123456789", 10, &actual));
	CHECK_OK(zx_socket_write(a, 0, "abc", 3, &actual));
	CHECK_OK(zx_object_get_info(b, ZX_INFO_SOCKET, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.options, ZX_SOCKET_DATAGRAM);
	CHECK_EQ(info.rx_buf_available, 10);
	/* What doesn't fit of a datagram is lost. */
	CHECK_OK(zx_socket_read(b, 0, buffer, 4, &actual));
	CHECK_EQ(actual, 4);
	CHECK(!memcmp(buffer, "0123", 4));
	CHECK_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 3);
	CHECK(!memcmp(buffer, "abc", 3));
	CHECK_STATUS(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual), ZX_ERR_SHOULD_WAIT);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void thresholds(void)
{
	zx_handle_t a, b;
	size_t value = 8, actual;
	char buffer[16];

	REQUIRE_OK(zx_socket_create(0, &a, &b));
	CHECK_OK(zx_object_set_property(b, ZX_PROP_SOCKET_RX_THRESHOLD, &value, sizeof(value)));
	value = 0;
	CHECK_OK(zx_object_get_property(b, ZX_PROP_SOCKET_RX_THRESHOLD, &value, sizeof(value)));
	CHECK_EQ(value, 8);
	CHECK_OK(zx_socket_write(a, 0, "1234567", 7, NULL));
	CHECK_EQ(signals_of(b) & ZX_SOCKET_READ_THRESHOLD, 0);
	CHECK_OK(zx_socket_write(a, 0, "8", 1, NULL));
	CHECK_EQ(signals_of(b) & ZX_SOCKET_READ_THRESHOLD, ZX_SOCKET_READ_THRESHOLD);
	CHECK_OK(zx_socket_read(b, 0, buffer, 1, &actual));
	CHECK_EQ(signals_of(b) & ZX_SOCKET_READ_THRESHOLD, 0);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void shutdown(void)
{
	char buffer[8];
	zx_handle_t a, b;
	size_t actual;

	REQUIRE_OK(zx_socket_create(0, &a, &b));
	CHECK_OK(zx_socket_write(a, 0, "left", 4, NULL));
	CHECK_OK(zx_socket_shutdown(a, ZX_SOCKET_SHUTDOWN_WRITE));
	CHECK_STATUS(zx_socket_write(a, 0, "x", 1, NULL), ZX_ERR_BAD_STATE);
	CHECK_EQ(signals_of(a), ZX_SOCKET_WRITE_DISABLED);
	CHECK_EQ(signals_of(b),
		 ZX_SOCKET_WRITABLE | ZX_SOCKET_READABLE | ZX_SOCKET_PEER_WRITE_DISABLED);
	CHECK_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 4);
	CHECK_STATUS(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual), ZX_ERR_BAD_STATE);
	/* The other direction still works. */
	CHECK_OK(zx_socket_write(b, 0, "back", 4, NULL));
	CHECK_OK(zx_socket_read(a, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 4);
	CHECK_STATUS(zx_socket_shutdown(a, 0x80), ZX_ERR_INVALID_ARGS);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void peer_closed(void)
{
	char buffer[8];
	zx_handle_t a, b;
	size_t actual;

	REQUIRE_OK(zx_socket_create(0, &a, &b));
	CHECK_OK(zx_socket_write(a, 0, "last", 4, NULL));
	zx_handle_close(a);
	CHECK_EQ(signals_of(b), ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED);
	CHECK_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 4);
	CHECK_STATUS(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual), ZX_ERR_PEER_CLOSED);
	CHECK_STATUS(zx_socket_write(b, 0, "x", 1, &actual), ZX_ERR_PEER_CLOSED);
	zx_handle_close(b);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(stream);
	RUN(full);
	RUN(datagrams);
	RUN(thresholds);
	RUN(shutdown);
	RUN(peer_closed);
	return rt_check_result();
}
