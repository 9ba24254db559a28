/* Exceptions that a program raises itself, for the debuggers of its job. */
#include "exception.h"

static zx_exception_context_v2_t context;

static zx_status_t raise(uint32_t options, uint32_t type, const void *about)
{
	return zx_thread_raise_exception(options, type, about);
}

#define TARGET ZX_EXCEPTION_TARGET_JOB_DEBUGGER

REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, no_target, raise(0, ZX_EXCP_USER, &context))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, unknown_target,
	raise(2, ZX_EXCP_USER, &context))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, two_targets,
	raise(TARGET | 2, ZX_EXCP_USER, &context))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, type_of_the_machine,
	raise(TARGET, ZX_EXCP_GENERAL, &context))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, type_of_the_system,
	raise(TARGET, ZX_EXCP_POLICY_ERROR, &context))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, no_context, raise(TARGET, ZX_EXCP_USER, NULL))
REFUSES(thread_raise_exception, ZX_ERR_INVALID_ARGS, bad_context,
	raise(TARGET, ZX_EXCP_USER, BAD_POINTER))

static struct handler job_debugger;

/* What the program has in xmm15, which C code leaves alone. */
#define RAISER_REGISTER 15
#define RAISER_VALUE UINT64_C(0x1122334455667788)

static int64_t raise_and_return(zx_handle_t channel)
{
	zx_exception_context_v2_t about = {
		.synth_code = ZX_EXCP_USER_CODE_USER1,
		.synth_data = 0x1234,
	};

	(void)channel;
	__asm__ volatile("movq %0, %%xmm15" : : "r"(RAISER_VALUE) : "xmm15");
	return raise(TARGET, ZX_EXCP_USER, &about);
}

static void start_raiser(zx_handle_t job)
{
	EXPECT_OK(twin__create(&program, job));
	EXPECT_OK(twin__start(&program, raise_and_return));
}

CHECK(thread_raise_exception, without_a_debugger)
{
	start_raiser(empty_job());
	EXPECT_EQ(program_code(), ZX_OK);
}

CHECK(thread_raise_exception, no_other_handler)
{
	struct handler of_job;
	zx_handle_t job = empty_job();

	EXPECT_OK(twin__create(&program, job));
	handle(&of_job, job, PLAIN);
	handle(&process_handler, program.process, PLAIN);
	EXPECT_OK(twin__start(&program, raise_and_return));
	EXPECT_EQ(program_code(), ZX_OK);
	EXPECT(nothing_comes(&of_job));
	EXPECT(nothing_comes(&process_handler));
}

CHECK(thread_raise_exception, is_told_to_the_debugger)
{
	zx_exception_report_v2_t report;
	struct exception exception;
	zx_handle_t job = empty_job();

	handle(&job_debugger, job, DEBUGGER);
	start_raiser(job);
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_USER);
	EXPECT_OK(zx_object_get_info(program.thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				     sizeof(report), NULL, NULL));
	EXPECT_EQ(report.header.type, ZX_EXCP_USER);
	EXPECT_EQ(report.context.synth_code, ZX_EXCP_USER_CODE_USER1);
	EXPECT_EQ(report.context.synth_data, 0x1234);
	pass_on(&exception);
	EXPECT_EQ(program_code(), ZX_OK);
}

/* All registers can be seen but those that tell where it is. */
CHECK_ERROR(thread_read_state, ZX_ERR_NOT_SUPPORTED, thread_that_raises,
	    .line = "not raised by the machine", .from = ERA_NEWEST)
{
	zx_thread_state_general_regs_t regs;
	zx_thread_state_vector_regs_t vector;
	zx_thread_state_debug_regs_t debug;
	struct exception exception;
	zx_handle_t job = empty_job();

	handle(&job_debugger, job, DEBUGGER);
	start_raiser(job);
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_USER);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_JOB_DEBUGGER);
	EXPECT_STATUS(zx_thread_read_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					   sizeof(regs)),
		      ZX_ERR_NOT_SUPPORTED);
	EXPECT_OK(zx_thread_read_state(program.thread, ZX_THREAD_STATE_VECTOR_REGS, &vector,
				       sizeof(vector)));
	EXPECT_EQ(vector.zmm[RAISER_REGISTER].v[0], RAISER_VALUE);
	EXPECT_OK(zx_thread_read_state(program.thread, ZX_THREAD_STATE_DEBUG_REGS, &debug,
				       sizeof(debug)));
	resume(&exception);
	EXPECT_EQ(program_code(), ZX_OK);
}

/* Suspended meanwhile, it stops behind the call. */
CHECK(thread_raise_exception, suspended_too)
{
	zx_thread_state_general_regs_t regs;
	struct exception exception;
	zx_handle_t job = empty_job();
	zx_handle_t token;

	handle(&job_debugger, job, DEBUGGER);
	start_raiser(job);
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_USER);
	token = suspend(program.thread);
	resume(&exception);
	until_signal(program.thread, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_thread_read_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	EXPECT_STATUS((zx_status_t)regs.rax, ZX_OK);
	EXPECT_OK(zx_handle_close(token));
	EXPECT_EQ(program_code(), ZX_OK);
}

CHECK(thread_raise_exception, killed_meanwhile)
{
	zx_handle_t job = empty_job();

	handle(&job_debugger, job, DEBUGGER);
	start_raiser(job);
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	next_exception(&job_debugger, program.thread, ZX_EXCP_USER);
	kill_and_wait(program.process);
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
}

/* The debugger's end is as good as an answer. */
CHECK(thread_raise_exception, debugger_goes)
{
	struct exception exception;
	zx_handle_t job = empty_job();

	handle(&job_debugger, job, DEBUGGER);
	start_raiser(job);
	resume_next(&job_debugger, program.thread, ZX_EXCP_PROCESS_STARTING);
	exception = next_exception(&job_debugger, program.thread, ZX_EXCP_USER);
	EXPECT_OK(zx_handle_close(job_debugger.handle));
	EXPECT_OK(zx_handle_close(exception.exception));
	EXPECT_EQ(program_code(), ZX_OK);
}
