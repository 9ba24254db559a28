/* Processes: making one by hand, its end, its memory, and what is known about it. */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

static struct rt_child child;

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void self(void)
{
	char name[ZX_MAX_NAME_LEN] = { 0 };
	zx_koid_t threads[4] = { 0 };
	zx_info_process_t info = { 0 };
	size_t actual = 0, avail = 0;
	uintptr_t value = 0;

	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS, &info, sizeof(info), NULL,
				    NULL));
	CHECK(info.started);
	CHECK(!info.exited);
	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, threads,
				    sizeof(threads), &actual, &avail));
	CHECK_EQ(actual, 1);
	CHECK_EQ(avail, 1);
	CHECK_EQ(threads[0], rt_koid(rt_boot.thread));
	CHECK_OK(zx_object_get_property(rt_boot.process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, &value,
					sizeof(value)));
	CHECK_EQ(value, rt_boot.vdso);
	value = 0x1234000;
	CHECK_OK(zx_object_set_property(rt_boot.process, ZX_PROP_PROCESS_DEBUG_ADDR, &value,
					sizeof(value)));
	value = 0;
	CHECK_OK(zx_object_get_property(rt_boot.process, ZX_PROP_PROCESS_DEBUG_ADDR, &value,
					sizeof(value)));
	CHECK_EQ(value, 0x1234000);
	CHECK_OK(zx_object_set_property(rt_boot.process, ZX_PROP_NAME, "renamed", 7));
	CHECK_OK(zx_object_get_property(rt_boot.process, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_STR(name, "renamed");
}

static void life(void)
{
	zx_info_task_runtime_t used = { 0 };
	zx_info_task_runtime_t of_job = { 0 };
	zx_info_process_t info = { 0 };
	int64_t answer = -1, code = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "by-hand"));
	CHECK_OK(zx_object_get_info(child.process, ZX_INFO_PROCESS, &info, sizeof(info), NULL,
				    NULL));
	CHECK(!info.started);
	CHECK_EQ(signals_of(child.process), ZX_SIGNAL_NONE);
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_MAKE_EVENT, 0, &answer));
	CHECK_STATUS((zx_status_t)answer, ZX_OK);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 0x123456789));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, 0x123456789);
	CHECK_EQ(signals_of(child.process), ZX_PROCESS_TERMINATED);
	/* What it used is remembered, and counts for the job. */
	CHECK_OK(zx_object_get_info(child.process, ZX_INFO_TASK_RUNTIME, &used, sizeof(used), NULL,
				    NULL));
	CHECK(used.cpu_time > 0);
	CHECK_OK(zx_object_get_info(rt_boot.job, ZX_INFO_TASK_RUNTIME, &of_job, sizeof(of_job),
				    NULL, NULL));
	CHECK(of_job.cpu_time > used.cpu_time);
	CHECK(of_job.queue_time >= used.queue_time);
	CHECK_OK(zx_object_wait_one(child.thread, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	/* All its handles are closed with it. */
	CHECK_OK(zx_object_wait_one(child.channel, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, NULL));
	CHECK_STATUS(zx_process_start(child.process, child.thread, 0x1000, 0x1000,
				      ZX_HANDLE_INVALID, 0),
		     ZX_ERR_BAD_STATE);
	rt_child__close(&child);
}

static void killing(void)
{
	int64_t code = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "to-kill"));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_SLEEP, 0));
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
	/* Killing the dead is no mistake. */
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);

	/* One that has never run. */
	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "unborn"));
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
	rt_child__close(&child);
}

static void crashing(void)
{
	int64_t code = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "to-crash"));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_EXCEPTION_KILL);
	rt_child__close(&child);
}

static void memory(void)
{
	uint32_t word = 0x11223344, seen = 0;
	zx_handle_t less;
	zx_vaddr_t place;
	int64_t answer = 0;
	size_t actual = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "memory"));
	place = child.data + RT_PAGE_SIZE - 8;
	CHECK_OK(zx_process_write_memory(child.process, place, &word, sizeof(word), &actual));
	CHECK_EQ(actual, sizeof(word));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, place, &answer));
	CHECK_EQ(answer, word);
	word = 0x55;
	CHECK_OK(zx_process_write_memory(child.process, place, &word, sizeof(word), &actual));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, place, &answer));
	CHECK_EQ(answer, word);
	CHECK_OK(zx_process_read_memory(child.process, place, &seen, sizeof(seen), &actual));
	CHECK_EQ(seen, word);
	REQUIRE_OK(zx_handle_duplicate(child.process, ZX_RIGHT_INSPECT, &less));
	CHECK_STATUS(zx_process_read_memory(less, place, &seen, sizeof(seen), &actual),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);
}

static void by_koid(void)
{
	zx_handle_t found = ZX_HANDLE_INVALID;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "family"));
	CHECK_OK(zx_object_get_child(rt_boot.job, rt_koid(child.process), ZX_RIGHT_SAME_RIGHTS,
				     &found));
	CHECK_EQ(rt_koid(found), rt_koid(child.process));
	zx_handle_close(found);
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(zx_object_get_child(child.process, rt_koid(child.thread), ZX_RIGHT_SAME_RIGHTS,
				     &found));
	CHECK_EQ(rt_koid(found), rt_koid(child.thread));
	zx_handle_close(found);
	CHECK_STATUS(zx_object_get_child(rt_boot.job, rt_koid(rt_boot.thread), ZX_RIGHT_SAME_RIGHTS,
					 &found),
		     ZX_ERR_NOT_FOUND);
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);
}

static void bad_arguments(void)
{
	zx_handle_t process, vmar;
	int64_t code;

	CHECK_STATUS(zx_process_create(rt_boot.job, "x", 1, 0x8000, &process, &vmar),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_process_create(rt_boot.process, "x", 1, 0, &process, &vmar),
		     ZX_ERR_WRONG_TYPE);
	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "bad"));
	/* A thread of another process. */
	CHECK_STATUS(zx_process_start(child.process, rt_boot.thread, 0x200000, 0x200000,
				      ZX_HANDLE_INVALID, 0),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	rt_child__close(&child);
}

/* Address spaces are apart: at one address, each process has memory of its own. */
static void isolation(void)
{
	static const uint32_t mine = 0xabcd;
	zx_handle_t vmo;
	zx_vaddr_t at = 0;
	zx_info_vmar_t root = { 0 };
	int64_t answer = 0;
	uint32_t word;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "apart"));
	CHECK_OK(zx_object_get_info(rt_boot.root_vmar, ZX_INFO_VMAR, &root, sizeof(root), NULL,
				    NULL));
	REQUIRE_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_OK(zx_vmo_write(vmo, &mine, 0, sizeof(mine)));
	if (zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, child.data - root.base,
			vmo, 0, RT_PAGE_SIZE, &at) == ZX_OK) {
		REQUIRE_OK(rt_child__start(&child));
		CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, child.data, &answer));
		memcpy(&word, (const void *)at, sizeof(word));
		CHECK_EQ(word, mine);
		CHECK((uint32_t)answer != mine);
		CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE));
	}
	zx_handle_close(vmo);
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(self);
	RUN(life);
	RUN(killing);
	RUN(crashing);
	RUN(memory);
	RUN(by_koid);
	RUN(bad_arguments);
	RUN(isolation);
	return rt_check_result();
}
