/* zx_interrupt_bind and zx_interrupt_ack. */
#include "interrupt.h"

/* The times of all packets that wait in a port, one after the other. */
static zx_status_t take(zx_handle_t port, zx_time_t *timestamp)
{
	zx_port_packet_t packet;
	zx_status_t status = zx_port_wait(port, AT_ONCE, &packet);

	if (status == ZX_OK)
		*timestamp = packet.interrupt.timestamp;
	return status;
}

static void wait_in_thread(void *arg)
{
	EXPECT_STATUS(wait(*(zx_handle_t *)arg), ZX_ERR_CANCELED);
}

CHECK_ERROR(interrupt_bind, ZX_ERR_BAD_HANDLE, handle)
{
	EXPECT_STATUS(bind(ZX_HANDLE_INVALID, make_interrupt_port()), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(bind(closed_handle(), make_interrupt_port()), ZX_ERR_BAD_HANDLE);
}

REFUSES(interrupt_bind, ZX_ERR_BAD_HANDLE, port, bind(make_interrupt(), ZX_HANDLE_INVALID))
REFUSES(interrupt_bind, ZX_ERR_WRONG_TYPE, handle,
	bind(make_event(), make_interrupt_port()), .line = "handle is no")
REFUSES(interrupt_bind, ZX_ERR_WRONG_TYPE, port,
	bind(make_interrupt(), make_event()), .line = "handle is no")
REFUSES(interrupt_bind, ZX_ERR_WRONG_TYPE, plain_port,
	bind(make_interrupt(), make_port()), .line = "the port was made")
REFUSES(interrupt_bind, ZX_ERR_ACCESS_DENIED, handle,
	bind(without_rights(make_interrupt(), ZX_RIGHT_READ), make_interrupt_port()))
REFUSES(interrupt_bind, ZX_ERR_ACCESS_DENIED, port,
	bind(make_interrupt(), without_rights(make_interrupt_port(), ZX_RIGHT_WRITE)))

CHECK_ERROR(interrupt_bind, ZX_ERR_ALREADY_BOUND, twice)
{
	zx_handle_t port = make_interrupt_port();

	EXPECT_STATUS(bind(bound_to(port), port), ZX_ERR_ALREADY_BOUND);
}

CHECK_ERROR(interrupt_bind, ZX_ERR_BAD_STATE, waited_for)
{
	zx_handle_t interrupt = make_interrupt();

	until_blocked(start_thread(wait_in_thread, &interrupt), ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	EXPECT_STATUS(bind(interrupt, make_interrupt_port()), ZX_ERR_BAD_STATE);
	EXPECT_OK(zx_interrupt_destroy(interrupt));
}

REFUSES(interrupt_bind, ZX_ERR_CANCELED, destroyed, bind(destroyed(), make_interrupt_port()))

CHECK_ERROR(interrupt_bind, ZX_ERR_NOT_FOUND, unbind_from_another_port, .from = ERA_2020_07)
{
	zx_handle_t interrupt = bound_to(make_interrupt_port());

	EXPECT_STATUS(zx_interrupt_bind(interrupt, make_interrupt_port(), 0, ZX_INTERRUPT_UNBIND),
		      ZX_ERR_NOT_FOUND);
}

CHECK_ERROR(interrupt_bind, ZX_ERR_INVALID_ARGS, options)
{
	EXPECT_STATUS(zx_interrupt_bind(make_interrupt(), make_interrupt_port(), 0, 2),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_interrupt_bind(ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, 0, 2),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(interrupt_bind, ZX_ERR_INVALID_ARGS, no_unbinding,
	zx_interrupt_bind(make_interrupt(), make_interrupt_port(), 0, ZX_INTERRUPT_UNBIND),
	.to = ERA_2019_01)

CHECK(interrupt_bind, packet)
{
	zx_handle_t port = make_interrupt_port(), interrupt = bound_to(port);
	zx_port_packet_t packet;

	EXPECT_OK(trigger(interrupt, 1234));
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.key, 5);
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_INTERRUPT);
	EXPECT_STATUS(packet.status, ZX_OK);
	EXPECT_EQ(packet.interrupt.timestamp, 1234);
}

CHECK(interrupt_bind, unbound, .from = ERA_2020_07)
{
	zx_handle_t port = make_interrupt_port(), interrupt = bound_to(port);
	zx_time_t timestamp = 0;

	EXPECT_OK(zx_interrupt_bind(interrupt, port, 0, ZX_INTERRUPT_UNBIND));
	EXPECT_OK(trigger(interrupt, 1));
	EXPECT_STATUS(take(port, &timestamp), ZX_ERR_TIMED_OUT);
	EXPECT_OK(wait(interrupt));
}

CHECK_HANDLE(interrupt_ack, handle, WRITE, make_interrupt(), zx_interrupt_ack(h))

REFUSES(interrupt_ack, ZX_ERR_BAD_STATE, not_bound,
	zx_interrupt_ack(make_interrupt()), .line = "is not bound")

CHECK_ERROR(interrupt_ack, ZX_ERR_BAD_STATE, packet_was_not_read, .line = "is still queued")
{
	zx_handle_t interrupt = bound_to(make_interrupt_port());

	EXPECT_OK(trigger(interrupt, 1));
	EXPECT_OK(trigger(interrupt, 2));
	EXPECT_STATUS(zx_interrupt_ack(interrupt), ZX_ERR_BAD_STATE);
}

CHECK_ERROR(interrupt_ack, ZX_ERR_CANCELED, destroyed)
{
	zx_handle_t interrupt = bound_to(make_interrupt_port());

	EXPECT_OK(zx_interrupt_destroy(interrupt));
	EXPECT_STATUS(zx_interrupt_ack(interrupt), ZX_ERR_CANCELED);
}

/* What comes before the acknowledgement is sent with it. */
CHECK(interrupt_ack, sends_what_came_meanwhile)
{
	zx_handle_t port = make_interrupt_port(), interrupt = bound_to(port);
	zx_time_t timestamp = 0;

	EXPECT_OK(trigger(interrupt, 10));
	EXPECT_OK(take(port, &timestamp));
	EXPECT_EQ(timestamp, 10);
	EXPECT_OK(trigger(interrupt, 20));
	EXPECT_OK(trigger(interrupt, 30));
	EXPECT_STATUS(take(port, &timestamp), ZX_ERR_TIMED_OUT);
	EXPECT_OK(zx_interrupt_ack(interrupt));
	EXPECT_OK(take(port, &timestamp));
	EXPECT_EQ(timestamp, 20);
}
