/* Exceptions on their way along the handlers that were made by zx_task_create_exception_channel. */
#include <zircon/syscalls/exception.h>

#include "compat/core/event.h"
#include "tests/core/exception_helpers.h"

static zx_info_thread_t thread_info(struct thread *thread)
{
	zx_info_thread_t *user = user_scratch();
	zx_handle_t handle = handle_to(thread, ZX_RIGHT_INSPECT);
	zx_info_thread_t info;

	assert_int_equal(sys_object_get_info(fx.self, handle, ZX_INFO_THREAD, UADDR(user),
					     sizeof(*user), 0, 0),
			 ZX_OK);
	info = *user;
	fixture__close(handle);
	return info;
}

static void unhandled(void **state)
{
	struct raiser raiser;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

/* Each handler in its turn, with the second one of the debugger where it asks for that. */
static void order(void **state)
{
	static const uint32_t types[] = {
		ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER, ZX_EXCEPTION_CHANNEL_TYPE_THREAD,
		ZX_EXCEPTION_CHANNEL_TYPE_PROCESS,  ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER,
		ZX_EXCEPTION_CHANNEL_TYPE_JOB,
	};

	(void)state;
	for (int second = 0; second < 2; second++) {
		zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
		zx_handle_t process = channel_of(fx.process, 0);
		zx_handle_t job = channel_of(core_root->root_job, 0);
		zx_handle_t channels[] = { debugger, 0, process, debugger, job };
		struct raiser raiser;
		struct thread *thread;

		raise_one(&raiser, ZX_EXCP_UNDEFINED_INSTRUCTION);
		thread = raiser.runner.thread;
		/* In time, as the debugger has it first. */
		channels[1] = channel_of(thread, 0);
		for (int i = 0; i < 5; i++) {
			zx_handle_t exception;

			if (i == 3 && !second)
				continue;
			exception = next_exception(channels[i], thread,
						   ZX_EXCP_UNDEFINED_INSTRUCTION);
			assert_int_equal(thread_info(thread).state,
					 ZX_THREAD_STATE_BLOCKED_EXCEPTION);
			assert_int_equal(thread_info(thread).wait_exception_channel_type, types[i]);
			for (int j = 0; j < 5; j++)
				assert_false(readable(channels[j]));
			assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STRATEGY,
						      second),
					 types[i] == ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER ?
						 ZX_OK : ZX_ERR_BAD_STATE);
			if (i == 4)
				answer(exception, ZX_EXCEPTION_STATE_HANDLED);
			else
				fixture__close(exception);
		}
		assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
		assert_int_equal(thread_info(fx.self).wait_exception_channel_type,
				 ZX_EXCEPTION_CHANNEL_TYPE_NONE);
		fixture__close(debugger);
		fixture__close(process);
		fixture__close(job);
		fixture__close(channels[1]);
	}
}

/* An answer holds for one handler: the next one begins with "try next" again. */
static void answers(void **state)
{
	zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	zx_handle_t process = channel_of(fx.process, 0);
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(debugger, raiser.runner.thread, ZX_EXCP_GENERAL);
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STATE,
				      ZX_EXCEPTION_STATE_THREAD_EXIT),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STATE, 3), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STRATEGY, 2),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STATE,
				      ZX_EXCEPTION_STATE_HANDLED),
			 ZX_OK);
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STATE,
				      ZX_EXCEPTION_STATE_TRY_NEXT),
			 ZX_OK);
	fixture__close(exception);
	exception = next_exception(process, raiser.runner.thread, ZX_EXCP_GENERAL);
	/* Whose it is comes before what it should be. */
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STRATEGY, 2), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_object_set_property(fx.self, exception, ZX_PROP_EXCEPTION_STRATEGY,
						 FIXTURE_BAD_ADDR, 4),
			 ZX_ERR_BAD_STATE);
	fixture__close(exception);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

/* The newest interface can end the thread with the exception. */
static void thread_exit(void **state)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_GENERAL);
	answer(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_KILLED);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
}

static void report(void **state)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	union {
		zx_exception_report_v1_t v1;
		zx_exception_report_v2_t v2;
	} *user = user_alloc(sizeof(*user));
	struct raiser raiser;
	zx_handle_t exception;
	zx_handle_t thread;

	(void)state;
	raise_one(&raiser, ZX_EXCP_FATAL_PAGE_FAULT);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_FATAL_PAGE_FAULT);
	thread = handle_to(raiser.runner.thread, ZX_RIGHT_INSPECT);
	assert_int_equal(sys_object_get_info(fx.self, thread, ZX_INFO_THREAD_EXCEPTION_REPORT,
					     UADDR(user), sizeof(*user), 0, 0),
			 ZX_OK);
	assert_int_equal(user->v1.header.size, sizeof(user->v1));
	assert_int_equal(user->v1.header.type, ZX_EXCP_FATAL_PAGE_FAULT);
	assert_int_equal(user->v1.context.arch.u.x86_64.cr2, 0x123000);
	assert_int_equal(user->v2.context.synth_code, 0);
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(sys_object_get_info(fx.self, thread,
					     ZX_INFO_THREAD_EXCEPTION_REPORT_V2, UADDR(user),
					     sizeof(*user), 0, 0),
			 ZX_OK);
	assert_int_equal(user->v2.header.size, sizeof(user->v2));
	assert_int_equal(user->v2.context.synth_code, 77);
	fixture__close(exception);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
	assert_int_equal(sys_object_get_info(fx.self, thread, ZX_INFO_THREAD_EXCEPTION_REPORT,
					     UADDR(user), sizeof(*user), 0, 0),
			 ZX_ERR_BAD_STATE);
}

/* The tasks of an exception come with the rights that the handler's maker had. */
static void tasks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t process = channel_of(fx.process, 0);
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	assert_int_equal(fixture__rights(process),
			 ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_READ);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(process, raiser.runner.thread, ZX_EXCP_GENERAL);
	assert_int_equal(fixture__rights(exception), ZX_DEFAULT_EXCEPTION_RIGHTS);
	assert_int_equal(sys_exception_get_thread(fx.self, exception, UADDR(out)), ZX_OK);
	assert_ptr_equal(fixture__object(*out), raiser.runner.thread);
	assert_int_equal(fixture__rights(*out), TASK_RIGHTS);
	assert_int_equal(sys_exception_get_process(fx.self, exception, UADDR(out)), ZX_OK);
	assert_ptr_equal(fixture__object(*out), fx.process);
	assert_int_equal(fixture__rights(*out), TASK_RIGHTS);
	assert_int_equal(sys_exception_get_thread(fx.self, exception, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_exception_get_thread(fx.self, process, UADDR(out)), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_exception_get_process(fx.self, 0, UADDR(out)), ZX_ERR_BAD_HANDLE);
	fixture__close(exception);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

/* Through the channel of a thread there is no way to its process. */
static void no_way_up(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	struct raiser raiser;
	zx_handle_t exception;
	zx_handle_t channel;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(debugger, raiser.runner.thread, ZX_EXCP_GENERAL);
	channel = channel_of(raiser.runner.thread, 0);
	fixture__close(exception);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_GENERAL);
	assert_int_equal(sys_exception_get_thread(fx.self, exception, UADDR(out)), ZX_OK);
	assert_int_equal(sys_exception_get_process(fx.self, exception, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	answer(exception, ZX_EXCEPTION_STATE_HANDLED);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
}

/* What nobody has read goes on with the channel; what was read is held by its own handle. */
static void handlers_that_go(void **state)
{
	zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	zx_handle_t process = channel_of(fx.process, 0);
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	assert_int_equal(sys_object_wait_one(fx.self, debugger, ZX_CHANNEL_READABLE,
					     fixture__after_ms(30000), 0),
			 ZX_OK);
	fixture__close(debugger);
	exception = next_exception(process, raiser.runner.thread, ZX_EXCP_GENERAL);
	fixture__close(process);
	assert_int_equal(thread_info(raiser.runner.thread).wait_exception_channel_type,
			 ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	answer(exception, ZX_EXCEPTION_STATE_HANDLED);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
	/* Both places are free again. */
	debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	process = channel_of(fx.process, 0);
}

/* A kill ends the exception, whatever the handler may say later. */
static void killed(void **state)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	zx_handle_t *out = user_new(zx_handle_t);
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_GENERAL);
	thread__kill(raiser.runner.thread);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_KILLED);
	assert_int_equal(sys_exception_get_thread(fx.self, exception, UADDR(out)), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(*out)) & ZX_THREAD_TERMINATED,
			 ZX_THREAD_TERMINATED);
	answer(exception, ZX_EXCEPTION_STATE_HANDLED);
}

static void channel_errors(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t process = handle_to(fx.process, TASK_RIGHTS);
	uint32_t handles;
	zx_handle_t channel;

	(void)state;
	assert_int_equal(sys_task_create_exception_channel(fx.self, 0, 2, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_task_create_exception_channel(fx.self, 0, 0, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
	channel = channel_of(fx.process, 0);
	assert_int_equal(sys_task_create_exception_channel(fx.self, channel, 0, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_task_create_exception_channel(
				 fx.self, fixture__handle(event__create(), TASK_RIGHTS), 0,
				 UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(create_channel(fx.process, 0, &channel), ZX_ERR_ALREADY_BOUND);
	assert_int_equal(create_channel(fx.self, ZX_EXCEPTION_CHANNEL_DEBUGGER, &channel),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_task_create_exception_channel(
				 fx.self, handle_to(fx.process, TASK_RIGHTS & ~ZX_RIGHT_ENUMERATE),
				 0, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_task_create_exception_channel(
				 fx.self, handle_to(fx.self, TASK_RIGHTS & ~ZX_RIGHT_ENUMERATE), 0,
				 UADDR(out)),
			 ZX_OK);
	handles = fx.process->handles.count;
	assert_int_equal(sys_task_create_exception_channel(fx.self, process,
							   ZX_EXCEPTION_CHANNEL_DEBUGGER,
							   FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, handles);
	/* The channel that nobody got leaves the place free. */
	channel = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
}

/* With the task its channels end. */
static void dead_tasks(void **state)
{
	struct thread *thread = fixture__other_process();
	zx_handle_t channels[] = {
		channel_of(thread, 0),
		channel_of(thread->process, 0),
		channel_of(thread->process, ZX_EXCEPTION_CHANNEL_DEBUGGER),
	};
	zx_handle_t process = handle_to(thread->process, ZX_RIGHT_INSPECT);
	zx_info_process_t *info = user_new(zx_info_process_t);
	zx_handle_t channel;

	(void)state;
	assert_int_equal(sys_object_get_info(fx.self, process, ZX_INFO_PROCESS, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_true(info->debugger_attached);
	object__get(&thread->object);
	process__kill(thread->process, 0);
	thread__host_gone(thread);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture__signals(fixture__object(channels[i])) &
					 ZX_CHANNEL_PEER_CLOSED,
				 ZX_CHANNEL_PEER_CLOSED);
	}
	/* The debugger hears of the thread's end before. */
	assert_true(readable(channels[2]));
	assert_int_equal(create_channel(thread, 0, &channel), ZX_ERR_BAD_STATE);
	assert_int_equal(create_channel(thread->process, 0, &channel), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_object_get_info(fx.self, process, ZX_INFO_PROCESS, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_false(info->debugger_attached);
}

static void dead_job(void **state)
{
	struct job *job;
	zx_handle_t channel;

	(void)state;
	assert_int_equal(job__create(core_root->root_job, ZXERA_2020_07, &job), ZX_OK);
	channel = channel_of(job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	job__kill(job, 0);
	assert_int_equal(fixture__signals(fixture__object(channel)) & ZX_CHANNEL_PEER_CLOSED,
			 ZX_CHANNEL_PEER_CLOSED);
	assert_int_equal(create_channel(job, 0, &channel), ZX_ERR_BAD_STATE);
	object__put(&job->object);
}

static void handle_one(void)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	struct raiser raiser;

	raise_one(&raiser, ZX_EXCP_GENERAL);
	answer(next_exception(channel, raiser.runner.thread, ZX_EXCP_GENERAL),
	       ZX_EXCEPTION_STATE_HANDLED);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
	fixture__close(channel);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(handle_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(unhandled),
		test_case(order),
		test_case(answers),
		test_case(thread_exit),
		test_case(report),
		test_case(tasks),
		test_case(no_way_up),
		test_case(handlers_that_go),
		test_case(killed),
		test_case(channel_errors),
		test_case(dead_tasks),
		test_case(dead_job),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
