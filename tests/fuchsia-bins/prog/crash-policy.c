/*
 * A process whose job's policy makes a call an exception that nobody handles: it ends with the
 * return code of that. Its parent says so, and then does the same itself.
 */
#include <zircon/syscalls/policy.h>

#include "check.h"
#include "child.h"
#include "rt.h"

static struct rt_child child;

/* Writes to a channel that nobody reads, until the system has enough of it. */
static void flood(void)
{
	zx_handle_t ends[2];
	char byte = 0;

	if (zx_channel_create(0, &ends[0], &ends[1]) != ZX_OK)
		return;
	for (;;)
		zx_channel_write(ends[0], 0, &byte, sizeof(byte), NULL, 0);
}

static void forbidden_in_a_child(void)
{
	zx_policy_basic_v1_t policy = { ZX_POL_NEW_EVENT, ZX_POL_ACTION_DENY_EXCEPTION };
	int64_t code = 0;
	zx_handle_t job;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_OK(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	REQUIRE_OK(rt_child__create(&child, job, "forbidden"));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_MAKE_EVENT, 0));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_EXCEPTION_KILL);
}

int main(void)
{
	RUN(forbidden_in_a_child);
	flood();
	return 1;
}
