/* Tasks that start and end: what debuggers hear of them. */
#include "exception.h"

DEFINE_BOTH(threads_that_start_and_end)
{
	struct handler debugger;
	struct exception exception;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_EQ(exception.pid, rt_koid(program.process));
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER);
	resume(&exception);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	kill_and_wait(program.process);
}

static void end_thread(uintptr_t arg)
{
	(void)arg;
	zx_thread_exit();
}

DEFINE_BOTH(another_thread)
{
	struct handler debugger;
	struct exception exception;
	zx_handle_t thread;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	thread = twin__add_thread(&program, end_thread, 0);
	resume_next(&debugger, thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_TERMINATED, 0);
	resume(&exception);
	until_signal(thread, ZX_THREAD_TERMINATED);
	kill_and_wait(program.process);
}

/* Only a debugger hears of it. */
DEFINE_BOTH(start_is_told_to_debuggers_only)
{
	struct handler job_handler, thread_handler;

	make_program(NO_CRASH_RETURN);
	handle(&process_handler, program.process, PLAIN);
	handle(&thread_handler, program.thread, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT(nothing_comes(&process_handler));
	EXPECT(nothing_comes(&thread_handler));
	EXPECT(nothing_comes(&job_handler));
}

DEFINE_BOTH(process_that_starts, .from = ERA_2018_10)
{
	struct handler job_debugger;
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&job_debugger, program_job, DEBUGGER);
	run_program();
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	EXPECT_EQ(exception.pid, rt_koid(program.process));
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_JOB_DEBUGGER);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* From the koids of the report to handles; the thread's are there before its first instruction. */
DEFINE_BOTH(found_by_koid, .from = ERA_2018_10)
{
	struct handler job_debugger;
	struct exception exception;
	zx_handle_t process, thread;

	make_program(NO_CRASH_RETURN);
	handle(&job_debugger, program_job, DEBUGGER);
	run_program();
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	EXPECT_OK(zx_object_get_child(program_job, exception.pid, ZX_RIGHT_SAME_RIGHTS, &process));
	own(process);
	EXPECT_OK(zx_object_get_child(process, exception.tid, ZX_RIGHT_SAME_RIGHTS, &thread));
	exception.thread = own(thread);
	EXPECT_EQ(report_of(thread).header.type, ZX_EXCP_PROCESS_STARTING);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The debugger of the job comes before that of the process; both hear of a start only. */
DEFINE_BOTH(process_start_before_thread_start, .from = ERA_2018_10)
{
	struct handler job_debugger, debugger;
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&job_debugger, program_job, DEBUGGER);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	EXPECT(nothing_comes(&debugger));
	resume(&exception);
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	kill_and_wait(program.process);
}

DEFINE_BOTH(order_of_handlers)
{
	static const uint32_t types[] = {
		ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER, ZX_EXCEPTION_CHANNEL_TYPE_THREAD,
		ZX_EXCEPTION_CHANNEL_TYPE_PROCESS, ZX_EXCEPTION_CHANNEL_TYPE_JOB,
		ZX_EXCEPTION_CHANNEL_TYPE_JOB,
	};
	struct handler handlers[5];
	zx_handle_t parent = empty_job();
	zx_handle_t job;

	EXPECT_OK(zx_job_create(parent, 0, &job));
	make_program_in(own(job), CRASH_UNDEFINED);
	handle(&handlers[0], program.process, DEBUGGER);
	handle(&handlers[1], program.thread, PLAIN);
	handle(&handlers[2], program.process, PLAIN);
	handle(&handlers[3], job, PLAIN);
	handle(&handlers[4], parent, PLAIN);
	run_program();
	resume_next(&handlers[0], program.thread, ZX_EXCP_THREAD_STARTING);
	for (size_t i = 0; i < RT_ARRAY_SIZE(handlers); i++) {
		struct exception exception = next_exception(&handlers[i], program.thread,
							    ZX_EXCP_UNDEFINED_INSTRUCTION);

		EXPECT_EQ(thread_waits_for(), types[i]);
		if (i + 1 < RT_ARRAY_SIZE(handlers))
			EXPECT(nothing_comes(&handlers[i + 1]));
		pass_on(&exception);
	}
	EXPECT_EQ(program_code(), exception_code());
}

/* A debugger can detach, and another one can take the exception over. */
CHECK(task_bind_exception_port, unbound_quietly, .to = ERA_2018_10)
{
	struct handler debugger;

	make_program(CRASH_BREAKPOINT);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	next_exception(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_bind_exception_port(program.process, ZX_HANDLE_INVALID, 0,
					      DEBUGGER |
						      ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810));
	EXPECT_STATUS(zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, SOON, NULL),
		      ZX_ERR_TIMED_OUT);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_task_resume(program.thread, ZX_RESUME_EXCEPTION_201810));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(thread_read_state, of_a_thread_that_starts, .from = ERA_2020_07)
{
	struct handler debugger;
	struct exception exception;
	zx_thread_state_general_regs_t regs;

	make_program(CRASH_TWICE);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	regs = registers();
	EXPECT(regs.rip != 0);
	EXPECT(regs.rsp != 0);
	EXPECT_EQ(regs.rbx, 0);
	regs.rip = CRASH_ADDRESS;
	set_registers(&regs);
	resume(&exception);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_FATAL_PAGE_FAULT);
	EXPECT_EQ(registers().rip, CRASH_ADDRESS);
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

/* One that is killed while its start is told is told of all the same, without an answer. */
CHECK(task_create_exception_channel, killed_while_it_starts)
{
	struct handler job_debugger, debugger;
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&job_debugger, program_job, DEBUGGER);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	kill_and_wait(program.process);
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	until_signal(debugger.handle, ZX_CHANNEL_PEER_CLOSED);
	EXPECT_OK(zx_handle_close(exception.exception));
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
}

/* Those of the jobs above hear of it, too, one after the other. */
CHECK(task_create_exception_channel, job_debuggers_above)
{
	struct handler inner, outer;
	struct exception exception;
	zx_handle_t parent = empty_job();
	zx_handle_t job;

	EXPECT_OK(zx_job_create(parent, 0, &job));
	make_program_in(own(job), NO_CRASH_RETURN);
	handle(&inner, job, DEBUGGER);
	handle(&outer, parent, DEBUGGER);
	run_program();
	exception = next_exception(&inner, program.thread, ZX_EXCP_PROCESS_STARTING);
	EXPECT(nothing_comes(&outer));
	if (era() < ERA_NEWEST) {
		/* The one that is nearest was the only one. */
		resume(&exception);
		EXPECT(nothing_comes(&outer));
	} else {
		resume(&exception);
		resume_next(&outer, program.thread, ZX_EXCP_PROCESS_STARTING);
	}
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* Registers are known only where the machine raised the exception. */
CHECK_ERROR(thread_read_state, ZX_ERR_NOT_SUPPORTED, thread_that_starts,
	    .line = "not raised by the machine", .to = ERA_2019_01)
{
	struct handler debugger;
	zx_thread_state_general_regs_2018_t regs;
	uint32_t step = 0;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_STATUS(zx_thread_read_state(program.thread, step_topic(), &step, sizeof(step)),
		      ZX_ERR_NOT_SUPPORTED);
	EXPECT_STATUS(zx_thread_read_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					   sizeof(regs)),
		      ZX_ERR_NOT_SUPPORTED);
	kill_and_wait(program.process);
}

CHECK_ERROR(thread_write_state, ZX_ERR_NOT_SUPPORTED, thread_that_starts,
	    .line = "not raised by the machine", .to = ERA_2019_01)
{
	struct handler debugger;
	zx_thread_state_general_regs_2018_t regs = { 0 };
	uint32_t step = 0;

	make_program(NO_CRASH);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_STATUS(zx_thread_write_state(program.thread, step_topic(), &step, sizeof(step)),
		      ZX_ERR_NOT_SUPPORTED);
	EXPECT_STATUS(zx_thread_write_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					    sizeof(regs)),
		      ZX_ERR_NOT_SUPPORTED);
	kill_and_wait(program.process);
}
