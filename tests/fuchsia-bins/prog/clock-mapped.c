/* Clocks over the boot clock, clocks whose state is mapped, timers by the boot clock. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/clock.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll
#define V1 ZX_CLOCK_ARGS_VERSION(1)
#define V2 ZX_CLOCK_ARGS_VERSION(2)
/* Computed from ticks in two ways, times may differ by rounding. */
#define ROUNDING 1000

static uint64_t mapped_size(zx_handle_t clock)
{
	uint64_t size = 0;

	CHECK_OK(zx_object_get_info(clock, ZX_INFO_CLOCK_MAPPED_SIZE, &size, sizeof(size), NULL,
				    NULL));
	return size;
}

static zx_vaddr_t map(zx_handle_t clock)
{
	zx_vaddr_t addr = 0;

	CHECK_OK(zx_vmar_map_clock(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, clock,
				   mapped_size(clock), &addr));
	return addr;
}

static void boot_clock(void)
{
	zx_time_t before, now, after;
	zx_handle_t clock;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_BOOT | ZX_CLOCK_OPT_AUTO_START, NULL, &clock));
	before = zx_clock_get_boot();
	CHECK_OK(zx_clock_read(clock, &now));
	after = zx_clock_get_boot();
	CHECK(now >= before - ROUNDING);
	CHECK(now <= after + ROUNDING);
	zx_handle_close(clock);
}

static void creating(void)
{
	zx_info_handle_basic_t info;
	zx_handle_t clock;
	uint64_t size;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MAPPABLE, NULL, &clock));
	REQUIRE_OK(zx_object_get_info(clock, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				      NULL));
	CHECK(info.rights & ZX_RIGHT_MAP);
	CHECK(mapped_size(clock) > 0);
	zx_handle_close(clock);
	REQUIRE_OK(zx_clock_create(0, NULL, &clock));
	REQUIRE_OK(zx_object_get_info(clock, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				      NULL));
	CHECK(!(info.rights & ZX_RIGHT_MAP));
	CHECK_STATUS(zx_object_get_info(clock, ZX_INFO_CLOCK_MAPPED_SIZE, &size, sizeof(size), NULL,
					NULL),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(clock);
}

static void reading(void)
{
	zx_clock_update_args_v1_t args = { .value = 1000000 * MS, .error_bound = 77 };
	zx_clock_details_v1_t ours = { 0 }, theirs = { 0 };
	zx_time_t before = 0, now = 0, after = 0;
	zx_handle_t clock;
	const void *state;
	int i;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MAPPABLE, NULL, &clock));
	state = (const void *)map(clock);
	REQUIRE(state);
	CHECK_OK(zx_clock_read_mapped(state, &now));
	CHECK_EQ(now, 0);
	/* The mapping follows the clock. */
	CHECK_OK(zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTION_VALUE_VALID |
						ZX_CLOCK_UPDATE_OPTION_ERROR_BOUND_VALID,
				 &args));
	for (i = 0; i < 1000; i++) {
		CHECK_OK(zx_clock_read(clock, &before));
		CHECK_OK(zx_clock_read_mapped(state, &now));
		CHECK_OK(zx_clock_read(clock, &after));
		if (!CHECK(before <= now && now <= after))
			break;
	}
	CHECK_OK(zx_clock_get_details(clock, V1, &theirs));
	CHECK_OK(zx_clock_get_details_mapped(state, V1, &ours));
	CHECK(ours.query_ticks >= theirs.query_ticks);
	ours.query_ticks = theirs.query_ticks;
	CHECK(!memcmp(&ours, &theirs, sizeof(ours)));
	CHECK_EQ(ours.error_bound, 77);
	CHECK_STATUS(zx_clock_read_mapped(state, NULL), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_get_details_mapped(state, V1, NULL), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_clock_get_details_mapped(state, V2, &ours), ZX_ERR_INVALID_ARGS);
	/* And stays when the clock is gone. */
	zx_handle_close(clock);
	CHECK_OK(zx_clock_read_mapped(state, &now));
	CHECK(now >= after);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)state, 4096));
}

static void mapping_errors(void)
{
	zx_handle_t vmar = rt_boot.root_vmar;
	zx_handle_t clock, plain, less;
	zx_vaddr_t addr;
	uint64_t size;

	REQUIRE_OK(zx_clock_create(ZX_CLOCK_OPT_MAPPABLE, NULL, &clock));
	REQUIRE_OK(zx_clock_create(0, NULL, &plain));
	size = mapped_size(clock);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, clock, size,
				       &addr),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, clock, size,
				       &addr),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, clock, size + 1, &addr),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, plain, size, &addr),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, vmar, size, &addr),
		     ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_vmar_map_clock(clock, ZX_VM_PERM_READ, 0, clock, size, &addr),
		     ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, ZX_HANDLE_INVALID, size, &addr),
		     ZX_ERR_BAD_HANDLE);
	REQUIRE_OK(zx_handle_duplicate(clock, ZX_RIGHT_READ, &less));
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, less, size, &addr),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	REQUIRE_OK(zx_handle_duplicate(clock, ZX_RIGHT_MAP, &less));
	CHECK_STATUS(zx_vmar_map_clock(vmar, ZX_VM_PERM_READ, 0, less, size, &addr),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	/* What is mapped stays read-only. */
	addr = map(clock);
	CHECK_STATUS(zx_vmar_protect(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, addr, size),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_vmar_unmap(vmar, addr, size));
	zx_handle_close(clock);
	zx_handle_close(plain);
}

static void boot_timer(void)
{
	zx_time_t deadline = zx_clock_get_boot() + 20 * MS;
	zx_info_timer_t info;
	zx_handle_t timer;

	REQUIRE_OK(zx_timer_create(0, ZX_CLOCK_BOOT, &timer));
	CHECK_OK(zx_timer_set(timer, deadline, 0));
	CHECK_OK(zx_object_get_info(timer, ZX_INFO_TIMER, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.padding1[0], ZX_CLOCK_BOOT);
	CHECK_OK(zx_object_wait_one(timer, ZX_TIMER_SIGNALED, ZX_TIME_INFINITE, NULL));
	CHECK(zx_clock_get_boot() >= deadline);
	zx_handle_close(timer);
}

static void boot_timestamp(void)
{
	zx_time_t before = zx_clock_get_boot();
	zx_port_packet_t packet;
	zx_handle_t port, event;

	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_OK(zx_object_wait_async(event, port, 1, ZX_EVENT_SIGNALED,
				      ZX_WAIT_ASYNC_BOOT_TIMESTAMP));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK((zx_time_t)packet.signal.timestamp >= before);
	CHECK((zx_time_t)packet.signal.timestamp <= zx_clock_get_boot());
	zx_handle_close(event);
	zx_handle_close(port);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(boot_clock);
	RUN(creating);
	RUN(reading);
	RUN(mapping_errors);
	RUN(boot_timer);
	RUN(boot_timestamp);
	return rt_check_result();
}
