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

/* The handler that went has answered for itself. */
static zx_status_t resume_after_the_handler(void)
{
	zx_status_t status = ZX_ERR_BAD_STATE;

	/* The thread may not have noticed yet, but it should make no difference. */
	for (int i = 0; i < 5 && status == ZX_ERR_BAD_STATE; i++) {
		crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
		EXPECT_OK(zx_task_bind_exception_port(program.process, ZX_HANDLE_INVALID, 0, 0));
		status = zx_task_resume(program.thread, RESUME_EXCEPTION);
		EXPECT_EQ(program_code(), exception_code());
	}
	return status;
}

REFUSES(task_resume, ZX_ERR_BAD_STATE, handler_went, resume_after_the_handler(),
	.line = "is in no exception")

static zx_status_t resume_twice(uint32_t options)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	return zx_task_resume(program.thread, RESUME_EXCEPTION | options);
}

REFUSES(task_resume, ZX_ERR_BAD_STATE, answered, resume_twice(0), .line = "is in no exception")
REFUSES(task_resume, ZX_ERR_BAD_STATE, answered_for_the_next, resume_twice(TRY_NEXT),
	.line = "is in no exception")

/* It is a thread that is resumed, whichever handler it waits for. */
CHECK(task_resume, exception_of_a_thread_that_starts)
{
	struct handler debugger;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION | TRY_NEXT));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* Nobody asks whether the caller is the handler. */
CHECK(task_resume, by_a_stranger)
{
	zx_handle_t a, b;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &process_handler.handle, 1));
	run_program();
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_task_resume(program.thread, RESUME_EXCEPTION));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
