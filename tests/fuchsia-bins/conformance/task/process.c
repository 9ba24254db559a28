/* Processes: making, starting, looking into them. */
#include "conformance.h"

#include <zircon/syscalls/policy.h>

#include "memory.h"
#include "string.h"
#include "twin.h"

static zx_handle_t process;
static zx_handle_t vmar;

static zx_status_t create(zx_handle_t job, const char *name, size_t size, uint32_t options)
{
	zx_status_t status = zx_process_create(job, name, size, options, &process, &vmar);

	if (status == ZX_OK) {
		own(process);
		own(vmar);
	}
	return status;
}

static zx_handle_t new_process(void)
{
	EXPECT_OK(create(rt_boot.job, "test", 4, 0));
	return process;
}

static zx_handle_t killed_job(void)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(zx_task_kill(job));
	return job;
}

/* --- process_create --- */

/* The job's handle comes by the channel: a twin has no other. */
static int64_t try_process_create(zx_handle_t channel)
{
	zx_handle_t job, made, root;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	zx_channel_read(channel, 0, NULL, &job, 0, 1, NULL, NULL);
	return zx_process_create(job, "x", 1, 0, &made, &root);
}

static zx_status_t create_under_policy(void)
{
	zx_handle_t job = duplicate(rt_boot.job);
	struct twin twin;

	EXPECT_OK(twin__create(&twin, job_without(ZX_POL_NEW_PROCESS)));
	EXPECT_OK(twin__start(&twin, try_process_create));
	EXPECT_OK(zx_channel_write(twin.channel, 0, NULL, 0, &job, 1));
	return (zx_status_t)twin__wait(&twin);
}

/* Each of the rights that gave leave at some time. */
#define NO_MANAGE (ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_WRITE)

REFUSES(process_create, ZX_ERR_BAD_HANDLE, closed, create(closed_handle(), "x", 1, 0))
REFUSES(process_create, ZX_ERR_BAD_HANDLE, none, create(ZX_HANDLE_INVALID, "x", 1, 0))
REFUSES(process_create, ZX_ERR_WRONG_TYPE, event, create(make_event(), "x", 1, 0))
REFUSES(process_create, ZX_ERR_ACCESS_DENIED, no_right,
	create(without_rights(empty_job(), NO_MANAGE), "x", 1, 0), .line = "job lacks its right")
REFUSES(process_create, ZX_ERR_ACCESS_DENIED, policy, create_under_policy(),
	.line = "the policy of the")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, unknown_option, create(rt_boot.job, "x", 1, 1u << 31),
	.line = "options has unknown bits")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, option_before_handle,
	create(ZX_HANDLE_INVALID, "x", 1, 1u << 31), .line = "options has unknown bits")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, no_name, create(rt_boot.job, NULL, 0, 0),
	.line = "name, proc_handle or vmar_handle")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, bad_name, create(rt_boot.job, BAD_POINTER, 1, 0),
	.line = "name, proc_handle or vmar_handle")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, bad_process,
	zx_process_create(rt_boot.job, "x", 1, 0, BAD_OUT, &vmar),
	.line = "name, proc_handle or vmar_handle")
REFUSES(process_create, ZX_ERR_INVALID_ARGS, bad_vmar,
	zx_process_create(rt_boot.job, "x", 1, 0, &process, BAD_OUT),
	.line = "name, proc_handle or vmar_handle")
REFUSES(process_create, ZX_ERR_BAD_STATE, killed_job, create(killed_job(), "x", 1, 0))

CHECK(process_create, name_is_cut)
{
	static const char longer[] = "a name that is longer than a name can be";
	char name[ZX_MAX_NAME_LEN];

	EXPECT_OK(create(rt_boot.job, longer, sizeof(longer) - 1, 0));
	EXPECT_OK(zx_object_get_property(process, ZX_PROP_NAME, name, sizeof(name)));
	EXPECT_BYTES(name, longer, ZX_MAX_NAME_LEN - 1);
	EXPECT_EQ(name[ZX_MAX_NAME_LEN - 1], 0);
}

CHECK(process_create, is_empty_and_not_started)
{
	zx_info_process_t info;
	size_t actual = 1, avail = 1;

	EXPECT_OK(create(rt_boot.job, "", 0, 0));
	EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL));
	EXPECT(!info.started);
	EXPECT(!info.exited);
	EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS_THREADS, NULL, 0, &actual, &avail));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(avail, 0);
	EXPECT_EQ(signals_of(process) & ZX_PROCESS_TERMINATED, 0);
}

CHECK(process_create, rights, .from = ERA_2018_12)
{
	new_process();
	EXPECT_EQ(rights_of(process), ZX_DEFAULT_PROCESS_RIGHTS);
	EXPECT_EQ(rights_of(vmar) & (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE),
		  ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE);
}

/* --- process_start --- */

static struct twin twin;

static zx_status_t start(zx_handle_t handle, zx_handle_t thread, zx_handle_t arg)
{
	return zx_process_start(handle, thread, 0x1000000, 0x1000000, arg, 0);
}

static struct twin *new_twin(void)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	return &twin;
}

static int64_t return_42(zx_handle_t channel)
{
	(void)channel;
	return 42;
}

static int64_t sleep_forever(zx_handle_t channel)
{
	(void)channel;
	return zx_nanosleep(ZX_TIME_INFINITE);
}

static struct twin *running_twin(void)
{
	EXPECT_OK(twin__start(new_twin(), sleep_forever));
	return &twin;
}

static struct twin *ended_twin(void)
{
	EXPECT_OK(twin__start(new_twin(), return_42));
	EXPECT_EQ(twin__wait(&twin), 42);
	return &twin;
}

static void kill_twin(void)
{
	zx_task_kill(twin.process);
	zx_object_wait_one(twin.process, ZX_PROCESS_TERMINATED, LATE, NULL);
}

/* A start that fails, with the thread of a new process. */
static zx_status_t start_with(zx_rights_t no_process_right, zx_rights_t no_thread_right,
			      zx_handle_t arg)
{
	new_twin();
	return start(without_rights(twin.process, no_process_right),
		     without_rights(twin.thread, no_thread_right), arg);
}

static zx_status_t start_thread_of_another(void)
{
	zx_handle_t thread = new_twin()->thread;

	return start(new_process(), thread, make_event());
}

static zx_status_t start_twice(void)
{
	zx_status_t status = start(running_twin()->process, twin.thread, make_event());

	kill_twin();
	return status;
}

static zx_status_t start_at(zx_vaddr_t entry)
{
	new_twin();
	return zx_process_start(twin.process, twin.thread, entry, 0x1000000, make_event(), 0);
}

REFUSES(process_start, ZX_ERR_BAD_HANDLE, closed,
	start(closed_handle(), new_twin()->thread, make_event()))
REFUSES(process_start, ZX_ERR_BAD_HANDLE, closed_thread,
	start(new_process(), closed_handle(), make_event()))
REFUSES(process_start, ZX_ERR_BAD_HANDLE, no_argument, start_with(0, 0, ZX_HANDLE_INVALID),
	.to = ERA_2021_01)
REFUSES(process_start, ZX_ERR_WRONG_TYPE, event,
	start(make_event(), new_twin()->thread, make_event()))
REFUSES(process_start, ZX_ERR_WRONG_TYPE, thread_is_an_event,
	start(new_process(), make_event(), make_event()))
REFUSES(process_start, ZX_ERR_ACCESS_DENIED, no_write_right,
	start_with(ZX_RIGHT_WRITE, 0, make_event()), .line = "handle or thread lacks")
REFUSES(process_start, ZX_ERR_ACCESS_DENIED, thread_without_write,
	start_with(0, ZX_RIGHT_WRITE, make_event()), .line = "handle or thread lacks")
REFUSES(process_start, ZX_ERR_ACCESS_DENIED, argument_cannot_be_sent,
	start_with(0, 0, without_rights(make_event(), ZX_RIGHT_TRANSFER)),
	.line = "handle or thread lacks")
REFUSES(process_start, ZX_ERR_ACCESS_DENIED, thread_of_another_process, start_thread_of_another(),
	.line = "thread belongs to another")
REFUSES(process_start, ZX_ERR_BAD_STATE, twice, start_twice())
REFUSES(process_start, ZX_ERR_BAD_STATE, ended,
	start(ended_twin()->process, twin.thread, make_event()))
REFUSES(process_start, ZX_ERR_INVALID_ARGS, entry_in_the_kernel,
	start_at((zx_vaddr_t)KERNEL_ADDRESS), .from = ERA_2020_07)

CHECK(process_start, argument_is_gone_after_an_error)
{
	zx_handle_t arg = make_event();

	EXPECT_STATUS(start(closed_handle(), new_twin()->thread, arg), ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(arg));
}

CHECK(process_start, runs_and_returns)
{
	zx_info_process_t info;

	ended_twin();
	EXPECT_OK(zx_object_get_info(twin.process, ZX_INFO_PROCESS, &info, sizeof(info), NULL,
				     NULL));
	EXPECT(info.started);
	EXPECT(info.exited);
	EXPECT_EQ(info.return_code, 42);
	EXPECT_EQ(signals_of(twin.process) & ZX_PROCESS_TERMINATED, ZX_PROCESS_TERMINATED);
	EXPECT_EQ(signals_of(twin.thread) & ZX_THREAD_TERMINATED, ZX_THREAD_TERMINATED);
}

/* --- process_exit --- */

static int64_t exit_low(zx_handle_t channel)
{
	(void)channel;
	zx_process_exit(INT64_MIN + 1);
}

CHECK(process_exit, code_of_64_bits)
{
	EXPECT_EQ(twin__run(rt_boot.job, exit_low), INT64_MIN + 1);
}

CHECK(process_exit, closes_handles)
{
	EXPECT_OK(twin__start(new_twin(), return_42));
	EXPECT_EQ(twin__wait(&twin), 42);
	EXPECT_OK(zx_object_wait_one(twin.channel, ZX_CHANNEL_PEER_CLOSED, LATE, NULL));
}

/* --- process_read_memory, process_write_memory --- */

static uint8_t buffer[2 * RT_PAGE_SIZE];
static size_t actual;
static zx_vaddr_t at;

/* A process with two pages of memory, that is not started. */
static zx_handle_t process_with(zx_handle_t vmo)
{
	zx_vm_option_t options = era() < ERA_2020_07 ? READ_WRITE : READ_WRITE | ZX_VM_ALLOW_FAULTS;

	new_process();
	EXPECT_OK(vmar_map(vmar, options, 0, vmo, 0, 2 * PAGE, &at));
	return process;
}

static zx_handle_t filled_process(void)
{
	return process_with(fixed_vmo(2 * PAGE));
}

/* Its address must be looked at after the process was made. */
static zx_status_t read_from(zx_handle_t handle, size_t offset, size_t size)
{
	return zx_process_read_memory(handle, at + offset, buffer, size, &actual);
}

static zx_status_t write_to(zx_handle_t handle, size_t offset, size_t size)
{
	return zx_process_write_memory(handle, at + offset, buffer, size, &actual);
}

static zx_handle_t process_with_uncached(void)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	EXPECT_OK(zx_vmo_set_cache_policy(vmo, ZX_CACHE_POLICY_UNCACHED));
	return process_with(vmo);
}

REFUSES(process_read_memory, ZX_ERR_BAD_HANDLE, closed, read_from(closed_handle(), 0, 1))
REFUSES(process_read_memory, ZX_ERR_WRONG_TYPE, event, read_from(make_event(), 0, 1))
REFUSES(process_read_memory, ZX_ERR_ACCESS_DENIED, no_read_right,
	read_from(without_rights(filled_process(), ZX_RIGHT_READ), 0, 1))
REFUSES(process_read_memory, ZX_ERR_ACCESS_DENIED, no_write_right,
	read_from(without_rights(filled_process(), ZX_RIGHT_WRITE), 0, 1))
REFUSES(process_read_memory, ZX_ERR_INVALID_ARGS, no_buffer,
	zx_process_read_memory(filled_process(), at, NULL, 1, &actual),
	.line = "buffer or actual is")
REFUSES(process_read_memory, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_process_read_memory(filled_process(), at, buffer, 1, BAD_POINTER),
	.line = "buffer or actual is")
REFUSES(process_read_memory, ZX_ERR_INVALID_ARGS, nothing, read_from(filled_process(), 0, 0),
	.line = "buffer_size is 0 or")
REFUSES(process_read_memory, ZX_ERR_INVALID_ARGS, too_much,
	read_from(filled_process(), 0, 64 * 1024 * 1024 + 1), .line = "buffer_size is 0 or")
REFUSES(process_read_memory, ZX_ERR_INVALID_ARGS, buffer_not_mapped,
	zx_process_read_memory(filled_process(), at, unmapped(), 1, &actual),
	.line = "buffer or actual is", .to = ERA_2019_01)
REFUSES(process_read_memory, ZX_ERR_NOT_FOUND, buffer_not_mapped,
	zx_process_read_memory(filled_process(), at, unmapped(), 1, &actual),
	.line = "buffer is not mapped", .from = ERA_2020_07)
REFUSES(process_read_memory, ZX_ERR_NOT_FOUND, not_mapped,
	read_from(filled_process(), 2 * PAGE, 1), .line = "nothing is mapped", .from = ERA_NEWEST)
REFUSES(process_read_memory, ZX_ERR_NO_MEMORY, not_mapped,
	read_from(filled_process(), 2 * PAGE, 1), .to = ERA_2021_01)
REFUSES(process_read_memory, ZX_ERR_OUT_OF_RANGE, beyond_the_vmo,
	read_from(process_with(fixed_vmo(PAGE)), PAGE, 1), .line = "vaddr is behind")
REFUSES(process_read_memory, ZX_ERR_OUT_OF_RANGE, across_the_vmo_s_end,
	read_from(process_with(fixed_vmo(PAGE)), PAGE - 1, 2), .line = "the range goes beyond",
	.to = ERA_2021_01)
REFUSES(process_read_memory, ZX_ERR_BAD_STATE, not_cached,
	read_from(process_with_uncached(), 0, 1))
REFUSES(process_write_memory, ZX_ERR_BAD_HANDLE, closed, write_to(closed_handle(), 0, 1))
REFUSES(process_write_memory, ZX_ERR_WRONG_TYPE, event, write_to(make_event(), 0, 1))
REFUSES(process_write_memory, ZX_ERR_ACCESS_DENIED, no_write_right,
	write_to(without_rights(filled_process(), ZX_RIGHT_WRITE), 0, 1),
	.line = "handle lacks ZX_RIGHT_WRITE")
REFUSES(process_write_memory, ZX_ERR_INVALID_ARGS, no_buffer,
	zx_process_write_memory(filled_process(), at, NULL, 1, &actual),
	.line = "buffer or actual is")
REFUSES(process_write_memory, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_process_write_memory(filled_process(), at, buffer, 1, BAD_POINTER),
	.line = "buffer or actual is")
REFUSES(process_write_memory, ZX_ERR_INVALID_ARGS, nothing, write_to(filled_process(), 0, 0),
	.line = "buffer_size is 0 or")
REFUSES(process_write_memory, ZX_ERR_INVALID_ARGS, too_much,
	write_to(filled_process(), 0, 64 * 1024 * 1024 + 1), .line = "buffer_size is 0 or")
REFUSES(process_write_memory, ZX_ERR_INVALID_ARGS, buffer_not_mapped,
	zx_process_write_memory(filled_process(), at, unmapped(), 1, &actual),
	.line = "buffer or actual is", .to = ERA_2019_01)
REFUSES(process_write_memory, ZX_ERR_NOT_FOUND, buffer_not_mapped,
	zx_process_write_memory(filled_process(), at, unmapped(), 1, &actual),
	.line = "buffer is not mapped", .from = ERA_2020_07)
REFUSES(process_write_memory, ZX_ERR_NOT_FOUND, not_mapped,
	write_to(filled_process(), 2 * PAGE, 1), .line = "nothing is mapped", .from = ERA_NEWEST)
REFUSES(process_write_memory, ZX_ERR_NO_MEMORY, not_mapped,
	write_to(filled_process(), 2 * PAGE, 1), .to = ERA_2021_01)
REFUSES(process_write_memory, ZX_ERR_OUT_OF_RANGE, beyond_the_vmo,
	write_to(process_with(fixed_vmo(PAGE)), PAGE, 1), .line = "vaddr is behind")
REFUSES(process_write_memory, ZX_ERR_OUT_OF_RANGE, across_the_vmo_s_end,
	write_to(process_with(fixed_vmo(PAGE)), PAGE - 1, 2), .line = "the range goes beyond",
	.to = ERA_2021_01)
REFUSES(process_write_memory, ZX_ERR_BAD_STATE, not_cached,
	write_to(process_with_uncached(), 0, 1))

/* The vDSO of another process, which is where this one has it. */
static zx_status_t write_to_vdso(void)
{
	return zx_process_write_memory(new_twin()->process, twin__vdso_code(), buffer, 1, &actual);
}

REFUSES(process_write_memory, ZX_ERR_ACCESS_DENIED, vdso, write_to_vdso(), .line = "the vDSO's",
	.from = ERA_NEWEST)

CHECK(process_write_memory, what_is_written_is_read)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	process_with(vmo);
	buffer[0] = 7;
	EXPECT_OK(write_to(process, PAGE - 1, 1));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(byte_at(vmo, PAGE - 1), 7);
	buffer[0] = 0;
	EXPECT_OK(read_from(process, PAGE - 1, 1));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(buffer[0], 7);
}

CHECK(process_read_memory, up_to_the_end_of_the_mapping)
{
	filled_process();
	EXPECT_OK(read_from(process, PAGE, 2 * PAGE));
	EXPECT_EQ(actual, PAGE);
	EXPECT_OK(write_to(process, 2 * PAGE - 5, 2 * PAGE));
	EXPECT_EQ(actual, 5);
}
