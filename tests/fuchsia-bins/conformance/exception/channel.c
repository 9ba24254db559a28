/* Exceptions that arrive by channel, as from 2020 on. */
#include "exception.h"

#include <zircon/syscalls/next.h>
#include <zircon/syscalls/policy.h>

static zx_handle_t channel;

static zx_status_t create(zx_handle_t task, uint32_t options)
{
	zx_status_t status = zx_task_create_exception_channel(task, options, &channel);

	if (status == ZX_OK)
		own(channel);
	return status;
}

static zx_handle_t new_process(void)
{
	return idle_process(rt_boot.job);
}

static zx_status_t create_twice(zx_handle_t task, uint32_t options)
{
	EXPECT_OK(create(task, options));
	return create(task, options);
}

/* A task that says that it has ended may take some time to give up what it has for handlers. */
static zx_status_t create_late(zx_handle_t task)
{
	zx_time_t limit = LATE;
	zx_status_t status;

	do {
		status = zx_task_create_exception_channel(task, 0, &channel);
		if (status == ZX_OK)
			EXPECT_OK(zx_handle_close(channel));
	} while (status == ZX_OK && zx_clock_get_monotonic() < limit);
	return status;
}

/* A job that has been killed, and had a process. */
static zx_handle_t dead_job(void)
{
	zx_handle_t job = empty_job();

	idle_process(job);
	EXPECT_OK(zx_task_kill(job));
	until_signal(job, ZX_JOB_TERMINATED);
	return job;
}

/* --- task_create_exception_channel: errors --- */

#define LACKS .line = "lacks a right"
#define OPTIONS .line = "options has unknown"

CHECK_HANDLE_VALID(task_create_exception_channel, handle, create(h, 0))
REFUSES(task_create_exception_channel, ZX_ERR_ACCESS_DENIED, event, create(make_event(), 0), LACKS)

#define WITHOUT(right, kind, maker) \
	REFUSES(task_create_exception_channel, ZX_ERR_ACCESS_DENIED, kind##_lacks_##right, \
		create(without_rights(maker, ZX_RIGHT_##right), 0), LACKS)
#define WITHOUT_RIGHTS(kind, maker) \
	WITHOUT(INSPECT, kind, maker) \
	WITHOUT(TRANSFER, kind, maker) \
	WITHOUT(DUPLICATE, kind, maker) \
	WITHOUT(MANAGE_THREAD, kind, maker)

WITHOUT_RIGHTS(thread, idle_thread())
WITHOUT_RIGHTS(process, new_process())
WITHOUT_RIGHTS(job, empty_job())
WITHOUT(ENUMERATE, process, new_process())
WITHOUT(ENUMERATE, job, empty_job())

REFUSES(task_create_exception_channel, ZX_ERR_ALREADY_BOUND, thread,
	create_twice(idle_thread(), 0))
REFUSES(task_create_exception_channel, ZX_ERR_ALREADY_BOUND, process,
	create_twice(new_process(), 0))
REFUSES(task_create_exception_channel, ZX_ERR_ALREADY_BOUND, debugger,
	create_twice(new_process(), DEBUGGER))
REFUSES(task_create_exception_channel, ZX_ERR_ALREADY_BOUND, job, create_twice(empty_job(), 0))
REFUSES(task_create_exception_channel, ZX_ERR_ALREADY_BOUND, job_debugger,
	create_twice(empty_job(), DEBUGGER), .to = ERA_2021_01)
REFUSES(task_create_exception_channel, ZX_ERR_BAD_STATE, dead_thread, create_late(dead_thread()))
REFUSES(task_create_exception_channel, ZX_ERR_BAD_STATE, dead_process, create(dead_process(), 0))
REFUSES(task_create_exception_channel, ZX_ERR_BAD_STATE, debugger_of_dead_process,
	create(dead_process(), DEBUGGER))
REFUSES(task_create_exception_channel, ZX_ERR_BAD_STATE, dead_job, create_late(dead_job()))
REFUSES(task_create_exception_channel, ZX_ERR_INVALID_ARGS, unknown_option,
	create(new_process(), 2), OPTIONS)
REFUSES(task_create_exception_channel, ZX_ERR_INVALID_ARGS, option_before_handle,
	create(ZX_HANDLE_INVALID, 2), OPTIONS)
REFUSES(task_create_exception_channel, ZX_ERR_INVALID_ARGS, debugger_of_a_thread,
	create(idle_thread(), DEBUGGER), OPTIONS)
REFUSES(task_create_exception_channel, ZX_ERR_INVALID_ARGS, bad_out,
	zx_task_create_exception_channel(new_process(), 0, BAD_OUT), .line = "out is a bad")

/* In a child, which tries it with no handle: the policy is asked before. */
REFUSES(task_create_exception_channel, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_CHANNEL, zx_task_create_exception_channel, 0, 0,
			      CHILD_OUT),
	.line = "the job's policy")

/* --- The channel --- */

CHECK(task_create_exception_channel, channel_is_read_only)
{
	EXPECT_OK(create(new_process(), 0));
	EXPECT_EQ(type_of(channel), ZX_OBJ_TYPE_CHANNEL);
	EXPECT_EQ(rights_of(channel), ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_READ);
	EXPECT_STATUS(zx_channel_write(channel, 0, "x", 1, NULL, 0), ZX_ERR_ACCESS_DENIED);
}

CHECK(task_create_exception_channel, each_kind_at_once)
{
	zx_handle_t process = new_process();
	zx_handle_t job = empty_job();

	EXPECT_OK(create(process, 0));
	EXPECT_OK(create(process, DEBUGGER));
	EXPECT_OK(create(job, 0));
	EXPECT_OK(create(job, DEBUGGER));
	EXPECT_OK(create(idle_thread(), 0));
}

CHECK(task_create_exception_channel, again_after_the_channel_is_closed)
{
	zx_handle_t process = new_process();

	for (int i = 0; i < 3; i++) {
		EXPECT_OK(create(process, 0));
		EXPECT_OK(zx_handle_close(channel));
	}
}

/* Where nobody gets the channel there is none, or in the newest system one that is lost. */
CHECK(task_create_exception_channel, after_a_bad_pointer)
{
	zx_handle_t process = new_process();

	EXPECT_STATUS(zx_task_create_exception_channel(process, 0, BAD_OUT),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(process, 0), era() < ERA_NEWEST ? ZX_OK : ZX_ERR_ALREADY_BOUND);
}

/* The task's end closes the other end. */
CHECK(task_create_exception_channel, closed_with_the_thread)
{
	zx_handle_t thread;

	make_program(NO_CRASH_RETURN);
	thread = program.thread;
	EXPECT_OK(create(thread, 0));
	EXPECT_EQ(signals_of(channel) & ZX_CHANNEL_PEER_CLOSED, 0);
	run_program();
	until_signal(channel, ZX_CHANNEL_PEER_CLOSED);
}

CHECK(task_create_exception_channel, closed_with_the_process)
{
	zx_handle_t process = new_process();
	zx_handle_t of_process;

	EXPECT_OK(create(process, 0));
	of_process = channel;
	EXPECT_OK(create(process, DEBUGGER));
	EXPECT_OK(zx_task_kill(process));
	until_signal(of_process, ZX_CHANNEL_PEER_CLOSED);
	until_signal(channel, ZX_CHANNEL_PEER_CLOSED);
}

CHECK(task_create_exception_channel, closed_with_the_job)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(create(job, 0));
	EXPECT_OK(zx_task_kill(job));
	until_signal(channel, ZX_CHANNEL_PEER_CLOSED);
}

/* So does its last handle where nothing else keeps the task. */
static void expect_closed_with_the_handle(zx_handle_t task)
{
	EXPECT_OK(create(task, 0));
	EXPECT_EQ(signals_of(channel) & ZX_CHANNEL_PEER_CLOSED, 0);
	EXPECT_OK(zx_handle_close(task));
	until_signal(channel, ZX_CHANNEL_PEER_CLOSED);
}

CHECK(task_create_exception_channel, closed_with_the_handle_of_a_job)
{
	expect_closed_with_the_handle(empty_job());
}

CHECK(task_create_exception_channel, closed_with_the_handle_of_a_process)
{
	expect_closed_with_the_handle(new_process());
}

CHECK(task_create_exception_channel, closed_with_the_handle_of_a_thread)
{
	expect_closed_with_the_handle(idle_thread());
}

/* A process that runs needs no handle. */
CHECK(task_create_exception_channel, open_without_a_handle)
{
	zx_handle_t job;

	make_program(NO_CRASH);
	EXPECT_OK(create(program.process, 0));
	run_program();
	job = duplicate(program_job);
	EXPECT_OK(zx_handle_close(program.process));
	EXPECT_OK(zx_handle_close(program.thread));
	EXPECT_STATUS(zx_object_wait_one(channel, ZX_CHANNEL_PEER_CLOSED, SOON, NULL),
		      ZX_ERR_TIMED_OUT);
	EXPECT_OK(zx_task_kill(job));
	until_signal(channel, ZX_CHANNEL_PEER_CLOSED);
}

/* What is in the channel when it is closed goes on to the next handler. */
CHECK(task_create_exception_channel, sent_on)
{
	struct handler job_handler;
	zx_handle_t a, b;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	until_signal(process_handler.handle, ZX_CHANNEL_READABLE);
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &process_handler.handle, 1));
	EXPECT(nothing_comes(&job_handler));
	EXPECT_OK(zx_handle_close(b));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- The exception --- */

static zx_koid_t related_koid(zx_handle_t handle)
{
	zx_info_handle_basic_t info = { 0 };

	EXPECT_OK(zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				     NULL));
	return info.related_koid;
}

CHECK(task_create_exception_channel, exception)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);

	EXPECT_EQ(type_of(exception.exception), ZX_OBJ_TYPE_EXCEPTION);
	EXPECT_EQ(rights_of(exception.exception), ZX_DEFAULT_EXCEPTION_RIGHTS);
	EXPECT_EQ(related_koid(exception.exception), 0);
	EXPECT_EQ(exception.pid, rt_koid(program.process));
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* Whoever has the handle answers. */
CHECK(task_create_exception_channel, exception_can_be_sent)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	uint32_t state = ZX_EXCEPTION_STATE_HANDLED;
	zx_handle_t a, b;

	EXPECT_OK(zx_object_set_property(exception.exception, ZX_PROP_EXCEPTION_STATE, &state,
					 sizeof(state)));
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &exception.exception, 1));
	EXPECT_OK(zx_handle_close(process_handler.handle));
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_create_exception_channel, second_handler_starts_anew)
{
	struct handler job_handler;
	struct exception exception;
	uint32_t state = 9;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	pass_on(&exception);
	exception = next_exception(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_object_get_property(exception.exception, ZX_PROP_EXCEPTION_STATE, &state,
					 sizeof(state)));
	EXPECT_EQ(state, ZX_EXCEPTION_STATE_TRY_NEXT);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- Debuggers of jobs --- */

CHECK(task_create_exception_channel, several_job_debuggers, .from = ERA_NEWEST)
{
	zx_handle_t job = empty_job();
	uint32_t i;

	for (i = 0; i < ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT; i++)
		EXPECT_OK(create(job, DEBUGGER));
	EXPECT(create(job, DEBUGGER) != ZX_OK);
	EXPECT_OK(zx_handle_close(channel));
	EXPECT_OK(create(job, DEBUGGER));
}
