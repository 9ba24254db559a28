/* Exception ports that are bound and unbound while threads wait for them. */
#include "exception.h"

#define RESUME_EXCEPTION ZX_RESUME_EXCEPTION_201810
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002
#define QUIETLY ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810

static zx_status_t unbind(zx_handle_t task, uint32_t options)
{
	return zx_task_bind_exception_port(task, ZX_HANDLE_INVALID, 0, options);
}

static void break_here(uintptr_t arg)
{
	(void)arg;
	__asm__ volatile("int3");
	zx_thread_exit();
}

/* --- The order, where handlers come and go meanwhile --- */

/* A handler whose turn is over, or would have been, hears of the next exception only. */
CHECK(task_bind_exception_port, bound_when_its_turn_is_over)
{
	struct handler debugger;
	struct exception exception;

	make_program(CRASH_TWICE);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread,
				   ZX_EXCP_UNDEFINED_INSTRUCTION);
	handle(&debugger, program.process, DEBUGGER);
	EXPECT(nothing_comes(&debugger));
	skip_bytes(UD2_SIZE);
	resume(&exception);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	skip_bytes(UD2_SIZE);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The thread's port comes between the debugger's and the process's, though it was bound last. */
CHECK(task_bind_exception_port, bound_before_its_turn)
{
	struct handler debugger, thread_handler;
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&debugger, program.process, DEBUGGER);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
	handle(&thread_handler, program.thread, PLAIN);
	EXPECT_STATUS(zx_task_resume_from_exception(program.thread, thread_handler.handle, 0),
		      ZX_ERR_ACCESS_DENIED);
	pass_on(&exception);
	resume_next(&thread_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT(nothing_comes(&process_handler));
}

CHECK(task_bind_exception_port, thread_that_is_not_started)
{
	struct handler thread_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&thread_handler, program.thread, PLAIN);
	run_program();
	resume_next(&thread_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* Only its own thread's exceptions come to it. */
CHECK(task_bind_exception_port, of_one_thread_only)
{
	struct handler thread_handler;
	zx_handle_t thread;

	make_program(NO_CRASH);
	handle(&process_handler, program.process, PLAIN);
	handle(&thread_handler, program.thread, PLAIN);
	run_program();
	thread = twin__add_thread(&program, break_here, 0);
	resume_next(&process_handler, thread, ZX_EXCP_SW_BREAKPOINT);
	until_signal(thread, ZX_THREAD_TERMINATED);
	EXPECT(nothing_comes(&thread_handler));
	kill_and_wait(program.process);
}

/* The one that came last is answered first. */
CHECK(task_bind_exception_port, several_threads)
{
	struct exception exceptions[4];
	zx_handle_t threads[4];

	make_program(NO_CRASH);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	for (size_t i = 0; i < RT_ARRAY_SIZE(threads); i++) {
		threads[i] = twin__add_thread(&program, break_here, 0);
		exceptions[i] = next_exception(&process_handler, threads[i],
					       ZX_EXCP_SW_BREAKPOINT);
	}
	for (size_t i = RT_ARRAY_SIZE(threads); i--;) {
		resume(&exceptions[i]);
		until_signal(threads[i], ZX_THREAD_TERMINATED);
		if (i)
			until_blocked(threads[0], ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	}
	kill_and_wait(program.process);
}

/* All threads that wait for it go on to the next handler. */
CHECK(task_bind_exception_port, unbound_with_several_threads)
{
	struct handler job_handler;
	zx_handle_t threads[4];
	zx_port_packet_t packet;

	make_program(NO_CRASH);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	for (size_t i = 0; i < RT_ARRAY_SIZE(threads); i++)
		threads[i] = twin__add_thread(&program, break_here, 0);
	for (size_t i = 0; i < RT_ARRAY_SIZE(threads); i++)
		EXPECT_OK(zx_port_wait(process_handler.handle, LATE, &packet));
	EXPECT_OK(unbind(program.process, 0));
	for (size_t i = 0; i < RT_ARRAY_SIZE(threads); i++)
		EXPECT_OK(zx_port_wait(job_handler.handle, LATE, &packet));
	for (size_t i = 0; i < RT_ARRAY_SIZE(threads); i++) {
		EXPECT_OK(zx_task_resume_from_exception(threads[i], job_handler.handle, 0));
		until_signal(threads[i], ZX_THREAD_TERMINATED);
	}
	kill_and_wait(program.process);
}

/* --- Unbound quietly --- */

/* Neither another port in the same place nor its end concerns the thread that waits. */
CHECK(task_bind_exception_port, bound_again_after_quietly, .to = ERA_2018_10)
{
	struct handler second;

	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(unbind(program.process, QUIETLY));
	EXPECT_STATUS(zx_task_resume_from_exception(program.thread, process_handler.handle, 0),
		      ZX_ERR_ACCESS_DENIED);
	handle(&second, program.process, PLAIN);
	EXPECT(nothing_comes(&second));
	EXPECT_STATUS(zx_task_resume_from_exception(program.thread, second.handle, 0),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_OK(unbind(program.process, 0));
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_bind_exception_port, quietly_then_the_next, .to = ERA_2018_10)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(unbind(program.process, QUIETLY));
	EXPECT(nothing_comes(&job_handler));
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION | TRY_NEXT));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_bind_exception_port, quietly_then_killed, .to = ERA_2018_10)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(unbind(program.process, QUIETLY));
	kill_and_wait(program.process);
	until_signal(program.thread, ZX_THREAD_TERMINATED);
}

/* With the job's port, too. */
CHECK(task_bind_exception_port, job_unbound_quietly, .to = ERA_2018_10)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program_job, PLAIN);
	run_program();
	next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(unbind(program_job, QUIETLY));
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_JOB);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
