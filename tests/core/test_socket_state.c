/* Sockets: what one side may do no more, thresholds, and what was only in 2018. */
#include "tests/core/socket_ends.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(peer_closed),
		test_case(shutdown_of_one_side),
		test_case(shutdown_by_a_write),
		test_case(dispositions),
		test_case(thresholds),
		test_case(control_plane),
		test_case(accept_queue),
		test_case(share_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
