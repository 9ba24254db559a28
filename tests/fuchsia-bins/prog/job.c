/* Jobs: their tree, their policy, and killing all that is in one. */
#include "check.h"
#include "child.h"

#include <zircon/errors.h>
#include <zircon/syscalls/policy.h>

static struct rt_child child;
static struct rt_child other;

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static bool list_holds(zx_handle_t job, uint32_t topic, zx_koid_t koid)
{
	zx_koid_t list[64];
	size_t actual = 0, i;

	CHECK_OK(zx_object_get_info(job, topic, list, sizeof(list), &actual, NULL));
	for (i = 0; i < actual; i++)
		if (list[i] == koid)
			return true;
	return false;
}

static void tree(void)
{
	zx_info_handle_basic_t basic = { 0 };
	zx_handle_t job, inner;
	size_t actual = 9, avail = 9;
	zx_info_job_t info = { 0 };

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_STATUS(zx_job_create(rt_boot.job, 1, &inner), ZX_ERR_INVALID_ARGS);
	CHECK(list_holds(rt_boot.job, ZX_INFO_JOB_CHILDREN, rt_koid(job)));
	CHECK_OK(zx_object_get_info(job, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), NULL, NULL));
	CHECK_EQ(basic.type, ZX_OBJ_TYPE_JOB);
	CHECK_EQ(basic.related_koid, rt_koid(rt_boot.job));
	CHECK_OK(zx_object_get_info(job, ZX_INFO_JOB, &info, sizeof(info), NULL, NULL));
	CHECK(!info.exited);

	CHECK_EQ(signals_of(job), ZX_JOB_NO_JOBS | ZX_JOB_NO_PROCESSES);
	REQUIRE_OK(zx_job_create(job, 0, &inner));
	CHECK_EQ(signals_of(job), ZX_JOB_NO_PROCESSES);
	CHECK_OK(zx_object_get_info(job, ZX_INFO_JOB_PROCESSES, NULL, 0, &actual, &avail));
	CHECK_EQ(actual, 0);
	CHECK_EQ(avail, 0);
	/* A job without processes ends with its last handle. */
	zx_handle_close(inner);
	CHECK_OK(zx_object_wait_one(job, ZX_JOB_NO_JOBS, ZX_TIME_INFINITE, NULL));
	CHECK_EQ(signals_of(job), ZX_JOB_NO_JOBS | ZX_JOB_NO_PROCESSES);
	zx_handle_close(job);
}

static void killing(void)
{
	zx_handle_t job, inner, process, vmar;
	int64_t code = 0;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(zx_job_create(job, 0, &inner));
	REQUIRE_OK(rt_child__create(&child, job, "outer"));
	REQUIRE_OK(rt_child__create(&other, inner, "inner"));
	REQUIRE_OK(rt_child__start(&child));
	REQUIRE_OK(rt_child__start(&other));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_SLEEP, 0));
	CHECK(list_holds(job, ZX_INFO_JOB_PROCESSES, rt_koid(child.process)));
	CHECK(!list_holds(job, ZX_INFO_JOB_PROCESSES, rt_koid(other.process)));
	CHECK_EQ(signals_of(job) & (ZX_JOB_NO_JOBS | ZX_JOB_NO_PROCESSES), 0);

	CHECK_OK(zx_task_kill(job));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
	CHECK_OK(rt_child__wait(&other, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
	CHECK_OK(zx_object_wait_one(job, ZX_JOB_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_STATUS(zx_process_create(job, "late", 4, 0, &process, &vmar), ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_job_create(inner, 0, &process), ZX_ERR_BAD_STATE);
	rt_child__close(&child);
	rt_child__close(&other);
	zx_handle_close(inner);
	zx_handle_close(job);
}

static zx_handle_t job_with_policy(uint32_t condition, uint32_t action)
{
	zx_policy_basic_v1_t policy = { condition, action };
	zx_handle_t job = ZX_HANDLE_INVALID;

	CHECK_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_OK(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	return job;
}

static void policy_denies(void)
{
	zx_policy_basic_v1_t policy = { ZX_POL_NEW_EVENT, ZX_POL_ACTION_ALLOW };
	zx_handle_t job = job_with_policy(ZX_POL_NEW_EVENT, ZX_POL_ACTION_DENY), inner;
	int64_t answer = 0;

	/* It holds for the job's own jobs too, which can't lift it. */
	REQUIRE_OK(zx_job_create(job, 0, &inner));
	CHECK_STATUS(zx_job_set_policy(inner, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1),
		     ZX_ERR_ALREADY_EXISTS);
	CHECK_OK(zx_job_set_policy(inner, ZX_JOB_POL_RELATIVE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	REQUIRE_OK(rt_child__create(&child, inner, "denied"));
	CHECK_STATUS(zx_job_set_policy(inner, ZX_JOB_POL_RELATIVE, ZX_JOB_POL_BASIC_V1, &policy, 1),
		     ZX_ERR_BAD_STATE);
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_MAKE_EVENT, 0, &answer));
	CHECK_STATUS((zx_status_t)answer, ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_task_kill(job));
	rt_child__close(&child);
	zx_handle_close(inner);
	zx_handle_close(job);
}

static void policy_kills(void)
{
	zx_handle_t job = job_with_policy(ZX_POL_NEW_EVENT, ZX_POL_ACTION_KILL);
	int64_t code = 0;

	REQUIRE_OK(rt_child__create(&child, job, "killed"));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_MAKE_EVENT, 0));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_POLICY_KILL);
	rt_child__close(&child);
	zx_handle_close(job);
}

static void bad_policy(void)
{
	zx_policy_basic_v1_t policy = { 99, ZX_POL_ACTION_DENY };
	zx_handle_t job;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_STATUS(zx_job_set_policy(job, 7, ZX_JOB_POL_BASIC_V1, &policy, 1),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 0),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(job);
}

/* The job lives no longer than the process that is critical to it. */
static void critical(void)
{
	zx_handle_t job;
	int64_t code = 0;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(rt_child__create(&child, job, "critical"));
	REQUIRE_OK(rt_child__create(&other, job, "bystander"));
	CHECK_OK(zx_job_set_critical(job, 0, child.process));
	REQUIRE_OK(rt_child__start(&child));
	REQUIRE_OK(rt_child__start(&other));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 0));
	CHECK_OK(rt_child__wait(&other, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_CRITICAL_PROCESS_KILL);
	CHECK_OK(zx_object_wait_one(job, ZX_JOB_TERMINATED, ZX_TIME_INFINITE, NULL));
	rt_child__close(&child);
	rt_child__close(&other);
	zx_handle_close(job);
}

/* With the option only a failure counts; and the job may be any above the process. */
static void critical_failure(void)
{
	zx_handle_t job, inner;
	int64_t code = 0;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(zx_job_create(job, 0, &inner));
	REQUIRE_OK(rt_child__create(&child, inner, "fine"));
	CHECK_OK(zx_job_set_critical(job, ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO, child.process));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 0));
	CHECK_OK(rt_child__wait(&child, &code));
	/* It stays bound. */
	CHECK_STATUS(zx_job_set_critical(inner, 0, child.process), ZX_ERR_ALREADY_BOUND);
	rt_child__close(&child);

	REQUIRE_OK(rt_child__create(&child, inner, "failing"));
	REQUIRE_OK(rt_child__create(&other, job, "bystander"));
	CHECK_STATUS(zx_job_set_critical(inner, 0, other.process), ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_job_set_critical(job, ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO, child.process));
	CHECK_STATUS(zx_job_set_critical(inner, 0, child.process), ZX_ERR_ALREADY_BOUND);
	REQUIRE_OK(rt_child__start(&child));
	REQUIRE_OK(rt_child__start(&other));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 7));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, 7);
	CHECK_OK(rt_child__wait(&other, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_CRITICAL_PROCESS_KILL);
	CHECK_OK(zx_object_wait_one(job, ZX_JOB_TERMINATED, ZX_TIME_INFINITE, NULL));
	rt_child__close(&child);
	rt_child__close(&other);
	zx_handle_close(inner);
	zx_handle_close(job);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(tree);
	RUN(killing);
	RUN(policy_denies);
	RUN(policy_kills);
	RUN(bad_policy);
	RUN(critical);
	RUN(critical_failure);
	return rt_check_result();
}
