/* Ports, packets, async waits, and what cancels them. */
#include "tests/core/port_tools.h"

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

/* In 2018 they counted. */
static void object_packets_counted(void **state)
{
	zx_port_packet_t *user = user_new(zx_port_packet_t);
	struct port_packet owned = {
		.packet = { .key = 1, .type = ZX_PKT_TYPE_PAGE_REQUEST },
		.owned_by_source = true,
	};
	zx_handle_t handle = make_port();
	struct port *port = fixture__object(handle);
	zx_port_packet_t packet;
	int queued = 0;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	port__queue_packet(port, &owned);
	while (sys_port_queue(fx.self, handle, UADDR(user)) == ZX_OK)
		queued++;
	assert_int_equal(queued, 2048);
	port__remove_packet(port, &owned);
	port__remove_packet(port, &owned);
	assert_int_equal(sys_port_queue(fx.self, handle, UADDR(user)), ZX_OK);
	assert_int_equal(sys_port_queue(fx.self, handle, UADDR(user)), ZX_ERR_SHOULD_WAIT);
	assert_int_equal(take(handle, &packet), ZX_OK);
	assert_int_equal(sys_port_queue(fx.self, handle, UADDR(user)), ZX_OK);
}

/* Later the limit is another, and to go beyond it an exception, which ends the process. */
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
	exception__raise_noted(fx.self);
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
	exception__raise_noted(fx.self);
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
		test_case(object_packets_counted),
		test_case(full_port_is_an_exception),
		test_case(waiters_are_woken),
		test_case(wait_fails_late_on_a_bad_buffer),
		test_case(cancel_races_with_signals),
		test_case(port_close_races_with_signals),
		test_case(too_many_waits),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
