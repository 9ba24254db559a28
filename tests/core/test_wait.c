/* Waiting for signals of one object, of many, and for time. */
#include <zircon/syscalls/object.h>

#include "compat/core/event.h"
#include "tests/core/core_fixture.h"

struct waiting {
	zx_handle_t handle;
	zx_signals_t signals;
	zx_time_t deadline;
	zx_signals_t *observed;
	zx_wait_item_t *items;
	size_t count;
	zx_status_t status;
};

static zx_handle_t make_event(void)
{
	return fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
}

static void signal_event(zx_handle_t event, uint32_t clear, uint32_t set)
{
	assert_int_equal(sys_object_signal(fx.self, event, clear, set), ZX_OK);
}

static void wait_one(struct thread *self, void *data)
{
	struct waiting *w = data;

	w->status = sys_object_wait_one(self, w->handle, w->signals, w->deadline,
					UADDR(w->observed));
}

static void wait_many(struct thread *self, void *data)
{
	struct waiting *w = data;

	w->status = sys_object_wait_many(self, UADDR(w->items), w->count, w->deadline);
}

static void one_is_active_already(void **state)
{
	zx_signals_t *observed = user_new(zx_signals_t);
	zx_handle_t event = make_event();

	(void)state;
	signal_event(event, 0, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_1);
	/* Even with a deadline long past. */
	assert_int_equal(sys_object_wait_one(fx.self, event, ZX_EVENT_SIGNALED, 0, UADDR(observed)),
			 ZX_OK);
	assert_int_equal(*observed, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_1);
	assert_int_equal(sys_object_wait_one(fx.self, event, ZX_EVENT_SIGNALED, 0, 0), ZX_OK);
	assert_int_equal(sys_object_wait_one(fx.self, event, ZX_EVENT_SIGNALED, 0,
					     FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
}

static void one_times_out(void **state)
{
	zx_signals_t *observed = user_new(zx_signals_t);
	zx_handle_t event = make_event();
	zx_time_t deadline = fixture__after_ms(20);

	(void)state;
	signal_event(event, 0, ZX_USER_SIGNAL_1);
	assert_int_equal(sys_object_wait_one(fx.self, event, ZX_EVENT_SIGNALED, deadline,
					     UADDR(observed)),
			 ZX_ERR_TIMED_OUT);
	assert_true(core_host.clock_monotonic() >= deadline);
	assert_int_equal(*observed, ZX_USER_SIGNAL_1);
	assert_int_equal(sys_object_wait_one(fx.self, event, ZX_EVENT_SIGNALED, 0, UADDR(observed)),
			 ZX_ERR_TIMED_OUT);
	/* Nothing to wait for at all. */
	assert_int_equal(sys_object_wait_one(fx.self, event, 0, fixture__after_ms(1), 0),
			 ZX_ERR_TIMED_OUT);
}

static void one_checks_the_handle(void **state)
{
	struct object *event = event__create();
	zx_handle_t handle = fixture__handle(event, ZX_RIGHT_SIGNAL);

	(void)state;
	assert_int_equal(sys_object_wait_one(fx.self, handle, 1, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_wait_one(fx.self, 0, 1, 0, 0), ZX_ERR_BAD_HANDLE);
}

static void one_is_woken(void **state)
{
	struct waiting w = { .handle = make_event(),
			     .signals = ZX_EVENT_SIGNALED,
			     .deadline = ZX_TIME_INFINITE,
			     .observed = user_new(zx_signals_t) };
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_one, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	/* Not what it waits for, but it is told of it. */
	signal_event(w.handle, 0, ZX_USER_SIGNAL_2);
	signal_event(w.handle, ZX_USER_SIGNAL_2, ZX_EVENT_SIGNALED);
	/* Gone again before it may have looked. */
	signal_event(w.handle, ZX_EVENT_SIGNALED, 0);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_OK);
	assert_int_equal(*w.observed, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_2);
}

static void one_is_canceled_by_close(void **state)
{
	struct waiting w = { .handle = make_event(),
			     .signals = ZX_EVENT_SIGNALED,
			     .deadline = ZX_TIME_INFINITE,
			     .observed = user_new(zx_signals_t) };
	struct runner runner;
	zx_handle_t other;

	(void)state;
	object__get(fixture__object(w.handle));
	other = fixture__handle(fixture__object(w.handle), ZX_RIGHT_WAIT);
	fixture__run(&runner, wait_one, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	/* Another handle to the same object changes nothing. */
	fixture__close(other);
	fixture__close(w.handle);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_ERR_CANCELED);
	assert_int_equal(*w.observed, ZX_SIGNAL_HANDLE_CLOSED);
}

static void one_is_canceled_by_transfer(void **state)
{
	struct waiting w = { .handle = make_event(),
			     .signals = ZX_EVENT_SIGNALED,
			     .deadline = ZX_TIME_INFINITE,
			     .observed = user_new(zx_signals_t) };
	zx_handle_t *ends = user_alloc(2 * sizeof(*ends));
	zx_handle_t *sent = user_new(zx_handle_t);
	struct runner runner;

	(void)state;
	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(&ends[0]), UADDR(&ends[1])), ZX_OK);
	fixture__run(&runner, wait_one, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	*sent = w.handle;
	assert_int_equal(sys_channel_write(fx.self, ends[0], 0, 0, 0, UADDR(sent), 1), ZX_OK);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_ERR_CANCELED);
}

static void one_ends_with_its_thread(void **state)
{
	struct waiting w = { .handle = make_event(),
			     .signals = ZX_EVENT_SIGNALED,
			     .deadline = ZX_TIME_INFINITE,
			     .observed = user_new(zx_signals_t) };
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_one, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	thread__kill(runner.thread);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_ERR_INTERNAL_INTR_KILLED);
	assert_true(list__empty(&((struct object *)fixture__object(w.handle))->observers));
}

static void many_of_none_sleeps(void **state)
{
	zx_time_t deadline = fixture__after_ms(10);

	(void)state;
	assert_int_equal(sys_object_wait_many(fx.self, 0, 0, deadline), ZX_ERR_TIMED_OUT);
	assert_true(core_host.clock_monotonic() >= deadline);
}

static void many_limits_by_era(void **state)
{
	zx_wait_item_t *items = user_alloc(65 * sizeof(*items));

	(void)state;
	for (int i = 0; i < 65; i++)
		items[i].handle = make_event();
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 65, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 64, 0), ZX_ERR_TIMED_OUT);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 17, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 16, 0), ZX_ERR_TIMED_OUT);
}

static void many_reports_each(void **state)
{
	zx_wait_item_t *items = user_alloc(3 * sizeof(*items));

	(void)state;
	for (int i = 0; i < 3; i++) {
		items[i].handle = make_event();
		items[i].waitfor = ZX_EVENT_SIGNALED;
		items[i].pending = 77;
	}
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 3, fixture__after_ms(1)),
			 ZX_ERR_TIMED_OUT);
	assert_int_equal(items[1].pending, 0);
	signal_event(items[0].handle, 0, ZX_USER_SIGNAL_0);
	signal_event(items[2].handle, 0, ZX_EVENT_SIGNALED);
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 3, ZX_TIME_INFINITE), ZX_OK);
	assert_int_equal(items[0].pending, ZX_USER_SIGNAL_0);
	assert_int_equal(items[1].pending, 0);
	assert_int_equal(items[2].pending, ZX_EVENT_SIGNALED);
}

static void many_checks_in_order(void **state)
{
	zx_wait_item_t *items = user_alloc(3 * sizeof(*items));

	(void)state;
	items[0].handle = make_event();
	items[1].handle = fixture__handle(event__create(), ZX_RIGHT_SIGNAL);
	items[2].handle = ZX_HANDLE_INVALID;
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 3, 0), ZX_ERR_ACCESS_DENIED);
	items[0].handle = ZX_HANDLE_INVALID;
	assert_int_equal(sys_object_wait_many(fx.self, UADDR(items), 3, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_object_wait_many(fx.self, FIXTURE_BAD_ADDR, 3, 0),
			 ZX_ERR_INVALID_ARGS);
}

static void many_is_woken_and_canceled(void **state)
{
	struct waiting w = { .items = user_alloc(2 * sizeof(zx_wait_item_t)),
			     .count = 2,
			     .deadline = ZX_TIME_INFINITE };
	struct runner runner;

	(void)state;
	for (int i = 0; i < 2; i++) {
		w.items[i].handle = make_event();
		w.items[i].waitfor = ZX_EVENT_SIGNALED;
	}
	fixture__run(&runner, wait_many, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	signal_event(w.items[1].handle, 0, ZX_EVENT_SIGNALED);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_OK);
	assert_int_equal(w.items[0].pending, 0);
	assert_int_equal(w.items[1].pending, ZX_EVENT_SIGNALED);

	signal_event(w.items[1].handle, ZX_EVENT_SIGNALED, 0);
	fixture__run(&runner, wait_many, &w);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	fixture__close(w.items[0].handle);
	fixture__join(&runner);
	assert_int_equal(w.status, ZX_ERR_CANCELED);
	assert_int_equal(w.items[0].pending, ZX_SIGNAL_HANDLE_CLOSED);
}

static void sleep_forever(struct thread *self, void *data)
{
	*(zx_status_t *)data = sys_nanosleep(self, ZX_TIME_INFINITE);
}

static void nanosleep_sleeps(void **state)
{
	zx_time_t deadline = fixture__after_ms(10);
	struct runner runner;
	zx_status_t status;

	(void)state;
	assert_int_equal(sys_nanosleep(fx.self, 0), ZX_OK);
	assert_int_equal(sys_nanosleep(fx.self, deadline), ZX_OK);
	assert_true(core_host.clock_monotonic() >= deadline);
	fixture__run(&runner, sleep_forever, &status);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	thread__kill(runner.thread);
	fixture__join(&runner);
	assert_int_equal(status, ZX_ERR_INTERNAL_INTR_KILLED);
}

#define ROUNDS 2000

/* Two threads hand a token to and fro: a lost wake would hang the test. */
static void answer(struct thread *self, void *data)
{
	zx_handle_t *events = data;

	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(sys_object_wait_one(self, events[0], ZX_EVENT_SIGNALED,
						     ZX_TIME_INFINITE, 0),
				 ZX_OK);
		assert_int_equal(sys_object_signal(self, events[0], ZX_EVENT_SIGNALED, 0), ZX_OK);
		assert_int_equal(sys_object_signal(self, events[1], 0, ZX_EVENT_SIGNALED), ZX_OK);
	}
}

static void no_wake_is_lost(void **state)
{
	zx_handle_t events[2] = { make_event(), make_event() };
	zx_wait_item_t *item = user_new(zx_wait_item_t);
	struct runner runner;

	(void)state;
	item->handle = events[1];
	item->waitfor = ZX_EVENT_SIGNALED;
	fixture__run(&runner, answer, events);
	for (int i = 0; i < ROUNDS; i++) {
		signal_event(events[0], 0, ZX_EVENT_SIGNALED);
		assert_int_equal(sys_object_wait_many(fx.self, UADDR(item), 1, ZX_TIME_INFINITE),
				 ZX_OK);
		signal_event(events[1], ZX_EVENT_SIGNALED, 0);
	}
	fixture__join(&runner);
}

/* Waits on handles that another thread closes at about the same time: none may hang. */
static void wait_on_doomed(struct thread *self, void *data)
{
	zx_handle_t *handle = data;

	for (int i = 0; i < ROUNDS; i++) {
		zx_handle_t doomed;
		zx_status_t status;

		while (!(doomed = __atomic_load_n(handle, __ATOMIC_SEQ_CST)))
			continue;
		status = sys_object_wait_one(self, doomed, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, 0);
		assert_true(status == ZX_ERR_CANCELED || status == ZX_ERR_BAD_HANDLE);
		__atomic_store_n(handle, 0, __ATOMIC_SEQ_CST);
	}
}

static void close_races_with_wait(void **state)
{
	zx_handle_t handle = 0;
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_on_doomed, &handle);
	for (int i = 0; i < ROUNDS; i++) {
		zx_handle_t event = make_event();

		__atomic_store_n(&handle, event, __ATOMIC_SEQ_CST);
		for (int spin = 0; spin < i % 100 * 10; spin++)
			__builtin_ia32_pause();
		fixture__close(event);
		while (__atomic_load_n(&handle, __ATOMIC_SEQ_CST))
			continue;
	}
	fixture__join(&runner);
}

static void wait_shortly(void)
{
	zx_wait_item_t *item = user_scratch();
	zx_handle_t event = make_event();

	item->handle = event;
	item->waitfor = ZX_EVENT_SIGNALED;
	(void)sys_object_wait_one(fx.self, event, 1, core_host.clock_monotonic() + 50000, 0);
	(void)sys_object_wait_many(fx.self, UADDR(item), 1, core_host.clock_monotonic() + 50000);
	fixture__close(event);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(wait_shortly);
}

/* No time to sleep, but one to let others run. */
static void sleep_of_nothing_yields(void **state)
{
	uint32_t before = host_test_yields;

	(void)state;
	assert_int_equal(sys_nanosleep(fx.self, 0), ZX_OK);
	assert_int_equal(sys_nanosleep(fx.self, -5), ZX_OK);
	assert_int_equal(host_test_yields - before, 2);
	assert_int_equal(sys_nanosleep(fx.self, 1), ZX_OK);
	assert_int_equal(host_test_yields - before, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(sleep_of_nothing_yields),
		test_case(one_is_active_already),
		test_case(one_times_out),
		test_case(one_checks_the_handle),
		test_case(one_is_woken),
		test_case(one_is_canceled_by_close),
		test_case(one_is_canceled_by_transfer),
		test_case(one_ends_with_its_thread),
		test_case(many_of_none_sleeps),
		test_case(many_limits_by_era),
		test_case(many_reports_each),
		test_case(many_checks_in_order),
		test_case(many_is_woken_and_canceled),
		test_case(nanosleep_sleeps),
		test_case(no_wake_is_lost),
		test_case(close_races_with_wait),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
