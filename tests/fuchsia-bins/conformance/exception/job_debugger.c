/* Debuggers of jobs, which hear of processes that start, and of nothing else; who is debugged. */
#include "exception.h"

static struct handler plain;

static bool job_is_debugged(zx_handle_t job)
{
	zx_info_job_t info;

	EXPECT_OK(zx_object_get_info(job, ZX_INFO_JOB, &info, sizeof(info), NULL, NULL));
	return info.debugger_attached;
}

/* The newest report has flags. */
static bool process_is_debugged(zx_handle_t process)
{
	zx_info_process_v2_t v2;
	zx_info_process_t v1;

	if (era() < ERA_NEWEST) {
		EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS_V1, &v1, sizeof(v1), NULL,
					     NULL));
		return v1.debugger_attached;
	}
	EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS_V2, &v2, sizeof(v2), NULL, NULL));
	return v2.flags & ZX_INFO_PROCESS_FLAG_DEBUGGER_ATTACHED;
}

DEFINE_BOTH(process_says_that_it_is_debugged)
{
	zx_handle_t process = idle_process(rt_boot.job);
	struct handler debugger;

	handle(&plain, process, PLAIN);
	EXPECT(!process_is_debugged(process));
	handle(&debugger, process, DEBUGGER);
	EXPECT(process_is_debugged(process));
	EXPECT_OK(zx_handle_close(debugger.handle));
	EXPECT(!process_is_debugged(process));
}

CHECK(task_create_exception_channel, job_says_that_it_is_debugged)
{
	zx_handle_t job = empty_job();
	struct handler debugger;

	handle(&plain, job, PLAIN);
	EXPECT(!job_is_debugged(job));
	handle(&debugger, job, DEBUGGER);
	EXPECT(job_is_debugged(job));
}

/* --- What they hear --- */

CHECK(task_create_exception_channel, job_debugger_hears_of_no_crash)
{
	struct handler debugger;

	make_program(CRASH_UNDEFINED);
	handle(&debugger, program_job, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	EXPECT_EQ(program_code(), exception_code());
	EXPECT_EQ(signals_of(debugger.handle) & ZX_CHANNEL_READABLE, 0);
}

/* A process starts once. */
CHECK(task_create_exception_channel, job_debugger_hears_of_no_second_thread)
{
	struct handler debugger;
	zx_handle_t thread;
	zx_vaddr_t stack;

	make_program(NO_CRASH);
	handle(&debugger, program_job, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	thread = twin__make_thread(&program, &stack);
	handle(&process_handler, program.process, PLAIN);
	EXPECT_OK(zx_thread_start(thread, CRASH_ADDRESS, stack, 0, 0));
	next_exception(&process_handler, thread, ZX_EXCP_FATAL_PAGE_FAULT);
	EXPECT_EQ(signals_of(debugger.handle) & ZX_CHANNEL_READABLE, 0);
	kill_and_wait(program.process);
}

/* Whatever it answers, it is only told: the next one hears of it too, and the process starts. */
CHECK(task_create_exception_channel, job_debuggers_in_turn, .from = ERA_NEWEST)
{
	struct handler debuggers[4];
	zx_handle_t parent = empty_job();
	zx_handle_t job;

	EXPECT_OK(zx_job_create(parent, 0, &job));
	make_program_in(own(job), NO_CRASH_RETURN);
	handle(&debuggers[3], parent, DEBUGGER);
	handle(&debuggers[0], job, DEBUGGER);
	handle(&debuggers[1], job, DEBUGGER);
	handle(&debuggers[2], job, DEBUGGER);
	/* One that went leaves no gap, and comes back as the last. */
	EXPECT_OK(zx_handle_close(debuggers[0].handle));
	debuggers[0] = debuggers[1];
	debuggers[1] = debuggers[2];
	handle(&debuggers[2], job, DEBUGGER);
	run_program();
	for (size_t i = 0; i < RT_ARRAY_SIZE(debuggers); i++) {
		struct exception exception = next_exception(&debuggers[i], program.thread,
							    ZX_EXCP_PROCESS_STARTING);

		for (size_t j = i + 1; j < RT_ARRAY_SIZE(debuggers); j++)
			EXPECT_EQ(signals_of(debuggers[j].handle) & ZX_CHANNEL_READABLE, 0);
		if (i % 2)
			pass_on(&exception);
		else
			resume(&exception);
	}
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* One that comes while another one is told has missed it. */
CHECK(task_create_exception_channel, job_debugger_that_comes_late, .from = ERA_NEWEST)
{
	struct handler first, late;
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&first, program_job, DEBUGGER);
	run_program();
	exception = next_exception(&first, program.thread, ZX_EXCP_PROCESS_STARTING);
	handle(&late, program_job, DEBUGGER);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT_EQ(signals_of(late.handle) & ZX_CHANNEL_READABLE, 0);
}

/* --- Ends --- */

/* No further handler is asked once the process is to end, whatever the one says that was. */
CHECK(task_kill, ends_the_search_for_handlers, .from = ERA_2020_07)
{
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&plain, program_job, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_kill(program.process));
	pass_on(&exception);
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
	EXPECT(nothing_comes(&plain));
}

CHECK(task_kill, thread_does_not_go_on, .from = ERA_2020_07)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);

	EXPECT_OK(zx_task_kill(program_job));
	resume(&exception);
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
}
