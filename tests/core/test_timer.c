/* Timers, and the thread that serves them. */
#include "compat/core/timer.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make_timer_of(uint32_t options, zx_clock_t clock)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_timer_create(fx.self, options, clock, UADDR(out)), ZX_OK);
	return *out;
}

static zx_handle_t make_timer(void)
{
	return make_timer_of(ZX_TIMER_SLACK_CENTER, ZX_CLOCK_MONOTONIC);
}

static bool fired(zx_handle_t timer, zx_time_t deadline)
{
	return sys_object_wait_one(fx.self, timer, ZX_TIMER_SIGNALED, deadline, 0) == ZX_OK;
}

static void set(zx_handle_t timer, zx_time_t deadline)
{
	assert_int_equal(sys_timer_set(fx.self, timer, deadline, 0), ZX_OK);
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_timer_create(fx.self, 0, ZX_CLOCK_UTC, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_timer_create(fx.self, 3, ZX_CLOCK_MONOTONIC, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_timer_create(fx.self, 2, ZX_CLOCK_MONOTONIC, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

static void call_errors(void **state)
{
	zx_handle_t timer = make_timer();
	zx_handle_t weak;

	(void)state;
	/* The slack counts before the handle. */
	assert_int_equal(sys_timer_set(fx.self, ZX_HANDLE_INVALID, 0, -1), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_timer_set(fx.self, ZX_HANDLE_INVALID, 0, 0), ZX_ERR_BAD_HANDLE);
	object__get(fixture__object(timer));
	weak = fixture__handle(fixture__object(timer), ZX_RIGHT_WAIT);
	assert_int_equal(sys_timer_set(fx.self, weak, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_timer_cancel(fx.self, weak), ZX_ERR_ACCESS_DENIED);
}

static void fires_in_time(void **state)
{
	zx_handle_t timer = make_timer();
	zx_time_t deadline = fixture__after_ms(20);
	struct timer *object = fixture__object(timer);

	(void)state;
	assert_false(fired(timer, 0));
	set(timer, deadline);
	assert_int_equal(object->deadline, deadline);
	assert_true(fired(timer, ZX_TIME_INFINITE));
	assert_true(core_host.clock_monotonic() >= deadline);
	assert_int_equal(object->deadline, 0);
}

static void fires_at_once_when_late(void **state)
{
	zx_handle_t timer = make_timer();

	(void)state;
	set(timer, 0);
	assert_true(fired(timer, 0));
	set(timer, fixture__after_ms(10000));
	assert_false(fired(timer, 0));
	set(timer, core_host.clock_monotonic() - 1);
	assert_true(fired(timer, 0));
}

static void cancel_and_set_anew(void **state)
{
	zx_handle_t timer = make_timer();

	(void)state;
	set(timer, fixture__after_ms(10));
	assert_int_equal(sys_timer_cancel(fx.self, timer), ZX_OK);
	assert_false(fired(timer, fixture__after_ms(30)));
	assert_int_equal(sys_timer_cancel(fx.self, timer), ZX_OK);
	set(timer, fixture__after_ms(10000));
	set(timer, fixture__after_ms(10));
	assert_true(fired(timer, fixture__after_ms(5000)));
	assert_int_equal(sys_timer_cancel(fx.self, timer), ZX_OK);
	assert_false(fired(timer, 0));
}

static void close_forgets(void **state)
{
	zx_handle_t timer = make_timer();
	struct object *object = fixture__object(timer);

	(void)state;
	object__get(object);
	set(timer, fixture__after_ms(10));
	fixture__close(timer);
	/* The queue holds no reference any more. */
	assert_int_equal(object->refs, 1);
	object__put(object);
}

#define MANY 300

static void many_fire_in_order(void **state)
{
	zx_handle_t timers[MANY];
	zx_time_t base = fixture__after_ms(30);

	(void)state;
	for (int i = 0; i < MANY; i++)
		timers[i] = make_timer();
	/* In a scattered order: 7 and MANY have no common factor. */
	for (int i = 0; i < MANY; i++)
		set(timers[i * 7 % MANY], base + (i * 7 % MANY) * (FIXTURE_MS / 10));
	for (int i = 0; i < MANY; i += 3)
		assert_int_equal(sys_timer_cancel(fx.self, timers[i]), ZX_OK);
	for (int i = 0; i < MANY; i++) {
		if (i % 3 == 0)
			continue;
		assert_true(fired(timers[i], fixture__after_ms(5000)));
		assert_true(core_host.clock_monotonic() >= base + i * (FIXTURE_MS / 10));
	}
	for (int i = 0; i < MANY; i += 3)
		assert_false(fired(timers[i], 0));
}

static void set_and_cancel(struct thread *self, void *data)
{
	zx_handle_t timer = *(zx_handle_t *)data;

	for (int i = 0; i < 5000; i++) {
		assert_int_equal(sys_timer_set(self, timer,
					       core_host.clock_monotonic() + i % 50 * 1000, 0),
				 ZX_OK);
		if (i % 3 == 0)
			assert_int_equal(sys_timer_cancel(self, timer), ZX_OK);
	}
}

static void setting_races_with_firing(void **state)
{
	zx_handle_t timer = make_timer();
	struct object *object = fixture__object(timer);
	struct runner runners[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		fixture__run(&runners[i], set_and_cancel, &timer);
	for (int i = 0; i < 2; i++)
		fixture__join(&runners[i]);
	set(timer, fixture__after_ms(5));
	assert_true(fired(timer, fixture__after_ms(5000)));
	object__get(object);
	fixture__close(timer);
	while (__atomic_load_n(&object->refs, __ATOMIC_SEQ_CST) != 1)
		continue;
	object__put(object);
}

/* A call that looked the timer up just before its last handle was closed. */
static void set_after_close(void **state)
{
	zx_handle_t handle = make_timer();
	struct object *object;

	(void)state;
	assert_int_equal(handle__get(fx.self, handle, ZX_OBJ_TYPE_TIMER, 0, &object), ZX_OK);
	fixture__close(handle);
	timer__set((struct timer *)object, ZX_TIME_INFINITE, 0);
	/* Nothing but the call itself holds it. */
	assert_int_equal(object->refs, 1);
	object__put(object);
}

static void boot_timers(void **state)
{
	zx_time_t deadline;
	zx_handle_t timer;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	timer = make_timer_of(0, ZX_CLOCK_BOOT);
	/* What lies ahead by the monotonic clock has long passed by this one. */
	set(timer, fixture__after_ms(10000));
	assert_true(fired(timer, 0));
	deadline = core_host.clock_boot() + 20 * FIXTURE_MS;
	set(timer, deadline);
	assert_false(fired(timer, 0));
	assert_true(fired(timer, ZX_TIME_INFINITE));
	assert_true(core_host.clock_boot() >= deadline);
	assert_int_equal(sys_timer_create(fx.self, 0, ZX_CLOCK_THREAD, UADDR(user_scratch())),
			 ZX_ERR_INVALID_ARGS);
}

/* The machine sleeps, and the monotonic clock with it. */
static void boot_timers_hear_of_sleep(void **state)
{
	zx_handle_t timer;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	timer = make_timer_of(0, ZX_CLOCK_BOOT);
	set(timer, core_host.clock_boot() + 100000 * FIXTURE_MS);
	assert_false(fired(timer, fixture__after_ms(10)));
	__atomic_fetch_add(&host_test_slept, 200000 * FIXTURE_MS, __ATOMIC_RELAXED);
	assert_true(fired(timer, fixture__after_ms(5000)));
}

static struct timer *set_slack(uint32_t options, int ms_off, zx_time_t base, int ms_slack)
{
	zx_handle_t timer = make_timer_of(options, ZX_CLOCK_MONOTONIC);

	assert_int_equal(sys_timer_set(fx.self, timer, base + ms_off * FIXTURE_MS,
				       ms_slack * FIXTURE_MS),
			 ZX_OK);
	return fixture__object(timer);
}

/* When does a timer with a slack of 30 ms fire that is to fire @ms_off after @base? */
static int fires(uint32_t options, int ms_off, zx_time_t base)
{
	struct timer *timer = set_slack(options, ms_off, base, 30);
	int at = (int)((timer->fires - base) / FIXTURE_MS);

	timer__cancel(timer);
	return at;
}

static void slack_gathers_timers(void **state)
{
	zx_time_t base = fixture__after_ms(100000);

	(void)state;
	set_slack(0, 0, base, 0);
	set_slack(0, 100, base, 0);
	assert_int_equal(fires(ZX_TIMER_SLACK_CENTER, 20, base), 0);
	assert_int_equal(fires(ZX_TIMER_SLACK_CENTER, 80, base), 100);
	assert_int_equal(fires(ZX_TIMER_SLACK_CENTER, 50, base), 50);
	assert_int_equal(fires(ZX_TIMER_SLACK_EARLY, 20, base), 0);
	assert_int_equal(fires(ZX_TIMER_SLACK_EARLY, 80, base), 80);
	assert_int_equal(fires(ZX_TIMER_SLACK_LATE, 20, base), 20);
	assert_int_equal(fires(ZX_TIMER_SLACK_LATE, 80, base), 100);
	/* The nearest one counts, and of two the earlier. */
	set_slack(0, 24, base, 0);
	assert_int_equal(fires(ZX_TIMER_SLACK_CENTER, 14, base), 24);
	assert_int_equal(fires(ZX_TIMER_SLACK_CENTER, 12, base), 0);
	/* Others keep to their own deadline. */
	assert_int_equal((set_slack(0, 23, base, 0)->fires - base) / FIXTURE_MS, 23);
}

static void early_slack_fires_early(void **state)
{
	zx_handle_t exact = make_timer();
	zx_handle_t early = make_timer_of(ZX_TIMER_SLACK_EARLY, ZX_CLOCK_MONOTONIC);
	zx_time_t base = fixture__after_ms(20);

	(void)state;
	set(exact, base);
	assert_int_equal(sys_timer_set(fx.self, early, base + 5000 * FIXTURE_MS,
				       6000 * FIXTURE_MS),
			 ZX_OK);
	assert_true(fired(exact, ZX_TIME_INFINITE));
	assert_true(fired(early, base + 3000 * FIXTURE_MS));
}

static void cycle(void)
{
	zx_handle_t timer = make_timer();

	set(timer, fixture__after_ms(1000));
	fixture__close(timer);
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
		test_case(call_errors),
		test_case(fires_in_time),
		test_case(fires_at_once_when_late),
		test_case(cancel_and_set_anew),
		test_case(close_forgets),
		test_case(many_fire_in_order),
		test_case(setting_races_with_firing),
		test_case(set_after_close),
		test_case(boot_timers),
		test_case(boot_timers_hear_of_sleep),
		test_case(slack_gathers_timers),
		test_case(early_slack_fires_early),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
