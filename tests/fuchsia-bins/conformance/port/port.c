/* zx_port_create, _queue, _wait. */
#include "conformance.h"

#include "string.h"

/* More packets than any system lets wait in one port. */
#define FAR_TOO_MANY 100000

static zx_status_t queue(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t packet = { .key = key };

	return zx_port_queue(port, &packet);
}

static zx_status_t take(zx_handle_t port)
{
	zx_port_packet_t packet;

	return zx_port_wait(port, AT_ONCE, &packet);
}

CHECK_ERROR(port_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	zx_handle_t port;

	EXPECT_STATUS(zx_port_create(2, &port), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_port_create(0x80000000u, &port), ZX_ERR_INVALID_ARGS);
}

REFUSES(port_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_port_create(0, BAD_OUT), .line = "bad pointer")
REFUSES(port_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_PORT, zx_port_create, 0, CHILD_OUT), .from = ERA_2020_07)

CHECK(port_create, policy_before_options, .from = ERA_2020_07)
{
	EXPECT_STATUS(call_denied_by_policy(ZX_POL_NEW_PORT, zx_port_create, 2, CHILD_OUT),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK(port_create, rights)
{
	EXPECT_EQ(rights_of(make_port()),
		  ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_INSPECT | ZX_RIGHT_READ |
			  ZX_RIGHT_WRITE);
}

CHECK(port_create, bind_to_interrupt)
{
	zx_handle_t port;

	EXPECT_OK(zx_port_create(ZX_PORT_BIND_TO_INTERRUPT, &port));
	EXPECT_EQ(type_of(own(port)), ZX_OBJ_TYPE_PORT);
}

CHECK_HANDLE(port_queue, handle, WRITE, make_port(), queue(h, 1))

CHECK_ERROR(port_queue, ZX_ERR_INVALID_ARGS, bad_packet)
{
	EXPECT_STATUS(zx_port_queue(make_port(), BAD_POINTER), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_port_queue(make_port(), NULL), ZX_ERR_INVALID_ARGS);
}

/* Later an exception ends the thread. */
CHECK_ERROR(port_queue, ZX_ERR_SHOULD_WAIT, too_many, .to = ERA_2020_07)
{
	zx_handle_t port = make_port();
	zx_status_t status = ZX_OK;
	uint32_t i;

	for (i = 0; i < FAR_TOO_MANY && status == ZX_OK; i++)
		status = queue(port, i);
	EXPECT_STATUS(status, ZX_ERR_SHOULD_WAIT);
	EXPECT(i >= 2048);
	/* There is room again when one is taken. */
	EXPECT_OK(take(port));
	EXPECT_OK(queue(port, 1));
	EXPECT_STATUS(queue(port, 1), ZX_ERR_SHOULD_WAIT);
}

CHECK(port_queue, room_for_many)
{
	zx_handle_t port = make_port();
	uint32_t i;

	for (i = 0; i < 2048; i++)
		EXPECT_OK(queue(port, i));
}

CHECK(port_queue, handle_before_packet)
{
	EXPECT_STATUS(zx_port_queue(ZX_HANDLE_INVALID, NULL), ZX_ERR_BAD_HANDLE);
}

CHECK(port_queue, packet_arrives_as_it_is)
{
	zx_port_packet_t packet, sent = { .key = 0x123456789abcdef0u, .type = 0x77, .status = -5 };
	zx_handle_t port = make_port();
	uint32_t i;

	for (i = 0; i < 32; i++)
		sent.user.c8[i] = (uint8_t)(i + 1);
	EXPECT_OK(zx_port_queue(port, &sent));
	EXPECT_OK(zx_port_wait(port, AT_ONCE, &packet));
	EXPECT_EQ(packet.key, sent.key);
	EXPECT_EQ(packet.status, -5);
	/* But for the type, which says where it comes from. */
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_USER);
	EXPECT_BYTES(packet.user.c8, sent.user.c8, 32);
}

CHECK_HANDLE(port_wait, handle, READ, make_port(), take(h))

CHECK_ERROR(port_wait, ZX_ERR_TIMED_OUT, empty)
{
	zx_time_t deadline = SOON;
	zx_port_packet_t packet;

	EXPECT_STATUS(take(make_port()), ZX_ERR_TIMED_OUT);
	EXPECT_STATUS(zx_port_wait(make_port(), deadline, &packet), ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

CHECK_ERROR(port_wait, ZX_ERR_INVALID_ARGS, bad_packet)
{
	zx_handle_t port = make_port();

	EXPECT_OK(queue(port, 1));
	EXPECT_STATUS(zx_port_wait(port, AT_ONCE, BAD_POINTER), ZX_ERR_INVALID_ARGS);
	/* It was taken from the queue before. */
	EXPECT_STATUS(take(port), ZX_ERR_TIMED_OUT);
}

CHECK(port_wait, oldest_first)
{
	zx_handle_t port = make_port();
	zx_port_packet_t packet;
	uint64_t i;

	for (i = 0; i < 10; i++)
		EXPECT_OK(queue(port, i));
	for (i = 0; i < 10; i++) {
		EXPECT_OK(zx_port_wait(port, AT_ONCE, &packet));
		EXPECT_EQ(packet.key, i);
	}
}

static void queue_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_PORT);
	EXPECT_OK(queue(*(zx_handle_t *)arg, 9));
}

CHECK(port_wait, wakes_on_a_packet)
{
	zx_handle_t port = make_port();
	zx_port_packet_t packet;

	start_thread(queue_when_blocked, &port);
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.key, 9);
}
