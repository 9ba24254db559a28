/* zx_object_wait_one and zx_object_wait_many. */
#include "conformance.h"

static zx_status_t look(zx_handle_t handle)
{
	return zx_object_wait_one(handle, ZX_USER_SIGNAL_0, AT_ONCE, NULL);
}

static zx_status_t look_many(zx_handle_t handle)
{
	zx_wait_item_t items[2] = { { make_event(), ZX_USER_SIGNAL_0, 0 },
				    { handle, ZX_USER_SIGNAL_0, 0 } };

	return zx_object_wait_many(items, 2, AT_ONCE);
}

static void signal_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	EXPECT_OK(zx_object_signal(*(zx_handle_t *)arg, 0, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_4));
}

static void flash_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	EXPECT_OK(zx_object_signal(*(zx_handle_t *)arg, 0, ZX_USER_SIGNAL_0));
	EXPECT_OK(zx_object_signal(*(zx_handle_t *)arg, ZX_USER_SIGNAL_0, 0));
}

static void close_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	EXPECT_OK(zx_handle_close(*(zx_handle_t *)arg));
}

static void close_when_many_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	EXPECT_OK(zx_handle_close(*(zx_handle_t *)arg));
}

static void send_when_blocked(void *arg)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, arg, 1));
}

/* --- object_wait_one --- */

CHECK_HANDLE_VALID(object_wait_one, handle, look(h))
CHECK_HANDLE_RIGHT(object_wait_one, handle, WAIT, make_event(), look(h))

CHECK_ERROR(object_wait_one, ZX_ERR_TIMED_OUT, no_signal)
{
	zx_time_t deadline = SOON;
	zx_signals_t observed = 0;
	zx_handle_t event = make_event();

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_5));
	EXPECT_STATUS(zx_object_wait_one(event, ZX_USER_SIGNAL_0, deadline, &observed),
		      ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
	EXPECT_EQ(observed, ZX_USER_SIGNAL_5);
}

CHECK_ERROR(object_wait_one, ZX_ERR_CANCELED, closed)
{
	zx_handle_t event = make_event(), closed = duplicate(event);
	zx_signals_t observed = 0;

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_5));
	start_thread(close_when_blocked, &closed);
	EXPECT_STATUS(zx_object_wait_one(closed, ZX_USER_SIGNAL_0, LATE, &observed),
		      ZX_ERR_CANCELED);
	EXPECT_EQ(observed, ZX_SIGNAL_HANDLE_CLOSED | ZX_USER_SIGNAL_5);
}

CHECK_ERROR(object_wait_one, ZX_ERR_CANCELED, sent_away)
{
	zx_handle_t event = make_event();

	start_thread(send_when_blocked, &event);
	EXPECT_STATUS(zx_object_wait_one(event, ZX_USER_SIGNAL_0, LATE, NULL), ZX_ERR_CANCELED);
}

CHECK_ERROR(object_wait_one, ZX_ERR_INVALID_ARGS, bad_observed)
{
	zx_handle_t event = make_event();

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	EXPECT_STATUS(zx_object_wait_one(event, ZX_USER_SIGNAL_0, AT_ONCE, BAD_POINTER),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(object_wait_one, signal_is_there)
{
	zx_handle_t event = make_event();
	zx_signals_t observed = 0;

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1));
	EXPECT_OK(zx_object_wait_one(event, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_2, AT_ONCE,
				     &observed));
	EXPECT_EQ(observed, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1);
}

CHECK(object_wait_one, wakes_on_a_signal)
{
	zx_handle_t event = make_event();
	zx_signals_t observed = 0;

	start_thread(signal_when_blocked, &event);
	EXPECT_OK(zx_object_wait_one(event, ZX_USER_SIGNAL_0, LATE, &observed));
	EXPECT_EQ(observed, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_4);
}

/* Cleared again, but seen: a wait that slept ends all the same. */
CHECK(object_wait_one, wakes_on_a_flash)
{
	zx_handle_t event = make_event();
	zx_signals_t observed = 0;

	start_thread(flash_when_blocked, &event);
	EXPECT_OK(zx_object_wait_one(event, ZX_USER_SIGNAL_0, LATE, &observed));
	join_threads();
	EXPECT_EQ(observed & ZX_USER_SIGNAL_0, ZX_USER_SIGNAL_0);
}

/* The signal of another handle's closing is no business of this one. */
CHECK(object_wait_one, other_handle_closed)
{
	zx_handle_t event = make_event();

	EXPECT_OK(zx_handle_close(duplicate(event)));
	EXPECT_SIGNALS(event, 0);
}

/* A port has no signals, and so its handles no right to wait. */
CHECK(object_wait_one, port)
{
	EXPECT_STATUS(look(make_port()), ZX_ERR_ACCESS_DENIED);
}

/* --- object_wait_many --- */

CHECK_ERROR(object_wait_many, ZX_ERR_OUT_OF_RANGE, items)
{
	zx_wait_item_t items[ZX_WAIT_MANY_MAX_ITEMS + 1] = { 0 };
	zx_handle_t event = make_event();
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(items); i++)
		items[i].handle = event;
	EXPECT_STATUS(zx_object_wait_many(items, RT_ARRAY_SIZE(items), AT_ONCE),
		      ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(object_wait_many, ZX_ERR_OUT_OF_RANGE, items_before_2020, .to = ERA_2019_01)
{
	zx_wait_item_t items[17] = { 0 };
	zx_handle_t event = make_event();
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(items); i++)
		items[i].handle = event;
	EXPECT_STATUS(zx_object_wait_many(items, 17, AT_ONCE), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(zx_object_wait_many(items, 16, AT_ONCE), ZX_ERR_TIMED_OUT);
}

REFUSES(object_wait_many, ZX_ERR_INVALID_ARGS, bad_items,
	zx_object_wait_many(BAD_POINTER, 1, AT_ONCE))

CHECK_ERROR(object_wait_many, ZX_ERR_BAD_HANDLE, item)
{
	EXPECT_STATUS(look_many(ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(look_many(closed_handle()), ZX_ERR_BAD_HANDLE);
}

REFUSES(object_wait_many, ZX_ERR_ACCESS_DENIED, item,
	look_many(without_rights(make_event(), ZX_RIGHT_WAIT)))

CHECK_ERROR(object_wait_many, ZX_ERR_TIMED_OUT, no_signal)
{
	zx_handle_t event = make_event();
	zx_wait_item_t items[2] = { { event, ZX_USER_SIGNAL_0, 7 },
				    { make_event(), ZX_USER_SIGNAL_0, 7 } };
	zx_time_t deadline = SOON;

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_5));
	EXPECT_STATUS(zx_object_wait_many(items, 2, deadline), ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
	EXPECT_EQ(items[0].pending, ZX_USER_SIGNAL_5);
	EXPECT_EQ(items[1].pending, 0);
}

CHECK_ERROR(object_wait_many, ZX_ERR_TIMED_OUT, no_items)
{
	zx_time_t deadline = SOON;

	EXPECT_STATUS(zx_object_wait_many(NULL, 0, deadline), ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

CHECK_ERROR(object_wait_many, ZX_ERR_CANCELED, closed)
{
	zx_handle_t closed = make_event();
	zx_wait_item_t items[2] = { { make_event(), ZX_USER_SIGNAL_0, 0 },
				    { closed, ZX_USER_SIGNAL_0, 0 } };

	start_thread(close_when_many_blocked, &closed);
	EXPECT_STATUS(zx_object_wait_many(items, 2, LATE), ZX_ERR_CANCELED);
	EXPECT_EQ(items[0].pending, 0);
	EXPECT_EQ(items[1].pending, ZX_SIGNAL_HANDLE_CLOSED);
}

CHECK(object_wait_many, one_signal_is_enough)
{
	zx_handle_t event = make_event();
	zx_wait_item_t items[3] = { { make_event(), ZX_USER_SIGNAL_0, 7 },
				    { event, ZX_USER_SIGNAL_0, 7 },
				    { event, ZX_USER_SIGNAL_1, 7 } };

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	EXPECT_OK(zx_object_wait_many(items, 3, LATE));
	EXPECT_EQ(items[0].pending, 0);
	EXPECT_EQ(items[1].pending, ZX_USER_SIGNAL_0);
	EXPECT_EQ(items[2].pending, ZX_USER_SIGNAL_0);
}

CHECK(object_wait_many, most_items, .from = ERA_2020_07)
{
	zx_wait_item_t items[ZX_WAIT_MANY_MAX_ITEMS];
	zx_handle_t event = make_event();
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(items); i++)
		items[i] = (zx_wait_item_t){ event, ZX_USER_SIGNAL_0, 0 };
	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	EXPECT_OK(zx_object_wait_many(items, RT_ARRAY_SIZE(items), LATE));
	EXPECT_EQ(items[ZX_WAIT_MANY_MAX_ITEMS - 1].pending, ZX_USER_SIGNAL_0);
}
