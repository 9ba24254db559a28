/*
 * Threads in exceptions all the time, while handlers come, answer, and go without an answer, and the
 * threads are suspended and killed.
 */
#include "check.h"
#include "child.h"

#include <zircon/errors.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>

#define CHILDREN 4
#define ROUNDS 200u
/* What one handler answers before it goes. */
#define ANSWERS 20u

static struct rt_child children[CHILDREN];
static zx_handle_t last; /* of the job: it has whoever finds no other handler go on */
static struct rt_thread rescuer;

/* False once no more can come. */
static bool answer_one(zx_handle_t channel, bool handled)
{
	uint32_t state = handled ? ZX_EXCEPTION_STATE_HANDLED : ZX_EXCEPTION_STATE_TRY_NEXT;
	zx_exception_info_t info;
	zx_handle_t exception;

	CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				    ZX_TIME_INFINITE, NULL));
	if (zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL) != ZX_OK)
		return false;
	if (info.type == ZX_EXCP_SW_BREAKPOINT)
		CHECK_OK(zx_object_set_property(exception, ZX_PROP_EXCEPTION_STATE, &state,
						sizeof(state)));
	CHECK_OK(zx_handle_close(exception));
	return true;
}

static void rescue(void *arg)
{
	(void)arg;
	while (answer_one(last, true))
		;
}

/* One handler of some kind, for a while; what it has not read goes on with it. */
static void handle_for_a_while(struct rt_child *child, uint32_t round)
{
	zx_handle_t task = round % 3 == 2 ? child->thread : child->process;
	uint32_t options = round % 3 == 0 ? ZX_EXCEPTION_CHANNEL_DEBUGGER : 0;
	zx_handle_t channel;

	if (!CHECK_OK(zx_task_create_exception_channel(task, options, &channel)))
		return;
	for (uint32_t i = 0; i < ANSWERS; i++)
		if (!CHECK(answer_one(channel, (i + round) % 2)))
			break;
	if (round % 5 == 0)
		CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_handle_close(channel));
}

static void suspend_for_a_while(struct rt_child *child)
{
	zx_handle_t token;

	if (!CHECK_OK(zx_task_suspend(child->process, &token)))
		return;
	CHECK_OK(zx_object_wait_one(child->thread, ZX_THREAD_SUSPENDED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_handle_close(token));
}

static void races(void)
{
	zx_handle_t job;
	int64_t code;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(zx_task_create_exception_channel(job, 0, &last));
	REQUIRE_OK(rt_thread__start(&rescuer, "rescuer", rescue, NULL));
	for (int i = 0; i < CHILDREN; i++) {
		REQUIRE_OK(rt_child__create(&children[i], job, "breaks"));
		REQUIRE_OK(rt_child__start(&children[i]));
		CHECK_OK(rt_child__tell(&children[i], RT_CHILD_BREAK, 0));
	}
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct rt_child *child = &children[round % CHILDREN];

		if (round % 7 == 3)
			suspend_for_a_while(child);
		else
			handle_for_a_while(child, round);
	}
	for (int i = 0; i < CHILDREN; i++) {
		CHECK_OK(zx_task_kill(children[i].process));
		CHECK_OK(rt_child__wait(&children[i], &code));
		CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
		rt_child__close(&children[i]);
	}
	/* The job ends with its handler's channel. */
	CHECK_OK(zx_task_kill(job));
	CHECK_OK(rt_thread__join(&rescuer));
	zx_handle_close(last);
	zx_handle_close(job);
}

int main(void)
{
	RUN(races);
	return rt_check_result();
}
