/*
 * A program that minds its own business while others misbehave: whatever they do, each of its calls
 * does what it always did. It goes on until something arrives on its channel.
 */
#include <zircon/errors.h>
#include <zircon/syscalls/port.h>

#include "check.h"
#include "fuzz.h"
#include "string.h"
#include "vmar.h"

#define PAGES 64
#define SIZE (PAGES * (size_t)RT_PAGE_SIZE)
/* Whoever is hostile can delay others by some seconds at the very most. */
#define PATIENCE ZX_SEC(15)

static zx_handle_t handles[FUZZ_HANDLES];
static zx_handle_t ends[2];
static zx_handle_t event;
static zx_handle_t port;
static zx_handle_t timer;
static zx_handle_t vmo;
static zx_koid_t koids[5];
static uint8_t *memory;

static void take_koids(zx_koid_t *into)
{
	const zx_handle_t own[] = { ends[0], event, port, timer, vmo };

	for (size_t i = 0; i < RT_ARRAY_SIZE(own); i++)
		into[i] = rt_koid(own[i]);
}

static void set_up(zx_handle_t channel)
{
	zx_vaddr_t at = 0;
	uint32_t count;

	CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_channel_read(channel, 0, NULL, handles, 0, FUZZ_HANDLES, NULL, &count));
	rt_boot.handle_count = 0; /* its output goes to the debug log */
	rt_boot.process = handles[FUZZ_PROCESS];
	rt_boot.root_vmar = handles[FUZZ_VMAR];
	CHECK_OK(zx_channel_create(0, &ends[0], &ends[1]));
	CHECK_OK(zx_event_create(0, &event));
	CHECK_OK(zx_port_create(0, &port));
	CHECK_OK(zx_timer_create(0, ZX_CLOCK_MONOTONIC, &timer));
	CHECK_OK(zx_vmo_create(SIZE, 0, &vmo));
	CHECK_OK(rt_vmar__map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0,
			      SIZE, &at));
	memory = (uint8_t *)at;
	for (size_t i = 0; i < SIZE; i++)
		memory[i] = (uint8_t)(i * 7 + i / 4096);
	take_koids(koids);
}

static void check_objects(uint64_t round)
{
	zx_port_packet_t packet = { .key = round, .type = ZX_PKT_TYPE_USER };
	zx_signals_t pending = 0;
	zx_koid_t now[5];
	uint64_t got = 0;
	uint32_t size = 0;

	take_koids(now);
	CHECK(!memcmp(now, koids, sizeof(now)));
	CHECK_OK(zx_channel_write(ends[0], 0, &round, sizeof(round), NULL, 0));
	CHECK_OK(zx_channel_read(ends[1], 0, &got, NULL, sizeof(got), 0, &size, NULL));
	CHECK_EQ(got, round);
	CHECK_EQ(size, sizeof(got));
	CHECK_STATUS(zx_channel_read(ends[1], 0, &got, NULL, sizeof(got), 0, &size, NULL),
		     ZX_ERR_SHOULD_WAIT);
	CHECK_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_3));
	CHECK_OK(zx_object_wait_one(event, ZX_USER_SIGNAL_3, 0, &pending));
	CHECK_EQ(pending, ZX_USER_SIGNAL_3);
	CHECK_OK(zx_object_signal(event, ZX_USER_SIGNAL_3, 0));
	CHECK_OK(zx_port_queue(port, &packet));
	memset(&packet, 0, sizeof(packet));
	CHECK_OK(zx_port_wait(port, 0, &packet));
	CHECK_EQ(packet.key, round);
	CHECK_STATUS(zx_port_wait(port, 0, &packet), ZX_ERR_TIMED_OUT);
}

static void check_memory(uint64_t round)
{
	size_t page = round % PAGES * RT_PAGE_SIZE;
	uint8_t bytes[64];
	zx_vaddr_t at;

	for (size_t i = page; i < page + RT_PAGE_SIZE; i++)
		if (memory[i] != (uint8_t)(i * 7 + i / 4096)) {
			CHECK_EQ(memory[i], (uint8_t)(i * 7 + i / 4096));
			return;
		}
	CHECK_OK(zx_vmo_read(vmo, bytes, page, sizeof(bytes)));
	CHECK(!memcmp(bytes, memory + page, sizeof(bytes)));
	REQUIRE_OK(rt_vmar__map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, page, RT_PAGE_SIZE,
				&at));
	CHECK(!memcmp((void *)at, memory + page, RT_PAGE_SIZE));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE));
}

static void check_time(void)
{
	zx_time_t when = zx_deadline_after(ZX_MSEC(2));

	CHECK_OK(zx_timer_set(timer, when, 0));
	CHECK_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, ZX_TIME_INFINITE, NULL));
	CHECK(zx_clock_get_monotonic() >= when);
}

void witness__main(zx_handle_t channel, uintptr_t arg)
{
	zx_signals_t seen = 0;

	(void)arg;
	set_up(channel);
	for (uint64_t round = 0;; round++) {
		zx_time_t begin = zx_clock_get_monotonic();

		check_objects(round);
		check_memory(round);
		check_time();
		CHECK(zx_clock_get_monotonic() - begin < PATIENCE);
		zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED, 0, &seen);
		if (seen & (ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED) || rt_check_result())
			zx_process_exit(rt_check_result());
	}
}
