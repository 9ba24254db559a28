/* Time: clocks, ticks, deadlines and sleeping. */
#include "check.h"

#include <zircon/errors.h>

#define MS 1000000ll

static void monotonic(void)
{
	zx_time_t last = zx_clock_get_monotonic();
	int i;

	CHECK(last > 0);
	for (i = 0; i < 10000; i++) {
		zx_time_t now = zx_clock_get_monotonic();

		if (!CHECK(now >= last))
			return;
		last = now;
	}
}

/* Each reading of ticks lies between two of the clock, however long these are apart. */
static void ticks(void)
{
	zx_ticks_t per_second = zx_ticks_per_second();
	zx_time_t first = zx_clock_get_monotonic();
	zx_ticks_t start = zx_ticks_get();
	zx_time_t second = zx_clock_get_monotonic();
	zx_time_t third, fourth;
	zx_duration_t elapsed;

	REQUIRE(per_second >= 1000);
	zx_nanosleep(zx_deadline_after(50 * MS));
	third = zx_clock_get_monotonic();
	elapsed = (zx_ticks_get() - start) * MS / (per_second / 1000);
	fourth = zx_clock_get_monotonic();
	CHECK(elapsed >= third - second - MS);
	CHECK(elapsed <= fourth - first + MS);
}

static void deadlines(void)
{
	zx_time_t now = zx_clock_get_monotonic();
	zx_time_t deadline = zx_deadline_after(1000 * MS);

	CHECK(deadline >= now + 1000 * MS);
	CHECK(deadline < now + 60000 * MS);
	CHECK_EQ(zx_deadline_after(ZX_TIME_INFINITE), ZX_TIME_INFINITE);
}

static void sleep_lasts(void)
{
	zx_time_t start = zx_clock_get_monotonic();

	CHECK_OK(zx_nanosleep(start + 20 * MS));
	CHECK(zx_clock_get_monotonic() >= start + 20 * MS);
}

static void sleep_until_the_past(void)
{
	zx_time_t start = zx_clock_get_monotonic();

	CHECK_OK(zx_nanosleep(0));
	CHECK_OK(zx_nanosleep(ZX_TIME_INFINITE_PAST));
	CHECK_OK(zx_nanosleep(start));
}

/* The form of 2020: the time through a pointer, a status returned. */
static void clock_get(void)
{
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t now = 0;
	zx_time_t used = 0;
	volatile int work;

	CHECK_OK(zx_clock_get(ZX_CLOCK_MONOTONIC, &now));
	CHECK(now >= before && now <= zx_clock_get_monotonic());

	for (work = 0; work < 1000000; work++)
		;
	CHECK_OK(zx_clock_get(ZX_CLOCK_THREAD, &used));
	CHECK(used > 0);
	CHECK_STATUS(zx_clock_get(99, &now), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_get(ZX_CLOCK_MONOTONIC, NULL), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_get(ZX_CLOCK_UTC, (zx_time_t *)0x1234567000), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_get(ZX_CLOCK_UTC, (zx_time_t *)-16ll), ZX_ERR_INVALID_ARGS);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(monotonic);
	RUN(ticks);
	RUN(deadlines);
	RUN(sleep_lasts);
	RUN(sleep_until_the_past);
	RUN(clock_get);
	return rt_check_result();
}
