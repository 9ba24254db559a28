/* The exception in a handler's hands: whose it is, and what becomes of it where it is lost. */
#include "exception.h"

#include <zircon/syscalls/next.h>

#define SINCE .from = ERA_2020_07

static struct handler job_handler;

static zx_status_t set(zx_handle_t exception, uint32_t property, uint32_t value)
{
	return zx_object_set_property(exception, property, &value, sizeof(value));
}

static zx_status_t get_state(zx_handle_t exception)
{
	uint32_t value;

	return zx_object_get_property(exception, ZX_PROP_EXCEPTION_STATE, &value, sizeof(value));
}

static zx_handle_t an_exception(void)
{
	return crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception;
}

/* A program in a breakpoint that its process's handler is told of, and that its job's is next for. */
static void crash_for_two(void)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	until_signal(process_handler.handle, ZX_CHANNEL_READABLE);
}

static void next_handles_it(void)
{
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- Rights --- */

/* There is one handle, so that there is one who answers. */
CHECK_ERROR(handle_duplicate, ZX_ERR_ACCESS_DENIED, exception, SINCE)
{
	zx_handle_t other;

	EXPECT_STATUS(zx_handle_duplicate(an_exception(), ZX_RIGHT_SAME_RIGHTS, &other),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(object_set_property, ZX_ERR_ACCESS_DENIED, exception_lacks_set_property,
	    .line = "lacks", SINCE)
{
	zx_handle_t weak = without_rights(an_exception(), ZX_RIGHT_SET_PROPERTY);

	EXPECT_STATUS(set(weak, ZX_PROP_EXCEPTION_STATE, ZX_EXCEPTION_STATE_HANDLED),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_OK(get_state(weak));
}

CHECK_ERROR(object_get_property, ZX_ERR_ACCESS_DENIED, exception_lacks_get_property,
	    .line = "lacks", SINCE)
{
	zx_handle_t weak = without_rights(an_exception(), ZX_RIGHT_GET_PROPERTY);

	EXPECT_STATUS(get_state(weak), ZX_ERR_ACCESS_DENIED);
	EXPECT_OK(set(weak, ZX_PROP_EXCEPTION_STATE, ZX_EXCEPTION_STATE_HANDLED));
	EXPECT_OK(zx_handle_close(weak));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* It cannot be waited for, and has no signals of its own. */
REFUSES(object_wait_one, ZX_ERR_ACCESS_DENIED, exception,
	zx_object_wait_one(an_exception(), ZX_USER_SIGNAL_0, AT_ONCE, NULL), SINCE)
REFUSES(object_signal, ZX_ERR_ACCESS_DENIED, exception,
	zx_object_signal(an_exception(), 0, ZX_USER_SIGNAL_0), .line = "lacks", SINCE)

/* Another handle in its place is no answer, and tells the tasks without any right. */
CHECK(exception_get_thread, no_rights_needed)
{
	zx_handle_t weak = with_rights(an_exception(), ZX_RIGHT_TRANSFER);
	zx_handle_t thread, process;

	EXPECT_OK(zx_exception_get_thread(weak, &thread));
	EXPECT_EQ(rt_koid(own(thread)), rt_koid(program.thread));
	EXPECT_OK(zx_exception_get_process(weak, &process));
	EXPECT_EQ(rt_koid(own(process)), rt_koid(program.process));
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
}

/* --- What is lost on the way is an answer, too: the next handler is asked --- */

CHECK(task_create_exception_channel, discarded_message)
{
	char byte;

	crash_for_two();
	EXPECT_STATUS(zx_channel_read(process_handler.handle, ZX_CHANNEL_READ_MAY_DISCARD, &byte,
				      NULL, 1, 0, NULL, NULL),
		      ZX_ERR_BUFFER_TOO_SMALL);
	next_handles_it();
}

CHECK(task_create_exception_channel, small_buffer_keeps_the_message)
{
	char byte;

	crash_for_two();
	EXPECT_STATUS(zx_channel_read(process_handler.handle, 0, &byte, NULL, 1, 0, NULL, NULL),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT(nothing_comes(&job_handler));
	resume_next(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* A handler that was bound later has the place, but not the exception of the one before. */
CHECK(task_create_exception_channel, new_handler_while_the_old_one_handles)
{
	struct handler later;
	struct exception exception;

	crash_for_two();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	handle(&later, program.process, PLAIN);
	EXPECT(nothing_comes(&later));
	pass_on(&exception);
	next_handles_it();
	EXPECT_EQ(signals_of(later.handle) & ZX_CHANNEL_READABLE, 0);
}

/* Two exceptions of two threads are two, in one channel. */
CHECK(task_create_exception_channel, two_threads_at_once)
{
	struct exception first = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	struct exception second;
	zx_vaddr_t stack;
	zx_handle_t thread = twin__make_thread(&program, &stack);

	EXPECT_OK(zx_thread_start(thread, CRASH_ADDRESS, stack, 0, 0));
	second = next_exception(&process_handler, thread, ZX_EXCP_FATAL_PAGE_FAULT);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_object_set_property(second.exception, ZX_PROP_EXCEPTION_STATE,
					 &(uint32_t){ ZX_EXCEPTION_STATE_HANDLED },
					 sizeof(uint32_t)));
	resume(&first);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- Second chances --- */

static struct handler debugger;

static struct exception debugged(void)
{
	make_program(CRASH_BREAKPOINT);
	handle(&debugger, program.process, DEBUGGER);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	return next_exception(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
}

CHECK(object_set_property, exception_second_chance_without_a_debugger, SINCE)
{
	struct exception exception = debugged();

	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STRATEGY,
		      ZX_EXCEPTION_STRATEGY_SECOND_CHANCE));
	pass_on(&exception);
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_handle_close(debugger.handle));
	pass_on(&exception);
	next_handles_it();
}

/* It is for whoever debugs the process by then, and takes the state from the start. */
CHECK(object_set_property, exception_second_chance_for_another_debugger, SINCE)
{
	struct exception exception = debugged();

	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STRATEGY,
		      ZX_EXCEPTION_STRATEGY_SECOND_CHANCE));
	EXPECT_OK(zx_handle_close(debugger.handle));
	pass_on(&exception);
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_STATUS(set(exception.exception, ZX_PROP_EXCEPTION_STRATEGY,
			  ZX_EXCEPTION_STRATEGY_FIRST_CHANCE),
		      ZX_ERR_BAD_STATE);
	handle(&debugger, program.process, DEBUGGER);
	pass_on(&exception);
	resume_next(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(object_set_property, exception_second_chance_taken_back, SINCE)
{
	struct exception exception = debugged();

	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STRATEGY,
		      ZX_EXCEPTION_STRATEGY_SECOND_CHANCE));
	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STRATEGY,
		      ZX_EXCEPTION_STRATEGY_FIRST_CHANCE));
	pass_on(&exception);
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	pass_on(&exception);
	exception = next_exception(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT(nothing_comes(&debugger));
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

/* --- The thread is to end --- */

/* With the last thread the process ends, and not because of the exception. */
CHECK(object_set_property, exception_exit_of_the_last_thread, .from = ERA_NEWEST)
{
	zx_handle_t exception = an_exception();

	EXPECT_OK(set(exception, ZX_PROP_EXCEPTION_STATE, ZX_EXCEPTION_STATE_THREAD_EXIT));
	EXPECT_OK(zx_handle_close(exception));
	EXPECT_EQ(program_code(), 0);
}

/* What only tells of something asks for nothing. */
CHECK(object_set_property, exception_exit_of_a_thread_that_starts, .from = ERA_NEWEST)
{
	struct exception exception;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	exception = next_exception(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STATE,
		      ZX_EXCEPTION_STATE_THREAD_EXIT));
	EXPECT_OK(zx_handle_close(exception.exception));
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The debugger hears of its end, and is not waited for: the thread was killed. */
CHECK(object_set_property, exception_exit_is_told_to_the_debugger, .from = ERA_NEWEST)
{
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(set(exception.exception, ZX_PROP_EXCEPTION_STATE,
		      ZX_EXCEPTION_STATE_THREAD_EXIT));
	EXPECT_OK(zx_handle_close(exception.exception));
	next_exception(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), 0);
}
