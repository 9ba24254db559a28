/* zx_object_signal and zx_object_signal_peer. */
#include "conformance.h"

static zx_handle_t pair_end(void)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	return a;
}

static zx_handle_t lonely_end(void)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_OK(zx_handle_close(a));
	return b;
}

CHECK_HANDLE_VALID(object_signal, handle, zx_object_signal(h, 0, ZX_USER_SIGNAL_0))
CHECK_HANDLE_RIGHT(object_signal, handle, SIGNAL, make_event(),
		   zx_object_signal(h, 0, ZX_USER_SIGNAL_0))

CHECK_ERROR(object_signal, ZX_ERR_INVALID_ARGS, set_mask)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_object_signal(event, 0, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_object_signal(event, 0, ZX_USER_SIGNAL_0 | ZX_SIGNAL_HANDLE_CLOSED),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_SIGNALS(event, 0);
}

CHECK_ERROR(object_signal, ZX_ERR_INVALID_ARGS, clear_mask)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(zx_object_signal(a, ZX_CHANNEL_WRITABLE, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_object_signal(a, 0, ZX_CHANNEL_READABLE), ZX_ERR_INVALID_ARGS);
}

CHECK(object_signal, user_signals)
{
	zx_handle_t event = make_event();

	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_ALL));
	EXPECT_SIGNALS(event, ZX_USER_SIGNAL_ALL);
	EXPECT_OK(zx_object_signal(event, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_7, 0));
	EXPECT_SIGNALS(event, ZX_USER_SIGNAL_ALL & ~(ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_7));
}

CHECK(object_signal, set_wins)
{
	zx_handle_t event = make_event();

	EXPECT_OK(zx_object_signal(event, ZX_USER_SIGNAL_0, ZX_USER_SIGNAL_0));
	EXPECT_SIGNALS(event, ZX_USER_SIGNAL_0);
}

CHECK(object_signal, event_signaled)
{
	zx_handle_t event = make_event(), end = pair_end();

	EXPECT_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	EXPECT_SIGNALS(event, ZX_EVENT_SIGNALED);
	EXPECT_OK(zx_object_signal(end, 0, ZX_EVENTPAIR_SIGNALED));
	EXPECT_SIGNALS(end, ZX_EVENTPAIR_SIGNALED);
}

CHECK(object_signal, own_end_only)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_OK(zx_object_signal(a, 0, ZX_USER_SIGNAL_0));
	EXPECT_SIGNALS(a, ZX_USER_SIGNAL_0);
	EXPECT_SIGNALS(b, 0);
}

CHECK(object_signal, channel_and_timer)
{
	zx_handle_t a, b, timer = make_timer();

	make_channel(&a, &b);
	EXPECT_OK(zx_object_signal(a, 0, ZX_USER_SIGNAL_3));
	EXPECT_SIGNALS(a, ZX_USER_SIGNAL_3 | ZX_CHANNEL_WRITABLE);
	EXPECT_OK(zx_object_signal(timer, 0, ZX_USER_SIGNAL_3));
	EXPECT_SIGNALS(timer, ZX_USER_SIGNAL_3);
	EXPECT_STATUS(zx_object_signal(timer, 0, ZX_TIMER_SIGNALED), ZX_ERR_INVALID_ARGS);
}

CHECK_HANDLE_VALID(object_signal_peer, handle, zx_object_signal_peer(h, 0, ZX_USER_SIGNAL_0))
CHECK_HANDLE_RIGHT(object_signal_peer, handle, SIGNAL_PEER, pair_end(),
		   zx_object_signal_peer(h, 0, ZX_USER_SIGNAL_0))

CHECK_ERROR(object_signal_peer, ZX_ERR_INVALID_ARGS, masks)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_STATUS(zx_object_signal_peer(a, 0, ZX_EVENTPAIR_PEER_CLOSED), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_object_signal_peer(a, 1, 0), ZX_ERR_INVALID_ARGS);
	make_channel(&a, &b);
	EXPECT_STATUS(zx_object_signal_peer(a, 0, ZX_CHANNEL_READABLE), ZX_ERR_INVALID_ARGS);
}

REFUSES(object_signal_peer, ZX_ERR_PEER_CLOSED, other_end_gone,
	zx_object_signal_peer(lonely_end(), 0, ZX_USER_SIGNAL_0))

CHECK(object_signal_peer, masks_before_peer)
{
	EXPECT_STATUS(zx_object_signal_peer(lonely_end(), 0, 1), ZX_ERR_INVALID_ARGS);
}

CHECK(object_signal_peer, other_end_only)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_OK(zx_object_signal_peer(a, 0, ZX_USER_SIGNAL_0 | ZX_EVENTPAIR_SIGNALED));
	EXPECT_SIGNALS(a, 0);
	EXPECT_SIGNALS(b, ZX_USER_SIGNAL_0 | ZX_EVENTPAIR_SIGNALED);
	EXPECT_OK(zx_object_signal_peer(a, ZX_USER_SIGNAL_0, 0));
	EXPECT_SIGNALS(b, ZX_EVENTPAIR_SIGNALED);
}

CHECK(object_signal_peer, all_pairs)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(zx_object_signal_peer(a, 0, ZX_USER_SIGNAL_1));
	EXPECT_SIGNALS(b, ZX_USER_SIGNAL_1 | ZX_CHANNEL_WRITABLE);
	make_socket(0, &a, &b);
	EXPECT_OK(zx_object_signal_peer(a, 0, ZX_USER_SIGNAL_1));
	EXPECT_SIGNALS(b, ZX_USER_SIGNAL_1 | ZX_SOCKET_WRITABLE);
	make_fifo(4, 4, &a, &b);
	EXPECT_OK(zx_object_signal_peer(a, 0, ZX_USER_SIGNAL_1));
	EXPECT_SIGNALS(b, ZX_USER_SIGNAL_1 | ZX_FIFO_WRITABLE);
}
