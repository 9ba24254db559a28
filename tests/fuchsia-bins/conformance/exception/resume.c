/* task_resume(): exceptions, without a port as a proof. */
#include "exception.h"

#define RESUME_EXCEPTION ZX_RESUME_EXCEPTION_201810
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002

CHECK(task_resume, from_exception)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_resume, from_exception_tries_again)
{
	crashed_program(CRASH_UNDEFINED, ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	next_exception(&process_handler, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION | TRY_NEXT));
	EXPECT_EQ(program_code(), exception_code());
}

CHECK(task_resume, next_handler)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION | TRY_NEXT));
	next_exception(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_resume, with_any_handle_from_exception)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_resume(with_rights(program.thread, 0), RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
