/* Properties of exceptions: how a thread goes on, and whether its debugger is asked once more. */
#include "exception.h"

#define STATE ZX_PROP_EXCEPTION_STATE
#define STRATEGY ZX_PROP_EXCEPTION_STRATEGY
#define SECOND_CHANCE 1u

static zx_status_t set(zx_handle_t exception, uint32_t property, uint32_t value)
{
	return zx_object_set_property(exception, property, &value, sizeof(value));
}

static uint32_t get(zx_handle_t exception, uint32_t property)
{
	uint32_t value = 99;

	EXPECT_OK(zx_object_get_property(exception, property, &value, sizeof(value)));
	return value;
}

static zx_handle_t an_exception(void)
{
	return crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception;
}

static struct handler debugger;

static struct exception debugged(enum crash crash, zx_excp_type_t type)
{
	make_program(crash);
	handle(&debugger, program.process, DEBUGGER);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	return next_exception(&debugger, program.thread, type);
}

#define VALUE .line = "value holds what"
#define SINCE .from = ERA_2020_07

REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, exception_state_3, set(an_exception(), STATE, 3),
	VALUE, SINCE)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, exception_thread_exit,
	set(an_exception(), STATE, ZX_EXCEPTION_STATE_THREAD_EXIT), VALUE, SINCE,
	.to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, exception_strategy_2,
	set(debugged(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception, STRATEGY, 2), VALUE,
	SINCE)
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, exception_state, set(rt_boot.thread, STATE, 1),
	SINCE)
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, exception_strategy,
	set(rt_boot.thread, STRATEGY, 1), SINCE)

static uint8_t small[3];

REFUSES(object_set_property, ZX_ERR_BUFFER_TOO_SMALL, exception_state,
	zx_object_set_property(rt_boot.thread, STATE, small, sizeof(small)), SINCE)
REFUSES(object_get_property, ZX_ERR_BUFFER_TOO_SMALL, exception_state,
	zx_object_get_property(rt_boot.thread, STATE, small, sizeof(small)), SINCE)
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, exception_state,
	zx_object_get_property(rt_boot.thread, STATE, &(uint32_t){ 0 }, 4), SINCE)
REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, exception_strategy,
	zx_object_get_property(rt_boot.thread, STRATEGY, &(uint32_t){ 0 }, 4), SINCE)

CHECK_ERROR(object_set_property, ZX_ERR_BAD_STATE, strategy_of_a_process_handler,
	    .line = "no debugger", SINCE)
{
	zx_handle_t exception = an_exception();

	EXPECT_STATUS(set(exception, STRATEGY, SECOND_CHANCE), ZX_ERR_BAD_STATE);
	EXPECT_EQ(get(exception, STRATEGY), 0);
}

CHECK(object_set_property, exception_state, SINCE)
{
	zx_handle_t exception = an_exception();

	EXPECT_EQ(get(exception, STATE), ZX_EXCEPTION_STATE_TRY_NEXT);
	EXPECT_OK(set(exception, STATE, ZX_EXCEPTION_STATE_HANDLED));
	EXPECT_EQ(get(exception, STATE), ZX_EXCEPTION_STATE_HANDLED);
	EXPECT_STATUS(set(exception, STATE, 77), ZX_ERR_INVALID_ARGS);
	EXPECT_EQ(get(exception, STATE), ZX_EXCEPTION_STATE_HANDLED);
	EXPECT_OK(set(exception, STATE, ZX_EXCEPTION_STATE_TRY_NEXT));
	EXPECT_OK(zx_handle_close(exception));
	EXPECT_EQ(program_code(), exception_code());
}

CHECK(object_set_property, exception_strategy, SINCE)
{
	zx_handle_t exception = debugged(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception;

	EXPECT_EQ(get(exception, STRATEGY), 0);
	EXPECT_OK(set(exception, STRATEGY, SECOND_CHANCE));
	EXPECT_EQ(get(exception, STRATEGY), SECOND_CHANCE);
	EXPECT_OK(set(exception, STRATEGY, 0));
	EXPECT_EQ(get(exception, STRATEGY), 0);
}

/* A kill leaves what the handler has as it is, though nothing comes of it any more. */
CHECK(object_set_property, exception_of_a_dead_process, SINCE)
{
	zx_handle_t exception = debugged(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT).exception;

	kill_and_wait(program.process);
	EXPECT_OK(set(exception, STATE, ZX_EXCEPTION_STATE_HANDLED));
	EXPECT_EQ(get(exception, STATE), ZX_EXCEPTION_STATE_HANDLED);
	EXPECT_OK(set(exception, STRATEGY, SECOND_CHANCE));
	EXPECT_EQ(get(exception, STRATEGY), SECOND_CHANCE);
	EXPECT_OK(zx_handle_close(exception));
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
}

/* The debugger is asked once more after the process's own handler, and before the job's. */
CHECK(object_set_property, exception_second_chance, SINCE)
{
	struct handler job_handler;
	struct exception exception;

	make_program(CRASH_UNDEFINED);
	handle(&debugger, program.process, DEBUGGER);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_OK(set(exception.exception, STRATEGY, SECOND_CHANCE));
	pass_on(&exception);
	exception = next_exception(&process_handler, program.thread,
				   ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT(nothing_comes(&debugger));
	pass_on(&exception);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_EQ(get(exception.exception, STRATEGY), SECOND_CHANCE);
	EXPECT(nothing_comes(&job_handler));
	pass_on(&exception);
	exception = next_exception(&job_handler, program.thread, ZX_EXCP_UNDEFINED_INSTRUCTION);
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

CHECK(object_set_property, exception_second_chance_not_needed, SINCE)
{
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&debugger, program.process, DEBUGGER);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_STARTING);
	exception = next_exception(&debugger, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(set(exception.exception, STRATEGY, SECOND_CHANCE));
	pass_on(&exception);
	resume_next(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	resume_next(&debugger, program.thread, ZX_EXCP_THREAD_EXITING);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The thread alone ends, not its process. */
CHECK(object_set_property, exception_thread_exit, .from = ERA_NEWEST)
{
	zx_handle_t exception = an_exception();
	zx_vaddr_t stack;
	zx_handle_t second = twin__make_thread(&program, &stack);

	EXPECT_OK(zx_thread_start(second, CRASH_ADDRESS, stack, 0, 0));
	next_exception(&process_handler, second, ZX_EXCP_FATAL_PAGE_FAULT);
	EXPECT_OK(set(exception, STATE, ZX_EXCEPTION_STATE_THREAD_EXIT));
	EXPECT_EQ(get(exception, STATE), ZX_EXCEPTION_STATE_THREAD_EXIT);
	EXPECT_OK(zx_handle_close(exception));
	until_signal(program.thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(signals_of(program.process) & ZX_PROCESS_TERMINATED, 0);
	kill_and_wait(program.process);
}
