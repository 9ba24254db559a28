/* zx_interrupt_create, _wait, _trigger, _destroy. */
#include "interrupt.h"

static zx_status_t create(zx_handle_t resource, uint32_t options)
{
	zx_handle_t interrupt;
	zx_status_t status = zx_interrupt_create(resource, 0, options, &interrupt);

	if (status == ZX_OK)
		own(interrupt);
	return status;
}

static void trigger_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	EXPECT_OK(trigger(*(zx_handle_t *)arg, 1234));
}

static void destroy_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	EXPECT_OK(zx_interrupt_destroy(*(zx_handle_t *)arg));
}

static void close_when_blocked(void *arg)
{
	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	EXPECT_OK(zx_handle_close(*(zx_handle_t *)arg));
}

/* Waits until it is destroyed, and notes how that ended. */
static void wait_in_thread(void *arg)
{
	EXPECT_STATUS(wait(*(zx_handle_t *)arg), ZX_ERR_CANCELED);
}

CHECK_HANDLE_VALID(interrupt_create, src_obj, create(h, 0))
CHECK_HANDLE_TYPE(interrupt_create, src_obj, make_event(), create(h, 0))

CHECK_ERROR(interrupt_create, ZX_ERR_INVALID_ARGS, options, .line = "options has")
{
	EXPECT_STATUS(create(ZX_HANDLE_INVALID, ZX_INTERRUPT_VIRTUAL | ZX_INTERRUPT_REMAP_IRQ),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(ZX_HANDLE_INVALID, ZX_INTERRUPT_VIRTUAL | 0x80000000u),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(interrupt_create, ZX_ERR_INVALID_ARGS, bad_out_handle,
	zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, BAD_OUT),
	.line = "out_handle")

CHECK(interrupt_create, virtual)
{
	EXPECT_EQ(type_of(make_interrupt()), ZX_OBJ_TYPE_INTERRUPT);
}

CHECK(interrupt_create, rights, .from = ERA_2020_07)
{
	EXPECT_EQ(rights_of(make_interrupt()),
		  ZX_RIGHTS_BASIC | ZX_RIGHTS_IO | ZX_RIGHT_SIGNAL);
}

CHECK_HANDLE(interrupt_wait, handle, WAIT, make_interrupt(), wait(h))

REFUSES(interrupt_wait, ZX_ERR_BAD_STATE, bound,
	wait(bound_to(make_interrupt_port())), .line = "is bound")

CHECK_ERROR(interrupt_wait, ZX_ERR_BAD_STATE, second_thread, .line = "another thread")
{
	zx_handle_t interrupt = make_interrupt();

	until_blocked(start_thread(wait_in_thread, &interrupt), ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	EXPECT_STATUS(wait(interrupt), ZX_ERR_BAD_STATE);
	EXPECT_OK(zx_interrupt_destroy(interrupt));
}

REFUSES(interrupt_wait, ZX_ERR_CANCELED, destroyed_before, wait(destroyed()))

CHECK_ERROR(interrupt_wait, ZX_ERR_CANCELED, destroyed_meanwhile)
{
	zx_handle_t interrupt = make_interrupt();

	start_thread(destroy_when_blocked, &interrupt);
	EXPECT_STATUS(wait(interrupt), ZX_ERR_CANCELED);
}

CHECK_ERROR(interrupt_wait, ZX_ERR_CANCELED, last_handle_closed)
{
	zx_handle_t interrupt = make_interrupt();

	start_thread(close_when_blocked, &interrupt);
	EXPECT_STATUS(wait(interrupt), ZX_ERR_CANCELED);
}

CHECK_ERROR(interrupt_wait, ZX_ERR_INVALID_ARGS, bad_out_timestamp)
{
	zx_handle_t interrupt = make_interrupt();

	EXPECT_OK(trigger(interrupt, 1));
	EXPECT_STATUS(zx_interrupt_wait(interrupt, BAD_POINTER), ZX_ERR_INVALID_ARGS);
}

CHECK(interrupt_wait, came_before)
{
	zx_handle_t interrupt = make_interrupt();
	zx_time_t timestamp = 0;

	EXPECT_OK(trigger(interrupt, 77));
	EXPECT_OK(zx_interrupt_wait(interrupt, &timestamp));
	EXPECT_EQ(timestamp, 77);
}

CHECK(interrupt_wait, no_timestamp_wanted)
{
	zx_handle_t interrupt = make_interrupt();

	EXPECT_OK(trigger(interrupt, 77));
	EXPECT_OK(zx_interrupt_wait(interrupt, NULL));
}

CHECK(interrupt_wait, wakes)
{
	zx_handle_t interrupt = make_interrupt();
	zx_time_t timestamp = 0;

	start_thread(trigger_when_blocked, &interrupt);
	EXPECT_OK(zx_interrupt_wait(interrupt, &timestamp));
	EXPECT_EQ(timestamp, 1234);
}

CHECK_HANDLE_VALID(interrupt_trigger, handle, trigger(h, 1))
CHECK_HANDLE_TYPE(interrupt_trigger, handle, make_event(), trigger(h, 1))
CHECK_HANDLE_RIGHT(interrupt_trigger, handle, SIGNAL, make_interrupt(), trigger(h, 1))

CHECK_ERROR(interrupt_trigger, ZX_ERR_INVALID_ARGS, options)
{
	EXPECT_STATUS(zx_interrupt_trigger(make_interrupt(), 1, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_interrupt_trigger(ZX_HANDLE_INVALID, 1, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(interrupt_trigger, ZX_ERR_CANCELED, destroyed, trigger(destroyed(), 1))

CHECK(interrupt_trigger, first_time_counts)
{
	zx_handle_t interrupt = make_interrupt();
	zx_time_t timestamp = 0;

	EXPECT_OK(trigger(interrupt, 10));
	EXPECT_OK(trigger(interrupt, 20));
	EXPECT_OK(zx_interrupt_wait(interrupt, &timestamp));
	EXPECT_EQ(timestamp, 10);
}

CHECK_HANDLE_VALID(interrupt_destroy, handle, zx_interrupt_destroy(h))
CHECK_HANDLE_TYPE(interrupt_destroy, handle, make_event(), zx_interrupt_destroy(h))

CHECK_ERROR(interrupt_destroy, ZX_ERR_NOT_FOUND, packet_not_acknowledged)
{
	zx_handle_t port = make_interrupt_port(), interrupt = bound_to(port);
	zx_port_packet_t packet;

	EXPECT_OK(trigger(interrupt, 1));
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_STATUS(zx_interrupt_destroy(interrupt), ZX_ERR_NOT_FOUND);
	EXPECT_STATUS(trigger(interrupt, 1), ZX_ERR_CANCELED);
}

CHECK(interrupt_destroy, takes_the_packet_back)
{
	zx_handle_t port = make_interrupt_port(), interrupt = bound_to(port);
	zx_port_packet_t packet;

	EXPECT_OK(trigger(interrupt, 1));
	EXPECT_OK(zx_interrupt_destroy(interrupt));
	EXPECT_STATUS(zx_port_wait(port, AT_ONCE, &packet), ZX_ERR_TIMED_OUT);
}
