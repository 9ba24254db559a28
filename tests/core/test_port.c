/* Ports, packets, async waits, and what cancels them. */
#include <zircon/syscalls/object.h>

#include "compat/core/exception.h"
#include "compat/core/channel.h"
#include "compat/core/event.h"
#include "compat/core/port.h"
#include "tests/core/core_fixture.h"

#define PKT_TYPE_SIGNAL_REP 2u

static zx_handle_t make_port(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	return *out;
}

static zx_handle_t make_event(void)
{
	return fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
}

static void signal_event(zx_handle_t event, uint32_t clear, uint32_t set)
{
	assert_int_equal(sys_object_signal(fx.self, event, clear, set), ZX_OK);
}

static void wait_async(zx_handle_t port, zx_handle_t event, uint64_t key, uint32_t options)
{
	assert_int_equal(sys_object_wait_async(fx.self, event, port, key, ZX_EVENT_SIGNALED,
					       options),
			 ZX_OK);
}

static zx_status_t take(zx_handle_t port, zx_port_packet_t *packet)
{
	zx_port_packet_t *out = user_scratch();
	zx_status_t status = sys_port_wait(fx.self, port, 0, UADDR(out));

	*packet = *out;
	return status;
}

static void expect_nothing(zx_handle_t port)
{
	zx_port_packet_t packet;

	assert_int_equal(take(port, &packet), ZX_ERR_TIMED_OUT);
}

static zx_port_packet_t expect_signal(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t packet;

	assert_int_equal(take(port, &packet), ZX_OK);
	assert_int_equal(packet.key, key);
	assert_int_equal(packet.status, ZX_OK);
	assert_int_equal(packet.type, ZX_PKT_TYPE_SIGNAL_ONE);
	assert_int_equal(packet.signal.trigger, ZX_EVENT_SIGNALED);
	assert_int_equal(packet.signal.observed, ZX_EVENT_SIGNALED);
	return packet;
}

static void queue(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);

	packet->key = key;
	packet->type = ZX_PKT_TYPE_INTERRUPT;
	packet->status = -7;
	packet->user.u64[3] = key + 1;
	assert_int_equal(sys_port_queue(fx.self, port, UADDR(packet)), ZX_OK);
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_port_create(fx.self, 2, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_port_create(fx.self, ZX_PORT_BIND_TO_INTERRUPT, UADDR(out)), ZX_OK);
	assert_int_equal(sys_port_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
}

static void user_packets_in_order(void **state)
{
	zx_handle_t port = make_port();
	zx_port_packet_t packet;

	(void)state;
	expect_nothing(port);
	for (uint64_t key = 0; key < 3; key++)
		queue(port, key);
	for (uint64_t key = 0; key < 3; key++) {
		assert_int_equal(take(port, &packet), ZX_OK);
		assert_int_equal(packet.key, key);
		/* A program cannot make other packets than its own kind. */
		assert_int_equal(packet.type, ZX_PKT_TYPE_USER);
		assert_int_equal(packet.status, -7);
		assert_int_equal(packet.user.u64[3], key + 1);
	}
	expect_nothing(port);
}

static void call_errors(void **state)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	zx_handle_t none;
	zx_handle_t blind;

	(void)state;
	object__get(fixture__object(port));
	none = fixture__handle(fixture__object(port), 0);
	assert_int_equal(sys_port_queue(fx.self, none, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_port_wait(fx.self, none, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_port_cancel(fx.self, none, event, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_port_queue(fx.self, event, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_port_queue(fx.self, port, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_port_cancel(fx.self, port, 0, 0), ZX_ERR_BAD_HANDLE);
	blind = fixture__handle(event__create(), ZX_RIGHT_SIGNAL);
	assert_int_equal(sys_port_cancel(fx.self, port, blind, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 0), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_port_cancel_key(fx.self, port, 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_port_cancel_key(fx.self, port, 0, 0), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_object_wait_async(fx.self, blind, port, 0, 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_wait_async(fx.self, event, none, 0, 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_wait_async(fx.self, event, event, 0, 1, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_object_wait_async(fx.self, event, port, 0, 1, 8),
			 ZX_ERR_INVALID_ARGS);
}

/* Later the limit is another, and to go beyond it an exception, which ends the process. */
/* Packets of kernel objects come and go without counting as the program's own. */
static void object_packets_do_not_count(void **state)
{
	struct port_packet owned[2] = {
		{ .packet = { .key = 1, .type = ZX_PKT_TYPE_PAGE_REQUEST },
		  .owned_by_source = true },
		{ .packet = { .key = 2, .type = ZX_PKT_TYPE_PAGE_REQUEST },
		  .owned_by_source = true },
	};
	zx_handle_t handle = make_port();
	struct port *port = fixture__object(handle);
	zx_port_packet_t packet;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		port__queue_packet(port, &owned[i]);
	assert_int_equal(take(handle, &packet), ZX_OK);
	assert_int_equal(port__cancel_key(port, 2), ZX_OK);
	queue(handle, 3);
	assert_int_equal(take(handle, &packet), ZX_OK);
	assert_int_equal(packet.key, 3);
}

static void full_port_is_an_exception(void **state)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);
	zx_handle_t port = make_port();
	int queued = 0;

	(void)state;
	fixture__set_era(ZXERA_2021_01);
	while (sys_port_queue(fx.self, port, UADDR(packet)) == ZX_OK)
		queued++;
	assert_int_equal(queued, 4097);
	exception__raise_policy(fx.self);
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_EXCEPTION_KILL);
}

static void user_packets_are_limited(void **state)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();
	int queued = 0;

	(void)state;
	while (sys_port_queue(fx.self, port, UADDR(packet)) == ZX_OK)
		queued++;
	assert_int_equal(queued, 2049);
	assert_int_equal(sys_port_queue(fx.self, port, UADDR(packet)), ZX_ERR_SHOULD_WAIT);
	/* Signals come through all the same. */
	wait_async(port, event, 5, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	for (int i = 0; i < 2049; i++)
		assert_int_equal(take(port, packet), ZX_OK);
	expect_signal(port, 5);
}

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

struct waiting {
	zx_handle_t port;
	zx_port_packet_t *packet;
	zx_status_t status;
};

static void wait_packet(struct thread *self, void *data)
{
	struct waiting *w = data;

	w->status = sys_port_wait(self, w->port, ZX_TIME_INFINITE, UADDR(w->packet));
}

static void waiters_are_woken(void **state)
{
	zx_handle_t port = make_port();
	struct waiting w[3];
	struct runner runners[3];
	uint64_t keys = 0;

	(void)state;
	for (int i = 0; i < 3; i++) {
		w[i] = (struct waiting){ .port = port, .packet = user_new(zx_port_packet_t) };
		fixture__run(&runners[i], wait_packet, &w[i]);
		fixture__await_blocked(&runners[i], ZX_THREAD_STATE_BLOCKED_PORT);
	}
	/* One that is killed takes no packet from the others. */
	thread__kill(runners[0].thread);
	queue(port, 1);
	queue(port, 2);
	for (int i = 0; i < 3; i++)
		fixture__join(&runners[i]);
	assert_int_equal(w[0].status, ZX_ERR_INTERNAL_INTR_KILLED);
	for (int i = 1; i < 3; i++) {
		assert_int_equal(w[i].status, ZX_OK);
		keys += w[i].packet->key;
	}
	assert_int_equal(keys, 3);
}

static void wait_fails_late_on_a_bad_buffer(void **state)
{
	zx_handle_t port = make_port();

	(void)state;
	queue(port, 1);
	assert_int_equal(sys_port_wait(fx.self, port, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	expect_nothing(port);
}

#define ROUNDS 5000

/* Arms and cancels waits while another thread signals: each wait ends exactly one way. */
struct race {
	zx_handle_t port;
	zx_handle_t event;
	bool stop;
};

static void keep_signalling(struct thread *self, void *data)
{
	struct race *race = data;

	while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
		assert_int_equal(sys_object_signal(self, race->event, 0, ZX_EVENT_SIGNALED), ZX_OK);
		assert_int_equal(sys_object_signal(self, race->event, ZX_EVENT_SIGNALED, 0), ZX_OK);
	}
}

static void cancel_races_with_signals(void **state)
{
	struct race race = { .port = make_port(), .event = make_event() };
	struct port *port = fixture__object(race.port);
	zx_port_packet_t packet;
	struct runner runner;

	(void)state;
	fixture__run(&runner, keep_signalling, &race);
	for (int i = 0; i < ROUNDS; i++) {
		wait_async(race.port, race.event, 1, 0);
		/* Either the wait or its packet is there to be cancelled, unless it was taken. */
		if (i % 2)
			assert_int_equal(sys_port_cancel(fx.self, race.port, race.event, 1), ZX_OK);
		else
			assert_int_equal(sys_port_wait(fx.self, race.port, ZX_TIME_INFINITE,
						       UADDR(user_scratch())),
					 ZX_OK);
		assert_int_equal(take(race.port, &packet), ZX_ERR_TIMED_OUT);
	}
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	fixture__join(&runner);
	assert_true(list__empty(&port->observers));
	assert_true(list__empty(&port->packets));
}

static void port_close_races_with_signals(void **state)
{
	struct race race = { .event = make_event() };
	struct object *event = fixture__object(race.event);
	struct runner runner;

	(void)state;
	fixture__run(&runner, keep_signalling, &race);
	for (int i = 0; i < ROUNDS; i++) {
		zx_handle_t *port = user_scratch();

		assert_int_equal(sys_port_create(fx.self, 0, UADDR(port)), ZX_OK);
		wait_async(*port, race.event, 1, 0);
		wait_async(*port, race.event, 2, 0);
		fixture__close(*port);
	}
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	fixture__join(&runner);
	assert_true(list__empty(&event->observers));
}

static void cycle(void)
{
	zx_handle_t port = make_port();
	zx_handle_t event = make_event();

	wait_async(port, event, 1, 0);
	wait_async(port, event, 2, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	expect_signal(port, 2);
	signal_event(event, ZX_EVENT_SIGNALED, 0);
	wait_async(port, event, 3, 0);
	wait_async(port, event, 4, 0);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 4), ZX_OK);
	queue(port, 5);
	fixture__close(port);
	fixture__close(event);
}

/* In the newest era one wait too many on a port is an exception. */
static void too_many_waits(void **state)
{
	const uint32_t max = era__of(ZXERA_NEWEST)->port_max_observers;
	zx_handle_t event = make_event();
	zx_handle_t port = make_port();

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	/* Waits that have ended, in whichever way, do not count. */
	wait_async(port, event, 1, 0);
	signal_event(event, 0, ZX_EVENT_SIGNALED);
	wait_async(port, event, 2, 0);
	signal_event(event, ZX_EVENT_SIGNALED, 0);
	wait_async(port, event, 3, 0);
	assert_int_equal(sys_port_cancel(fx.self, port, event, 3), ZX_OK);
	wait_async(port, make_event(), 4, 0);
	assert_int_equal(port__observing(fixture__object(port)), 1);
	for (uint32_t i = 1; i < max; i++)
		wait_async(port, event, i, 0);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	wait_async(port, event, max, 0);
	exception__raise_policy(fx.self);
	assert_int_equal(fx.process->state, PROCESS_DYING);
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_EXCEPTION_KILL);
	fixture__close(event);
	assert_int_equal(port__observing(fixture__object(port)), 1);
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
		test_case(user_packets_in_order),
		test_case(call_errors),
		test_case(user_packets_are_limited),
		test_case(object_packets_do_not_count),
		test_case(full_port_is_an_exception),
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
		test_case(waiters_are_woken),
		test_case(wait_fails_late_on_a_bad_buffer),
		test_case(cancel_races_with_signals),
		test_case(port_close_races_with_signals),
		test_case(too_many_waits),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
