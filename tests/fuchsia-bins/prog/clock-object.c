/* Clock objects: clocks that a program keeps itself. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/clock.h>

#define MS 1000000ll
#define V1 ZX_CLOCK_ARGS_VERSION(1)

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static zx_time_t read(zx_handle_t clock)
{
	zx_time_t now = -1;

	CHECK_OK(zx_clock_read(clock, &now));
	return now;
}

static zx_status_t set_value(zx_handle_t clock, int64_t value)
{
	zx_clock_update_args_v1_t args = { .value = value };

	return zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTION_VALUE_VALID, &args);
}

static zx_status_t set_rate(zx_handle_t clock, int32_t rate)
{
	zx_clock_update_args_v1_t args = { .rate_adjust = rate };

	return zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID, &args);
}

static void starting(void)
{
	zx_handle_t clock;
	zx_time_t now;

	REQUIRE_OK(zx_clock_create(0, NULL, &clock));
	CHECK_EQ(signals_of(clock), ZX_SIGNAL_NONE);
	CHECK_EQ(read(clock), 0);
	/* The first change must say what time it is. */
	CHECK_STATUS(set_rate(clock, 5), ZX_ERR_BAD_STATE);
	CHECK_OK(set_value(clock, 1000000 * MS));
	CHECK_EQ(signals_of(clock), ZX_CLOCK_STARTED);
	now = read(clock);
	CHECK(now >= 1000000 * MS);
	zx_nanosleep(zx_deadline_after(20 * MS));
	CHECK(read(clock) >= now + 20 * MS);
	/* A clock that promises nothing may be set back. */
	CHECK_OK(set_value(clock, 5 * MS));
	CHECK(read(clock) < 1000000 * MS);
	zx_handle_close(clock);
}

static void backstop(void)
{
	zx_clock_create_args_v1_t args = { .backstop_time = 7000 };
	zx_handle_t clock;

	REQUIRE_OK(zx_clock_create(V1, &args, &clock));
	CHECK_EQ(read(clock), 7000);
	CHECK_STATUS(set_value(clock, 6999), ZX_ERR_INVALID_ARGS);
	CHECK_OK(set_value(clock, 7000));
	zx_handle_close(clock);
}

static void promises(void)
{
	zx_handle_t clock;

	CHECK_STATUS(zx_clock_create(ZX_CLOCK_OPT_CONTINUOUS, NULL, &clock), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_create(0x80, NULL, &clock), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MONOTONIC, NULL, &clock));
	CHECK_OK(set_value(clock, 1000000 * MS));
	CHECK_STATUS(set_value(clock, 999 * MS), ZX_ERR_INVALID_ARGS);
	CHECK_OK(set_value(clock, 2000000 * MS));
	zx_handle_close(clock);

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS, NULL, &clock));
	CHECK_OK(set_value(clock, 1000000 * MS));
	CHECK_STATUS(set_value(clock, 2000000 * MS), ZX_ERR_INVALID_ARGS);
	CHECK_OK(set_rate(clock, 100));
	CHECK_OK(set_rate(clock, ZX_CLOCK_UPDATE_MIN_RATE_ADJUST));
	CHECK_STATUS(set_rate(clock, ZX_CLOCK_UPDATE_MAX_RATE_ADJUST + 1), ZX_ERR_INVALID_ARGS);
	zx_handle_close(clock);
}

static void automatic(void)
{
	zx_handle_t clock;
	zx_time_t before, now, after;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_AUTO_START | ZX_CLOCK_OPT_MONOTONIC, NULL, &clock));
	CHECK_EQ(signals_of(clock), ZX_CLOCK_STARTED);
	before = zx_clock_get_monotonic();
	now = read(clock);
	after = zx_clock_get_monotonic();
	/* Computed from ticks in two ways, the times may differ by rounding. */
	CHECK(now >= before - 1000);
	CHECK(now <= after + 1000);
	zx_handle_close(clock);
}

static void details(void)
{
	zx_clock_update_args_v1_t args = { .error_bound = 12345 };
	zx_clock_details_v1_t got = { 0 };
	zx_handle_t clock;
	uint32_t generation;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MONOTONIC, NULL, &clock));
	CHECK_OK(zx_clock_get_details(clock, V1, &got));
	CHECK_EQ(got.options, ZX_CLOCK_OPT_MONOTONIC);
	CHECK_EQ(got.backstop_time, 0);
	CHECK_EQ(got.error_bound, ZX_CLOCK_UNKNOWN_ERROR);
	generation = got.generation_counter;
	CHECK_OK(set_value(clock, 1000 * MS));
	CHECK_OK(zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTION_ERROR_BOUND_VALID, &args));
	CHECK_OK(zx_clock_get_details(clock, V1, &got));
	CHECK_EQ(got.error_bound, 12345);
	CHECK(got.generation_counter != generation);
	CHECK(got.query_ticks > 0);
	CHECK_STATUS(zx_clock_get_details(clock, 0, &got), ZX_ERR_INVALID_ARGS);
	zx_handle_close(clock);
}

static void rights(void)
{
	zx_handle_t clock, less;
	zx_time_t now;

	REQUIRE_OK(zx_clock_create(0, NULL, &clock));
	REQUIRE_OK(zx_handle_duplicate(clock, ZX_RIGHT_READ, &less));
	CHECK_OK(zx_clock_read(less, &now));
	CHECK_STATUS(set_value(less, 5), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	REQUIRE_OK(zx_handle_replace(clock, ZX_RIGHT_WRITE, &less));
	CHECK_STATUS(zx_clock_read(less, &now), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(starting);
	RUN(backstop);
	RUN(promises);
	RUN(automatic);
	RUN(details);
	RUN(rights);
	return rt_check_result();
}
