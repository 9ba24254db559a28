/* zx_object_get_info and zx_object_get_child. */
#include "conformance.h"

#include "memory.h"
#include "string.h"
#include "tasks.h"

static uint8_t buffer[64 * 1024] __attribute__((aligned(8)));
static size_t actual;
static size_t avail;
static zx_handle_t got;

static zx_status_t get(zx_handle_t handle, uint32_t topic)
{
	return zx_object_get_info(handle, topic, buffer, sizeof(buffer), &actual, &avail);
}

static zx_handle_t socket_end(void)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	return a;
}

/* --- Errors that all topics share --- */

REFUSES(object_get_info, ZX_ERR_NOT_SUPPORTED, no_such_topic, get(make_event(), 0x0fffffff))
REFUSES(object_get_info, ZX_ERR_NOT_SUPPORTED, no_such_version,
	get(rt_boot.process, ZX_INFO_PROCESS | 0xf0000000u), .from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_NOT_SUPPORTED, topic_before_handle,
	get(ZX_HANDLE_INVALID, 0x0fffffff))
REFUSES(object_get_info, ZX_ERR_BAD_HANDLE, none, get(ZX_HANDLE_INVALID, ZX_INFO_HANDLE_BASIC))
REFUSES(object_get_info, ZX_ERR_BAD_HANDLE, closed, get(closed_handle(), ZX_INFO_HANDLE_BASIC))
REFUSES(object_get_info, ZX_ERR_BAD_HANDLE, valid_none,
	get(ZX_HANDLE_INVALID, ZX_INFO_HANDLE_VALID))
REFUSES(object_get_info, ZX_ERR_BAD_HANDLE, valid_closed,
	get(closed_handle(), ZX_INFO_HANDLE_VALID))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, process, get(make_event(), ZX_INFO_PROCESS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, process_threads,
	get(make_event(), ZX_INFO_PROCESS_THREADS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, vmar, get(make_event(), ZX_INFO_VMAR))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, job_children, get(make_event(), ZX_INFO_JOB_CHILDREN))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, job_processes,
	get(rt_boot.process, ZX_INFO_JOB_PROCESSES))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, thread, get(rt_boot.process, ZX_INFO_THREAD))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, exception_report,
	get(rt_boot.process, ZX_INFO_THREAD_EXCEPTION_REPORT))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, task_stats, get(make_event(), ZX_INFO_TASK_STATS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, process_maps, get(rt_boot.job, ZX_INFO_PROCESS_MAPS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, process_vmos, get(rt_boot.job, ZX_INFO_PROCESS_VMOS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, thread_stats,
	get(rt_boot.process, ZX_INFO_THREAD_STATS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, resource, get(make_event(), ZX_INFO_RESOURCE))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, bti, get(make_event(), ZX_INFO_BTI))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, handle_stats,
	get(make_event(), ZX_INFO_PROCESS_HANDLE_STATS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, socket, get(make_event(), ZX_INFO_SOCKET),
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, vmo, get(make_event(), ZX_INFO_VMO),
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, job, get(make_event(), ZX_INFO_JOB),
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, timer, get(make_event(), ZX_INFO_TIMER),
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, stream, get(make_event(), ZX_INFO_STREAM),
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, handle_table, get(make_event(), ZX_INFO_HANDLE_TABLE),
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, task_runtime, get(make_event(), ZX_INFO_TASK_RUNTIME),
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, vmar_maps, get(make_event(), ZX_INFO_VMAR_MAPS),
	.from = ERA_NEWEST)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, iob, get(make_event(), ZX_INFO_IOB),
	.from = ERA_NEWEST)
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, cpu_stats, get(make_event(), ZX_INFO_CPU_STATS))
REFUSES(object_get_info, ZX_ERR_WRONG_TYPE, kmem_stats, get(make_event(), ZX_INFO_KMEM_STATS))

#define WITHOUT_INSPECT(handle) without_rights(handle, ZX_RIGHT_INSPECT)

REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, process,
	get(WITHOUT_INSPECT(rt_boot.process), ZX_INFO_PROCESS), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, vmar,
	get(WITHOUT_INSPECT(rt_boot.root_vmar), ZX_INFO_VMAR), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, thread,
	get(WITHOUT_INSPECT(rt_boot.thread), ZX_INFO_THREAD), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, task_stats,
	get(WITHOUT_INSPECT(idle_process(rt_boot.job)), ZX_INFO_TASK_STATS), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, process_maps,
	get(WITHOUT_INSPECT(idle_process(rt_boot.job)), ZX_INFO_PROCESS_MAPS),
	.line = "handle lacks the right", .from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, process_vmos,
	get(WITHOUT_INSPECT(idle_process(rt_boot.job)), ZX_INFO_PROCESS_VMOS),
	.line = "handle lacks the right", .from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, handle_count,
	get(WITHOUT_INSPECT(make_event()), ZX_INFO_HANDLE_COUNT), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, handle_stats,
	get(WITHOUT_INSPECT(rt_boot.process), ZX_INFO_PROCESS_HANDLE_STATS),
	.line = "handle lacks the right", .from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, socket,
	get(WITHOUT_INSPECT(socket_end()), ZX_INFO_SOCKET), .line = "handle lacks the right",
	.from = ERA_2018_10)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, job, get(WITHOUT_INSPECT(empty_job()), ZX_INFO_JOB),
	.line = "handle lacks the right", .from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, timer,
	get(WITHOUT_INSPECT(make_timer()), ZX_INFO_TIMER), .line = "handle lacks the right",
	.from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, task_runtime,
	get(WITHOUT_INSPECT(rt_boot.process), ZX_INFO_TASK_RUNTIME),
	.line = "handle lacks the right", .from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, handle_table,
	get(without_rights(rt_boot.process, ZX_RIGHT_MANAGE_THREAD), ZX_INFO_HANDLE_TABLE),
	.line = "handle lacks the right", .from = ERA_2020_07)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, process_threads,
	get(without_rights(rt_boot.process, ZX_RIGHT_ENUMERATE), ZX_INFO_PROCESS_THREADS),
	.line = "handle lacks the right")
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, job_children,
	get(without_rights(empty_job(), ZX_RIGHT_ENUMERATE), ZX_INFO_JOB_CHILDREN),
	.line = "handle lacks the right")
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, job_processes,
	get(without_rights(empty_job(), ZX_RIGHT_ENUMERATE), ZX_INFO_JOB_PROCESSES),
	.line = "handle lacks the right")
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, maps_of_itself,
	get(rt_boot.process, ZX_INFO_PROCESS_MAPS), .line = "the process asked about",
	.to = ERA_2019_01)
REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, vmos_of_itself,
	get(rt_boot.process, ZX_INFO_PROCESS_VMOS), .line = "the process asked about",
	.to = ERA_2019_01)
REFUSES(object_get_info, ZX_ERR_BAD_STATE, stats_of_ended_process,
	get(dead_process(), ZX_INFO_TASK_STATS))
REFUSES(object_get_info, ZX_ERR_BAD_STATE, maps_of_ended_process,
	get(dead_process(), ZX_INFO_PROCESS_MAPS))
REFUSES(object_get_info, ZX_ERR_BAD_STATE, vmos_of_ended_process,
	get(dead_process(), ZX_INFO_PROCESS_VMOS))
REFUSES(object_get_info, ZX_ERR_BAD_STATE, vmos_of_process_before_its_start,
	get(idle_process(rt_boot.job), ZX_INFO_PROCESS_VMOS))
REFUSES(object_get_info, ZX_ERR_BAD_STATE, stats_of_ended_thread,
	get(dead_thread(), ZX_INFO_THREAD_STATS), .from = ERA_NEWEST)
REFUSES(object_get_info, ZX_ERR_BAD_STATE, report_of_running_thread,
	get(rt_boot.thread, ZX_INFO_THREAD_EXCEPTION_REPORT))
REFUSES(object_get_info, ZX_ERR_BUFFER_TOO_SMALL, one_byte_less,
	zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, buffer,
			   sizeof(zx_info_handle_basic_t) - 1, &actual, &avail))
REFUSES(object_get_info, ZX_ERR_BUFFER_TOO_SMALL, no_buffer,
	zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, NULL, 0, NULL, NULL))
REFUSES(object_get_info, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, BAD_POINTER, sizeof(buffer), NULL,
			   NULL))
REFUSES(object_get_info, ZX_ERR_INVALID_ARGS, bad_actual,
	zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, buffer, sizeof(buffer), BAD_POINTER,
			   NULL))
REFUSES(object_get_info, ZX_ERR_INVALID_ARGS, bad_avail,
	zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, buffer, sizeof(buffer), NULL,
			   BAD_POINTER))

/* --- What they tell --- */

CHECK(object_get_info, handle_valid)
{
	EXPECT_OK(zx_object_get_info(with_rights(make_event(), 0), ZX_INFO_HANDLE_VALID, NULL, 0,
				     NULL, NULL));
}

CHECK(object_get_info, handle_basic)
{
	zx_info_handle_basic_t *info = (void *)buffer;
	zx_handle_t event = with_rights(make_event(), ZX_RIGHT_WAIT);

	EXPECT_OK(get(event, ZX_INFO_HANDLE_BASIC));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 1);
	EXPECT_EQ(info->type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(info->rights, ZX_RIGHT_WAIT);
	EXPECT_EQ(info->related_koid, 0);
	EXPECT(info->koid >= ZX_KOID_FIRST);
}

CHECK(object_get_info, related_koid_of_a_peer)
{
	zx_info_handle_basic_t *info = (void *)buffer;
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(get(a, ZX_INFO_HANDLE_BASIC));
	EXPECT_EQ(info->related_koid, rt_koid(b));
}

CHECK(object_get_info, related_koid_of_tasks)
{
	zx_info_handle_basic_t *info = (void *)buffer;

	EXPECT_OK(get(rt_boot.thread, ZX_INFO_HANDLE_BASIC));
	EXPECT_EQ(info->related_koid, rt_koid(rt_boot.process));
	EXPECT_OK(get(idle_process(rt_boot.job), ZX_INFO_HANDLE_BASIC));
	EXPECT_EQ(info->related_koid, rt_koid(rt_boot.job));
}

CHECK(object_get_info, counts_of_a_buffer_too_small)
{
	actual = avail = 7;
	EXPECT_STATUS(zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, buffer, 1, &actual,
					 &avail),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(avail, 1);
}

CHECK(object_get_info, process_threads)
{
	zx_koid_t *koids = (void *)buffer;

	EXPECT_OK(get(rt_boot.process, ZX_INFO_PROCESS_THREADS));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 1);
	EXPECT_EQ(koids[0], rt_koid(rt_boot.thread));
	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, NULL, 0, &actual,
				     &avail));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(avail, 1);
}

CHECK(object_get_info, job_processes)
{
	zx_handle_t job = empty_job();
	zx_koid_t *koids = (void *)buffer;
	zx_handle_t process, vmar;

	EXPECT_OK(get(job, ZX_INFO_JOB_PROCESSES));
	EXPECT_EQ(avail, 0);
	EXPECT_OK(zx_process_create(job, "x", 1, 0, &process, &vmar));
	own(process);
	own(vmar);
	EXPECT_OK(get(job, ZX_INFO_JOB_PROCESSES));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(koids[0], rt_koid(process));
}

CHECK(object_get_info, handle_count)
{
	zx_info_handle_count_t *info = (void *)buffer;
	zx_handle_t event = make_event();

	EXPECT_OK(get(event, ZX_INFO_HANDLE_COUNT));
	EXPECT_EQ(info->handle_count, 1);
	duplicate(event);
	EXPECT_OK(get(event, ZX_INFO_HANDLE_COUNT));
	EXPECT_EQ(info->handle_count, 2);
}

CHECK(object_get_info, process_handle_stats, .from = ERA_2020_07)
{
	zx_info_process_handle_stats_t *info = (void *)buffer;
	uint32_t before;

	EXPECT_OK(get(rt_boot.process, ZX_INFO_PROCESS_HANDLE_STATS));
	before = info->handle_count[ZX_OBJ_TYPE_EVENT];
	make_event();
	EXPECT_OK(get(rt_boot.process, ZX_INFO_PROCESS_HANDLE_STATS));
	EXPECT_EQ(info->handle_count[ZX_OBJ_TYPE_EVENT], before + 1);
}

CHECK(object_get_info, handle_table, .from = ERA_2020_07)
{
	zx_info_handle_extended_t *info = (void *)buffer;
	zx_handle_t event = make_event();
	size_t i;

	EXPECT_OK(get(rt_boot.process, ZX_INFO_HANDLE_TABLE));
	EXPECT_EQ(actual, avail);
	for (i = 0; i < actual && info[i].handle_value != event; i++)
		;
	EXPECT(i < actual);
	EXPECT_EQ(info[i].type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(info[i].koid, rt_koid(event));
	EXPECT_EQ(info[i].rights, rights_of(event));
}

#define VMO_FLAGS (ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_RESIZABLE | ZX_INFO_VMO_VIA_HANDLE)

CHECK(object_get_info, vmo, .from = ERA_2020_07)
{
	zx_info_vmo_t *info = (void *)buffer;
	zx_handle_t vmo = resizable_vmo(2 * PAGE);
	zx_handle_t child;

	EXPECT_OK(zx_object_set_property(vmo, ZX_PROP_NAME, "memory", 6));
	put_byte(vmo, 0, 1);
	EXPECT_OK(get(vmo, ZX_INFO_VMO));
	EXPECT_EQ(info->koid, rt_koid(vmo));
	EXPECT_BYTES(info->name, "memory", 7);
	EXPECT_EQ(info->size_bytes, 2 * PAGE);
	EXPECT_EQ(info->parent_koid, 0);
	EXPECT_EQ(info->num_children, 0);
	EXPECT_EQ(info->num_mappings, 0);
	EXPECT_EQ(info->flags & VMO_FLAGS, VMO_FLAGS);
	EXPECT_EQ(info->committed_bytes, PAGE);
	if (era() == ERA_NEWEST)
		EXPECT_EQ(info->handle_rights, rights_of(vmo));
	EXPECT_OK(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE, &child));
	own(child);
	EXPECT_OK(get(vmo, ZX_INFO_VMO));
	EXPECT_EQ(info->num_children, 1);
	EXPECT_OK(get(child, ZX_INFO_VMO));
	EXPECT_EQ(info->parent_koid, rt_koid(vmo));
	EXPECT_EQ(info->flags & (ZX_INFO_VMO_IS_COW_CLONE | ZX_INFO_VMO_RESIZABLE),
		  ZX_INFO_VMO_IS_COW_CLONE);
}

CHECK(object_get_info, thread_states, .from = ERA_2020_07)
{
	zx_info_thread_t *info = (void *)buffer;
	zx_handle_t thread = idle_thread();

	EXPECT_OK(get(thread, ZX_INFO_THREAD));
	EXPECT_EQ(info->state, ZX_THREAD_STATE_NEW);
	EXPECT_OK(get(rt_boot.thread, ZX_INFO_THREAD));
	EXPECT_EQ(info->state, ZX_THREAD_STATE_RUNNING);
	EXPECT(info->cpu_affinity_mask.mask[0]);
	EXPECT_OK(get(dead_thread(), ZX_INFO_THREAD));
	EXPECT_EQ(info->state, ZX_THREAD_STATE_DEAD);
	if (era() >= ERA_NEWEST)
		EXPECT(!info->cpu_affinity_mask.mask[0]);
}

CHECK(object_get_info, job, .from = ERA_2020_07)
{
	zx_info_job_t *info = (void *)buffer;
	zx_handle_t job = empty_job();

	EXPECT_OK(get(job, ZX_INFO_JOB));
	EXPECT(!info->exited);
	EXPECT_EQ(info->return_code, 0);
	EXPECT_OK(zx_task_kill(job));
	EXPECT_OK(zx_object_wait_one(job, ZX_JOB_TERMINATED, LATE, NULL));
	EXPECT_OK(get(job, ZX_INFO_JOB));
	EXPECT(info->exited);
	EXPECT_EQ(info->return_code, ZX_TASK_RETCODE_SYSCALL_KILL);
}

CHECK(object_get_info, process_maps, .from = ERA_2020_07)
{
	zx_info_maps_t *info = (void *)buffer;

	EXPECT_OK(get(idle_process(rt_boot.job), ZX_INFO_PROCESS_MAPS));
	EXPECT_EQ(actual, avail);
	EXPECT_EQ(actual, 2);
	EXPECT_EQ(info[0].type, ZX_INFO_MAPS_TYPE_ASPACE);
	EXPECT_EQ(info[1].type, ZX_INFO_MAPS_TYPE_VMAR);
	EXPECT_EQ(info[1].depth, 1);
}

/* --- object_get_child --- */

static zx_status_t get_child(zx_handle_t handle, zx_koid_t koid, zx_rights_t rights)
{
	zx_status_t status = zx_object_get_child(handle, koid, rights, &got);

	if (status == ZX_OK)
		own(got);
	return status;
}

#define SAME ZX_RIGHT_SAME_RIGHTS

REFUSES(object_get_child, ZX_ERR_BAD_HANDLE, closed, get_child(closed_handle(), 1, SAME))
REFUSES(object_get_child, ZX_ERR_BAD_HANDLE, none, get_child(ZX_HANDLE_INVALID, 1, SAME))
REFUSES(object_get_child, ZX_ERR_ACCESS_DENIED, no_enumerate_right,
	get_child(without_rights(rt_boot.process, ZX_RIGHT_ENUMERATE), rt_koid(rt_boot.thread),
		  SAME))
REFUSES(object_get_child, ZX_ERR_ACCESS_DENIED, more_rights,
	get_child(without_rights(rt_boot.process, ZX_RIGHT_WRITE), rt_koid(rt_boot.thread),
		  ZX_RIGHT_WRITE))
REFUSES(object_get_child, ZX_ERR_NOT_FOUND, of_a_process,
	get_child(rt_boot.process, rt_koid(rt_boot.process), SAME))
REFUSES(object_get_child, ZX_ERR_NOT_FOUND, of_a_job,
	get_child(empty_job(), rt_koid(rt_boot.process), SAME))
REFUSES(object_get_child, ZX_ERR_INVALID_ARGS, bad_out,
	zx_object_get_child(rt_boot.process, rt_koid(rt_boot.thread), SAME, BAD_OUT))

CHECK(object_get_child, thread)
{
	EXPECT_OK(get_child(rt_boot.process, rt_koid(rt_boot.thread), SAME));
	EXPECT_EQ(rt_koid(got), rt_koid(rt_boot.thread));
	EXPECT_OK(get_child(rt_boot.process, rt_koid(rt_boot.thread), ZX_RIGHT_READ));
	EXPECT_EQ(rights_of(got), ZX_RIGHT_READ);
}

CHECK(object_get_child, process_and_job)
{
	zx_handle_t process = idle_process(rt_boot.job);
	zx_handle_t job = empty_job();

	EXPECT_OK(get_child(rt_boot.job, rt_koid(process), SAME));
	EXPECT_EQ(rt_koid(got), rt_koid(process));
	EXPECT_OK(get_child(rt_boot.job, rt_koid(job), SAME));
	EXPECT_EQ(rt_koid(got), rt_koid(job));
}
