/* Threads that are suspended and in an exception: each has an end of its own. */
#include "exception.h"

#define RESUME_EXCEPTION ZX_RESUME_EXCEPTION_201810

DEFINE_BOTH(suspended_too_resumed_first)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	zx_handle_t token = suspend(program.thread);

	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT_STATUS(zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, SOON, NULL),
		      ZX_ERR_TIMED_OUT);
	EXPECT_OK(zx_handle_close(token));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(suspended_too_token_first)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	zx_handle_t token = suspend(program.thread);

	EXPECT_OK(zx_handle_close(token));
	EXPECT_STATUS(zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, SOON, NULL),
		      ZX_ERR_TIMED_OUT);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(registers_written_while_suspended)
{
	struct exception exception = crashed_program(CRASH_UNDEFINED,
						     ZX_EXCP_UNDEFINED_INSTRUCTION);
	zx_handle_t token = suspend(program.thread);

	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	skip_bytes(UD2_SIZE);
	EXPECT_OK(zx_handle_close(token));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The debugger hears of its start first; then it is suspended. */
DEFINE_BOTH(suspended_before_its_start, .from = ERA_2018_12)
{
	struct handler debugger;
	struct exception exception;
	zx_handle_t token;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	token = suspend(program.thread);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_EQ(signals_of(program.thread) & ZX_THREAD_SUSPENDED, 0);
	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_handle_close(token));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* It stops before its first instruction, where it has registers as anywhere. */
DEFINE_BOTH(suspended_while_it_starts)
{
	zx_thread_state_general_regs_t regs;
	struct handler debugger;
	struct exception exception;
	zx_handle_t token;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	token = suspend(program.thread);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	regs = registers();
	EXPECT(regs.rip != 0);
	EXPECT_EQ(regs.rsp % 16, 8);
	EXPECT_EQ(regs.rbx | regs.rbp | regs.r15, 0);
	EXPECT_OK(zx_handle_close(token));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- What debuggers are told of, while it is suspended --- */

/* A thread that is suspended before it starts stops behind what is told of its start. */
DEFINE_BOTH(start_of_what_is_suspended, .from = ERA_2018_12)
{
	struct handler job_debugger, debugger;
	struct exception exception;
	zx_handle_t token;

	make_program(NO_CRASH_RETURN);
	handle(&job_debugger, program_job, DEBUGGER);
	handle(&debugger, program.process, DEBUGGER);
	token = suspend(program.process);
	run_program();
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT(nothing_comes(&debugger));
	EXPECT_OK(zx_handle_close(token));
	/* It ends with its process, and waits for nobody then. */
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

static void end_thread(uintptr_t arg)
{
	(void)arg;
	zx_thread_exit();
}

/* One that ends cannot be suspended any more, and one that was ends all the same. */
DEFINE_BOTH(end_of_what_is_suspended, .from = ERA_2018_12)
{
	struct handler debugger;
	struct exception exception;
	zx_handle_t of_thread, thread, token;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	thread = twin__add_thread(&program, end_thread, 0);
	resume_next(&debugger, thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	token = suspend(program.process);
	EXPECT_STATUS(zx_task_suspend_token(thread, &of_thread), ZX_ERR_BAD_STATE);
	resume(&exception);
	until_signal(thread, ZX_THREAD_TERMINATED);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_handle_close(token));
	kill_and_wait(program.process);
}

CHECK(object_set_property, exception_exit_of_what_is_suspended, .from = ERA_NEWEST)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	static const uint32_t ends = ZX_EXCEPTION_STATE_THREAD_EXIT;

	suspend(program.thread);
	EXPECT_OK(zx_object_set_property(exception.exception, ZX_PROP_EXCEPTION_STATE, &ends,
					 sizeof(ends)));
	EXPECT_OK(zx_handle_close(exception.exception));
	until_signal(program.thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(program_code(), 0);
}

/* --- Suspended without a token, in July 2018 --- */

zx_status_t task_suspend_201807(zx_handle_t handle) __asm__("zx_task_suspend")
	__attribute__((weak));

static bool goes_on(void)
{
	return zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, SOON, NULL) == ZX_OK;
}

CHECK(task_resume, exception_and_suspension_are_two, .to = ERA_2018_07)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(task_suspend_201807(program.thread));
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT(!goes_on());
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT_STATUS(zx_task_resume(program.thread, RESUME_EXCEPTION), ZX_ERR_BAD_STATE);
	EXPECT_OK(zx_task_resume(program.thread, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_resume, suspension_and_exception_are_two, .to = ERA_2018_07)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(task_suspend_201807(program.thread));
	EXPECT_OK(zx_task_resume(program.thread, 0));
	EXPECT(!goes_on());
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* A living thread that is not suspended: success, and nothing happens. */
CHECK(task_resume, in_exception_but_not_suspended, .to = ERA_2018_07)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);

	EXPECT_OK(zx_task_resume(program.thread, 0));
	EXPECT(!goes_on());
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* What is pending until the exception is over can be cancelled: the thread never stops for it. */
CHECK(task_resume, cancels_before_the_exception_is_over, .to = ERA_2018_07)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	zx_port_packet_t packet;
	zx_handle_t port = make_port();

	EXPECT_OK(zx_object_wait_async(program.thread, port, 0, ZX_THREAD_SUSPENDED,
				       ZX_WAIT_ASYNC_ONCE));
	EXPECT_OK(task_suspend_201807(program.thread));
	EXPECT_OK(zx_task_resume(program.thread, 0));
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT_STATUS(zx_port_wait(port, AT_ONCE, &packet), ZX_ERR_TIMED_OUT);
}
