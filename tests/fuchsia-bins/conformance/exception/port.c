/* Exceptions reported to ports, as until 2019. */
#include "exception.h"

#define UNBIND ZX_HANDLE_INVALID
#define QUIETLY ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002
#define RESUME_EXCEPTION ZX_RESUME_EXCEPTION_201810

static zx_status_t bind(zx_handle_t task, zx_handle_t port, uint32_t options)
{
	return zx_task_bind_exception_port(task, port, 1, options);
}

static zx_handle_t new_job(void)
{
	return empty_job();
}

static zx_handle_t new_process(void)
{
	return idle_process(rt_boot.job);
}

/* A second port for a task; that it was bound before was ZX_ERR_BAD_STATE at first. */
static zx_status_t bind_twice(zx_handle_t task, uint32_t options)
{
	EXPECT_OK(bind(task, make_port(), options));
	return bind(task, make_port(), options);
}

/* --- task_bind_exception_port: errors --- */

#define OPTIONS .line = "options has unknown"
#define OF_A_JOB .line = "debugger of a job"

REFUSES(task_bind_exception_port, ZX_ERR_BAD_HANDLE, closed, bind(closed_handle(), make_port(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_BAD_HANDLE, none, bind(ZX_HANDLE_INVALID, make_port(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_BAD_HANDLE, closed_port,
	bind(new_process(), closed_handle(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_BAD_HANDLE, closed_to_unbind,
	bind(closed_handle(), UNBIND, 0))
REFUSES(task_bind_exception_port, ZX_ERR_BAD_HANDLE, none_to_unbind,
	bind(ZX_HANDLE_INVALID, UNBIND, 0))
REFUSES(task_bind_exception_port, ZX_ERR_WRONG_TYPE, event, bind(make_event(), make_port(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_WRONG_TYPE, event_to_unbind,
	bind(make_event(), UNBIND, 0))
REFUSES(task_bind_exception_port, ZX_ERR_WRONG_TYPE, port_is_an_event,
	bind(new_process(), make_event(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_WRONG_TYPE, port_before_task,
	bind(closed_handle(), make_event(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, unknown_option,
	bind(new_process(), make_port(), 4), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, unknown_option_to_unbind,
	bind(new_process(), UNBIND, 4), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, option_before_handles,
	bind(closed_handle(), closed_handle(), 4), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, quietly_bound,
	bind(new_process(), make_port(), QUIETLY), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, quietly_unbound,
	bind(new_process(), UNBIND, QUIETLY), OPTIONS, .from = ERA_2019_01)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, debugger_of_a_thread,
	bind(idle_thread(), make_port(), DEBUGGER), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, no_debugger_of_a_thread,
	bind(idle_thread(), UNBIND, DEBUGGER), OPTIONS)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, debugger_of_a_job,
	bind(new_job(), make_port(), DEBUGGER), OF_A_JOB, .to = ERA_2018_07)
REFUSES(task_bind_exception_port, ZX_ERR_INVALID_ARGS, no_debugger_of_a_job,
	bind(new_job(), UNBIND, DEBUGGER), OF_A_JOB, .to = ERA_2018_07)
REFUSES(task_bind_exception_port, ZX_ERR_NOT_FOUND, dead_thread,
	bind(dead_thread(), make_port(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_NOT_FOUND, dead_process,
	bind(dead_process(), make_port(), 0))
REFUSES(task_bind_exception_port, ZX_ERR_NOT_FOUND, debugger_of_dead_process,
	bind(dead_process(), make_port(), DEBUGGER))
REFUSES(task_bind_exception_port, ZX_ERR_BAD_STATE, not_bound_thread,
	bind(idle_thread(), UNBIND, 0), .line = "no exception port to unbind")
REFUSES(task_bind_exception_port, ZX_ERR_BAD_STATE, not_bound_process,
	bind(new_process(), UNBIND, 0), .line = "no exception port to unbind")
REFUSES(task_bind_exception_port, ZX_ERR_BAD_STATE, not_bound_job, bind(new_job(), UNBIND, 0),
	.line = "no exception port to unbind")
REFUSES(task_bind_exception_port, ZX_ERR_BAD_STATE, not_bound_debugger,
	bind(new_process(), UNBIND, DEBUGGER), .line = "no exception port to unbind")
REFUSES(task_bind_exception_port, ZX_ERR_ALREADY_BOUND, thread, bind_twice(idle_thread(), 0),
	.from = ERA_2018_10)
REFUSES(task_bind_exception_port, ZX_ERR_ALREADY_BOUND, process, bind_twice(new_process(), 0),
	.from = ERA_2018_10)
REFUSES(task_bind_exception_port, ZX_ERR_ALREADY_BOUND, debugger,
	bind_twice(new_process(), DEBUGGER), .from = ERA_2018_10)
REFUSES(task_bind_exception_port, ZX_ERR_ALREADY_BOUND, job, bind_twice(new_job(), 0),
	.from = ERA_2018_10)
REFUSES(task_bind_exception_port, ZX_ERR_ALREADY_BOUND, job_debugger,
	bind_twice(new_job(), DEBUGGER), .from = ERA_2018_10)

/* --- What it does --- */

CHECK_ERROR(task_bind_exception_port, ZX_ERR_BAD_STATE, bound_before,
	    .line = "an exception port already", .to = ERA_2018_07)
{
	EXPECT_STATUS(bind_twice(idle_thread(), 0), ZX_ERR_BAD_STATE);
	EXPECT_STATUS(bind_twice(new_process(), 0), ZX_ERR_BAD_STATE);
	EXPECT_STATUS(bind_twice(new_job(), 0), ZX_ERR_BAD_STATE);
}

CHECK(task_bind_exception_port, each_kind_of_task)
{
	zx_handle_t process = new_process();

	EXPECT_OK(bind(process, make_port(), 0));
	EXPECT_OK(bind(process, make_port(), DEBUGGER));
	EXPECT_OK(bind(idle_thread(), make_port(), 0));
	EXPECT_OK(bind(new_job(), make_port(), 0));
}

CHECK(task_bind_exception_port, with_any_handle)
{
	zx_handle_t process = new_process();
	zx_handle_t weak = with_rights(process, 0);

	EXPECT_OK(bind(weak, make_port(), 0));
	EXPECT_OK(bind(weak, UNBIND, 0));
}

CHECK(task_bind_exception_port, dead_job)
{
	zx_handle_t job = new_job();

	EXPECT_OK(zx_task_kill(job));
	EXPECT_OK(bind(job, make_port(), 0));
}

CHECK(task_bind_exception_port, bound_and_unbound_in_turn)
{
	zx_handle_t process = new_process();

	for (int i = 0; i < 3; i++) {
		EXPECT_OK(bind(process, make_port(), 0));
		EXPECT_OK(bind(process, UNBIND, 0));
	}
	EXPECT_STATUS(bind(process, UNBIND, 0), ZX_ERR_BAD_STATE);
}

/* One port can serve several tasks, told apart by the key. */
CHECK(task_bind_exception_port, one_port_for_all)
{
	struct handler of_process, of_job;
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&of_process, program.process, PLAIN);
	of_job.handle = of_process.handle;
	of_job.key = 77;
	EXPECT_OK(zx_task_bind_exception_port(program_job, of_job.handle, of_job.key, 0));
	run_program();
	exception = next_exception(&of_process, program.thread, ZX_EXCP_SW_BREAKPOINT);
	pass_on(&exception);
	resume_next(&of_job, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* A thread that waits for an answer goes on to the next handler. */
CHECK(task_bind_exception_port, unbound_while_it_handles)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(bind(program.process, UNBIND, 0));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_bind_exception_port, job_unbound_while_it_handles)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program_job, PLAIN);
	run_program();
	next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(bind(program_job, UNBIND, 0));
	EXPECT_EQ(program_code(), exception_code());
}

/* --- task_resume_from_exception --- */

static zx_status_t resume_with(zx_handle_t thread, zx_handle_t port, uint32_t options)
{
	return zx_task_resume_from_exception(thread, port, options);
}

REFUSES(task_resume_from_exception, ZX_ERR_BAD_HANDLE, closed,
	resume_with(closed_handle(), make_port(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_HANDLE, none,
	resume_with(ZX_HANDLE_INVALID, make_port(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_HANDLE, closed_port,
	resume_with(rt_boot.thread, closed_handle(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_HANDLE, no_port,
	resume_with(rt_boot.thread, ZX_HANDLE_INVALID, 0))
REFUSES(task_resume_from_exception, ZX_ERR_WRONG_TYPE, process,
	resume_with(rt_boot.process, make_port(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_WRONG_TYPE, job,
	resume_with(rt_boot.job, make_port(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_WRONG_TYPE, port_is_an_event,
	resume_with(rt_boot.thread, make_event(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_WRONG_TYPE, task_before_port,
	resume_with(rt_boot.process, closed_handle(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_HANDLE, port_before_options,
	resume_with(rt_boot.thread, closed_handle(), 4))
REFUSES(task_resume_from_exception, ZX_ERR_INVALID_ARGS, unknown_option,
	resume_with(rt_boot.thread, make_port(), 4))
REFUSES(task_resume_from_exception, ZX_ERR_INVALID_ARGS, resume_exception,
	resume_with(rt_boot.thread, make_port(), RESUME_EXCEPTION))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_STATE, in_no_exception,
	resume_with(rt_boot.thread, make_port(), 0))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_STATE, dead,
	resume_with(dead_thread(), make_port(), TRY_NEXT))

static zx_status_t resume_with_another_port(uint32_t options)
{
	zx_status_t status;

	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	status = resume_with(program.thread, make_port(), options);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(resume_with(program.thread, process_handler.handle, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	return status;
}

static zx_status_t resume_twice(void)
{
	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(resume_with(program.thread, process_handler.handle, 0));
	return resume_with(program.thread, process_handler.handle, 0);
}

REFUSES(task_resume_from_exception, ZX_ERR_ACCESS_DENIED, another_port,
	resume_with_another_port(0))
REFUSES(task_resume_from_exception, ZX_ERR_ACCESS_DENIED, another_port_for_the_next,
	resume_with_another_port(TRY_NEXT))
REFUSES(task_resume_from_exception, ZX_ERR_BAD_STATE, answered, resume_twice())

/* The port of the one that comes later in the order does not count yet. */
CHECK_ERROR(task_resume_from_exception, ZX_ERR_ACCESS_DENIED, port_of_the_next)
{
	struct handler job_handler;
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_STATUS(resume_with(program.thread, job_handler.handle, 0), ZX_ERR_ACCESS_DENIED);
	pass_on(&exception);
	next_exception(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_STATUS(resume_with(program.thread, process_handler.handle, 0),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_OK(resume_with(program.thread, job_handler.handle, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

CHECK(task_resume_from_exception, with_any_handles)
{
	zx_handle_t thread, port;

	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	thread = with_rights(program.thread, 0);
	port = with_rights(process_handler.handle, 0);
	EXPECT_OK(resume_with(thread, port, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
