/* The clocks of the system, and the counters behind them. */
#include "clock.h"

/* The form with one argument was the only one until 2019. */
extern zx_time_t clock_get_2018(zx_clock_t clock) __asm__("zx_clock_get") __attribute__((weak));

static zx_status_t adjust(zx_handle_t resource)
{
	return zx_clock_adjust(resource, ZX_CLOCK_UTC, 0);
}

CHECK_HANDLE_VALID(clock_adjust, handle, adjust(h))
CHECK_HANDLE_TYPE(clock_adjust, handle, make_event(), adjust(h))

CHECK(clock_adjust, handle_before_clock)
{
	EXPECT_STATUS(zx_clock_adjust(ZX_HANDLE_INVALID, 77, 0), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(zx_clock_adjust(make_event(), ZX_CLOCK_MONOTONIC, 0), ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(clock_get, ZX_ERR_INVALID_ARGS, unknown, .line = "clock_id", .from = ERA_2020_07)
{
	zx_time_t time;

	EXPECT_STATUS(zx_clock_get(77, &time), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(clock_get_new, ZX_ERR_INVALID_ARGS, unknown, .line = "clock_id")
{
	zx_time_t time;

	EXPECT_STATUS(zx_clock_get_new(77, &time), ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_get, ZX_ERR_INVALID_ARGS, bad_out, zx_clock_get(ZX_CLOCK_MONOTONIC, BAD_POINTER),
	.line = "bad pointer", .from = ERA_2020_07)
REFUSES(clock_get_new, ZX_ERR_INVALID_ARGS, bad_out,
	zx_clock_get_new(ZX_CLOCK_MONOTONIC, BAD_POINTER), .line = "bad pointer")

static void expect_same_as_monotonic(zx_time_t before, zx_time_t time)
{
	EXPECT(time >= before);
	EXPECT(time <= zx_clock_get_monotonic());
}

CHECK(clock_get, monotonic, .from = ERA_2020_07)
{
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t time = 0;

	EXPECT_OK(zx_clock_get(ZX_CLOCK_MONOTONIC, &time));
	expect_same_as_monotonic(before, time);
}

CHECK(clock_get, first_form, .to = ERA_2019_01)
{
	zx_time_t before = zx_clock_get_monotonic();

	expect_same_as_monotonic(before, clock_get_2018(ZX_CLOCK_MONOTONIC));
	EXPECT_EQ(clock_get_2018(77), 0);
}

CHECK(clock_get_new, monotonic)
{
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t time = 0;

	EXPECT_OK(zx_clock_get_new(ZX_CLOCK_MONOTONIC, &time));
	expect_same_as_monotonic(before, time);
}

CHECK(clock_get_new, time_of_the_thread)
{
	zx_time_t before = 0, after = 0;

	EXPECT_OK(zx_clock_get_new(ZX_CLOCK_THREAD, &before));
	EXPECT_OK(zx_nanosleep(SOON));
	EXPECT_OK(zx_clock_get_new(ZX_CLOCK_THREAD, &after));
	EXPECT(before >= 0);
	EXPECT(after >= before);
}

CHECK(clock_get_monotonic, never_goes_back)
{
	zx_time_t last = zx_clock_get_monotonic();
	zx_time_t now;
	int i;

	EXPECT(last > 0);
	for (i = 0; i < 10000; i++) {
		now = zx_clock_get_monotonic();
		EXPECT(now >= last);
		last = now;
	}
}

CHECK(clock_get_monotonic, goes_on)
{
	zx_time_t before = zx_clock_get_monotonic();

	EXPECT_OK(zx_nanosleep(before + MILLISECOND));
	EXPECT(zx_clock_get_monotonic() >= before + MILLISECOND);
}

/* It counts what the monotonic clock counts, and besides the time that the system slept. */
CHECK(clock_get_boot, not_behind_the_monotonic_clock)
{
	zx_time_t monotonic = zx_clock_get_monotonic();

	EXPECT(zx_clock_get_boot() >= monotonic);
}

CHECK(ticks_per_second, some)
{
	EXPECT(zx_ticks_per_second() > 0);
	EXPECT_EQ(zx_ticks_per_second(), zx_ticks_per_second());
}

CHECK(ticks_get, never_goes_back)
{
	zx_ticks_t last = zx_ticks_get();
	zx_ticks_t now;
	int i;

	for (i = 0; i < 10000; i++) {
		now = zx_ticks_get();
		EXPECT(now >= last);
		last = now;
	}
}

/* In the time that the clock goes on by 20 ms. */
CHECK(ticks_get, as_fast_as_it_says)
{
	zx_ticks_t first = zx_ticks_get();
	zx_time_t begin = zx_clock_get_monotonic();
	zx_ticks_t needed = zx_ticks_per_second() / 100;

	EXPECT_OK(zx_nanosleep(begin + 20 * MILLISECOND));
	EXPECT(zx_ticks_get() - first >= needed);
}

CHECK(ticks_get_boot, not_behind_the_other_counter)
{
	zx_ticks_t ticks = zx_ticks_get();

	EXPECT(zx_ticks_get_boot() >= ticks);
}

CHECK(deadline_after, ahead)
{
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t deadline = zx_deadline_after(1000 * MILLISECOND);

	EXPECT(deadline >= before + 1000 * MILLISECOND);
	EXPECT(deadline <= zx_clock_get_monotonic() + 1000 * MILLISECOND);
}

CHECK(deadline_after, stops_at_infinity, .from = ERA_2018_10)
{
	EXPECT_EQ(zx_deadline_after(INT64_MAX), ZX_TIME_INFINITE);
}

CHECK(deadline_after, the_past)
{
	EXPECT(zx_deadline_after(-MILLISECOND) < zx_clock_get_monotonic());
}

REFUSES(clock_adjust, ZX_ERR_ACCESS_DENIED, monotonic,
	zx_clock_adjust(root_resource(), ZX_CLOCK_MONOTONIC, 0),
	.line = "ZX_CLOCK_MONOTONIC", .to = ERA_2021_01, .root = true)

CHECK_ERROR(clock_adjust, ZX_ERR_INVALID_ARGS, clock, .to = ERA_2021_01, .root = true)
{
	EXPECT_STATUS(zx_clock_adjust(root_resource(), ZX_CLOCK_THREAD, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_adjust(root_resource(), 77, 0), ZX_ERR_INVALID_ARGS);
}
