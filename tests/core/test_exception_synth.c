/* Exceptions that no instruction raised: policies, tasks that start and end, a program's own. */
#include "tests/core/exception_helpers.h"

/* --- policies --- */

static void violate(struct thread *self, void *data)
{
	struct raiser *raiser = data;

	exception__note_policy(self, ZX_EXCP_POLICY_CODE_BAD_HANDLE, 0);
	exception__note_policy(self, ZX_EXCP_POLICY_CODE_NEW_EVENT, 5);
	exception__raise_noted(self);
	/* Once. */
	exception__raise_noted(self);
	raiser->outcome = thread__killed(self) ? EXCEPTION_KILLED : EXCEPTION_RESUME;
}

static void policy(void **state)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	zx_exception_report_v2_t report;
	struct raiser raiser;
	zx_handle_t exception;

	(void)state;
	fixture__run(&raiser.runner, violate, &raiser);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_POLICY_ERROR);
	assert_int_equal(exception__report(raiser.runner.thread, &report), ZX_OK);
	assert_int_equal(report.context.synth_code, ZX_EXCP_POLICY_CODE_NEW_EVENT);
	assert_int_equal(report.context.synth_data, 5);
	answer(exception, ZX_EXCEPTION_STATE_HANDLED);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);

	fixture__run(&raiser.runner, violate, &raiser);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_POLICY_ERROR);
	fixture__close(exception);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_KILLED);
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_EXCEPTION_KILL);
}

/* The code of a policy is its condition, but for the newest. */
static void policy_codes(void **state)
{
	struct job *job = fx.process->job;

	(void)state;
	job->policy[ZX_POL_NEW_EVENT] = ZX_POL_ACTION_ALLOW_EXCEPTION;
	job->policy[ZX_POL_NEW_IOB_NEWEST] = ZX_POL_ACTION_DENY_EXCEPTION;
	assert_int_equal(policy__check(fx.self, ZX_POL_NEW_EVENT), ZX_OK);
	assert_int_equal(fx.self->noted_code, ZX_EXCP_POLICY_CODE_NEW_EVENT);
	assert_int_equal(policy__check(fx.self, ZX_POL_NEW_IOB_NEWEST), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(fx.self->noted_code, ZX_EXCP_POLICY_CODE_NEW_IOB);
	assert_int_equal(fx.self->noted, ZX_EXCP_POLICY_ERROR);
}

/* --- tasks --- */

static void start_body(struct thread *self, void *data)
{
	exception__thread_starting(self, *(bool *)data);
}

/* The job's debugger first, then that of the process; whatever they answer counts for nothing. */
static void starting(void **state)
{
	zx_handle_t job = channel_of(core_root->root_job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	zx_handle_t normal = channel_of(fx.process, 0);
	struct runner runner;
	zx_handle_t debugger;
	zx_handle_t exception;
	bool first = true;

	(void)state;
	assert_true(exception__start_watched(fx.self));
	fixture__run(&runner, start_body, &first);
	exception = next_exception(job, runner.thread, ZX_EXCP_PROCESS_STARTING);
	/* Who hears of a process may well become its debugger. */
	debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	fixture__close(exception);
	fixture__close(next_exception(debugger, runner.thread, ZX_EXCP_THREAD_STARTING));
	fixture__join(&runner);

	fixture__close(job);
	first = false;
	fixture__run(&runner, start_body, &first);
	fixture__close(next_exception(debugger, runner.thread, ZX_EXCP_THREAD_STARTING));
	fixture__join(&runner);
	fixture__close(debugger);
	assert_false(exception__start_watched(fx.self));
	assert_false(readable(normal));
}

static void exit_body(struct thread *self, void *data)
{
	(void)data;
	sys_thread_exit(self);
}

static zx_thread_state_t state_of(struct thread *thread)
{
	zx_info_thread_t *user = user_scratch();
	zx_handle_t handle = handle_to(thread, ZX_RIGHT_INSPECT);

	assert_int_equal(sys_object_get_info(fx.self, handle, ZX_INFO_THREAD, UADDR(user),
					     sizeof(*user), 0, 0),
			 ZX_OK);
	fixture__close(handle);
	return user->state;
}

static void exiting(void **state)
{
	zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	struct runner runner;
	zx_handle_t exception;

	(void)state;
	fixture__run(&runner, exit_body, NULL);
	exception = next_exception(debugger, runner.thread, ZX_EXCP_THREAD_EXITING);
	assert_int_equal(state_of(runner.thread), ZX_THREAD_STATE_DYING);
	assert_false(thread__killed(runner.thread));
	fixture__close(exception);
	fixture__join(&runner);
	assert_false(readable(debugger));
}

static void wait_for_kill(struct thread *self, void *data)
{
	(void)data;
	while (sys_nanosleep(self, ZX_TIME_INFINITE) != ZX_ERR_INTERNAL_INTR_KILLED)
		;
}

/* One that is killed tells of its end, but waits for nobody. */
static void killed(void **state)
{
	zx_handle_t debugger = channel_of(fx.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	struct runner runner;
	struct thread *thread;

	(void)state;
	fixture__run(&runner, wait_for_kill, NULL);
	thread = runner.thread;
	object__get(&thread->object);
	thread__kill(thread);
	fixture__join(&runner);
	fixture__close(next_exception(debugger, thread, ZX_EXCP_THREAD_EXITING));
	object__put(&thread->object);
}

/* --- debuggers of jobs --- */

static void raise_own(struct thread *self, void *data)
{
	struct raiser *raiser = data;
	zx_exception_context_v2_t *context = user_new(zx_exception_context_v2_t);

	context->arch.u.x86_64.cr2 = 1;
	context->synth_code = ZX_EXCP_USER_CODE_USER1;
	context->synth_data = 3;
	assert_int_equal(sys_thread_raise_exception(self, ZX_EXCEPTION_TARGET_JOB_DEBUGGER,
						    ZX_EXCP_USER, UADDR(context)),
			 ZX_OK);
	exception__raise_noted(self);
	raiser->outcome = EXCEPTION_RESUME;
}

/* In the newest interface a job has many, and all of them are told, the oldest first. */
static void many_debuggers(void **state)
{
	zx_handle_t channels[ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT];
	zx_exception_report_v2_t report;
	struct raiser raiser;
	zx_handle_t more;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	for (uint32_t i = 0; i < ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT; i++)
		channels[i] = channel_of(core_root->root_job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	assert_int_equal(create_channel(core_root->root_job, ZX_EXCEPTION_CHANNEL_DEBUGGER, &more),
			 ZX_ERR_ALREADY_BOUND);
	fixture__close(channels[1]);
	channels[1] = channel_of(core_root->root_job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	fixture__run(&raiser.runner, raise_own, &raiser);
	for (uint32_t i = 0; i < ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT; i++) {
		/* The one that was made last is in the second place here. */
		uint32_t at = i == 0 ? 0 : i + 1;
		zx_handle_t exception;

		if (at == ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT)
			at = 1;
		exception = next_exception(channels[at], raiser.runner.thread, ZX_EXCP_USER);
		assert_int_equal(exception__report(raiser.runner.thread, &report), ZX_OK);
		assert_int_equal(report.context.arch.u.x86_64.cr2, 0);
		assert_int_equal(report.context.synth_code, ZX_EXCP_USER_CODE_USER1);
		assert_int_equal(report.context.synth_data, 3);
		fixture__close(exception);
	}
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
}

static void *run_runner(void *data)
{
	struct runner *runner = data;

	runner->body(runner->thread, runner->data);
	return NULL;
}

/* Up to the root job; before that, only the nearest one that is there. */
static void jobs_above(void **state)
{
	zx_handle_t root = channel_of(core_root->root_job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	struct process *process;
	zx_handle_t nearest;
	struct thread *thread;
	struct runner runner;
	struct job *job;
	bool first = true;

	(void)state;
	assert_int_equal(job__create(core_root->root_job, ZXERA_2020_07, &job), ZX_OK);
	nearest = channel_of(job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	assert_int_equal(process__create(job, "below", ZXERA_2020_07, &process), ZX_OK);
	assert_int_equal(thread__create(process, "first", &thread), ZX_OK);
	assert_int_equal(thread__start(NULL, thread, &(struct thread_entry){ 0 }, true), ZX_OK);
	for (int newest = 0; newest < 2; newest++) {
		if (newest)
			process->era = ZXERA_NEWEST;
		runner.thread = thread;
		runner.body = start_body;
		runner.data = &first;
		assert_int_equal(pthread_create(&runner.pthread, NULL, run_runner, &runner), 0);
		fixture__close(next_exception(nearest, thread, ZX_EXCP_PROCESS_STARTING));
		if (newest)
			fixture__close(next_exception(root, thread, ZX_EXCP_PROCESS_STARTING));
		pthread_join(runner.pthread, NULL);
		assert_false(readable(root));
	}
	process__kill(process, 0);
	thread__host_gone(thread);
	object__put(&thread->object);
	object__put(&process->object);
	object__put(&job->object);
}

static void raise_errors(void **state)
{
	user_addr_t context = UADDR(user_alloc(sizeof(zx_exception_context_v2_t)));

	(void)state;
	assert_int_equal(sys_thread_raise_exception(fx.self, 0, ZX_EXCP_USER, context),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_raise_exception(fx.self, 1, ZX_EXCP_GENERAL, context),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_raise_exception(fx.self, 1, ZX_EXCP_USER, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_raise_exception(fx.self, 1, ZX_EXCP_USER, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_raise_exception(fx.self, 1, ZX_EXCP_USER, context), ZX_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(policy),
		test_case(policy_codes),
		test_case(starting),
		test_case(exiting),
		test_case(killed),
		test_case(many_debuggers),
		test_case(jobs_above),
		test_case(raise_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
