/* Threads that end, by themselves or killed: what a debugger hears, and may look at. */
#include "exception.h"

static void end_thread(uintptr_t arg)
{
	(void)arg;
	zx_thread_exit();
}

static void sleep_forever(uintptr_t arg)
{
	(void)arg;
	zx_nanosleep(ZX_TIME_INFINITE);
}

static int64_t end_main_thread(zx_handle_t channel)
{
	(void)channel;
	zx_thread_exit();
}

/* A program that sleeps, with a debugger that has seen it start. */
static void watched_program(struct handler *debugger)
{
	make_program(NO_CRASH);
	handle(debugger, program.process, DEBUGGER);
	run_program();
	resume_next(debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_SLEEPING);
}

static zx_handle_t watched_thread(struct handler *debugger, void (*run)(uintptr_t))
{
	zx_handle_t thread = twin__add_thread(&program, run, 0);

	resume_next(debugger, thread, ZX_EXCP_THREAD_STARTING);
	return thread;
}

static uint32_t state_of(zx_handle_t thread)
{
	zx_info_thread_t info = { 0 };

	EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	return info.state;
}

DEFINE_BOTH(thread_that_ends)
{
	struct handler debugger;
	struct exception exception;
	zx_x86_64_exc_data_t data;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, end_thread);
	exception = next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(exception.pid, rt_koid(program.process));
	EXPECT_EQ(state_of(thread), ZX_THREAD_STATE_DYING);
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_RUNNING, ZX_THREAD_RUNNING);
	EXPECT_EQ(report_of(thread).header.type, ZX_EXCP_THREAD_EXITING);
	data = report_of(thread).context.arch.u.x86_64;
	EXPECT_EQ(data.vector | data.err_code | data.cr2, 0);
	/* Whatever is answered, it ends. */
	pass_on(&exception);
	until_signal(thread, ZX_THREAD_TERMINATED);
	EXPECT(nothing_comes(&debugger));
	kill_and_wait(program.process);
}

/* It can still get a handler; one that is dead cannot. */
CHECK(task_bind_exception_port, thread_that_ends_can_be_bound)
{
	struct handler debugger, late;
	struct exception exception;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, end_thread);
	exception = next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	handle(&late, thread, PLAIN);
	resume(&exception);
	until_signal(thread, ZX_THREAD_TERMINATED);
	EXPECT(nothing_comes(&late));
	EXPECT_OK(zx_task_bind_exception_port(thread, ZX_HANDLE_INVALID, 0, 0));
	EXPECT_STATUS(try_handle(&late, thread, PLAIN), ZX_ERR_NOT_FOUND);
	kill_and_wait(program.process);
}

/* The process ends after its last thread, which waits for the debugger. */
DEFINE_BOTH(last_thread_that_ends)
{
	struct handler debugger;
	struct exception exception;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	EXPECT_OK(twin__start(&program, end_main_thread));
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_STATUS(zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, SOON, NULL),
		      ZX_ERR_TIMED_OUT);
	resume(&exception);
	EXPECT_EQ(program_code(), 0);
}

/* A debugger that goes does not hold it up. */
DEFINE_BOTH(debugger_goes_while_a_thread_ends)
{
	struct handler debugger;
	struct exception exception;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, end_thread);
	exception = next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_OK(zx_handle_close(debugger.handle));
	if (exception.exception)
		EXPECT_OK(zx_handle_close(exception.exception));
	until_signal(thread, ZX_THREAD_TERMINATED);
	kill_and_wait(program.process);
}

DEFINE_BOTH(debugger_goes_while_a_thread_starts)
{
	struct handler debugger;
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_OK(zx_handle_close(debugger.handle));
	if (exception.exception)
		EXPECT_OK(zx_handle_close(exception.exception));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* It can be resumed from the exception, but is no thread that could be suspended any more. */
CHECK_ERROR(task_resume, ZX_ERR_BAD_STATE, thread_that_ends, .line = "dead or dying",
	    .to = ERA_2018_07)
{
	struct handler debugger;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, end_thread);
	next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_STATUS(zx_task_resume(thread, 0), ZX_ERR_BAD_STATE);
	EXPECT_OK(zx_task_resume(thread, ZX_RESUME_EXCEPTION_201810));
	until_signal(thread, ZX_THREAD_TERMINATED);
	kill_and_wait(program.process);
}

/* --- Killed: the debugger is told, and nobody waits for it --- */

CHECK(task_bind_exception_port, killed_thread_is_told)
{
	struct handler debugger;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, sleep_forever);
	kill_and_wait(thread);
	next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_STATUS(zx_task_resume_from_exception(thread, debugger.handle, 0),
		      ZX_ERR_BAD_STATE);
	EXPECT(nothing_comes(&debugger));
	kill_and_wait(program.process);
}

CHECK(task_bind_exception_port, killed_in_exception_is_told)
{
	struct handler debugger;

	make_program(CRASH_UNDEFINED);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	next_exception(&debugger, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	kill_and_wait(program.thread);
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), 0);
}

CHECK(task_bind_exception_port, killed_at_its_start_is_told)
{
	struct handler debugger;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	kill_and_wait(program.thread);
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), 0);
}

/* Of a thread that is killed while it waits at its end there is no second report. */
CHECK(task_bind_exception_port, killed_at_its_end)
{
	struct handler debugger;
	zx_handle_t thread;

	watched_program(&debugger);
	thread = watched_thread(&debugger, end_thread);
	next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	kill_and_wait(thread);
	EXPECT(nothing_comes(&debugger));
	kill_and_wait(program.process);
}

/* One report for each thread, in some order. */
CHECK(task_bind_exception_port, process_that_is_killed)
{
	struct handler debugger;
	zx_packet_exception_202002_t body;
	zx_port_packet_t packet;
	zx_koid_t koids[3];
	uint32_t seen = 0;

	watched_program(&debugger);
	koids[0] = rt_koid(program.thread);
	for (size_t i = 1; i < RT_ARRAY_SIZE(koids); i++)
		koids[i] = rt_koid(watched_thread(&debugger, sleep_forever));
	kill_and_wait(program.process);
	for (size_t i = 0; i < RT_ARRAY_SIZE(koids); i++) {
		EXPECT_OK(zx_port_wait(debugger.handle, LATE, &packet));
		EXPECT_EQ(packet.type, ZX_EXCP_THREAD_EXITING);
		body = *(const zx_packet_exception_202002_t *)&packet.user;
		for (size_t j = 0; j < RT_ARRAY_SIZE(koids); j++)
			seen |= (uint32_t)(koids[j] == body.tid) << j;
	}
	EXPECT_EQ(seen, 7);
	EXPECT(nothing_comes(&debugger));
}
