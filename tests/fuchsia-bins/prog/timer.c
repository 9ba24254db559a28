/* Timers. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void fires(void)
{
	zx_handle_t timer;
	zx_time_t deadline;

	REQUIRE_OK(zx_timer_create(0, ZX_CLOCK_MONOTONIC, &timer));
	CHECK_EQ(signals_of(timer), ZX_SIGNAL_NONE);
	deadline = zx_deadline_after(20 * MS);
	CHECK_OK(zx_timer_set(timer, deadline, 0));
	CHECK_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, ZX_TIME_INFINITE, NULL));
	CHECK(zx_clock_get_monotonic() >= deadline);

	/* Setting it again takes the signal back. */
	CHECK_OK(zx_timer_set(timer, zx_deadline_after(60000 * MS), 0));
	CHECK_EQ(signals_of(timer), ZX_SIGNAL_NONE);
	/* A deadline that has passed fires at once. */
	CHECK_OK(zx_timer_set(timer, 1, 0));
	CHECK_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, zx_deadline_after(5000 * MS), NULL));
	zx_handle_close(timer);
}

static void cancelling(void)
{
	zx_handle_t timer;

	REQUIRE_OK(zx_timer_create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC, &timer));
	CHECK_OK(zx_timer_cancel(timer));
	CHECK_OK(zx_timer_set(timer, zx_deadline_after(20 * MS), 0));
	CHECK_OK(zx_timer_cancel(timer));
	CHECK_STATUS(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, zx_deadline_after(60 * MS), NULL),
		     ZX_ERR_TIMED_OUT);
	/* Cancelling a timer that has fired takes the signal back. */
	CHECK_OK(zx_timer_set(timer, 1, 0));
	CHECK_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_timer_cancel(timer));
	CHECK_EQ(signals_of(timer), ZX_SIGNAL_NONE);
	zx_handle_close(timer);
}

static void information(void)
{
	zx_info_timer_t info = { 0 };
	zx_handle_t timer;
	zx_time_t deadline = zx_deadline_after(60000 * MS);

	REQUIRE_OK(zx_timer_create(ZX_TIMER_SLACK_EARLY, ZX_CLOCK_MONOTONIC, &timer));
	CHECK_OK(zx_timer_set(timer, deadline, 5 * MS));
	CHECK_OK(zx_object_get_info(timer, ZX_INFO_TIMER, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.options, ZX_TIMER_SLACK_EARLY);
	CHECK_EQ(info.deadline, deadline);
	CHECK_EQ(info.slack, 5 * MS);
	CHECK_OK(zx_timer_cancel(timer));
	CHECK_OK(zx_object_get_info(timer, ZX_INFO_TIMER, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.deadline, 0);
	zx_handle_close(timer);
}

static void bad_arguments(void)
{
	zx_handle_t timer;

	CHECK_STATUS(zx_timer_create(3, ZX_CLOCK_MONOTONIC, &timer), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_timer_create(0, 17, &timer), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_timer_create(0, ZX_CLOCK_MONOTONIC, &timer));
	CHECK_STATUS(zx_timer_set(timer, 1, -1), ZX_ERR_OUT_OF_RANGE);
	zx_handle_close(timer);
}

/* Several timers, set in another order than they are to fire. */
static void order(void)
{
	zx_handle_t timers[4], port;
	zx_time_t start = zx_clock_get_monotonic();
	zx_port_packet_t packet;
	bool in_time;
	uint64_t i;

	REQUIRE_OK(zx_port_create(0, &port));
	for (i = 0; i < RT_ARRAY_SIZE(timers); i++) {
		REQUIRE_OK(zx_timer_create(0, ZX_CLOCK_MONOTONIC, &timers[i]));
		REQUIRE_OK(zx_object_wait_async(timers[i], port, i, ZX_TIMER_SIGNALED, 0));
	}
	CHECK_OK(zx_timer_set(timers[2], start + 80 * MS, 0));
	CHECK_OK(zx_timer_set(timers[0], start + 40 * MS, 0));
	CHECK_OK(zx_timer_set(timers[3], start + 100 * MS, 0));
	CHECK_OK(zx_timer_set(timers[1], start + 60 * MS, 0));
	/* On a machine so busy that the first one is late already, there is no order to check. */
	in_time = zx_clock_get_monotonic() < start + 40 * MS;
	for (i = 0; i < RT_ARRAY_SIZE(timers); i++) {
		CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
		CHECK(!in_time || packet.key == i);
	}
	for (i = 0; i < RT_ARRAY_SIZE(timers); i++)
		zx_handle_close(timers[i]);
	zx_handle_close(port);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(fires);
	RUN(cancelling);
	RUN(information);
	RUN(bad_arguments);
	RUN(order);
	return rt_check_result();
}
