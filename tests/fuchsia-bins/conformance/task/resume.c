/*
 * task_resume(): what its reference page of July 2018 says of suspensions, when zx_task_suspend()
 * took no token. (The kernel of that month kept a count: it wanted as many calls as there had been
 * suspensions, and called a thread that was not suspended ZX_ERR_BAD_STATE. The page promises
 * more.)
 *
 * Where the page's statements are checked, by the names of checks of task_resume; those of
 * exceptions are in exception/resume.c and exception/suspended.c:
 *
 *   a token's end has the thread go on by itself     task_suspend_token.*, leaves_tokens_alone
 *   without ZX_RESUME_EXCEPTION: from a suspension   task_suspend.first_form_*
 *   and then there are no options                    invalid_args.next_without_exception
 *   a living thread that is not suspended: success   not_suspended, in_exception_but_*
 *   several calls count as one                       several_count_as_one, undoes_all_*
 *   a suspension that is pending is cancelled        cancels_*
 *   a suspended thread goes on at once               task_suspend.first_form_stops
 *   a suspension that follows holds                  then_suspended_again
 *   ZX_RESUME_EXCEPTION ends an exception            from_exception, exception_of_a_*
 *   suspended and in an exception: two calls         *_are_two, bad_state.suspended_but_*
 *   the thread goes on where it was                  from_exception_tries_again
 *   or ZX_RESUME_TRY_NEXT: the next handler          next_handler
 *   it need not be the handler that calls            by_a_stranger, with_any_handle*
 *   each error                                       bad_handle.*, wrong_type.*, ...
 *   only threads                                     wrong_type.process, wrong_type.job
 */
#include "tasks.h"

#include <zircon/eras.h>

#define FIRST_FORM .to = ERA_2018_07

zx_status_t task_suspend_201807(zx_handle_t handle) __asm__("zx_task_suspend")
	__attribute__((weak));

static void stop(zx_handle_t thread)
{
	EXPECT_OK(task_suspend_201807(thread));
	until_signal(thread, ZX_THREAD_SUSPENDED);
}

/* --- task_suspend without a token --- */

REFUSES(task_suspend, ZX_ERR_WRONG_TYPE, first_form_process,
	task_suspend_201807(idle_process(rt_boot.job)), FIRST_FORM)
REFUSES(task_suspend, ZX_ERR_BAD_STATE, first_form_not_started, task_suspend_201807(idle_thread()),
	FIRST_FORM)
REFUSES(task_suspend, ZX_ERR_BAD_STATE, first_form_dead, task_suspend_201807(dead_thread()),
	FIRST_FORM)

CHECK(task_suspend, first_form_stops, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	stop(thread);
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_RUNNING, 0);
	EXPECT(spinner_stands());
	EXPECT_OK(zx_task_resume(thread, 0));
	until_signal(thread, ZX_THREAD_RUNNING);
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_suspend, first_form_then_killed, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	stop(thread);
	kill_and_wait(thread);
	EXPECT_STATUS(zx_task_resume(thread, 0), ZX_ERR_BAD_STATE);
}

/* A token and a suspension without one: each is undone in its own way. */
CHECK(task_suspend, first_form_beside_a_token, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t token = suspend(thread);

	stop(thread);
	EXPECT_OK(zx_handle_close(token));
	EXPECT(spinner_stands());
	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT(spinner_runs());
	end_spinner();
}

/* --- task_resume --- */

#define RESUME_EXCEPTION ZX_RESUME_EXCEPTION_201810
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002

CHECK_HANDLE_VALID(task_resume, handle, zx_task_resume(h, 0))
REFUSES(task_resume, ZX_ERR_BAD_HANDLE, closed_in_exception,
	zx_task_resume(closed_handle(), RESUME_EXCEPTION))
REFUSES(task_resume, ZX_ERR_WRONG_TYPE, event, zx_task_resume(make_event(), 0))
REFUSES(task_resume, ZX_ERR_WRONG_TYPE, process, zx_task_resume(rt_boot.process, 0))
REFUSES(task_resume, ZX_ERR_WRONG_TYPE, job, zx_task_resume(rt_boot.job, RESUME_EXCEPTION))
REFUSES(task_resume, ZX_ERR_BAD_STATE, dead, zx_task_resume(dead_thread(), 0),
	.line = "the thread is dead", .to = ERA_2018_07)
REFUSES(task_resume, ZX_ERR_BAD_STATE, not_started, zx_task_resume(idle_thread(), 0),
	.line = "the thread is dead", .to = ERA_2018_07)
REFUSES(task_resume, ZX_ERR_BAD_STATE, dead_in_exception,
	zx_task_resume(dead_thread(), RESUME_EXCEPTION), .line = "the thread is dead")
REFUSES(task_resume, ZX_ERR_BAD_STATE, in_no_exception,
	zx_task_resume(rt_boot.thread, RESUME_EXCEPTION), .line = "is in no exception")
REFUSES(task_resume, ZX_ERR_BAD_STATE, next_in_no_exception,
	zx_task_resume(rt_boot.thread, RESUME_EXCEPTION | TRY_NEXT), .line = "is in no exception")
REFUSES(task_resume, ZX_ERR_BAD_STATE, from_suspension, zx_task_resume(rt_boot.thread, 0),
	.line = "options is 0", .from = ERA_2018_10)
REFUSES(task_resume, ZX_ERR_INVALID_ARGS, next_without_exception,
	zx_task_resume(rt_boot.thread, TRY_NEXT))
REFUSES(task_resume, ZX_ERR_INVALID_ARGS, unknown_option, zx_task_resume(rt_boot.thread, 4))
REFUSES(task_resume, ZX_ERR_INVALID_ARGS, unknown_option_in_exception,
	zx_task_resume(rt_boot.thread, RESUME_EXCEPTION | 4))
REFUSES(task_resume, ZX_ERR_INVALID_ARGS, option_before_handle,
	zx_task_resume(ZX_HANDLE_INVALID, 4))

static zx_status_t resume_from_suspension_in_exception(void)
{
	zx_handle_t thread = start_spinner();
	zx_status_t status;

	stop(thread);
	status = zx_task_resume(thread, RESUME_EXCEPTION);
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_SUSPENDED, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_task_resume(thread, 0));
	end_spinner();
	return status;
}

REFUSES(task_resume, ZX_ERR_BAD_STATE, suspended_but_in_no_exception,
	resume_from_suspension_in_exception(), .line = "is in no exception", FIRST_FORM)

CHECK(task_resume, not_suspended, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_resume, several_count_as_one, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	stop(thread);
	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT(spinner_runs());
	/* They are used up: a suspension that follows holds. */
	stop(thread);
	EXPECT(spinner_stands());
	EXPECT_OK(zx_task_resume(thread, 0));
	end_spinner();
}

CHECK(task_resume, undoes_all_suspensions, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	stop(thread);
	EXPECT_OK(task_suspend_201807(thread));
	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT(spinner_runs());
	end_spinner();
}

/* Whether the thread had time to stop or not. */
CHECK(task_resume, cancels_what_is_pending, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	for (int i = 0; i < 100; i++) {
		EXPECT_OK(task_suspend_201807(thread));
		EXPECT_OK(zx_task_resume(thread, 0));
	}
	EXPECT(spinner_runs());
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_SUSPENDED, 0);
	end_spinner();
}

CHECK(task_resume, then_suspended_again, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();

	for (int i = 0; i < 20; i++) {
		stop(thread);
		EXPECT_OK(zx_task_resume(thread, 0));
		until_signal(thread, ZX_THREAD_RUNNING);
	}
	EXPECT(spinner_runs());
	end_spinner();
}

/* Nothing is asked of the handle but that it is there. */
CHECK(task_resume, with_any_handle, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t weak = with_rights(thread, 0);

	stop(thread);
	EXPECT_OK(zx_task_resume(weak, 0));
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_resume, leaves_tokens_alone, FIRST_FORM)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t token = suspend_and_wait(thread);

	EXPECT_OK(zx_task_resume(thread, 0));
	EXPECT(spinner_stands());
	EXPECT_OK(zx_handle_close(token));
	EXPECT(spinner_runs());
	end_spinner();
}
