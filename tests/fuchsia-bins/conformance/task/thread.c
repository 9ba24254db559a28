/* Threads. */
#include "conformance.h"

#include <stdatomic.h>

#include "memory.h"
#include "string.h"
#include "tasks.h"

static zx_handle_t thread;

static zx_status_t create(zx_handle_t process, const char *name, size_t size, uint32_t options)
{
	zx_status_t status = zx_thread_create(process, name, size, options, &thread);

	if (status == ZX_OK)
		own(thread);
	return status;
}

static zx_handle_t new_thread(void)
{
	EXPECT_OK(create(rt_boot.process, "test", 4, 0));
	return thread;
}

/* A thread of a process that has not been started. */
static zx_handle_t thread_of_new_process(void)
{
	EXPECT_OK(create(idle_process(rt_boot.job), "x", 1, 0));
	return thread;
}

/* --- thread_create --- */

#define NO_MANAGE (ZX_RIGHT_MANAGE_THREAD | ZX_RIGHT_WRITE)

REFUSES(thread_create, ZX_ERR_BAD_HANDLE, closed, create(closed_handle(), "x", 1, 0))
REFUSES(thread_create, ZX_ERR_BAD_HANDLE, none, create(ZX_HANDLE_INVALID, "x", 1, 0))
REFUSES(thread_create, ZX_ERR_WRONG_TYPE, event, create(make_event(), "x", 1, 0))
REFUSES(thread_create, ZX_ERR_ACCESS_DENIED, no_right,
	create(without_rights(rt_boot.process, NO_MANAGE), "x", 1, 0))
REFUSES(thread_create, ZX_ERR_ACCESS_DENIED, no_manage_right,
	create(without_rights(rt_boot.process, ZX_RIGHT_MANAGE_THREAD), "x", 1, 0),
	.from = ERA_2018_12)
REFUSES(thread_create, ZX_ERR_INVALID_ARGS, option, create(rt_boot.process, "x", 1, 1))
REFUSES(thread_create, ZX_ERR_INVALID_ARGS, no_name, create(rt_boot.process, NULL, 0, 0))
REFUSES(thread_create, ZX_ERR_INVALID_ARGS, bad_name, create(rt_boot.process, BAD_POINTER, 1, 0))
REFUSES(thread_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_thread_create(rt_boot.process, "x", 1, 0, BAD_OUT))
REFUSES(thread_create, ZX_ERR_INVALID_ARGS, option_before_handle,
	create(ZX_HANDLE_INVALID, "x", 1, 1))

/* It can be made, though it will never run. */
static zx_handle_t thread_of_ended_process(void)
{
	EXPECT_OK(create(dead_process(), "x", 1, 0));
	return thread;
}

CHECK(thread_create, process_has_ended)
{
	EXPECT_SIGNALS(thread_of_ended_process(), 0);
}

/* What never ran does not end. */
CHECK(thread_create, then_its_process_ends)
{
	zx_handle_t process = idle_process(rt_boot.job);

	EXPECT_OK(create(process, "x", 1, 0));
	kill_and_wait(process);
	EXPECT_SIGNALS(thread, 0);
}

CHECK(thread_create, name_and_state)
{
	char name[ZX_MAX_NAME_LEN];
	zx_info_thread_t info = { 0 };

	new_thread();
	EXPECT_OK(zx_object_get_property(thread, ZX_PROP_NAME, name, sizeof(name)));
	EXPECT_BYTES(name, "test", 5);
	if (era() >= ERA_2020_07) {
		EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL,
					     NULL));
		EXPECT_EQ(info.state, ZX_THREAD_STATE_NEW);
	}
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_TERMINATED, 0);
}

CHECK(thread_create, rights)
{
	EXPECT_EQ(rights_of(new_thread()), ZX_DEFAULT_THREAD_RIGHTS);
}

/* --- thread_start --- */

static atomic_int runs;

static void count(void *arg)
{
	(void)arg;
	atomic_fetch_add(&runs, 1);
}

static zx_status_t start(zx_handle_t handle)
{
	return zx_thread_start(handle, 0x1000000, 0x1000000, 0, 0);
}

static zx_status_t start_again(void)
{
	zx_handle_t started = start_thread(count, NULL);

	EXPECT_OK(zx_object_wait_one(started, ZX_THREAD_TERMINATED, LATE, NULL));
	return start(started);
}

REFUSES(thread_start, ZX_ERR_BAD_HANDLE, closed, start(closed_handle()))
REFUSES(thread_start, ZX_ERR_WRONG_TYPE, event, start(make_event()))
REFUSES(thread_start, ZX_ERR_ACCESS_DENIED, no_right,
	start(without_rights(new_thread(), NO_MANAGE)))
REFUSES(thread_start, ZX_ERR_ACCESS_DENIED, no_manage_right,
	start(without_rights(new_thread(), ZX_RIGHT_MANAGE_THREAD)), .from = ERA_2018_12)
REFUSES(thread_start, ZX_ERR_BAD_STATE, again, start_again())
REFUSES(thread_start, ZX_ERR_BAD_STATE, process_not_started, start(thread_of_new_process()))
REFUSES(thread_start, ZX_ERR_BAD_STATE, process_has_ended, start(thread_of_ended_process()))
REFUSES(thread_start, ZX_ERR_BAD_STATE, itself, start(rt_boot.thread))
REFUSES(thread_start, ZX_ERR_INVALID_ARGS, entry_in_the_kernel,
	zx_thread_start(new_thread(), (zx_vaddr_t)KERNEL_ADDRESS, 0x1000000, 0, 0),
	.from = ERA_2020_07)

/* What thread_start() passes on. */
static uintptr_t seen[2];
static uint8_t stack[RT_STACK_SIZE] __attribute__((aligned(16)));

static void see(uintptr_t first, uintptr_t second)
{
	seen[0] = first;
	seen[1] = second;
	zx_thread_exit();
}

CHECK(thread_start, arguments)
{
	new_thread();
	EXPECT_OK(zx_thread_start(thread, (zx_vaddr_t)see, (zx_vaddr_t)stack + sizeof(stack) - 8,
				  12, 34));
	EXPECT_OK(zx_object_wait_one(thread, ZX_THREAD_TERMINATED, LATE, NULL));
	EXPECT_EQ(seen[0], 12);
	EXPECT_EQ(seen[1], 34);
}

CHECK(thread_exit, of_one_of_several)
{
	runs = 0;
	start_thread(count, NULL);
	start_thread(count, NULL);
	join_threads();
	EXPECT_EQ(runs, 2);
}

/* A process ends with its last thread, and has the code 0 then. */
static int64_t exit_thread(zx_handle_t channel)
{
	(void)channel;
	zx_thread_exit();
}

CHECK(thread_exit, of_the_last_one)
{
	EXPECT_EQ(twin__run(rt_boot.job, exit_thread), 0);
}

/* --- others --- */

REFUSES(thread_legacy_yield, ZX_ERR_INVALID_ARGS, option, zx_thread_legacy_yield(1))

CHECK(thread_legacy_yield, comes_back)
{
	EXPECT_OK(zx_thread_legacy_yield(0));
}

REFUSES(thread_set_priority, ZX_ERR_INVALID_ARGS, too_high, zx_thread_set_priority(32))
REFUSES(thread_set_priority, ZX_ERR_INVALID_ARGS, too_low, zx_thread_set_priority(-1))

CHECK(thread_set_priority, of_the_caller)
{
	EXPECT_OK(zx_thread_set_priority(16));
}
