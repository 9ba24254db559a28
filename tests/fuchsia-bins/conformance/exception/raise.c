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

static int64_t raise_and_return(zx_handle_t channel)
{
	zx_exception_context_v2_t about = {
		.synth_code = ZX_EXCP_USER_CODE_USER1,
		.synth_data = 0x1234,
	};

	(void)channel;
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
