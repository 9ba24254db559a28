/* Virtual interrupts: waited for by a thread, and as packets of a port. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/port.h>

static struct rt_thread helper;

static void creation(void)
{
	zx_info_handle_basic_t info;
	zx_handle_t interrupt;

	CHECK_STATUS(zx_interrupt_create(ZX_HANDLE_INVALID, 1, 0, &interrupt), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_interrupt_create(ZX_HANDLE_INVALID, 0,
					 ZX_INTERRUPT_VIRTUAL | ZX_INTERRUPT_REMAP_IRQ, &interrupt),
		     ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	CHECK_OK(zx_object_get_info(interrupt, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				    NULL));
	CHECK_EQ(info.type, ZX_OBJ_TYPE_INTERRUPT);
	CHECK_EQ(info.rights, ZX_DEFAULT_INTERRUPT_RIGHTS);
	zx_handle_close(interrupt);
}

static void trigger_when_blocked(void *arg)
{
	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_INTERRUPT));
	CHECK_OK(zx_interrupt_trigger((zx_handle_t)(uintptr_t)arg, 0, 1234));
}

static void destroy_when_blocked(void *arg)
{
	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_INTERRUPT));
	CHECK_OK(zx_interrupt_destroy((zx_handle_t)(uintptr_t)arg));
}

static void waits(void)
{
	zx_handle_t interrupt;
	zx_time_t timestamp = 0;

	REQUIRE_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	CHECK_OK(zx_interrupt_trigger(interrupt, 0, 77));
	CHECK_OK(zx_interrupt_wait(interrupt, &timestamp));
	CHECK_EQ(timestamp, 77);
	REQUIRE_OK(rt_thread__start(&helper, "trigger", trigger_when_blocked,
				    (void *)(uintptr_t)interrupt));
	CHECK_OK(zx_interrupt_wait(interrupt, &timestamp));
	CHECK_EQ(timestamp, 1234);
	rt_thread__join(&helper);
	REQUIRE_OK(rt_thread__start(&helper, "destroy", destroy_when_blocked,
				    (void *)(uintptr_t)interrupt));
	CHECK_STATUS(zx_interrupt_wait(interrupt, &timestamp), ZX_ERR_CANCELED);
	rt_thread__join(&helper);
	zx_handle_close(interrupt);
}

static void packets(void)
{
	zx_handle_t interrupt, port;
	zx_port_packet_t packet;

	REQUIRE_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	REQUIRE_OK(zx_port_create(0, &port));
	CHECK_STATUS(zx_interrupt_bind(interrupt, port, 5, 0), ZX_ERR_WRONG_TYPE);
	zx_handle_close(port);
	REQUIRE_OK(zx_port_create(ZX_PORT_BIND_TO_INTERRUPT, &port));
	CHECK_STATUS(zx_interrupt_ack(interrupt), ZX_ERR_BAD_STATE);
	CHECK_OK(zx_interrupt_bind(interrupt, port, 5, 0));
	CHECK_STATUS(zx_interrupt_wait(interrupt, NULL), ZX_ERR_BAD_STATE);
	CHECK_OK(zx_interrupt_trigger(interrupt, 0, 10));
	CHECK_OK(zx_interrupt_trigger(interrupt, 0, 20));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.key, 5);
	CHECK_EQ(packet.type, ZX_PKT_TYPE_INTERRUPT);
	CHECK_EQ(packet.status, ZX_OK);
	CHECK_EQ(packet.interrupt.timestamp, 10);
	CHECK_STATUS(zx_port_wait(port, 0, &packet), ZX_ERR_TIMED_OUT);
	CHECK_OK(zx_interrupt_ack(interrupt));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.interrupt.timestamp, 20);
	CHECK_STATUS(zx_interrupt_destroy(interrupt), ZX_ERR_NOT_FOUND);
	CHECK_STATUS(zx_interrupt_trigger(interrupt, 0, 30), ZX_ERR_CANCELED);
	zx_handle_close(port);
	zx_handle_close(interrupt);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(creation);
	RUN(waits);
	RUN(packets);
	return rt_check_result();
}
