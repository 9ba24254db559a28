/* Sockets: streams, datagrams, who may write, thresholds, and what 2018 had besides. */
#include "compat/core/event.h"
#include "compat/core/socket.h"
#include "compat/core/socket_queue.h"
#include "tests/core/core_fixture.h"

struct ends {
	zx_handle_t handle[2];
	struct socket *socket[2];
};

static struct ends make_socket(uint32_t options)
{
	zx_handle_t *out = user_scratch();
	struct ends ends;

	assert_int_equal(sys_socket_create(fx.self, options, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_OK);
	for (int i = 0; i < 2; i++) {
		ends.handle[i] = out[i];
		ends.socket[i] = fixture__object(out[i]);
	}
	return ends;
}

static uint32_t signals_of(struct socket *socket)
{
	return fixture__signals(socket__object(socket));
}

static zx_status_t send_text(zx_handle_t socket, const char *text, size_t *actual)
{
	size_t *moved = user_scratch();
	char *buffer = (char *)(moved + 1);
	zx_status_t status;

	memcpy(buffer, text, strlen(text));
	status = sys_socket_write(fx.self, socket, 0, UADDR(buffer), strlen(text), UADDR(moved));
	*actual = *moved;
	return status;
}

/* Reads into @text, which becomes a string. */
static zx_status_t receive(zx_handle_t socket, uint32_t options, char *text, size_t size)
{
	size_t *moved = user_scratch();
	char *buffer = (char *)(moved + 1);
	zx_status_t status;

	*moved = 0;
	status = sys_socket_read(fx.self, socket, options, UADDR(buffer), size, UADDR(moved));
	memcpy(text, buffer, *moved);
	text[*moved] = 0;
	return status;
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_alloc(8);

	(void)state;
	assert_int_equal(sys_socket_create(fx.self, ZX_SOCKET_HAS_CONTROL_2018, UADDR(&out[0]),
					   UADDR(&out[1])),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_create(fx.self, 0, UADDR(&out[0]), FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_socket_create(fx.self, 8, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_create(fx.self, ZX_SOCKET_CREATE_MASK_2018, UADDR(&out[0]),
					   UADDR(&out[1])),
			 ZX_OK);
}

static void stream_joins_writes(void **state)
{
	struct ends ends = make_socket(ZX_SOCKET_STREAM);
	char text[32];
	size_t actual;

	(void)state;
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITABLE);
	assert_int_equal(receive(ends.handle[1], 0, text, 8), ZX_ERR_SHOULD_WAIT);
	assert_int_equal(send_text(ends.handle[0], "hello ", &actual), ZX_OK);
	assert_int_equal(actual, 6);
	assert_int_equal(send_text(ends.handle[0], "world", &actual), ZX_OK);
	assert_int_equal(signals_of(ends.socket[1]), ZX_SOCKET_WRITABLE | ZX_SOCKET_READABLE);
	assert_int_equal(socket__readable(ends.socket[1]), 11);
	assert_int_equal(receive(ends.handle[1], ZX_SOCKET_PEEK, text, 8), ZX_OK);
	assert_string_equal(text, "hello wo");
	assert_int_equal(receive(ends.handle[1], 0, text, 3), ZX_OK);
	assert_string_equal(text, "hel");
	assert_int_equal(receive(ends.handle[1], 0, text, 31), ZX_OK);
	assert_string_equal(text, "lo world");
	assert_int_equal(signals_of(ends.socket[1]), ZX_SOCKET_WRITABLE);
}

static void call_errors(void **state)
{
	struct ends ends = make_socket(0);
	size_t actual;
	char text[8];
	zx_handle_t weak;

	(void)state;
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, 0, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_write(fx.self, 0, ZX_SOCKET_CONTROL_2018, 1, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, 0, 0, 0), ZX_OK);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, 1, 1ull << 32, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, FIXTURE_BAD_ADDR, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[0], 0, 0, 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[0], 1, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(send_text(ends.handle[0], "kept", &actual), ZX_OK);
	/* A bad buffer loses nothing. */
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], 0, FIXTURE_BAD_ADDR, 2, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], 0, 0, 0, 0), ZX_OK);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_OK);
	assert_string_equal(text, "kept");
	object__get(socket__object(ends.socket[0]));
	weak = fixture__handle(socket__object(ends.socket[0]), ZX_RIGHT_WAIT);
	assert_int_equal(sys_socket_read(fx.self, weak, 0, 0, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_socket_write(fx.self, weak, 0, 0, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_socket_shutdown(fx.self, weak, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_socket_set_disposition(fx.self, weak, 1, 0), ZX_ERR_ACCESS_DENIED);
}

static void stream_fills_up(void **state)
{
	struct ends ends = make_socket(0);
	size_t size = SOCKET_CAPACITY + 1000;
	unsigned char *data = user_alloc(size);
	unsigned char *back = user_alloc(size);
	size_t *actual = user_new(size_t);

	(void)state;
	for (size_t i = 0; i < size; i++)
		data[i] = (unsigned char)(i * 7 >> 3);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data), 5,
					  UADDR(actual)),
			 ZX_OK);
	/* Only what fits is taken. */
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data + 5), size - 5,
					  UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, SOCKET_CAPACITY - 5);
	assert_int_equal(signals_of(ends.socket[0]), 0);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data), 1, 0),
			 ZX_ERR_SHOULD_WAIT);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], 0, UADDR(back), 12345,
					 UADDR(actual)),
			 ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITABLE);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], 0, UADDR(back + 12345), size,
					 UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, SOCKET_CAPACITY - 12345);
	assert_memory_equal(data, back, SOCKET_CAPACITY);
}

static void datagrams_stay_apart(void **state)
{
	struct ends ends = make_socket(ZX_SOCKET_DATAGRAM);
	zx_info_socket_t info;
	char text[16];
	size_t actual;

	(void)state;
	assert_int_equal(send_text(ends.handle[0], "one", &actual), ZX_OK);
	assert_int_equal(send_text(ends.handle[0], "three", &actual), ZX_OK);
	assert_int_equal(send_text(ends.handle[0], "five", &actual), ZX_OK);
	socket__info(ends.socket[1], &info);
	assert_int_equal(info.rx_buf_size, 12);
	assert_int_equal(info.rx_buf_available, 3);
	assert_int_equal(receive(ends.handle[1], 0, text, 15), ZX_OK);
	assert_string_equal(text, "one");
	assert_int_equal(receive(ends.handle[1], ZX_SOCKET_PEEK, text, 2), ZX_OK);
	assert_string_equal(text, "th");
	/* What a read has no room for is lost, but not with a bad buffer. */
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], 0, FIXTURE_BAD_ADDR, 2, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(receive(ends.handle[1], 0, text, 4), ZX_OK);
	assert_string_equal(text, "thre");
	assert_int_equal(receive(ends.handle[1], 0, text, 15), ZX_OK);
	assert_string_equal(text, "five");
	assert_int_equal(receive(ends.handle[1], 0, text, 15), ZX_ERR_SHOULD_WAIT);
}

static void datagrams_are_whole(void **state)
{
	struct ends ends = make_socket(ZX_SOCKET_DATAGRAM);
	char *data = user_alloc(SOCKET_CAPACITY + 1);

	(void)state;
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data),
					  SOCKET_CAPACITY + 1, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data),
					  SOCKET_CAPACITY - 1, 0),
			 ZX_OK);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data), 2, 0),
			 ZX_ERR_SHOULD_WAIT);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], 0, UADDR(data), 1, 0), ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]), 0);
}

static void peer_closed(void **state)
{
	struct ends ends = make_socket(0);
	char text[8];
	size_t actual;

	(void)state;
	assert_int_equal(send_text(ends.handle[0], "last", &actual), ZX_OK);
	fixture__close(ends.handle[0]);
	assert_int_equal(signals_of(ends.socket[1]), ZX_SOCKET_PEER_CLOSED | ZX_SOCKET_READABLE);
	assert_int_equal(send_text(ends.handle[1], "x", &actual), ZX_ERR_PEER_CLOSED);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_OK);
	assert_string_equal(text, "last");
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_ERR_PEER_CLOSED);
}

static void shutdown_of_one_side(void **state)
{
	struct ends ends = make_socket(0);
	char text[8];
	size_t actual;

	(void)state;
	assert_int_equal(sys_socket_shutdown(fx.self, ends.handle[0], 4), ZX_ERR_INVALID_ARGS);
	assert_int_equal(send_text(ends.handle[0], "rest", &actual), ZX_OK);
	assert_int_equal(sys_socket_shutdown(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_WRITE),
			 ZX_OK);
	assert_int_equal(sys_socket_shutdown(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_WRITE),
			 ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITE_DISABLED);
	assert_int_equal(signals_of(ends.socket[1]),
			 ZX_SOCKET_WRITABLE | ZX_SOCKET_READABLE | ZX_SOCKET_PEER_WRITE_DISABLED);
	assert_int_equal(send_text(ends.handle[0], "x", &actual), ZX_ERR_BAD_STATE);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_OK);
	assert_string_equal(text, "rest");
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_ERR_BAD_STATE);
	/* The other way still works, until it is shut as well: from its reader. */
	assert_int_equal(send_text(ends.handle[1], "back", &actual), ZX_OK);
	assert_int_equal(sys_socket_shutdown(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_READ),
			 ZX_OK);
	assert_int_equal(send_text(ends.handle[1], "x", &actual), ZX_ERR_BAD_STATE);
	assert_int_equal(receive(ends.handle[0], 0, text, 7), ZX_OK);
	assert_int_equal(receive(ends.handle[0], 0, text, 7), ZX_ERR_BAD_STATE);
}

static void shutdown_by_a_write(void **state)
{
	struct ends ends;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	ends = make_socket(0);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_WRITE, 0, 0,
					  0),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_WRITE, 1, 1,
					  0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], ZX_SOCKET_SHUTDOWN_WRITE, 0, 0,
					  FIXTURE_BAD_ADDR),
			 ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITE_DISABLED);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[1], ZX_SOCKET_SHUTDOWN_MASK, 0, 0,
					  0),
			 ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]),
			 ZX_SOCKET_WRITE_DISABLED | ZX_SOCKET_PEER_WRITE_DISABLED);
	/* Nor could they be peeked into yet. */
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], ZX_SOCKET_PEEK, 0, 0, 0),
			 ZX_ERR_INVALID_ARGS);
}

static void dispositions(void **state)
{
	const uint32_t off = ZX_SOCKET_DISPOSITION_WRITE_DISABLED;
	const uint32_t on = ZX_SOCKET_DISPOSITION_WRITE_ENABLED;
	struct ends ends;
	char text[8];
	size_t actual;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	ends = make_socket(0);
	assert_int_equal(sys_socket_set_disposition(fx.self, 0, off | on, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_set_disposition(fx.self, 0, 0, off | on), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_set_disposition(fx.self, 0, 4, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_set_disposition(fx.self, 0, off, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(send_text(ends.handle[0], "data", &actual), ZX_OK);
	/* Enabled already: buffered data is no matter. */
	assert_int_equal(sys_socket_set_disposition(fx.self, ends.handle[0], on, 0), ZX_OK);
	assert_int_equal(sys_socket_set_disposition(fx.self, ends.handle[0], off, off), ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]),
			 ZX_SOCKET_WRITE_DISABLED | ZX_SOCKET_PEER_WRITE_DISABLED);
	assert_int_equal(sys_socket_set_disposition(fx.self, ends.handle[0], on, on),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_socket_set_disposition(fx.self, ends.handle[1], 0, on),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(signals_of(ends.socket[0]),
			 ZX_SOCKET_WRITE_DISABLED | ZX_SOCKET_PEER_WRITE_DISABLED);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_OK);
	assert_int_equal(sys_socket_set_disposition(fx.self, ends.handle[0], on, on), ZX_OK);
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITABLE);
	assert_int_equal(signals_of(ends.socket[1]), ZX_SOCKET_WRITABLE);
	assert_int_equal(send_text(ends.handle[0], "more", &actual), ZX_OK);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_OK);
	assert_int_equal(receive(ends.handle[1], 0, text, 7), ZX_ERR_SHOULD_WAIT);
}

static void thresholds(void **state)
{
	struct ends ends = make_socket(0);
	char text[16];
	size_t actual;

	(void)state;
	assert_int_equal(socket__set_read_threshold(ends.socket[1], SOCKET_CAPACITY + 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(socket__set_read_threshold(ends.socket[1], 5), ZX_OK);
	assert_int_equal(socket__read_threshold(ends.socket[1]), 5);
	assert_int_equal(send_text(ends.handle[0], "four", &actual), ZX_OK);
	assert_false(signals_of(ends.socket[1]) & ZX_SOCKET_READ_THRESHOLD);
	assert_int_equal(send_text(ends.handle[0], "5", &actual), ZX_OK);
	assert_true(signals_of(ends.socket[1]) & ZX_SOCKET_READ_THRESHOLD);
	assert_int_equal(receive(ends.handle[1], 0, text, 1), ZX_OK);
	assert_false(signals_of(ends.socket[1]) & ZX_SOCKET_READ_THRESHOLD);
	assert_int_equal(socket__set_read_threshold(ends.socket[1], 2), ZX_OK);
	assert_true(signals_of(ends.socket[1]) & ZX_SOCKET_READ_THRESHOLD);
	assert_int_equal(socket__set_read_threshold(ends.socket[1], 0), ZX_OK);
	assert_false(signals_of(ends.socket[1]) & ZX_SOCKET_READ_THRESHOLD);

	assert_int_equal(socket__set_write_threshold(ends.socket[0], SOCKET_CAPACITY + 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(socket__set_write_threshold(ends.socket[0], SOCKET_CAPACITY), ZX_OK);
	assert_false(signals_of(ends.socket[0]) & ZX_SOCKET_WRITE_THRESHOLD);
	assert_int_equal(receive(ends.handle[1], 0, text, 15), ZX_OK);
	assert_true(signals_of(ends.socket[0]) & ZX_SOCKET_WRITE_THRESHOLD);
	assert_int_equal(send_text(ends.handle[0], "x", &actual), ZX_OK);
	assert_false(signals_of(ends.socket[0]) & ZX_SOCKET_WRITE_THRESHOLD);
	assert_int_equal(socket__write_threshold(ends.socket[0]), SOCKET_CAPACITY);
	fixture__close(ends.handle[1]);
	assert_int_equal(socket__set_write_threshold(ends.socket[0], 1), ZX_ERR_PEER_CLOSED);
}

static void info_tells_both_directions(void **state)
{
	struct ends ends = make_socket(0);
	zx_info_socket_t info;
	size_t actual;

	(void)state;
	assert_int_equal(send_text(ends.handle[0], "abc", &actual), ZX_OK);
	assert_int_equal(send_text(ends.handle[1], "de", &actual), ZX_OK);
	socket__info(ends.socket[0], &info);
	assert_int_equal(info.options, 0);
	assert_int_equal(info.rx_buf_max, SOCKET_CAPACITY);
	assert_int_equal(info.rx_buf_size, 2);
	assert_int_equal(info.rx_buf_available, 2);
	assert_int_equal(info.tx_buf_max, SOCKET_CAPACITY);
	assert_int_equal(info.tx_buf_size, 3);
	fixture__close(ends.handle[1]);
	socket__info(ends.socket[0], &info);
	assert_int_equal(info.tx_buf_max, 0);
	assert_int_equal(info.tx_buf_size, 0);
	assert_int_equal(info.rx_buf_size, 2);
}

/* --- 2018 --- */

/* A read of nothing, to nowhere, tells how much waits. */
static zx_status_t ask(zx_handle_t socket, size_t *actual)
{
	size_t *moved = user_scratch();
	zx_status_t status = sys_socket_read(fx.self, socket, 0, 0, 0, UADDR(moved));

	*actual = *moved;
	return status;
}

static void reads_that_ask(void **state)
{
	struct ends stream = make_socket(0);
	struct ends datagram = make_socket(ZX_SOCKET_DATAGRAM);
	size_t actual;

	(void)state;
	assert_int_equal(send_text(stream.handle[0], "hello", &actual), ZX_OK);
	assert_int_equal(send_text(datagram.handle[0], "abc", &actual), ZX_OK);
	assert_int_equal(send_text(datagram.handle[0], "defg", &actual), ZX_OK);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(ask(stream.handle[0], &actual), ZX_ERR_SHOULD_WAIT);
	assert_int_equal(ask(stream.handle[1], &actual), ZX_OK);
	assert_int_equal(actual, 0);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(ask(stream.handle[0], &actual), ZX_OK);
	assert_int_equal(actual, 0);
	assert_int_equal(ask(stream.handle[1], &actual), ZX_OK);
	assert_int_equal(actual, 5);
	assert_int_equal(ask(datagram.handle[1], &actual), ZX_OK);
	assert_int_equal(actual, 3);
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(ask(datagram.handle[1], &actual), ZX_OK);
	assert_int_equal(actual, 7);
	fixture__close(stream.handle[1]);
	assert_int_equal(ask(stream.handle[0], &actual), ZX_OK);
	assert_int_equal(actual, 0);
}

static void control_plane(void **state)
{
	const uint32_t control = ZX_SOCKET_CONTROL_2018;
	char *data = user_alloc(2048);
	size_t *actual = user_new(size_t);
	struct ends plain;
	struct ends ends;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	plain = make_socket(0);
	assert_int_equal(sys_socket_write(fx.self, plain.handle[0], control, UADDR(data), 1, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_socket_read(fx.self, plain.handle[0], control, UADDR(data), 1, 0),
			 ZX_ERR_BAD_STATE);
	ends = make_socket(ZX_SOCKET_HAS_CONTROL_2018);
	assert_int_equal(signals_of(ends.socket[0]),
			 ZX_SOCKET_WRITABLE | ZX_SOCKET_CONTROL_WRITABLE_2018);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], control, UADDR(data), 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], control, UADDR(data), 1025, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], control, UADDR(data), 1, 0),
			 ZX_ERR_SHOULD_WAIT);
	memcpy(data, "control", 7);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], control, UADDR(data), 7,
					  UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 7);
	assert_int_equal(signals_of(ends.socket[0]), ZX_SOCKET_WRITABLE);
	assert_true(signals_of(ends.socket[1]) & ZX_SOCKET_CONTROL_READABLE_2018);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], control, UADDR(data), 7, 0),
			 ZX_ERR_SHOULD_WAIT);
	memset(data, 0, 7);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], control, FIXTURE_BAD_ADDR, 7, 0),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], control | ZX_SOCKET_PEEK,
					 UADDR(data), 3, UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 3);
	/* The rest of a message that is longer than the buffer is lost. */
	assert_int_equal(sys_socket_read(fx.self, ends.handle[1], control, UADDR(data), 4,
					 UADDR(actual)),
			 ZX_OK);
	assert_memory_equal(data, "cont\0\0", 6);
	assert_int_equal(signals_of(ends.socket[0]),
			 ZX_SOCKET_WRITABLE | ZX_SOCKET_CONTROL_WRITABLE_2018);
	fixture__close(ends.handle[1]);
	assert_int_equal(sys_socket_write(fx.self, ends.handle[0], control, UADDR(data), 7, 0),
			 ZX_ERR_PEER_CLOSED);
}

static void accept_queue(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct ends plain;
	struct ends server;
	struct ends other;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	plain = make_socket(0);
	other = make_socket(0);
	server = make_socket(ZX_SOCKET_HAS_ACCEPT_2018);
	assert_int_equal(signals_of(server.socket[0]), ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018);
	assert_int_equal(sys_socket_accept(fx.self, plain.handle[0], UADDR(out)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_socket_accept(fx.self, server.handle[1], UADDR(out)),
			 ZX_ERR_SHOULD_WAIT);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], plain.handle[0]), ZX_OK);
	assert_int_equal(signals_of(server.socket[0]), ZX_SOCKET_WRITABLE);
	assert_int_equal(signals_of(server.socket[1]),
			 ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018 | ZX_SOCKET_ACCEPT_2018);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], other.handle[0]),
			 ZX_ERR_SHOULD_WAIT);
	/* Gone all the same. */
	assert_int_equal(signals_of(other.socket[1]), ZX_SOCKET_PEER_CLOSED);
	assert_int_equal(sys_socket_accept(fx.self, server.handle[1], UADDR(out)), ZX_OK);
	assert_ptr_equal(fixture__object(*out), plain.socket[0]);
	assert_int_equal(signals_of(server.socket[0]), ZX_SOCKET_WRITABLE | ZX_SOCKET_SHARE_2018);
	/* One that waits to be accepted goes with the end that would have accepted it. */
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], *out), ZX_OK);
	fixture__close(server.handle[1]);
	assert_int_equal(signals_of(plain.socket[1]), ZX_SOCKET_PEER_CLOSED);
}

static void share_errors(void **state)
{
	struct ends server;
	struct ends plain;
	zx_handle_t weak;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	server = make_socket(ZX_SOCKET_HAS_ACCEPT_2018);
	plain = make_socket(0);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_socket_share(fx.self, 0, plain.handle[0]), ZX_ERR_BAD_HANDLE);
	assert_int_equal(signals_of(plain.socket[1]), ZX_SOCKET_PEER_CLOSED);
	weak = fixture__handle(event__create(), ZX_RIGHT_WAIT);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], weak), ZX_ERR_ACCESS_DENIED);
	weak = fixture__handle(event__create(), ZX_RIGHT_TRANSFER);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0], weak), ZX_ERR_WRONG_TYPE);
	plain = make_socket(0);
	assert_int_equal(sys_socket_share(fx.self, plain.handle[0], make_socket(0).handle[0]),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_socket_share(fx.self, server.handle[0],
					  make_socket(ZX_SOCKET_HAS_ACCEPT_2018).handle[0]),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_socket_share(fx.self, plain.handle[0], plain.handle[1]),
			 ZX_ERR_BAD_STATE);
}

#define TOTAL (4u << 20)

static void send_all(struct thread *self, void *data)
{
	struct socket *socket = data;
	unsigned char bytes[3000];
	size_t sent = 0;

	while (sent < TOTAL) {
		size_t size = 1 + sent * 7919 % sizeof(bytes);
		size_t actual = 0;
		zx_status_t status;

		if (size > TOTAL - sent)
			size = TOTAL - sent;
		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)((sent + i) * 31 >> 4);
		status = socket__write(socket, bytes, size, &actual);
		if (status == ZX_ERR_SHOULD_WAIT)
			assert_int_equal(object__wait_one(self, socket__object(socket), NULL, 0,
							  ZX_SOCKET_WRITABLE, ZX_TIME_INFINITE,
							  NULL),
					 ZX_OK);
		else
			assert_int_equal(status, ZX_OK);
		sent += actual;
	}
	assert_int_equal(socket__shutdown_write(socket), ZX_OK);
}

static void two_threads(void **state)
{
	struct ends ends = make_socket(0);
	struct runner runner;
	zx_status_t status = ZX_OK;
	size_t received = 0;

	(void)state;
	fixture__run(&runner, send_all, ends.socket[0]);
	while (status == ZX_OK || status == ZX_ERR_SHOULD_WAIT) {
		unsigned char bytes[5000];
		size_t actual = 0;

		status = socket__read(ends.socket[1], bytes, sizeof(bytes), &actual);
		for (size_t i = 0; i < actual; i++, received++)
			assert_true(bytes[i] == (unsigned char)(received * 31 >> 4));
		if (status == ZX_ERR_SHOULD_WAIT)
			assert_int_equal(object__wait_one(fx.self, socket__object(ends.socket[1]),
							  NULL, 0,
							  ZX_SOCKET_READABLE |
								  ZX_SOCKET_PEER_WRITE_DISABLED,
							  ZX_TIME_INFINITE, NULL),
					 ZX_OK);
	}
	assert_int_equal(status, ZX_ERR_BAD_STATE);
	assert_int_equal(received, TOTAL);
	fixture__join(&runner);
}

static void cycle(void)
{
	static const uint32_t options[] = { 0, ZX_SOCKET_DATAGRAM, ZX_SOCKET_CREATE_MASK_2018 };
	struct ends shared;
	char text[16];
	size_t actual;

	fixture__set_era(ZXERA_2018_12);
	shared = make_socket(0);
	for (int i = 0; i < 3; i++) {
		struct ends ends = make_socket(options[i]);

		assert_int_equal(send_text(ends.handle[0], "unread", &actual), ZX_OK);
		assert_int_equal(receive(ends.handle[1], 0, text, 3), ZX_OK);
		if (i == 2)
			assert_int_equal(sys_socket_share(fx.self, ends.handle[0],
							  shared.handle[0]),
					 ZX_OK);
		fixture__close(ends.handle[0]);
		fixture__close(ends.handle[1]);
	}
	fixture__close(shared.handle[1]);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(stream_joins_writes),
		test_case(call_errors),
		test_case(stream_fills_up),
		test_case(datagrams_stay_apart),
		test_case(datagrams_are_whole),
		test_case(peer_closed),
		test_case(shutdown_of_one_side),
		test_case(shutdown_by_a_write),
		test_case(dispositions),
		test_case(thresholds),
		test_case(info_tells_both_directions),
		test_case(reads_that_ask),
		test_case(control_plane),
		test_case(accept_queue),
		test_case(share_errors),
		test_case(two_threads),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
