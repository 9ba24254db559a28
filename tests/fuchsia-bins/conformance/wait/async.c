/* zx_object_wait_async. */
#include "conformance.h"

#include <zircon/eras.h>

static zx_status_t wait_async(zx_handle_t handle, zx_handle_t port)
{
	return zx_object_wait_async(handle, port, 7, ZX_USER_SIGNAL_0, ZX_WAIT_ASYNC_ONCE);
}

static void expect_empty(zx_handle_t port)
{
	zx_port_packet_t packet;

	EXPECT_STATUS(zx_port_wait(port, AT_ONCE, &packet), ZX_ERR_TIMED_OUT);
}

static zx_port_packet_t take(zx_handle_t port)
{
	zx_port_packet_t packet;

	EXPECT_OK(zx_port_wait(port, AT_ONCE, &packet));
	return packet;
}

static void set(zx_handle_t handle, zx_signals_t signals)
{
	EXPECT_OK(zx_object_signal(handle, 0, signals));
}

static void clear(zx_handle_t handle, zx_signals_t signals)
{
	EXPECT_OK(zx_object_signal(handle, signals, 0));
}

CHECK_ERROR(object_wait_async, ZX_ERR_BAD_HANDLE, handle)
{
	EXPECT_STATUS(wait_async(ZX_HANDLE_INVALID, make_port()), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(wait_async(closed_handle(), make_port()), ZX_ERR_BAD_HANDLE);
}

REFUSES(object_wait_async, ZX_ERR_BAD_HANDLE, port, wait_async(make_event(), ZX_HANDLE_INVALID))
REFUSES(object_wait_async, ZX_ERR_WRONG_TYPE, port, wait_async(make_event(), make_event()))
REFUSES(object_wait_async, ZX_ERR_ACCESS_DENIED, handle,
	wait_async(without_rights(make_event(), ZX_RIGHT_WAIT), make_port()))
REFUSES(object_wait_async, ZX_ERR_ACCESS_DENIED, port,
	wait_async(make_event(), without_rights(make_port(), ZX_RIGHT_WRITE)))
REFUSES(object_wait_async, ZX_ERR_INVALID_ARGS, options,
	zx_object_wait_async(make_event(), make_port(), 7, ZX_USER_SIGNAL_0, 8))
REFUSES(object_wait_async, ZX_ERR_INVALID_ARGS, edge,
	zx_object_wait_async(make_event(), make_port(), 7, ZX_USER_SIGNAL_0, ZX_WAIT_ASYNC_EDGE),
	.to = ERA_2020_07)
REFUSES(object_wait_async, ZX_ERR_INVALID_ARGS, both_times,
	zx_object_wait_async(make_event(), make_port(), 7, ZX_USER_SIGNAL_0,
			     ZX_WAIT_ASYNC_TIMESTAMP | ZX_WAIT_ASYNC_BOOT_TIMESTAMP),
	.from = ERA_NEWEST)

CHECK(object_wait_async, packet)
{
	zx_handle_t event = make_event(), port = make_port();
	zx_port_packet_t packet;

	EXPECT_OK(zx_object_wait_async(event, port, 0x1122334455667788u,
				       ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1, ZX_WAIT_ASYNC_ONCE));
	expect_empty(port);
	set(event, ZX_USER_SIGNAL_1 | ZX_USER_SIGNAL_2);
	packet = take(port);
	EXPECT_EQ(packet.key, 0x1122334455667788u);
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_SIGNAL_ONE);
	EXPECT_STATUS(packet.status, ZX_OK);
	EXPECT_EQ(packet.signal.trigger, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1);
	EXPECT_EQ(packet.signal.observed, ZX_USER_SIGNAL_1 | ZX_USER_SIGNAL_2);
	EXPECT_EQ(packet.signal.count, 1);
}

CHECK(object_wait_async, signal_is_there)
{
	zx_handle_t event = make_event(), port = make_port();

	set(event, ZX_USER_SIGNAL_0);
	EXPECT_OK(wait_async(event, port));
	EXPECT_EQ(take(port).signal.observed, ZX_USER_SIGNAL_0);
}

CHECK(object_wait_async, only_once)
{
	zx_handle_t event = make_event(), port = make_port();

	EXPECT_OK(wait_async(event, port));
	set(event, ZX_USER_SIGNAL_0);
	clear(event, ZX_USER_SIGNAL_0);
	set(event, ZX_USER_SIGNAL_0);
	take(port);
	expect_empty(port);
}

CHECK(object_wait_async, several_with_one_key)
{
	zx_handle_t event = make_event(), port = make_port();

	EXPECT_OK(wait_async(event, port));
	EXPECT_OK(wait_async(event, port));
	set(event, ZX_USER_SIGNAL_0);
	EXPECT_EQ(take(port).key, 7);
	EXPECT_EQ(take(port).key, 7);
	expect_empty(port);
}

CHECK(object_wait_async, channel_counts_messages)
{
	zx_handle_t a, b, port = make_port();

	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	EXPECT_OK(zx_object_wait_async(b, port, 1, ZX_CHANNEL_READABLE, 0));
	EXPECT_EQ(take(port).signal.count, 2);
}

CHECK(object_wait_async, ends_with_the_handle)
{
	zx_handle_t event = make_event(), port = make_port();
	zx_handle_t other = duplicate(event);

	EXPECT_OK(wait_async(event, port));
	EXPECT_OK(zx_handle_close(event));
	set(other, ZX_USER_SIGNAL_0);
	expect_empty(port);
}

CHECK(object_wait_async, queued_packet_outlives_the_handle)
{
	zx_handle_t event = make_event(), port = make_port();

	EXPECT_OK(wait_async(event, port));
	set(event, ZX_USER_SIGNAL_0);
	EXPECT_OK(zx_handle_close(event));
	EXPECT_EQ(take(port).key, 7);
}

CHECK(object_wait_async, timestamp, .from = ERA_2020_07)
{
	zx_handle_t event = make_event(), port = make_port();
	zx_port_packet_t packet;
	zx_time_t before;

	EXPECT_OK(zx_object_wait_async(event, port, 7, ZX_USER_SIGNAL_0, ZX_WAIT_ASYNC_TIMESTAMP));
	before = zx_clock_get_monotonic();
	set(event, ZX_USER_SIGNAL_0);
	packet = take(port);
	EXPECT((zx_time_t)packet.signal.timestamp >= before);
	EXPECT((zx_time_t)packet.signal.timestamp <= zx_clock_get_monotonic());
}

CHECK(object_wait_async, no_timestamp, .from = ERA_2020_07)
{
	zx_handle_t event = make_event(), port = make_port();

	EXPECT_OK(wait_async(event, port));
	set(event, ZX_USER_SIGNAL_0);
	EXPECT_EQ(take(port).signal.timestamp, 0);
}

CHECK(object_wait_async, edge, .from = ERA_2021_01)
{
	zx_handle_t event = make_event(), port = make_port();

	set(event, ZX_USER_SIGNAL_0);
	EXPECT_OK(zx_object_wait_async(event, port, 7, ZX_USER_SIGNAL_0, ZX_WAIT_ASYNC_EDGE));
	expect_empty(port);
	set(event, ZX_USER_SIGNAL_0);
	expect_empty(port);
	clear(event, ZX_USER_SIGNAL_0);
	expect_empty(port);
	set(event, ZX_USER_SIGNAL_0);
	EXPECT_EQ(take(port).signal.observed, ZX_USER_SIGNAL_0);
}

CHECK(object_wait_async, boot_timestamp, .from = ERA_NEWEST)
{
	zx_handle_t event = make_event(), port = make_port();
	zx_time_t before = zx_clock_get_boot();
	zx_port_packet_t packet;

	EXPECT_OK(zx_object_wait_async(event, port, 7, ZX_USER_SIGNAL_0,
				       ZX_WAIT_ASYNC_BOOT_TIMESTAMP));
	set(event, ZX_USER_SIGNAL_0);
	packet = take(port);
	EXPECT((zx_time_t)packet.signal.timestamp >= before);
	EXPECT((zx_time_t)packet.signal.timestamp <= zx_clock_get_boot());
}

/* With each change, until it is cancelled; what nobody took yet is added to. */
CHECK(object_wait_async, repeating, .to = ERA_2019_01)
{
	zx_handle_t event = make_event(), port = make_port();
	zx_port_packet_t packet;

	EXPECT_OK(zx_object_wait_async(event, port, 7, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1,
				       ZX_WAIT_ASYNC_REPEATING_2018));
	set(event, ZX_USER_SIGNAL_0);
	set(event, ZX_USER_SIGNAL_1);
	packet = take(port);
	EXPECT_EQ(packet.type, 2);
	EXPECT_EQ(packet.signal.observed, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1);
	expect_empty(port);
	clear(event, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1);
	set(event, ZX_USER_SIGNAL_0);
	EXPECT_EQ(take(port).signal.observed & ZX_USER_SIGNAL_0, ZX_USER_SIGNAL_0);
	EXPECT_OK(zx_port_cancel(port, event, 7));
	clear(event, ZX_USER_SIGNAL_0);
	set(event, ZX_USER_SIGNAL_0);
	expect_empty(port);
}
