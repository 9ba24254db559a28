/* Counters, as processes wait for them. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/port.h>

static struct rt_thread helper;

static void values(void)
{
	zx_info_handle_basic_t info;
	zx_handle_t counter;
	int64_t value = 1;

	CHECK_STATUS(zx_counter_create(1, &counter), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_counter_create(0, &counter));
	CHECK_OK(zx_object_get_info(counter, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				    NULL));
	CHECK_EQ(info.type, ZX_OBJ_TYPE_COUNTER);
	CHECK_EQ(info.rights, ZX_DEFAULT_COUNTER_RIGHTS);
	CHECK_OK(zx_counter_read(counter, &value));
	CHECK_EQ(value, 0);
	CHECK_OK(zx_counter_add(counter, -7));
	CHECK_OK(zx_counter_read(counter, &value));
	CHECK_EQ(value, -7);
	CHECK_OK(zx_counter_write(counter, INT64_MIN));
	CHECK_STATUS(zx_counter_add(counter, -1), ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_counter_read(counter, &value));
	CHECK_EQ(value, INT64_MIN);
	zx_handle_close(counter);
}

static void add_when_blocked(void *arg)
{
	CHECK(rt_until_blocked(rt_boot.thread, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_counter_add((zx_handle_t)(uintptr_t)arg, 1));
}

static void waits(void)
{
	zx_handle_t counter;
	zx_signals_t seen = 0;

	REQUIRE_OK(zx_counter_create(0, &counter));
	CHECK_OK(zx_object_wait_one(counter, ZX_COUNTER_NON_POSITIVE, 0, &seen));
	CHECK_EQ(seen, ZX_COUNTER_NON_POSITIVE);
	REQUIRE_OK(rt_thread__start(&helper, "adder", add_when_blocked,
				    (void *)(uintptr_t)counter));
	CHECK_OK(zx_object_wait_one(counter, ZX_COUNTER_POSITIVE, ZX_TIME_INFINITE, &seen));
	CHECK_EQ(seen & ZX_COUNTER_POSITIVE, ZX_COUNTER_POSITIVE);
	rt_thread__join(&helper);
	zx_handle_close(counter);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(values);
	RUN(waits);
	return rt_check_result();
}
