/* Properties of objects. */
#include "conformance.h"

#include <zircon/eras.h>

#include "memory.h"
#include "string.h"
#include "tasks.h"

static uint64_t value;
static char name[ZX_MAX_NAME_LEN];

static zx_status_t get(zx_handle_t handle, uint32_t property)
{
	return zx_object_get_property(handle, property, &value, sizeof(value));
}

static zx_status_t set(zx_handle_t handle, uint32_t property, uint64_t wanted)
{
	return zx_object_set_property(handle, property, &wanted, sizeof(wanted));
}

static zx_status_t set_name(zx_handle_t handle, const char *wanted)
{
	return zx_object_set_property(handle, ZX_PROP_NAME, wanted, strlen(wanted));
}

static zx_status_t get_name(zx_handle_t handle)
{
	return zx_object_get_property(handle, ZX_PROP_NAME, name, sizeof(name));
}

static zx_handle_t lonely_socket(void)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_handle_close(b));
	return a;
}

#define NAME ZX_PROP_NAME
#define DEBUG_ADDR ZX_PROP_PROCESS_DEBUG_ADDR

static zx_status_t set_debug_address_twice(void)
{
	zx_handle_t process = idle_process(rt_boot.job);

	EXPECT_OK(set(process, DEBUG_ADDR, 2));
	return set(process, DEBUG_ADDR, 3);
}

#define THRESHOLD ZX_PROP_SOCKET_TX_THRESHOLD
#define UNKNOWN 1000

REFUSES(object_get_property, ZX_ERR_INVALID_ARGS, no_value,
	zx_object_get_property(rt_boot.process, DEBUG_ADDR, NULL, 8), .line = "value is NULL or")
REFUSES(object_get_property, ZX_ERR_INVALID_ARGS, bad_value,
	zx_object_get_property(rt_boot.process, DEBUG_ADDR, BAD_POINTER, 8),
	.line = "value is NULL or")
REFUSES(object_get_property, ZX_ERR_BAD_HANDLE, closed, get(closed_handle(), DEBUG_ADDR))
REFUSES(object_get_property, ZX_ERR_BAD_HANDLE, none, get(ZX_HANDLE_INVALID, DEBUG_ADDR))
REFUSES(object_get_property, ZX_ERR_ACCESS_DENIED, no_right,
	get(without_rights(rt_boot.process, ZX_RIGHT_GET_PROPERTY), DEBUG_ADDR),
	.line = "lacks ZX_RIGHT_GET_PROPERTY")
REFUSES(object_get_property, ZX_ERR_INVALID_ARGS, no_such_property, get(rt_boot.process, UNKNOWN),
	.line = "there is no such", .to = ERA_2021_01)
REFUSES(object_get_property, ZX_ERR_NOT_SUPPORTED, no_such_property, get(rt_boot.process, UNKNOWN),
	.line = "there is no such", .from = ERA_NEWEST)
REFUSES(object_get_property, ZX_ERR_INVALID_ARGS, fs_to_2021,
	get(rt_boot.thread, ZX_PROP_REGISTER_FS), .line = "there is no such", .to = ERA_2021_01)
REFUSES(object_get_property, ZX_ERR_ACCESS_DENIED, fs_of_another_thread,
	get(idle_thread(), ZX_PROP_REGISTER_FS), .line = "the base of a segment",
	.from = ERA_NEWEST)
REFUSES(object_get_property, ZX_ERR_INVALID_ARGS, kill_on_oom,
	get(rt_boot.job, ZX_PROP_JOB_KILL_ON_OOM), .line = "there is no such",
	.from = ERA_2018_10, .to = ERA_2021_01)
REFUSES(object_get_property, ZX_ERR_NOT_SUPPORTED, kill_on_oom,
	get(rt_boot.job, ZX_PROP_JOB_KILL_ON_OOM), .line = "there is no such", .from = ERA_NEWEST)
REFUSES(object_get_property, ZX_ERR_BUFFER_TOO_SMALL, name,
	zx_object_get_property(rt_boot.process, NAME, name, ZX_MAX_NAME_LEN - 1))
REFUSES(object_get_property, ZX_ERR_BUFFER_TOO_SMALL, debug_address,
	zx_object_get_property(rt_boot.process, DEBUG_ADDR, &value, 7))
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, debug_address, get(rt_boot.job, DEBUG_ADDR))
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, vdso_base,
	get(rt_boot.job, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS))
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, threshold, get(rt_boot.process, THRESHOLD),
	.from = ERA_2018_10)
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, content_size,
	get(rt_boot.process, ZX_PROP_VMO_CONTENT_SIZE), .from = ERA_2020_07)
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, break_on_load,
	get(rt_boot.job, ZX_PROP_PROCESS_BREAK_ON_LOAD), .from = ERA_2020_07)
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, stream_append,
	get(rt_boot.job, ZX_PROP_STREAM_MODE_APPEND), .from = ERA_NEWEST)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, no_value,
	zx_object_set_property(rt_boot.process, NAME, NULL, 1), .line = "value is NULL or")
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, bad_value,
	zx_object_set_property(rt_boot.process, NAME, BAD_POINTER, 1), .line = "value is NULL or")
REFUSES(object_set_property, ZX_ERR_BAD_HANDLE, closed, set_name(closed_handle(), "x"))
REFUSES(object_set_property, ZX_ERR_BAD_HANDLE, none, set_name(ZX_HANDLE_INVALID, "x"))
REFUSES(object_set_property, ZX_ERR_ACCESS_DENIED, no_right,
	set_name(without_rights(rt_boot.process, ZX_RIGHT_SET_PROPERTY), "x"),
	.line = "handle lacks ZX_RIGHT_SET_PROPERTY")
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, no_such_property,
	set(rt_boot.process, UNKNOWN, 1), .line = "there is no such", .to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_NOT_SUPPORTED, no_such_property,
	set(rt_boot.process, UNKNOWN, 1), .line = "there is no such", .from = ERA_NEWEST)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, vdso_base,
	set(idle_process(rt_boot.job), ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 1),
	.line = "there is no such", .to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_NOT_SUPPORTED, vdso_base,
	set(idle_process(rt_boot.job), ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 1),
	.line = "there is no such", .from = ERA_NEWEST)
REFUSES(object_set_property, ZX_ERR_BUFFER_TOO_SMALL, debug_address,
	zx_object_set_property(idle_process(rt_boot.job), DEBUG_ADDR, &value, 7))
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, debug_address, set(rt_boot.job, DEBUG_ADDR, 1))
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, threshold, set(rt_boot.process, THRESHOLD, 1),
	.from = ERA_2018_10)
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, kill_on_oom,
	set(rt_boot.process, ZX_PROP_JOB_KILL_ON_OOM, 1), .from = ERA_2018_10)
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, content_size,
	set(rt_boot.process, ZX_PROP_VMO_CONTENT_SIZE, 1), .from = ERA_2020_07)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, debug_address_0,
	set(idle_process(rt_boot.job), DEBUG_ADDR, 0), .line = "value holds what the", .to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, kill_on_oom_2,
	set(empty_job(), ZX_PROP_JOB_KILL_ON_OOM, 2), .line = "value holds what the",
	.from = ERA_2018_10)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, fs_in_the_kernel,
	set(rt_boot.thread, ZX_PROP_REGISTER_FS, (uint64_t)KERNEL_ADDRESS),
	.line = "value holds what the")
REFUSES(object_set_property, ZX_ERR_ACCESS_DENIED, fs_of_another_thread,
	set(idle_thread(), ZX_PROP_REGISTER_FS, 0x10000000), .line = "handle is another thread")
/* Whose thread it is counts before the value. */
REFUSES(object_set_property, ZX_ERR_ACCESS_DENIED, bad_value_for_another_thread,
	zx_object_set_property(idle_thread(), ZX_PROP_REGISTER_FS, BAD_POINTER, 8),
	.line = "handle is another thread")
REFUSES(object_set_property, ZX_ERR_ACCESS_DENIED, content_size_without_write,
	zx_object_set_property(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE),
			       ZX_PROP_VMO_CONTENT_SIZE, &value, 1),
	.line = "for the content size", .from = ERA_NEWEST)
REFUSES(object_set_property, ZX_ERR_ACCESS_DENIED, debug_address_twice, set_debug_address_twice(),
	.line = "the debug address is", .to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_PEER_CLOSED, threshold, set(lonely_socket(), THRESHOLD, 1),
	.from = ERA_2018_10)

CHECK(object_set_property, name)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	EXPECT_OK(set_name(vmo, "first"));
	EXPECT_OK(get_name(vmo));
	EXPECT_BYTES(name, "first", 6);
	EXPECT_OK(set_name(vmo, ""));
	EXPECT_OK(get_name(vmo));
	EXPECT_EQ(name[0], 0);
}

CHECK(object_set_property, name_is_cut)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(set_name(job, "a name that is longer than a name can be"));
	EXPECT_OK(get_name(job));
	EXPECT_BYTES(name, "a name that is longer than a na", ZX_MAX_NAME_LEN);
}

CHECK(object_get_property, names_of_tasks)
{
	zx_handle_t process = idle_process(rt_boot.job);
	zx_handle_t thread = idle_thread();

	EXPECT_OK(set_name(process, "process"));
	EXPECT_OK(get_name(process));
	EXPECT_BYTES(name, "process", 8);
	EXPECT_OK(set_name(thread, "thread"));
	EXPECT_OK(get_name(thread));
	EXPECT_BYTES(name, "thread", 7);
}

CHECK_ERROR(object_set_property, ZX_ERR_BAD_STATE, name_of_a_dead_thread,
	    .line = "the thread to be named", .from = ERA_NEWEST)
{
	zx_handle_t thread = dead_thread();

	EXPECT_OK(get_name(thread));
	EXPECT_BYTES(name, "", 1);
	EXPECT_STATUS(set_name(thread, "late"), ZX_ERR_BAD_STATE);
}

CHECK(object_get_property, vdso_base)
{
	EXPECT_OK(get(idle_process(rt_boot.job), ZX_PROP_PROCESS_VDSO_BASE_ADDRESS));
	EXPECT_EQ(value, 0);
	EXPECT_OK(get(rt_boot.process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS));
	EXPECT_EQ(value, rt_boot.vdso);
}

CHECK(object_set_property, debug_address)
{
	zx_handle_t process = idle_process(rt_boot.job);

	EXPECT_OK(get(process, DEBUG_ADDR));
	EXPECT_EQ(value, 0);
	EXPECT_OK(set(process, DEBUG_ADDR, 0x1234));
	EXPECT_OK(get(process, DEBUG_ADDR));
	EXPECT_EQ(value, 0x1234);
}

CHECK(object_set_property, debug_address_again, .from = ERA_NEWEST)
{
	zx_handle_t process = idle_process(rt_boot.job);

	EXPECT_OK(set(process, DEBUG_ADDR, 2));
	EXPECT_OK(set(process, DEBUG_ADDR, 0));
	EXPECT_OK(get(process, DEBUG_ADDR));
	EXPECT_EQ(value, 0);
}

CHECK(object_set_property, kill_on_oom, .from = ERA_2018_10)
{
	EXPECT_OK(set(empty_job(), ZX_PROP_JOB_KILL_ON_OOM, 1));
	EXPECT_OK(set(empty_job(), ZX_PROP_JOB_KILL_ON_OOM, 0));
}

CHECK(object_set_property, content_size, .from = ERA_2020_07)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	EXPECT_OK(set(vmo, ZX_PROP_VMO_CONTENT_SIZE, 5));
	EXPECT_OK(get(vmo, ZX_PROP_VMO_CONTENT_SIZE));
	EXPECT_EQ(value, 5);
	EXPECT_EQ(size_of(vmo), 2 * PAGE);
}

CHECK(object_set_property, break_on_load, .from = ERA_2020_07)
{
	zx_handle_t process = idle_process(rt_boot.job);

	EXPECT_OK(set(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, 3));
	EXPECT_OK(get(process, ZX_PROP_PROCESS_BREAK_ON_LOAD));
	EXPECT_EQ(value, 3);
}

/* What is written at the thread pointer is found through the register. */
static uint64_t there[2] = { 0x1122334455667788, 0 };

CHECK(object_set_property, fs)
{
	uint64_t seen;

	EXPECT_OK(set(rt_boot.thread, ZX_PROP_REGISTER_FS, (uint64_t)there));
	__asm__ volatile("mov %%fs:0, %0" : "=r"(seen));
	EXPECT_EQ(seen, there[0]);
}

CHECK(object_set_property, gs)
{
	uint64_t seen;

	EXPECT_OK(set(rt_boot.thread, ZX_PROP_REGISTER_GS, (uint64_t)there));
	__asm__ volatile("mov %%gs:0, %0" : "=r"(seen));
	EXPECT_EQ(seen, there[0]);
}

/* --- Cookies, until 2019 --- */

static zx_status_t set_cookie(zx_handle_t handle, zx_handle_t scope)
{
	return zx_object_set_cookie(handle, scope, 42);
}

static zx_status_t get_cookie(zx_handle_t handle, zx_handle_t scope)
{
	return zx_object_get_cookie(handle, scope, &value);
}

static zx_handle_t with_cookie(zx_handle_t scope)
{
	zx_handle_t event = make_event();

	EXPECT_OK(set_cookie(event, scope));
	return event;
}

static zx_status_t get_cookie_badly(void)
{
	zx_handle_t scope = make_event();

	return zx_object_get_cookie(with_cookie(scope), scope, BAD_POINTER);
}

REFUSES(object_set_cookie, ZX_ERR_BAD_HANDLE, closed, set_cookie(closed_handle(), make_event()))
REFUSES(object_set_cookie, ZX_ERR_BAD_HANDLE, closed_scope,
	set_cookie(make_event(), closed_handle()))
REFUSES(object_set_cookie, ZX_ERR_NOT_SUPPORTED, port, set_cookie(make_port(), make_event()))
REFUSES(object_set_cookie, ZX_ERR_ACCESS_DENIED, other_scope,
	set_cookie(with_cookie(make_event()), make_event()), .line = "the cookie was set")
REFUSES(object_get_cookie, ZX_ERR_BAD_HANDLE, closed, get_cookie(closed_handle(), make_event()))
REFUSES(object_get_cookie, ZX_ERR_BAD_HANDLE, closed_scope,
	get_cookie(make_event(), closed_handle()))
REFUSES(object_get_cookie, ZX_ERR_NOT_SUPPORTED, port, get_cookie(make_port(), make_event()))
REFUSES(object_get_cookie, ZX_ERR_ACCESS_DENIED, none_set, get_cookie(make_event(), make_event()),
	.line = "no cookie is set")
REFUSES(object_get_cookie, ZX_ERR_ACCESS_DENIED, other_scope,
	get_cookie(with_cookie(make_event()), make_event()), .line = "no cookie is set")
REFUSES(object_get_cookie, ZX_ERR_INVALID_ARGS, bad_cookie, get_cookie_badly())

CHECK(object_get_cookie, what_was_set)
{
	zx_handle_t scope = make_event();

	EXPECT_OK(get_cookie(with_cookie(scope), scope));
	EXPECT_EQ(value, 42);
}
