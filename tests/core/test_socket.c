/* Sockets: streams, datagrams, who may write, thresholds, and what 2018 had besides. */
#include "tests/core/socket_ends.h"

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
		test_case(info_tells_both_directions),
		test_case(reads_that_ask),
		test_case(two_threads),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
