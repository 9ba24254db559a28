/* Ports: asynchronous waits, and what ends them. */
#include "tests/core/port_tools.h"

static void async_fires_once(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();

	(void)state;
	wait_async(port, event, 1, 0);
	expect_nothing(port);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	signal_event(event, ZX_EVENT_SIGNALED, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	assert_int_equal(expect_signal(port, 1).signal.timestamp, 0);
	expect_nothing(port);
	/* Active already: at once. */
	wait_async(port, event, 2, 0);
	assert_int_equal(expect_signal(port, 2).signal.count, 1);
}

/* Of several waits for one object the latest one is told first. */
static void async_latest_first(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();

	(void)state;
	for (uint64_t key = 1; key <= 3; key++)
		wait_async(port, event, key, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	for (uint64_t key = 3; key; key--)
		expect_signal(port, key);
	expect_nothing(port);
}

static void async_with_timestamp(void **state)
{
	zx_time_t before = core_host.clock_monotonic();
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	zx_port_packet_t packet;

	(void)state;
	wait_async(port, event, 1, ZX_WAIT_ASYNC_TIMESTAMP);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	packet = expect_signal(port, 1);
	assert_in_range(packet.signal.timestamp, before, core_host.clock_monotonic());
}

static void async_with_boot_timestamp(void **state)
{
	zx_time_t before = core_host.clock_boot();
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	zx_port_packet_t packet;

	(void)state;
	assert_int_equal(sys_object_wait_async(fx.self, event, port, 1, ZX_EVENT_SIGNALED,
					       ZX_WAIT_ASYNC_BOOT_TIMESTAMP),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_object_wait_async(fx.self, event, port, 1, ZX_EVENT_SIGNALED,
					       ZX_WAIT_ASYNC_BOOT_TIMESTAMP |
						       ZX_WAIT_ASYNC_TIMESTAMP),
			 ZX_ERR_INVALID_ARGS);
	wait_async(port, event, 1, ZX_WAIT_ASYNC_BOOT_TIMESTAMP);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	packet = expect_signal(port, 1);
	assert_in_range(packet.signal.timestamp, before, core_host.clock_boot());
}

static void async_on_edge(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();

	(void)state;
	assert_int_equal(sys_object_wait_async(fx.self, event, port, 1, ZX_EVENT_SIGNALED,
					       ZX_WAIT_ASYNC_EDGE),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2021_01);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	wait_async(port, event, 1, ZX_WAIT_ASYNC_EDGE);
	expect_nothing(port);
	/* Another signal's change is no edge of this one. */
	signal_event(event, 0, ZX_USER_SIGNAL_0);
	expect_nothing(port);
	signal_event(event, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_0, 0);
	expect_nothing(port);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	expect_signal(port, 1);
}

static void async_repeats_in_2018(void **state)
{
	zx_handle_t port;
	zx_handle_t event;
	zx_port_packet_t packet;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	port = make_port();
	event = make_event();
	assert_int_equal(sys_object_wait_async(fx.self, event, port, 3, ZX_EVENT_SIGNALED, 2),
			 ZX_ERR_INVALID_ARGS);
	wait_async(port, event, 3, 1);
	for (int i = 0; i < 3; i++) {
		signal_event(event, ZX_EVENT_SIGNALED, 0);
		signal_event(event, 0, ZX_EVENT_SIGNALED);
	}
	/* The packet of a repeating wait is one and the same until it is taken. */
	assert_int_equal(take(port, &packet), ZX_OK);
	assert_int_equal(packet.type, PKT_TYPE_SIGNAL_REP);
	expect_nothing(port);
	/* Any change counts as long as the signal stays. */
	signal_event(event, 0, ZX_USER_SIGNAL_0);
	assert_int_equal(take(port, &packet), ZX_OK);
	assert_int_equal(packet.signal.observed, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_0);
	signal_event(event, ZX_USER_SIGNAL_0, 0);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 3), ZX_OK);
	expect_nothing(port);
	signal_event(event, ZX_EVENT_SIGNALED, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	expect_nothing(port);
}

static void async_counts_messages(void **state)
{
	zx_handle_t port = make_port();
	struct channel *end0;
	struct channel *end1;
	zx_port_packet_t packet;
	zx_handle_t handle;

	(void)state;
	assert_int_equal(channel__create(&end0, &end1), ZX_OK);
	handle = fixture__handle(&end0->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	for (int i = 0; i < 3; i++)
		assert_int_equal(channel__write(end1, message__alloc(0, 0)), ZX_OK);
	assert_int_equal(sys_object_wait_async(fx.self, handle, port, 1, ZX_CHANNEL_READABLE, 0),
			 ZX_OK);
	assert_int_equal(take(port, &packet), ZX_OK);
	assert_int_equal(packet.signal.count, 3);
	object__put(&end1->object);
}

static void cancel_by_source_and_key(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	zx_handle_t twin;

	(void)state;
	object__get(fixture__object(event));
	twin = fixture__handle(fixture__object(event), ZX_DEFAULT_EVENT_RIGHTS);
	wait_async(port, event, 1, 0);
	wait_async(port, event, 1, 0);
	wait_async(port, event, 2, 0);
	wait_async(port, twin, 1, 0);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 1), ZX_OK);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 1), ZX_ERR_NOT_FOUND);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	expect_signal(port, 1);
	expect_signal(port, 2);
	expect_nothing(port);
}

static void cancel_takes_queued_packets(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();

	(void)state;
	wait_async(port, event, 1, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	queue(port, 1);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 1), ZX_OK);
	/* The user packet with the same key came from no handle: only cancel_key takes it. */
	assert_int_equal(sys_port_cancel(fx.self, port, event, 1), ZX_ERR_NOT_FOUND);
	wait_async(port, event, 1, 0);
	wait_async(port, event, 4, 0);
	assert_int_equal(sys_port_cancel_key(fx.self, port, 0, 1), ZX_OK);
	expect_signal(port, 4);
	expect_nothing(port);
	assert_int_equal(((struct port *)fixture__object(port))->queued, 0);
}

static void closing_the_source_drops_waits(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	struct object *object = fixture__object(event);

	(void)state;
	object__get(object);
	wait_async(port, event, 1, 0);
	fixture__close(event);
	assert_true(list__empty(&object->observers));
	object__update_signals(object, 0, ZX_EVENT_SIGNALED);
	expect_nothing(port);
	object__put(object);
	/* A packet that is queued stays. */
	event = make_event();
	wait_async(port, event, 2, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	fixture__close(event);
	expect_signal(port, 2);
}

static void closing_the_port_drops_waits(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	struct object *object = fixture__object(event);

	(void)state;
	wait_async(port, event, 1, 0);
	wait_async(port, event, 2, 0);
	queue(port, 3);
	fixture__close(port);
	assert_true(list__empty(&object->observers));
	signal_event(event, 0, ZX_EVENT_SIGNALED);
}

static void service_waits_without_handles(void **state)
{
	struct object *event = event__create();
	zx_port_packet_t packet;
	struct port *port;

	(void)state;
	assert_int_equal(port__create(0, &port), ZX_OK);
	assert_int_equal(port__wait_async(port, event, NULL, 0, 9, ZX_EVENT_SIGNALED, 0), ZX_OK);
	object__update_signals(event, 0, ZX_EVENT_SIGNALED);
	assert_int_equal(port__wait(fx.self, port, 0, &packet), ZX_OK);
	assert_int_equal(packet.key, 9);
	/* The object goes first, with a wait on it. */
	object__update_signals(event, ZX_EVENT_SIGNALED, 0);
	assert_int_equal(port__wait_async(port, event, NULL, 0, 9, ZX_EVENT_SIGNALED, 0), ZX_OK);
	object__put(event);
	assert_true(list__empty(&port->observers));
	assert_int_equal(port__cancel(port, NULL, 0, 9), ZX_ERR_NOT_FOUND);
	assert_int_equal(port->object.refs, 1);
	object__put(&port->object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(async_fires_once),
		test_case(async_latest_first),
		test_case(async_with_timestamp),
		test_case(async_with_boot_timestamp),
		test_case(async_on_edge),
		test_case(async_repeats_in_2018),
		test_case(async_counts_messages),
		test_case(cancel_by_source_and_key),
		test_case(cancel_takes_queued_packets),
		test_case(closing_the_source_drops_waits),
		test_case(closing_the_port_drops_waits),
		test_case(service_waits_without_handles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
