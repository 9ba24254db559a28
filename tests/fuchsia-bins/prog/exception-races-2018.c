/*
 * Threads in exceptions all the time, while ports are bound, answer, and are unbound or closed;
 * while others answer for them, rightly or not; and while the threads are suspended and killed. The
 * argument "2018-07" says that it runs as of that date.
 */
#include "check.h"
#include "child.h"
#include "string.h"
#include "vmar.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#define CHILDREN 3
#define ROUNDS 240u
/* What one handler answers before it goes. */
#define ANSWERS 10u
#define DEBUGGER ZX_EXCEPTION_PORT_DEBUGGER_202002
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002
#define STOP_KEY 1u

static struct rt_child children[CHILDREN];
static zx_handle_t last; /* port of the job: it has whoever finds no other handler go on */
static struct rt_thread rescuer;
static struct rt_thread meddler;
static uint32_t meddler_ends;

static struct rt_child *child_of(zx_koid_t pid)
{
	for (int i = 0; i < CHILDREN; i++)
		if (children[i].process && rt_koid(children[i].process) == pid)
			return &children[i];
	return NULL;
}

/* Of an answer: somebody else's may have come before, and the thread may be elsewhere by now. */
static void check_chance(zx_status_t status)
{
	if (status != ZX_OK)
		CHECK_EITHER(status, ZX_ERR_ACCESS_DENIED, ZX_ERR_BAD_STATE);
}

/* False once it is told to stop. */
static bool answer_one(zx_handle_t port, uint32_t options)
{
	zx_packet_exception_202002_t body;
	zx_port_packet_t packet;
	struct rt_child *child;

	if (!CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet)))
		return false;
	if (packet.type == ZX_PKT_TYPE_USER)
		return packet.key != STOP_KEY;
	memcpy(&body, &packet.user, sizeof(body));
	child = child_of(body.pid);
	if (!CHECK(child))
		return false;
	if (packet.type != ZX_EXCP_SW_BREAKPOINT)
		CHECK_EQ(packet.type, ZX_EXCP_THREAD_EXITING);
	check_chance(zx_task_resume_from_exception(child->thread, port, options));
	return true;
}

static void rescue(void *arg)
{
	(void)arg;
	while (answer_one(last, 0))
		;
}

/* Calls of somebody who has no part in it. What they give is chance, but they do no harm. */
static void meddle(void *arg)
{
	zx_port_packet_t packet;
	zx_handle_t port;

	(void)arg;
	CHECK_OK(zx_port_create(0, &port));
	for (uint32_t i = 0; !__atomic_load_n(&meddler_ends, __ATOMIC_RELAXED); i++) {
		struct rt_child *child = &children[i % CHILDREN];

		check_chance(zx_task_resume_from_exception(child->thread, port, i & 2));
		check_chance(zx_task_resume_from_exception(child->thread, last, 0));
		/* The thread's own place is the meddler's. */
		if (i % 16 == 7)
			CHECK_OK(zx_task_bind_exception_port(child->thread, port, 0, 0));
		if (i % 16 == 9)
			CHECK_OK(zx_task_bind_exception_port(children[(i - 2) % CHILDREN].thread,
							     ZX_HANDLE_INVALID, 0, 0));
		/* Full, the port would be the end of the child. */
		while (zx_port_wait(port, 0, &packet) == ZX_OK)
			continue;
		zx_nanosleep(zx_deadline_after(100000));
	}
	zx_handle_close(port);
}

/* The ways in which a handler goes. */
static void leave(zx_handle_t task, zx_handle_t port, uint32_t options, uint32_t round)
{
	if (round % 2) {
		CHECK_OK(zx_task_bind_exception_port(task, ZX_HANDLE_INVALID, 0, options));
		CHECK_STATUS(zx_task_bind_exception_port(task, ZX_HANDLE_INVALID, 0, options),
			     ZX_ERR_BAD_STATE);
	}
	CHECK_OK(zx_handle_close(port));
	CHECK_STATUS(zx_task_bind_exception_port(task, ZX_HANDLE_INVALID, 0, options),
		     ZX_ERR_BAD_STATE);
}

static void handle_for_a_while(struct rt_child *child, uint32_t round)
{
	uint32_t options = round % 3 == 0 ? DEBUGGER : 0;
	zx_handle_t port;

	if (!CHECK_OK(zx_port_create(0, &port)) ||
	    !CHECK_OK(zx_task_bind_exception_port(child->process, port, round, options)))
		return;
	for (uint32_t i = 0; i < ANSWERS; i++)
		if (!CHECK(answer_one(port, (i + round) % 2 ? TRY_NEXT : 0)))
			break;
	/* The thread may wait for it, or be about to. */
	leave(child->process, port, options, round);
}

static void suspend_for_a_while(struct rt_child *child)
{
	zx_handle_t token;

	if (!CHECK_OK(zx_task_suspend_token(child->thread, &token)))
		return;
	CHECK_OK(zx_object_wait_one(child->thread, ZX_THREAD_SUSPENDED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_handle_close(token));
}

static void end(void)
{
	zx_port_packet_t stop = { .key = STOP_KEY };
	int64_t code;

	for (int i = 0; i < CHILDREN; i++) {
		CHECK_OK(zx_task_kill(i % 2 ? children[i].process : children[i].thread));
		CHECK_OK(rt_child__wait(&children[i], &code));
		CHECK_EQ(code, i % 2 ? -1 : 0);
	}
	CHECK_OK(zx_port_queue(last, &stop));
	CHECK_OK(rt_thread__join(&rescuer));
	for (int i = 0; i < CHILDREN; i++)
		rt_child__close(&children[i]);
	zx_handle_close(last);
}

static void races(void)
{
	zx_handle_t job;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(zx_port_create(0, &last));
	REQUIRE_OK(zx_task_bind_exception_port(job, last, 0, 0));
	for (int i = 0; i < CHILDREN; i++) {
		REQUIRE_OK(rt_child__create(&children[i], job, "breaks"));
		REQUIRE_OK(rt_child__start(&children[i]));
	}
	REQUIRE_OK(rt_thread__start(&rescuer, "rescuer", rescue, NULL));
	for (int i = 0; i < CHILDREN; i++)
		CHECK_OK(rt_child__tell(&children[i], RT_CHILD_BREAK, 0));
	REQUIRE_OK(rt_thread__start(&meddler, "meddler", meddle, NULL));
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct rt_child *child = &children[round % CHILDREN];

		if (round % 7 == 3)
			suspend_for_a_while(child);
		else
			handle_for_a_while(child, round);
	}
	__atomic_store_n(&meddler_ends, 1, __ATOMIC_RELAXED);
	CHECK_OK(rt_thread__join(&meddler));
	end();
	zx_handle_close(job);
}

int main(void)
{
	rt_vmar_201807 = rt_boot.argc > 1 && !strcmp(rt_boot.argv[1], "2018-07");
	RUN(races);
	return rt_check_result();
}
