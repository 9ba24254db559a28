/* A second process, for calls that are to be made elsewhere. */
#include "conformance.h"

static struct rt_child child;
static bool child_lives;

zx_handle_t make_job(uint32_t condition, uint32_t action)
{
	zx_policy_basic_v1_t policy = { condition, action };
	zx_handle_t job;

	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	own(job);
	EXPECT_OK(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	return job;
}

struct rt_child *start_child(zx_handle_t job)
{
	EXPECT(!child_lives);
	EXPECT_OK(rt_child__create(&child, job, "conformance"));
	child_lives = true;
	EXPECT_OK(rt_child__start(&child));
	return &child;
}

zx_status_t call_in_child_list(struct rt_child *in, const void *call,
			       const uint64_t args[RT_CHILD_ARGS])
{
	uint64_t places[RT_CHILD_ARGS];
	int64_t answer;
	size_t i;

	for (i = 0; i < RT_CHILD_ARGS; i++)
		places[i] = args[i] == CHILD_OUT ? in->data + RT_CHILD_ROOM + 64 * i : args[i];
	EXPECT_OK(rt_child__call(in, call, places, &answer));
	return (zx_status_t)answer;
}

void frame_end_child(void)
{
	if (!child_lives)
		return;
	child_lives = false;
	zx_task_kill(child.process);
	zx_object_wait_one(child.process, ZX_PROCESS_TERMINATED, LATE, NULL);
	rt_child__close(&child);
}
