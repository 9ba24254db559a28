/* Ports: packets of the user's, and packets that signals send. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll

static struct rt_thread helper;

static void user_packets(void)
{
	zx_port_packet_t packet = { .key = 7, .status = 42 };
	zx_port_packet_t got;
	zx_handle_t port;
	int i;

	REQUIRE_OK(zx_port_create(0, &port));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);
	for (i = 0; i < 3; i++) {
		packet.type = 99;
		packet.key = 100 + (uint64_t)i;
		memset(&packet.user, 'a' + i, sizeof(packet.user));
		CHECK_OK(zx_port_queue(port, &packet));
	}
	/* In the order of queueing; the kernel sets the type. */
	for (i = 0; i < 3; i++) {
		memset(&got, 0, sizeof(got));
		CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &got));
		CHECK_EQ(got.key, 100 + i);
		CHECK_EQ(got.type, ZX_PKT_TYPE_USER);
		CHECK_EQ(got.status, 42);
		CHECK_EQ(got.user.c8[31], 'a' + i);
	}
	CHECK_STATUS(zx_port_wait(port, zx_deadline_after(5 * MS), &got), ZX_ERR_TIMED_OUT);
	CHECK_STATUS(zx_port_create(0x80, &port), ZX_ERR_INVALID_ARGS);
	zx_handle_close(port);
}

static void queue_later(void *arg)
{
	zx_port_packet_t packet = { .key = 11 };

	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_PORT));
	CHECK_OK(zx_port_queue((zx_handle_t)(uintptr_t)arg, &packet));
}

static void wakes_a_waiter(void)
{
	zx_port_packet_t got = { 0 };
	zx_handle_t port;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(rt_thread__start(&helper, "queuer", queue_later, (void *)(uintptr_t)port));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &got));
	CHECK_EQ(got.key, 11);
	rt_thread__join(&helper);
	zx_handle_close(port);
}

static void signal_packets(void)
{
	zx_port_packet_t got = { 0 };
	zx_handle_t port, event;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_0, 0));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);
	CHECK_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_1));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);
	CHECK_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &got));
	CHECK_EQ(got.key, 5);
	CHECK_EQ(got.type, ZX_PKT_TYPE_SIGNAL_ONE);
	CHECK_STATUS(got.status, ZX_OK);
	CHECK_EQ(got.signal.trigger, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_0);
	CHECK_EQ(got.signal.observed, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1);
	CHECK_EQ(got.signal.count, 1);
	/* Once only. */
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);
	/* Signals that are there already send a packet at once. */
	REQUIRE_OK(zx_object_wait_async(event, port, 6, ZX_EVENT_SIGNALED, 0));
	CHECK_OK(zx_port_wait(port, 0, &got));
	CHECK_EQ(got.key, 6);
	CHECK_STATUS(zx_object_wait_async(event, port, 7, ZX_EVENT_SIGNALED, 0x100),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(event);
	zx_handle_close(port);
}

static void timestamps(void)
{
	zx_port_packet_t got = { 0 };
	zx_handle_t port, event;
	zx_time_t before, after;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED,
					ZX_WAIT_ASYNC_TIMESTAMP));
	before = zx_clock_get_monotonic();
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	after = zx_clock_get_monotonic();
	CHECK_OK(zx_port_wait(port, 0, &got));
	CHECK((zx_time_t)got.signal.timestamp >= before);
	CHECK((zx_time_t)got.signal.timestamp <= after);
	zx_handle_close(event);
	zx_handle_close(port);
}

static void cancelling(void)
{
	zx_port_packet_t got;
	zx_handle_t port, event;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_STATUS(zx_port_cancel(port, event, 5), ZX_ERR_NOT_FOUND);
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED, 0));
	CHECK_STATUS(zx_port_cancel(port, event, 6), ZX_ERR_NOT_FOUND);
	CHECK_OK(zx_port_cancel(port, event, 5));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);

	/* A packet that is queued already is taken back. */
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED, 0));
	CHECK_OK(zx_port_cancel(port, event, 5));
	CHECK_STATUS(zx_port_wait(port, 0, &got), ZX_ERR_TIMED_OUT);

	/* Closing the handle ends the watch as well. */
	CHECK_OK(zx_object_signal(event, ZX_EVENT_SIGNALED, 0));
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED, 0));
	zx_handle_close(event);
	CHECK_STATUS(zx_port_wait(port, zx_deadline_after(5 * MS), &got), ZX_ERR_TIMED_OUT);
	zx_handle_close(port);
}

/* The port goes first, with watches and packets left. */
static void closing_the_port(void)
{
	zx_port_packet_t packet = { 0 };
	zx_handle_t port, event;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_object_wait_async(event, port, 5, ZX_EVENT_SIGNALED, 0));
	REQUIRE_OK(zx_port_queue(port, &packet));
	CHECK_OK(zx_handle_close(port));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_OK(zx_handle_close(event));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(user_packets);
	RUN(wakes_a_waiter);
	RUN(signal_packets);
	RUN(timestamps);
	RUN(cancelling);
	RUN(closing_the_port);
	return rt_check_result();
}
