/*
 * Calls for zxrun --trace, one after the other, whose looks in a trace are known (trace_cases.py). Of
 * calls that wait the first half is shown only when another thread does something: see there.
 */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/port.h>

#define BAD_POINTER ((void *)0x1000)

static struct rt_thread thread;

static void messages(void)
{
	zx_handle_t ends[2], event, received;
	uint32_t size, count;
	char bytes[64];

	REQUIRE_OK(zx_channel_create(0, &ends[0], &ends[1]));
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_OK(zx_channel_write(ends[0], 0, "a \"b\"\n\0\x80", 8, &event, 1));
	CHECK_STATUS(zx_channel_read(ends[1], ZX_CHANNEL_READ_MAY_DISCARD, bytes, NULL, 4, 0, &size,
				     &count),
		     ZX_ERR_BUFFER_TOO_SMALL);
	CHECK_OK(zx_channel_write(ends[0], 0, "two", 3, NULL, 0));
	CHECK_OK(zx_channel_read(ends[1], 0, bytes, &received, sizeof(bytes), 1, &size, &count));
	CHECK_STATUS(zx_channel_write(ends[0], 0, BAD_POINTER, 5, NULL, 0), ZX_ERR_INVALID_ARGS);
	zx_handle_close(ends[0]);
	CHECK_STATUS(zx_handle_duplicate(ends[0], ZX_RIGHT_READ | ZX_RIGHT_WAIT, &event),
		     ZX_ERR_BAD_HANDLE);
	zx_handle_close(ends[1]);
}

static void signals(void)
{
	zx_handle_t event, port;
	zx_port_packet_t packet;
	zx_signals_t observed;
	zx_wait_item_t item;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_port_create(0, &port));
	CHECK_OK(zx_object_wait_async(event, port, 7, ZX_USER_SIGNAL_3, ZX_WAIT_ASYNC_TIMESTAMP));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_STATUS(zx_object_wait_one(event, ZX_USER_SIGNAL_0, 0, &observed), ZX_ERR_TIMED_OUT);
	item = (zx_wait_item_t){ .handle = event, .waitfor = ZX_EVENT_SIGNALED };
	CHECK_OK(zx_object_wait_many(&item, 1, ZX_TIME_INFINITE));
	zx_handle_close(port);
	zx_handle_close(event);
}

static void memory(void)
{
	static const char name[] = "a\nname";
	char bytes[100];
	zx_handle_t vmo;
	zx_vaddr_t addr;

	REQUIRE_OK(zx_vmo_create(8192, ZX_VMO_RESIZABLE, &vmo));
	CHECK_OK(zx_object_set_property(vmo, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_OK(zx_vmo_read(vmo, bytes, 0, sizeof(bytes)));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0, 4096,
			       &addr));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, 4096));
	zx_handle_close(vmo);
}

/* More room than travels with a call. */
static zx_koid_t koids[16384];

static void lists(void)
{
	size_t actual;

	memset(koids, 0xff, sizeof(koids));
	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, koids, sizeof(koids),
				    &actual, NULL));
	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, koids, sizeof(koids),
				    NULL, NULL));
}

static void wait_for_it(void *arg)
{
	zx_object_wait_one((zx_handle_t)(uintptr_t)arg, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static void threads(void)
{
	zx_handle_t event;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&thread, "waiter", wait_for_it, (void *)(uintptr_t)event));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	rt_thread__join(&thread);
	zx_handle_close(event);
}

int main(void)
{
	RUN(messages);
	RUN(signals);
	RUN(memory);
	RUN(lists);
	RUN(threads);
	return rt_check_result();
}
