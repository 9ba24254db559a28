/* zx_port_cancel and zx_port_cancel_key. */
#include "conformance.h"

static zx_handle_t port_waiting_for(zx_handle_t event, uint64_t key)
{
	zx_handle_t port = make_port();

	EXPECT_OK(zx_object_wait_async(event, port, key, ZX_USER_SIGNAL_0, ZX_WAIT_ASYNC_ONCE));
	return port;
}

static zx_status_t take(zx_handle_t port)
{
	zx_port_packet_t packet;

	return zx_port_wait(port, AT_ONCE, &packet);
}

static void queue(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t packet = { .key = key };

	EXPECT_OK(zx_port_queue(port, &packet));
}

static void signal(zx_handle_t event)
{
	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
}

CHECK_HANDLE(port_cancel, handle, WRITE, make_port(), zx_port_cancel(h, make_event(), 1))
CHECK_HANDLE_VALID(port_cancel, source, zx_port_cancel(make_port(), h, 1))
CHECK_HANDLE_RIGHT(port_cancel, source, WAIT, make_event(), zx_port_cancel(make_port(), h, 1))

REFUSES(port_cancel, ZX_ERR_NOT_FOUND, nothing, zx_port_cancel(make_port(), make_event(), 1))

CHECK_ERROR(port_cancel, ZX_ERR_NOT_FOUND, other_key)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_port_cancel(port_waiting_for(event, 1), event, 2), ZX_ERR_NOT_FOUND);
}

/* It is the handle that counts, not the object. */
CHECK_ERROR(port_cancel, ZX_ERR_NOT_FOUND, other_handle)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_port_cancel(port_waiting_for(event, 1), duplicate(event), 1),
		      ZX_ERR_NOT_FOUND);
}

CHECK(port_cancel, waits)
{
	zx_handle_t event = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	EXPECT_OK(zx_port_cancel(port, event, 1));
	signal(event);
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
	EXPECT_STATUS(zx_port_cancel(port, event, 1), ZX_ERR_NOT_FOUND);
}

CHECK(port_cancel, queued_packets)
{
	zx_handle_t event = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	signal(event);
	EXPECT_OK(zx_port_cancel(port, event, 1));
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
}

CHECK(port_cancel, several_waits)
{
	zx_handle_t event = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	EXPECT_OK(zx_object_wait_async(event, port, 1, ZX_USER_SIGNAL_1, 0));
	EXPECT_OK(zx_object_wait_async(event, port, 2, ZX_USER_SIGNAL_0, 0));
	EXPECT_OK(zx_port_cancel(port, event, 1));
	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1));
	EXPECT_OK(take(port));
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
}

CHECK(port_cancel, own_packets_stay)
{
	zx_handle_t event = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	queue(port, 1);
	EXPECT_OK(zx_port_cancel(port, event, 1));
	EXPECT_OK(take(port));
}

CHECK_HANDLE(port_cancel_key, handle, WRITE, make_port(), zx_port_cancel_key(h, 0, 1))

CHECK_ERROR(port_cancel_key, ZX_ERR_INVALID_ARGS, options)
{
	EXPECT_STATUS(zx_port_cancel_key(make_port(), 1, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_port_cancel_key(ZX_HANDLE_INVALID, 1, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(port_cancel_key, ZX_ERR_NOT_FOUND, nothing)
{
	EXPECT_STATUS(zx_port_cancel_key(make_port(), 0, 1), ZX_ERR_NOT_FOUND);
	EXPECT_STATUS(zx_port_cancel_key(port_waiting_for(make_event(), 1), 0, 2),
		      ZX_ERR_NOT_FOUND);
}

CHECK(port_cancel_key, waits_of_all_handles)
{
	zx_handle_t event = make_event(), other = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	EXPECT_OK(zx_object_wait_async(other, port, 1, ZX_USER_SIGNAL_0, 0));
	EXPECT_OK(zx_object_wait_async(duplicate(event), port, 1, ZX_USER_SIGNAL_0, 0));
	EXPECT_OK(zx_port_cancel_key(port, 0, 1));
	signal(event);
	signal(other);
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
}

CHECK(port_cancel_key, all_packets)
{
	zx_handle_t event = make_event();
	zx_handle_t port = port_waiting_for(event, 1);

	signal(event);
	queue(port, 1);
	queue(port, 2);
	EXPECT_OK(zx_port_cancel_key(port, 0, 1));
	EXPECT_OK(take(port));
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
}
