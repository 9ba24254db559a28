/* Jobs, their policies, and the end of tasks. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/syscalls/policy.h>

#include "memory.h"
#include "twin.h"

static zx_handle_t child;
static struct twin twin;

static zx_status_t create(zx_handle_t parent, uint32_t options)
{
	zx_status_t status = zx_job_create(parent, options, &child);

	if (status == ZX_OK)
		own(child);
	return status;
}

static zx_handle_t killed_job(void)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(zx_task_kill(job));
	return job;
}

static int64_t return_code(zx_handle_t process)
{
	zx_info_process_t info;

	EXPECT_OK(zx_object_wait_one(process, ZX_PROCESS_TERMINATED, LATE, NULL));
	EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL));
	return info.return_code;
}

static int64_t kill_code(void)
{
	return era() < ERA_2020_07 ? -1 : ZX_TASK_RETCODE_SYSCALL_KILL;
}

/* --- job_create --- */

static zx_status_t create_too_deep(void)
{
	zx_handle_t job = rt_boot.job;
	zx_handle_t below;
	zx_status_t status;
	int depth;

	for (depth = 0; depth < 64; depth++) {
		status = zx_job_create(job, 0, &below);
		if (job != rt_boot.job)
			zx_handle_close(job);
		if (status != ZX_OK)
			return status;
		job = below;
	}
	zx_handle_close(job);
	return ZX_OK;
}

REFUSES(job_create, ZX_ERR_BAD_HANDLE, closed, create(closed_handle(), 0))
REFUSES(job_create, ZX_ERR_BAD_HANDLE, none, create(ZX_HANDLE_INVALID, 0))
REFUSES(job_create, ZX_ERR_WRONG_TYPE, event, create(make_event(), 0))
REFUSES(job_create, ZX_ERR_WRONG_TYPE, process, create(rt_boot.process, 0))
REFUSES(job_create, ZX_ERR_ACCESS_DENIED, no_right,
	create(without_rights(empty_job(), ZX_RIGHT_MANAGE_JOB | ZX_RIGHT_WRITE), 0))
REFUSES(job_create, ZX_ERR_ACCESS_DENIED, no_manage_right,
	create(without_rights(empty_job(), ZX_RIGHT_MANAGE_JOB), 0), .from = ERA_NEWEST)
REFUSES(job_create, ZX_ERR_INVALID_ARGS, option, create(rt_boot.job, 1))
REFUSES(job_create, ZX_ERR_INVALID_ARGS, option_before_handle, create(ZX_HANDLE_INVALID, 1))
REFUSES(job_create, ZX_ERR_INVALID_ARGS, bad_out, zx_job_create(rt_boot.job, 0, BAD_OUT))
REFUSES(job_create, ZX_ERR_OUT_OF_RANGE, too_deep, create_too_deep())
REFUSES(job_create, ZX_ERR_BAD_STATE, killed, create(killed_job(), 0))

CHECK(job_create, is_a_child)
{
	zx_handle_t job = empty_job();
	zx_info_handle_basic_t info;
	zx_koid_t koid = 0;
	size_t actual = 0, avail = 0;

	EXPECT_OK(create(job, 0));
	EXPECT_OK(zx_object_get_info(child, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	EXPECT_OK(zx_object_get_info(job, ZX_INFO_JOB_CHILDREN, &koid, sizeof(koid), &actual,
				     &avail));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 1);
	EXPECT_EQ(koid, info.koid);
	EXPECT_EQ(info.related_koid, rt_koid(job));
}

CHECK(job_create, rights, .from = ERA_2020_07)
{
	EXPECT_EQ(rights_of(empty_job()), ZX_DEFAULT_JOB_RIGHTS);
}

/* --- job_set_policy --- */

static zx_policy_basic_v1_t policies[64];

static zx_status_t set(zx_handle_t job, uint32_t condition, uint32_t action)
{
	policies[0] = (zx_policy_basic_v1_t){ condition, action };
	return zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, policies, 1);
}

static zx_status_t set_many(uint32_t options, uint32_t topic, const void *policy, uint32_t count)
{
	return zx_job_set_policy(empty_job(), options, topic, policy, count);
}

/* Entries that are all right. */
static const void *entries(void)
{
	for (size_t i = 0; i < RT_ARRAY_SIZE(policies); i++)
		policies[i] = (zx_policy_basic_v1_t){ ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW };
	return policies;
}

static zx_handle_t parent_job(void)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(create(job, 0));
	return job;
}

static zx_handle_t child_of_job_without_vmos(void)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(set(job, ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY));
	EXPECT_OK(create(job, 0));
	return child;
}

static zx_status_t set_v2(uint32_t flags)
{
	zx_policy_basic_v2_t policy = { ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY, flags };

	return set_many(ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V2, &policy, 1);
}

static zx_status_t set_slack(zx_duration_t slack, uint32_t mode, uint32_t options, uint32_t count)
{
	zx_policy_timer_slack_t policy = { slack, mode, { 0 } };
	zx_policy_timer_slack_t both[2] = { policy, policy };

	return set_many(options, ZX_JOB_POL_TIMER_SLACK, both, count);
}

#define ABSOLUTE ZX_JOB_POL_ABSOLUTE
#define BASIC ZX_JOB_POL_BASIC_V1
#define ACTION_UNKNOWN 1000

REFUSES(job_set_policy, ZX_ERR_BAD_HANDLE, closed, set(closed_handle(), ZX_POL_NEW_VMO, 0))
REFUSES(job_set_policy, ZX_ERR_WRONG_TYPE, event, set(make_event(), ZX_POL_NEW_VMO, 0))
REFUSES(job_set_policy, ZX_ERR_ACCESS_DENIED, no_right,
	set(without_rights(empty_job(), ZX_RIGHT_SET_POLICY), ZX_POL_NEW_VMO, 0))
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, option, set_many(2, BASIC, entries(), 1),
	.line = "options or topic is")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, topic, set_many(ABSOLUTE, 1000, entries(), 1),
	.line = "options or topic is")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, no_policy, set_many(ABSOLUTE, BASIC, NULL, 1),
	.line = "policy is a bad")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, bad_policy, set_many(ABSOLUTE, BASIC, BAD_POINTER, 1),
	.line = "policy is a bad")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, no_entries, set_many(ABSOLUTE, BASIC, entries(), 0),
	.line = "policy is a bad")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, condition,
	set(empty_job(), 1000, ZX_POL_ACTION_ALLOW), .line = "an entry has an")
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, flags, set_v2(2), .line = "an entry has an",
	.from = ERA_2020_07)
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, too_many, set_many(ABSOLUTE, BASIC, entries(), 33),
	.line = "policy_size is more than", .from = ERA_NEWEST)
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, negative_slack,
	set_slack(-1, ZX_TIMER_SLACK_CENTER, ZX_JOB_POL_RELATIVE, 1),
	.line = "a slack is negative", .from = ERA_2020_07)
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, mode, set_slack(1, 3, ZX_JOB_POL_RELATIVE, 1),
	.line = "a slack is negative", .from = ERA_2020_07)
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, two_slacks,
	set_slack(1, ZX_TIMER_SLACK_CENTER, ZX_JOB_POL_RELATIVE, 2), .line = "a slack is negative",
	.from = ERA_2020_07)
REFUSES(job_set_policy, ZX_ERR_INVALID_ARGS, absolute_slack,
	set_slack(1, ZX_TIMER_SLACK_CENTER, ABSOLUTE, 1), .line = "a slack is negative",
	.from = ERA_2020_07)
REFUSES(job_set_policy, ZX_ERR_OUT_OF_RANGE, more_than_conditions,
	set_many(ABSOLUTE, BASIC, entries(), 31))
REFUSES(job_set_policy, ZX_ERR_NOT_SUPPORTED, action,
	set(empty_job(), ZX_POL_NEW_VMO, ACTION_UNKNOWN))
REFUSES(job_set_policy, ZX_ERR_ALREADY_EXISTS, contradicts_the_parent,
	set(child_of_job_without_vmos(), ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW))
REFUSES(job_set_policy, ZX_ERR_BAD_STATE, has_a_job, set(parent_job(), ZX_POL_NEW_VMO, 0))

CHECK(job_set_policy, relative_yields_to_the_parent)
{
	policies[0] = (zx_policy_basic_v1_t){ ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW };
	EXPECT_OK(zx_job_set_policy(child_of_job_without_vmos(), ZX_JOB_POL_RELATIVE, BASIC,
				    policies, 1));
}

CHECK(job_set_policy, the_same_again)
{
	EXPECT_OK(set(child_of_job_without_vmos(), ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY));
}

static int64_t try_vmo_create(zx_handle_t channel)
{
	zx_handle_t vmo;

	(void)channel;
	return zx_vmo_create(1, 0, &vmo);
}

static int64_t try_event_create(zx_handle_t channel)
{
	zx_handle_t event;

	(void)channel;
	return zx_event_create(0, &event);
}

CHECK(job_set_policy, denies_one_kind_only)
{
	EXPECT_EQ(twin__run(job_without(ZX_POL_NEW_VMO), try_vmo_create), ZX_ERR_ACCESS_DENIED);
	EXPECT_EQ(twin__run(job_without(ZX_POL_NEW_VMO), try_event_create), ZX_OK);
}

CHECK(job_set_policy, any_denies_all_kinds)
{
	EXPECT_EQ(twin__run(job_without(ZX_POL_NEW_ANY), try_vmo_create), ZX_ERR_ACCESS_DENIED);
	EXPECT_EQ(twin__run(job_without(ZX_POL_NEW_ANY), try_event_create), ZX_ERR_ACCESS_DENIED);
}

CHECK(job_set_policy, is_handed_down)
{
	EXPECT_EQ(twin__run(child_of_job_without_vmos(), try_vmo_create), ZX_ERR_ACCESS_DENIED);
}

CHECK(job_set_policy, kills, .from = ERA_2020_07)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(set(job, ZX_POL_NEW_VMO, ZX_POL_ACTION_KILL));
	EXPECT_EQ(twin__run(job, try_vmo_create), ZX_TASK_RETCODE_POLICY_KILL);
}

/* --- job_set_critical --- */

static int64_t return_1(zx_handle_t channel)
{
	(void)channel;
	return 1;
}

static int64_t return_0(zx_handle_t channel)
{
	(void)channel;
	return 0;
}

static int64_t sleep_forever(zx_handle_t channel)
{
	(void)channel;
	return zx_nanosleep(ZX_TIME_INFINITE);
}

static zx_handle_t new_process(zx_handle_t job)
{
	zx_handle_t process, vmar;

	EXPECT_OK(zx_process_create(job, "x", 1, 0, &process, &vmar));
	own(process);
	own(vmar);
	return process;
}

static zx_status_t set_critical_twice(void)
{
	zx_handle_t job = empty_job();
	zx_handle_t process = new_process(job);

	EXPECT_OK(zx_job_set_critical(job, 0, process));
	return zx_job_set_critical(job, 0, process);
}

REFUSES(job_set_critical, ZX_ERR_BAD_HANDLE, closed,
	zx_job_set_critical(closed_handle(), 0, new_process(empty_job())))
REFUSES(job_set_critical, ZX_ERR_BAD_HANDLE, closed_process,
	zx_job_set_critical(empty_job(), 0, closed_handle()))
REFUSES(job_set_critical, ZX_ERR_WRONG_TYPE, event,
	zx_job_set_critical(make_event(), 0, new_process(empty_job())))
REFUSES(job_set_critical, ZX_ERR_WRONG_TYPE, process_is_an_event,
	zx_job_set_critical(empty_job(), 0, make_event()))
REFUSES(job_set_critical, ZX_ERR_ACCESS_DENIED, no_destroy_right,
	zx_job_set_critical(without_rights(empty_job(), ZX_RIGHT_DESTROY), 0,
			    new_process(rt_boot.job)))
REFUSES(job_set_critical, ZX_ERR_ACCESS_DENIED, no_wait_right,
	zx_job_set_critical(empty_job(), 0,
			    without_rights(new_process(rt_boot.job), ZX_RIGHT_WAIT)))
REFUSES(job_set_critical, ZX_ERR_INVALID_ARGS, option,
	zx_job_set_critical(empty_job(), 2, ZX_HANDLE_INVALID))
REFUSES(job_set_critical, ZX_ERR_INVALID_ARGS, not_below_the_job,
	zx_job_set_critical(empty_job(), 0, new_process(rt_boot.job)))
REFUSES(job_set_critical, ZX_ERR_ALREADY_BOUND, twice, set_critical_twice())

/* Whether the end of a process that returns `code` takes its job along. */
static bool ends_the_job(uint32_t options, twin_fn fn)
{
	zx_handle_t job = empty_job();
	zx_handle_t other = new_process(job);

	EXPECT_OK(twin__create(&twin, job));
	EXPECT_OK(zx_job_set_critical(job, options, twin.process));
	EXPECT_OK(twin__start(&twin, fn));
	EXPECT_OK(zx_object_wait_one(twin.process, ZX_PROCESS_TERMINATED, LATE, NULL));
	return zx_object_wait_one(other, ZX_PROCESS_TERMINATED, SOON, NULL) == ZX_OK;
}

CHECK(job_set_critical, ends_the_job)
{
	EXPECT(ends_the_job(0, return_0));
	EXPECT(ends_the_job(0, return_1));
}

CHECK(job_set_critical, ends_the_job_when_not_0)
{
	EXPECT(!ends_the_job(ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO, return_0));
	EXPECT(ends_the_job(ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO, return_1));
}

/* --- task_kill --- */

REFUSES(task_kill, ZX_ERR_BAD_HANDLE, closed, zx_task_kill(closed_handle()))
REFUSES(task_kill, ZX_ERR_BAD_HANDLE, none, zx_task_kill(ZX_HANDLE_INVALID))
REFUSES(task_kill, ZX_ERR_ACCESS_DENIED, no_destroy_right,
	zx_task_kill(without_rights(empty_job(), ZX_RIGHT_DESTROY)))
REFUSES(task_kill, ZX_ERR_WRONG_TYPE, thread, zx_task_kill(rt_boot.thread),
	.line = "handle is a thread", .from = ERA_NEWEST)

CHECK(task_kill, process)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(twin__start(&twin, sleep_forever));
	EXPECT_OK(zx_task_kill(twin.process));
	EXPECT_EQ(return_code(twin.process), kill_code());
	EXPECT_OK(zx_object_wait_one(twin.thread, ZX_THREAD_TERMINATED, LATE, NULL));
	EXPECT_OK(zx_task_kill(twin.process));
}

CHECK(task_kill, process_that_was_not_started)
{
	zx_handle_t process = new_process(rt_boot.job);

	EXPECT_OK(zx_task_kill(process));
	EXPECT_OK(zx_object_wait_one(process, ZX_PROCESS_TERMINATED, LATE, NULL));
}

CHECK(task_kill, job_with_all_below)
{
	zx_handle_t job = empty_job();
	zx_handle_t idle;

	EXPECT_OK(create(job, 0));
	idle = new_process(job);
	EXPECT_OK(twin__create(&twin, child));
	EXPECT_OK(twin__start(&twin, sleep_forever));
	EXPECT_OK(zx_task_kill(job));
	EXPECT_EQ(return_code(twin.process), kill_code());
	EXPECT_OK(zx_object_wait_one(idle, ZX_PROCESS_TERMINATED, LATE, NULL));
	EXPECT_STATUS(create(child, 0), ZX_ERR_BAD_STATE);
}

CHECK(task_kill, thread_of_a_process, .to = ERA_2021_01)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(twin__start(&twin, sleep_forever));
	EXPECT_OK(zx_task_kill(twin.thread));
	EXPECT_OK(zx_object_wait_one(twin.thread, ZX_THREAD_TERMINATED, LATE, NULL));
	EXPECT_EQ(return_code(twin.process), 0);
}

CHECK(task_kill, signals_of_jobs)
{
	zx_handle_t job = empty_job();
	zx_handle_t process = new_process(job);
	zx_signals_t empty = era() < ERA_2020_07 ? ZX_JOB_NO_PROCESSES_2018 : ZX_JOB_NO_PROCESSES;

	EXPECT_EQ(signals_of(job) & empty, 0);
	EXPECT_EQ(signals_of(job) & ZX_JOB_NO_JOBS, ZX_JOB_NO_JOBS);
	EXPECT_OK(zx_task_kill(process));
	EXPECT_OK(zx_object_wait_one(job, empty, LATE, NULL));
	EXPECT_OK(create(job, 0));
	EXPECT_EQ(signals_of(job) & ZX_JOB_NO_JOBS, 0);
}
