/* zx_clock_update. */
#include "clock.h"

#define VALUE ZX_CLOCK_UPDATE_OPTION_VALUE_VALID
#define RATE ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID
#define ERROR_BOUND ZX_CLOCK_UPDATE_OPTION_ERROR_BOUND_VALID
#define REFERENCE ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID

#define SECOND (1000 * MILLISECOND)

static zx_status_t update(zx_handle_t clock, uint64_t options, int32_t rate, int64_t value)
{
	const zx_clock_update_args_v1_t args = { .rate_adjust = rate, .value = value };

	return zx_clock_update(clock, V1 | options, &args);
}

static zx_status_t update_at(zx_handle_t clock, uint64_t options, int32_t rate, int64_t value,
			     int64_t reference)
{
	const zx_clock_update_args_v2_t args = { .rate_adjust = rate, .synthetic_value = value,
						 .reference_value = reference };

	return zx_clock_update(clock, V2 | options, &args);
}

CHECK_HANDLE(clock_update, handle, WRITE, make_clock(0), set_clock(h, 1))

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, version, .line = "names a version")
{
	const zx_clock_update_args_v2_t args = { .synthetic_value = 1 };

	EXPECT_STATUS(zx_clock_update(make_clock(0), VALUE, &args), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_update(make_clock(0), ZX_CLOCK_ARGS_VERSION(3) | VALUE, &args),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_update, ZX_ERR_INVALID_ARGS, no_second_version,
	update_at(make_clock(0), VALUE, 0, 1, 0), .line = "names a version", .to = ERA_2020_07)
REFUSES(clock_update, ZX_ERR_INVALID_ARGS, no_args,
	zx_clock_update(make_clock(0), V1 | VALUE, NULL), .line = "args is NULL")
REFUSES(clock_update, ZX_ERR_INVALID_ARGS, bad_args,
	zx_clock_update(make_clock(0), V1 | VALUE, BAD_POINTER), .line = "args is NULL")
REFUSES(clock_update, ZX_ERR_INVALID_ARGS, unknown_option,
	update(make_clock(0), VALUE | 1 << 20, 0, 1), .line = "options has")
REFUSES(clock_update, ZX_ERR_INVALID_ARGS, no_member,
	update(make_clock(0), 0, 0, 1), .line = "options has")

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, rate, .line = "the rate is off")
{
	EXPECT_STATUS(update(make_clock(0), VALUE | RATE, 1001, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update(make_clock(0), VALUE | RATE, -1001, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_update, ZX_ERR_BAD_STATE, rate_before_start, update(make_clock(0), RATE, 5, 0))

CHECK_ERROR(clock_update, ZX_ERR_BAD_STATE, error_bound_before_start)
{
	zx_handle_t clock = make_clock(0);

	EXPECT_STATUS(update(clock, ERROR_BOUND, 0, 0), ZX_ERR_BAD_STATE);
	EXPECT_SIGNALS(clock, 0);
}

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, continuous, .line = "continuous clock")
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS);

	EXPECT_OK(set_clock(clock, SECOND));
	EXPECT_STATUS(set_clock(clock, 1000 * SECOND), ZX_ERR_INVALID_ARGS);
	EXPECT(read_clock(clock) < 1000 * SECOND);
}

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, monotonic, .line = "would go back")
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC);

	EXPECT_OK(set_clock(clock, 1000 * SECOND));
	EXPECT_STATUS(set_clock(clock, SECOND), ZX_ERR_INVALID_ARGS);
	EXPECT(read_clock(clock) >= 1000 * SECOND);
}

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, before_backstop, .line = "backstop time")
{
	const zx_clock_create_args_v1_t args = { SECOND };
	zx_handle_t clock;

	EXPECT_OK(zx_clock_create(V1, &args, &clock));
	EXPECT_STATUS(set_clock(own(clock), SECOND - 1), ZX_ERR_INVALID_ARGS);
	EXPECT_OK(set_clock(clock, SECOND));
}

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, reference_alone, .line = "a reference value",
	    .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START);

	EXPECT_STATUS(update_at(clock, REFERENCE, 0, 0, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update_at(clock, REFERENCE | ERROR_BOUND, 0, 0, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(clock_update, ZX_ERR_INVALID_ARGS, running_monotonic, .line = "the members do not suit",
	    .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC);
	zx_time_t now = zx_clock_get_monotonic();

	EXPECT_OK(set_clock(clock, SECOND));
	EXPECT_STATUS(update_at(clock, VALUE, 0, 1000 * SECOND, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update_at(clock, VALUE | REFERENCE | RATE, 1, 1000 * SECOND, now),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update_at(clock, REFERENCE | RATE, 1, 0, now), ZX_ERR_INVALID_ARGS);
}

CHECK(clock_update, args_before_handle)
{
	EXPECT_STATUS(zx_clock_update(ZX_HANDLE_INVALID, V1 | VALUE, NULL), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_update(ZX_HANDLE_INVALID, V1 | VALUE, BAD_POINTER),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update(ZX_HANDLE_INVALID, 0, 0, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(update(ZX_HANDLE_INVALID, VALUE | RATE, 1001, 1), ZX_ERR_INVALID_ARGS);
}

CHECK(clock_update, starts_the_clock)
{
	zx_handle_t clock = make_clock(0);
	zx_time_t before = zx_clock_get_monotonic();

	EXPECT_OK(set_clock(clock, 1000 * SECOND));
	EXPECT_EQ(signals_of(clock) & ZX_CLOCK_STARTED, ZX_CLOCK_STARTED);
	EXPECT(read_clock(clock) >= 1000 * SECOND);
	EXPECT(read_clock(clock) <= 1000 * SECOND + zx_clock_get_monotonic() - before + ROUNDING);
}

CHECK(clock_update, can_be_set_back)
{
	zx_handle_t clock = make_clock(0);

	EXPECT_OK(set_clock(clock, 1000 * SECOND));
	EXPECT_OK(set_clock(clock, SECOND));
	EXPECT(read_clock(clock) < 1000 * SECOND);
}

CHECK(clock_update, rate_goes_on_from_here)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS);
	zx_time_t before, after;

	EXPECT_OK(set_clock(clock, SECOND));
	before = read_clock(clock);
	EXPECT_OK(update(clock, RATE, 1000, 0));
	after = read_clock(clock);
	EXPECT(after >= before);
	EXPECT(after < before + 100 * SECOND);
	EXPECT_OK(update(clock, RATE, -1000, 0));
	EXPECT(read_clock(clock) >= after);
}

CHECK(clock_update, at_a_reference, .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(0);
	zx_time_t reference = zx_clock_get_monotonic() - 10 * SECOND;

	EXPECT_OK(update_at(clock, VALUE | REFERENCE, 0, 500 * SECOND, reference));
	EXPECT(read_clock(clock) >= 510 * SECOND);
	EXPECT(read_clock(clock) <= zx_clock_get_monotonic() - reference + 500 * SECOND + ROUNDING);
}

CHECK(clock_update, ends_waits, .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START), port = make_port();
	zx_port_packet_t packet;

	EXPECT_OK(zx_object_wait_async(clock, port, 3, ZX_CLOCK_UPDATED, ZX_WAIT_ASYNC_ONCE));
	EXPECT_OK(update(clock, RATE, 5, 0));
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.signal.observed & ZX_CLOCK_UPDATED, ZX_CLOCK_UPDATED);
	EXPECT_EQ(signals_of(clock) & ZX_CLOCK_UPDATED, 0);
}
