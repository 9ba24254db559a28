/* exception_get_thread, exception_get_process. */
#include "exception.h"

static zx_handle_t out;

static zx_status_t get_thread(zx_handle_t exception)
{
	zx_status_t status = zx_exception_get_thread(exception, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

static zx_status_t get_process(zx_handle_t exception)
{
	zx_status_t status = zx_exception_get_process(exception, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

static zx_handle_t an_exception(void)
{
	return crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception;
}

static struct handler thread_handler;

static zx_handle_t exception_by_thread(void)
{
	make_program(CRASH_BREAKPOINT);
	handle(&thread_handler, program.thread, PLAIN);
	run_program();
	return next_exception(&thread_handler, program.thread, ZX_EXCP_SW_BREAKPOINT).exception;
}

CHECK_HANDLE_VALID(exception_get_thread, handle, get_thread(h))
REFUSES(exception_get_thread, ZX_ERR_WRONG_TYPE, event, get_thread(make_event()))
REFUSES(exception_get_thread, ZX_ERR_WRONG_TYPE, thread, get_thread(rt_boot.thread))
REFUSES(exception_get_thread, ZX_ERR_INVALID_ARGS, bad_out,
	zx_exception_get_thread(an_exception(), BAD_OUT))

CHECK_HANDLE_VALID(exception_get_process, handle, get_process(h))
REFUSES(exception_get_process, ZX_ERR_WRONG_TYPE, event, get_process(make_event()))
REFUSES(exception_get_process, ZX_ERR_WRONG_TYPE, process, get_process(rt_boot.process))
REFUSES(exception_get_process, ZX_ERR_ACCESS_DENIED, by_thread, get_process(exception_by_thread()))
REFUSES(exception_get_process, ZX_ERR_INVALID_ARGS, bad_out,
	zx_exception_get_process(an_exception(), BAD_OUT))

/* They get the rights that the handle had with which the channel was made. */
static zx_handle_t weak_exception(zx_handle_t task, zx_rights_t rights)
{
	handle(&process_handler, with_rights(task, rights), PLAIN);
	run_program();
	return next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT).exception;
}

#define NEEDED \
	(ZX_RIGHT_INSPECT | ZX_RIGHT_DUPLICATE | ZX_RIGHT_TRANSFER | ZX_RIGHT_MANAGE_THREAD | \
	 ZX_RIGHT_ENUMERATE)

CHECK(exception_get_thread, of_the_thread)
{
	zx_handle_t exception;

	make_program(CRASH_BREAKPOINT);
	exception = weak_exception(program.process, NEEDED | ZX_RIGHT_READ);
	EXPECT_OK(get_thread(exception));
	EXPECT_EQ(rt_koid(out), rt_koid(program.thread));
	EXPECT_EQ(rights_of(out), NEEDED | ZX_RIGHT_READ);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
}

CHECK(exception_get_thread, by_thread)
{
	zx_handle_t exception = exception_by_thread();

	EXPECT_OK(get_thread(exception));
	EXPECT_EQ(rt_koid(out), rt_koid(program.thread));
	EXPECT_EQ(rights_of(out), rights_of(program.thread));
}

CHECK(exception_get_process, of_the_process)
{
	zx_handle_t exception;

	make_program(CRASH_BREAKPOINT);
	exception = weak_exception(program.process, NEEDED | ZX_RIGHT_WRITE);
	EXPECT_OK(get_process(exception));
	EXPECT_EQ(rt_koid(out), rt_koid(program.process));
	EXPECT_EQ(rights_of(out), NEEDED | ZX_RIGHT_WRITE);
}

CHECK(exception_get_process, by_job)
{
	zx_handle_t exception;

	make_program(CRASH_BREAKPOINT);
	exception = weak_exception(program_job, NEEDED);
	EXPECT_OK(get_process(exception));
	EXPECT_EQ(rt_koid(out), rt_koid(program.process));
	EXPECT_EQ(rights_of(out), NEEDED);
}

/* After the task has been killed the exception still tells whose it was. */
CHECK(exception_get_thread, dead)
{
	zx_handle_t exception = an_exception();

	kill_and_wait(program.process);
	EXPECT_OK(get_thread(exception));
	EXPECT_EQ(rt_koid(out), rt_koid(program.thread));
	EXPECT_OK(zx_handle_close(exception));
}
