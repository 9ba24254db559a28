/* zx_timer_create, _set, _cancel, and zx_nanosleep. */
#include "conformance.h"

static zx_status_t create(uint32_t options, zx_clock_t clock)
{
	zx_handle_t timer;
	zx_status_t status = zx_timer_create(options, clock, &timer);

	if (status == ZX_OK)
		own(timer);
	return status;
}

CHECK_ERROR(timer_create, ZX_ERR_INVALID_ARGS, clock, .line = "clock_id")
{
	EXPECT_STATUS(create(ZX_TIMER_SLACK_CENTER, ZX_CLOCK_THREAD), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(ZX_TIMER_SLACK_CENTER, 77), ZX_ERR_INVALID_ARGS);
}

REFUSES(timer_create, ZX_ERR_INVALID_ARGS, utc_clock,
	create(ZX_TIMER_SLACK_CENTER, ZX_CLOCK_UTC), .line = "clock_id", .to = ERA_2021_01)
REFUSES(timer_create, ZX_ERR_INVALID_ARGS, options,
	create(3, ZX_CLOCK_MONOTONIC), .line = "options")
REFUSES(timer_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_timer_create(0, ZX_CLOCK_MONOTONIC, BAD_OUT), .line = "bad pointer")
REFUSES(timer_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_TIMER, zx_timer_create, 0, ZX_CLOCK_MONOTONIC, CHILD_OUT),
	.from = ERA_2020_07)

CHECK(timer_create, clock_before_policy, .from = ERA_2020_07)
{
	EXPECT_STATUS(call_denied_by_policy(ZX_POL_NEW_TIMER, zx_timer_create, 0, 77, CHILD_OUT),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(timer_create, slack_modes)
{
	EXPECT_OK(create(ZX_TIMER_SLACK_CENTER, ZX_CLOCK_MONOTONIC));
	EXPECT_OK(create(ZX_TIMER_SLACK_EARLY, ZX_CLOCK_MONOTONIC));
	EXPECT_OK(create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC));
}

CHECK(timer_create, boot_clock, .from = ERA_NEWEST)
{
	EXPECT_OK(create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_BOOT));
}

CHECK(timer_create, nothing_is_signaled)
{
	zx_handle_t timer = make_timer();

	EXPECT_EQ(type_of(timer), ZX_OBJ_TYPE_TIMER);
	EXPECT_SIGNALS(timer, 0);
}

CHECK_HANDLE(timer_set, handle, WRITE, make_timer(), zx_timer_set(h, 0, 0))

REFUSES(timer_set, ZX_ERR_OUT_OF_RANGE, negative_slack,
	zx_timer_set(make_timer(), 0, -1), .from = ERA_2018_10)

CHECK(timer_set, slack_before_handle, .from = ERA_2018_10)
{
	EXPECT_STATUS(zx_timer_set(ZX_HANDLE_INVALID, 0, -1), ZX_ERR_OUT_OF_RANGE);
}

/* Nobody looked at it. */
CHECK(timer_set, negative_slack, .to = ERA_2018_07)
{
	zx_handle_t timer = make_timer();

	EXPECT_STATUS(zx_timer_set(ZX_HANDLE_INVALID, 0, -1), ZX_ERR_BAD_HANDLE);
	EXPECT_OK(zx_timer_set(timer, SOON, -1));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
}

CHECK(timer_set, past_deadline)
{
	zx_handle_t timer = make_timer();

	EXPECT_OK(zx_timer_set(timer, 0, 0));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
}

CHECK(timer_set, not_before_the_deadline)
{
	zx_handle_t timer = make_timer();
	zx_time_t deadline = zx_deadline_after(20 * MILLISECOND);

	EXPECT_OK(zx_timer_set(timer, deadline, 0));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
	EXPECT(zx_clock_get_monotonic() >= deadline);
	EXPECT_SIGNALS(timer, ZX_TIMER_SIGNALED);
}

CHECK(timer_set, again_clears_the_signal)
{
	zx_handle_t timer = make_timer();

	EXPECT_OK(zx_timer_set(timer, 0, 0));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
	EXPECT_OK(zx_timer_set(timer, ZX_TIME_INFINITE, 0));
	EXPECT_SIGNALS(timer, 0);
}

CHECK(timer_set, again_moves_the_deadline)
{
	zx_handle_t timer = make_timer();

	EXPECT_OK(zx_timer_set(timer, ZX_TIME_INFINITE, 0));
	EXPECT_OK(zx_timer_set(timer, SOON, 0));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
}

CHECK(timer_set, wakes_a_port)
{
	zx_handle_t timer = make_timer(), port = make_port();
	zx_port_packet_t packet;

	EXPECT_OK(zx_object_wait_async(timer, port, 6, ZX_TIMER_SIGNALED, 0));
	EXPECT_OK(zx_timer_set(timer, SOON, 0));
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.key, 6);
	EXPECT_EQ(packet.signal.observed, ZX_TIMER_SIGNALED);
}

/* A timer may be late by its slack, but not early. */
CHECK(timer_set, late_slack)
{
	zx_time_t deadline = zx_deadline_after(10 * MILLISECOND);
	zx_handle_t timer;

	EXPECT_OK(zx_timer_create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC, &timer));
	own(timer);
	EXPECT_OK(zx_timer_set(timer, deadline, 10 * MILLISECOND));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

CHECK(timer_set, info, .from = ERA_2020_07)
{
	zx_info_timer_t info;
	zx_handle_t timer;

	EXPECT_OK(zx_timer_create(ZX_TIMER_SLACK_EARLY, ZX_CLOCK_MONOTONIC, &timer));
	own(timer);
	EXPECT_OK(zx_timer_set(timer, ZX_TIME_INFINITE - 1, 5));
	EXPECT_OK(zx_object_get_info(timer, ZX_INFO_TIMER, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.options, ZX_TIMER_SLACK_EARLY);
	EXPECT_EQ(info.deadline, ZX_TIME_INFINITE - 1);
	EXPECT_EQ(info.slack, 5);
}

CHECK_HANDLE(timer_cancel, handle, WRITE, make_timer(), zx_timer_cancel(h))

CHECK(timer_cancel, never_set)
{
	EXPECT_OK(zx_timer_cancel(make_timer()));
}

CHECK(timer_cancel, stops_it)
{
	zx_handle_t timer = make_timer();

	EXPECT_OK(zx_timer_set(timer, zx_deadline_after(5 * MILLISECOND), 0));
	EXPECT_OK(zx_timer_cancel(timer));
	EXPECT_STATUS(zx_object_wait_one(timer, ZX_TIMER_SIGNALED,
					 zx_deadline_after(20 * MILLISECOND), NULL),
		      ZX_ERR_TIMED_OUT);
}

CHECK(timer_cancel, clears_the_signal)
{
	zx_handle_t timer = make_timer();

	EXPECT_OK(zx_timer_set(timer, 0, 0));
	EXPECT_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, LATE, NULL));
	EXPECT_OK(zx_timer_cancel(timer));
	EXPECT_SIGNALS(timer, 0);
}

CHECK(nanosleep, until_the_deadline)
{
	zx_time_t deadline = SOON;

	EXPECT_OK(zx_nanosleep(deadline));
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

CHECK(nanosleep, past_deadline, .from = ERA_2018_10)
{
	EXPECT_OK(zx_nanosleep(0));
	EXPECT_OK(zx_nanosleep(-1));
	EXPECT_OK(zx_nanosleep(ZX_TIME_INFINITE_PAST));
}
