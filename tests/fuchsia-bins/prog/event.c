/* Events and event pairs, and waiting for signals. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define MS 1000000ll

static struct rt_thread helper;

static void signals(void)
{
	zx_handle_t event;
	zx_signals_t seen = 0;

	CHECK_STATUS(zx_event_create(1, &event), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_STATUS(zx_object_wait_one(event, ZX_EVENT_SIGNALED, 0, &seen), ZX_ERR_TIMED_OUT);
	CHECK_EQ(seen, 0);
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3));
	CHECK_OK(zx_object_wait_one(event, ZX_EVENT_SIGNALED, 0, &seen));
	CHECK_EQ(seen, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3);
	/* What is in both masks ends up set. */
	CHECK_OK(zx_object_signal(event, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3, ZX_USER_SIGNAL_3));
	CHECK_STATUS(zx_object_wait_one(event, ZX_EVENT_SIGNALED, 0, &seen), ZX_ERR_TIMED_OUT);
	CHECK_EQ(seen, ZX_USER_SIGNAL_3);
	CHECK_STATUS(zx_object_signal(event, 0, 1), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_object_signal(event, 1 << 22, 0), ZX_ERR_INVALID_ARGS);
	/* An event has no peer, so its handles don't have the right to signal one. */
	CHECK_STATUS(zx_object_signal_peer(event, 0, ZX_USER_SIGNAL_0), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(event);
}

static void deadlines(void)
{
	zx_time_t deadline;
	zx_handle_t event;

	REQUIRE_OK(zx_event_create(0, &event));
	deadline = zx_deadline_after(20 * MS);
	CHECK_STATUS(zx_object_wait_one(event, ZX_EVENT_SIGNALED, deadline, NULL),
		     ZX_ERR_TIMED_OUT);
	CHECK(zx_clock_get_monotonic() >= deadline);
	CHECK_STATUS(zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE_PAST, NULL),
		     ZX_ERR_TIMED_OUT);
	zx_handle_close(event);
}

static void signal_later(void *arg)
{
	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_object_signal((zx_handle_t)(uintptr_t)arg, 0, ZX_EVENT_SIGNALED));
}

static void woken_by_a_thread(void)
{
	zx_handle_t event;
	zx_signals_t seen = 0;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&helper, "signaller", signal_later, (void *)(uintptr_t)event));
	CHECK_OK(zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, &seen));
	CHECK_EQ(seen, ZX_EVENT_SIGNALED);
	rt_thread__join(&helper);
	zx_handle_close(event);
}

static void close_later(void *arg)
{
	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_handle_close((zx_handle_t)(uintptr_t)arg));
}

static void handle_closed_under_a_wait(void)
{
	zx_handle_t event, copy;
	zx_signals_t seen = 0;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_handle_duplicate(event, ZX_RIGHT_SAME_RIGHTS, &copy));
	REQUIRE_OK(rt_thread__start(&helper, "closer", close_later, (void *)(uintptr_t)copy));
	CHECK_STATUS(zx_object_wait_one(copy, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, &seen),
		     ZX_ERR_CANCELED);
	CHECK_EQ(seen & ZX_SIGNAL_HANDLE_CLOSED, ZX_SIGNAL_HANDLE_CLOSED);
	rt_thread__join(&helper);
	CHECK_OK(zx_handle_close(event));
}

static void wait_many(void)
{
	zx_wait_item_t items[ZX_WAIT_MANY_MAX_ITEMS + 1] = { 0 };
	zx_handle_t events[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		REQUIRE_OK(zx_event_create(0, &events[i]));
		items[i] = (zx_wait_item_t){ events[i], ZX_EVENT_SIGNALED, 0xffff };
	}
	CHECK_STATUS(zx_object_wait_many(items, 3, zx_deadline_after(5 * MS)), ZX_ERR_TIMED_OUT);
	for (i = 0; i < 3; i++)
		CHECK_EQ(items[i].pending, 0);
	CHECK_OK(zx_object_signal(events[1], 0, ZX_EVENT_SIGNALED));
	CHECK_OK(zx_object_signal(events[2], 0, ZX_USER_SIGNAL_0));
	CHECK_OK(zx_object_wait_many(items, 3, ZX_TIME_INFINITE));
	CHECK_EQ(items[0].pending, 0);
	CHECK_EQ(items[1].pending, ZX_EVENT_SIGNALED);
	CHECK_EQ(items[2].pending, ZX_USER_SIGNAL_0);

	CHECK_STATUS(zx_object_wait_many(NULL, 0, zx_deadline_after(5 * MS)), ZX_ERR_TIMED_OUT);
	CHECK_STATUS(zx_object_wait_many(items, ZX_WAIT_MANY_MAX_ITEMS + 1, 0),
		     ZX_ERR_OUT_OF_RANGE);
	zx_handle_close(events[2]);
	CHECK_STATUS(zx_object_wait_many(items, 3, 0), ZX_ERR_BAD_HANDLE);
	zx_handle_close(events[0]);
	zx_handle_close(events[1]);
}

static void pairs(void)
{
	zx_handle_t a, b;
	zx_signals_t seen = 0;

	REQUIRE_OK(zx_eventpair_create(0, &a, &b));
	CHECK_OK(zx_object_signal_peer(a, 0, ZX_EVENTPAIR_SIGNALED | ZX_USER_SIGNAL_1));
	CHECK_OK(zx_object_wait_one(b, ZX_USER_SIGNAL_1, 0, &seen));
	CHECK_EQ(seen, ZX_EVENTPAIR_SIGNALED | ZX_USER_SIGNAL_1);
	CHECK_STATUS(zx_object_wait_one(a, ZX_USER_SIGNAL_1, 0, &seen), ZX_ERR_TIMED_OUT);
	CHECK_EQ(seen, 0);
	CHECK_STATUS(zx_object_signal_peer(a, 0, ZX_EVENTPAIR_PEER_CLOSED), ZX_ERR_INVALID_ARGS);
	zx_handle_close(b);
	CHECK_OK(zx_object_wait_one(a, ZX_EVENTPAIR_PEER_CLOSED, 0, &seen));
	CHECK_STATUS(zx_object_signal_peer(a, 0, ZX_USER_SIGNAL_1), ZX_ERR_PEER_CLOSED);
	CHECK_OK(zx_object_signal(a, 0, ZX_USER_SIGNAL_1));
	zx_handle_close(a);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(signals);
	RUN(deadlines);
	RUN(woken_by_a_thread);
	RUN(handle_closed_under_a_wait);
	RUN(wait_many);
	RUN(pairs);
	return rt_check_result();
}
