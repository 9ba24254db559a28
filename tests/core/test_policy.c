/* Job policies: how they are set, and what they do. */
#include <zircon/eras.h>

#include "compat/core/event.h"
#include "compat/core/exception.h"
#include "compat/core/timer.h"
#include "tests/core/core_fixture.h"

#define RELATIVE ZX_JOB_POL_RELATIVE
#define ABSOLUTE ZX_JOB_POL_ABSOLUTE
#define EXEC ZX_POL_AMBIENT_MARK_VMO_EXEC

static zx_handle_t job_handle(struct job *job)
{
	object__get(&job->object);
	return fixture__handle(&job->object, ZX_DEFAULT_JOB_RIGHTS);
}

static struct job *make_job(struct job *parent)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_job_create(fx.self, job_handle(parent), 0, UADDR(out)), ZX_OK);
	return fixture__object(*out);
}

static zx_status_t set(struct job *job, uint32_t options, const zx_policy_basic_v1_t *policy,
		       uint32_t count)
{
	void *copy = user_scratch();

	memcpy(copy, policy, count * sizeof(*policy));
	return sys_job_set_policy(fx.self, job_handle(job), options, ZX_JOB_POL_BASIC_V1,
				  UADDR(copy), count);
}

static zx_status_t set_one(struct job *job, uint32_t options, uint32_t condition, uint32_t action)
{
	zx_policy_basic_v1_t policy = { condition, action };

	return set(job, options, &policy, 1);
}

static zx_status_t set_v2(struct job *job, uint32_t options, uint32_t condition, uint32_t action,
			  uint32_t flags)
{
	zx_policy_basic_v2_t *policy = user_scratch();

	*policy = (zx_policy_basic_v2_t){ condition, action, flags };
	return sys_job_set_policy(fx.self, job_handle(job), options, ZX_JOB_POL_BASIC_V2,
				  UADDR(policy), 1);
}

static void argument_checks(void **state)
{
	struct job *job = make_job(core_root->root_job);
	zx_policy_basic_v1_t *policy = user_alloc(40 * sizeof(*policy));
	zx_handle_t handle = job_handle(job);

	(void)state;
	assert_int_equal(sys_job_set_policy(fx.self, handle, 2, 0, UADDR(policy), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, UADDR(policy), 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 7, UADDR(policy), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, FIXTURE_BAD_ADDR, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, UADDR(policy), 16),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, UADDR(policy), 40),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_job_set_policy(fx.self, 3, 0, 0, UADDR(policy), 1),
			 ZX_ERR_BAD_HANDLE);
	object__get(&job->object);
	assert_int_equal(sys_job_set_policy(fx.self,
					    fixture__handle(&job->object, ZX_RIGHTS_BASIC), 0, 0,
					    UADDR(policy), 1),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(set_one(job, RELATIVE, ZX_POL_MAX, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_one(job, RELATIVE, ZX_POL_NEW_VMO, ZX_POL_ACTION_MAX),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(set_v2(job, RELATIVE, ZX_POL_NEW_VMO, 0, 2), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_job_set_policy(fx.self, handle, 0, 0, UADDR(policy), 40),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set_v2(job, RELATIVE, ZX_POL_NEW_VMO, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_one(job, RELATIVE, ZX_POL_NEW_PROFILE, 0), ZX_ERR_INVALID_ARGS);
}

static void only_empty_jobs(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	/* The root job holds the test's process. */
	assert_int_equal(set_one(core_root->root_job, RELATIVE, ZX_POL_NEW_VMO, 0),
			 ZX_ERR_BAD_STATE);
	make_job(job);
	assert_int_equal(set_one(job, RELATIVE, ZX_POL_NEW_VMO, 0), ZX_ERR_BAD_STATE);
}

static void relative_and_absolute(void **state)
{
	struct job *job = make_job(core_root->root_job);
	const zx_policy_basic_v1_t two[] = { { ZX_POL_NEW_FIFO, ZX_POL_ACTION_DENY },
					     { ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW } };

	(void)state;
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_DENY);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY), ZX_OK);
	/* All or nothing. */
	assert_int_equal(set(job, ABSOLUTE, two, 2), ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(job->policy[ZX_POL_NEW_FIFO], ZX_POL_ACTION_ALLOW);
	assert_int_equal(set(job, RELATIVE, two, 2), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_FIFO], ZX_POL_ACTION_DENY);
	assert_int_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_DENY);
}

static void new_any(void **state)
{
	struct job *job = make_job(core_root->root_job);
	const zx_policy_basic_v1_t only_channels[] = {
		{ ZX_POL_NEW_ANY, ZX_POL_ACTION_DENY },
		{ ZX_POL_NEW_CHANNEL, ZX_POL_ACTION_ALLOW },
	};

	(void)state;
	assert_int_equal(set(job, ABSOLUTE, only_channels, 2), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_DENY);
	assert_int_equal(job->policy[ZX_POL_NEW_PROFILE], ZX_POL_ACTION_DENY);
	assert_int_equal(job->policy[ZX_POL_NEW_CHANNEL], ZX_POL_ACTION_ALLOW);
	assert_int_equal(job->policy[ZX_POL_BAD_HANDLE], ZX_POL_ACTION_ALLOW);
	assert_int_equal(job->policy[ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST], ZX_POL_ACTION_ALLOW);
	/* From now on all of it stands. */
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW),
			 ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_CHANNEL, ZX_POL_ACTION_DENY),
			 ZX_ERR_ALREADY_EXISTS);
}

/* In 2018 the last entry of a call counted, in 2020 the first one stands. */
static void order_of_entries(void **state)
{
	const zx_policy_basic_v1_t twice[] = { { ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW },
					       { ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY } };
	struct job *job = make_job(core_root->root_job);

	(void)state;
	assert_int_equal(set(job, ABSOLUTE, twice, 2), ZX_ERR_ALREADY_EXISTS);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set(job, ABSOLUTE, twice, 2), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_DENY);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW),
			 ZX_ERR_ALREADY_EXISTS);
}

static void overrides(void **state)
{
	struct job *job = make_job(core_root->root_job);
	struct job *child;

	(void)state;
	assert_int_equal(set_v2(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY,
				ZX_POL_OVERRIDE_ALLOW),
			 ZX_OK);
	assert_int_equal(set_v2(job, ABSOLUTE, ZX_POL_NEW_FIFO, ZX_POL_ACTION_DENY,
				ZX_POL_OVERRIDE_DENY),
			 ZX_OK);
	child = make_job(job);
	assert_int_equal(child->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_DENY);
	assert_int_equal(set_v2(child, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_ALLOW,
				ZX_POL_OVERRIDE_DENY),
			 ZX_OK);
	assert_int_equal(child->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_ALLOW);
	assert_int_equal(set_v2(child, ABSOLUTE, ZX_POL_NEW_FIFO, ZX_POL_ACTION_ALLOW,
				ZX_POL_OVERRIDE_ALLOW),
			 ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(set_v2(child, ABSOLUTE, ZX_POL_NEW_FIFO, ZX_POL_ACTION_DENY,
				ZX_POL_OVERRIDE_ALLOW),
			 ZX_ERR_ALREADY_EXISTS);
}

/* ZX_POL_NEW_ANY opens what it may not change, and a later call can. */
static void any_unlocks(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	assert_int_equal(set_v2(job, ABSOLUTE, ZX_POL_NEW_FIFO, ZX_POL_ACTION_DENY,
				ZX_POL_OVERRIDE_DENY),
			 ZX_OK);
	assert_int_equal(set_v2(job, ABSOLUTE, ZX_POL_NEW_ANY, ZX_POL_ACTION_DENY,
				ZX_POL_OVERRIDE_DENY),
			 ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(set_v2(job, RELATIVE, ZX_POL_NEW_ANY, ZX_POL_ACTION_ALLOW,
				ZX_POL_OVERRIDE_ALLOW),
			 ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_FIFO], ZX_POL_ACTION_DENY);
	assert_int_equal(set_v2(job, ABSOLUTE, ZX_POL_NEW_FIFO, ZX_POL_ACTION_ALLOW,
				ZX_POL_OVERRIDE_DENY),
			 ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_FIFO], ZX_POL_ACTION_ALLOW);
}

/* Which of several mistakes in an entry is told. */
static void order_of_errors(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	assert_int_equal(set_v2(job, RELATIVE, ZX_POL_MAX, ZX_POL_ACTION_MAX, 2),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(set_v2(job, RELATIVE, ZX_POL_NEW_ANY, ZX_POL_ACTION_DENY, 2),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_ALLOW);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set_one(job, RELATIVE, ZX_POL_MAX, 8), ZX_ERR_INVALID_ARGS);
}

/* Until 2018-10 a job that allowed nothing new still allowed processes. */
static void any_without_processes(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_ANY, ZX_POL_ACTION_DENY), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_TIMER], ZX_POL_ACTION_DENY);
	assert_int_equal(job->policy[ZX_POL_NEW_PROCESS], ZX_POL_ACTION_ALLOW);
	job = make_job(core_root->root_job);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_ANY, ZX_POL_ACTION_DENY), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_PROCESS], ZX_POL_ACTION_DENY);
}

static void numbers_by_era(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	assert_int_equal(set_one(job, ABSOLUTE, EXEC, ZX_POL_ACTION_KILL), ZX_OK);
	assert_int_equal(job->policy[ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST], ZX_POL_ACTION_KILL);
	assert_int_equal(job->policy[ZX_POL_NEW_PAGER_NEWEST], ZX_POL_ACTION_ALLOW);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_PAGER_NEWEST, ZX_POL_ACTION_DENY),
			 ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_PAGER_NEWEST], ZX_POL_ACTION_DENY);
	fixture__set_era(ZXERA_2018_12);
	/* Not the number that kills later. */
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_KILL_2018), ZX_OK);
	assert_int_not_equal(job->policy[ZX_POL_NEW_VMO], ZX_POL_ACTION_KILL);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_DENY),
			 ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_VMO, ZX_POL_ACTION_KILL_2018), ZX_OK);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_FIFO,
				 ZX_POL_ACTION_DENY | ZX_POL_ACTION_EXCEPTION_2018),
			 ZX_OK);
	assert_int_equal(job->policy[ZX_POL_NEW_FIFO], ZX_POL_ACTION_DENY_EXCEPTION);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_PORT, 8), ZX_ERR_NOT_SUPPORTED);
}

static void timer_slack(void **state)
{
	zx_policy_timer_slack_t *slack = user_new(zx_policy_timer_slack_t);
	struct job *job = make_job(core_root->root_job);
	zx_handle_t handle = job_handle(job);
	const uint32_t topic = ZX_JOB_POL_TIMER_SLACK;

	(void)state;
	assert_int_equal(sys_job_set_policy(fx.self, handle, RELATIVE, topic, UADDR(slack), 1),
			 ZX_OK);
	assert_int_equal(sys_job_set_policy(fx.self, handle, ABSOLUTE, topic, UADDR(slack), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_policy(fx.self, handle, RELATIVE, topic, UADDR(slack), 2),
			 ZX_ERR_INVALID_ARGS);
	slack->default_mode = ZX_TIMER_SLACK_LATE + 1;
	assert_int_equal(sys_job_set_policy(fx.self, handle, RELATIVE, topic, UADDR(slack), 1),
			 ZX_ERR_INVALID_ARGS);
	slack->default_mode = ZX_TIMER_SLACK_EARLY;
	slack->min_slack = -1;
	assert_int_equal(sys_job_set_policy(fx.self, handle, RELATIVE, topic, UADDR(slack), 1),
			 ZX_ERR_INVALID_ARGS);
	slack->min_slack = 0;
	assert_int_equal(sys_job_set_policy(fx.self, job_handle(core_root->root_job), RELATIVE,
					    topic, UADDR(slack), 1),
			 ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_job_set_policy(fx.self, handle, RELATIVE, topic, UADDR(slack), 1),
			 ZX_ERR_INVALID_ARGS);
}

static void set_min_slack(struct job *job, zx_duration_t min_slack)
{
	zx_policy_timer_slack_t *slack = user_scratch();

	*slack = (zx_policy_timer_slack_t){ .min_slack = min_slack };
	assert_int_equal(sys_job_set_policy(fx.self, job_handle(job), RELATIVE,
					    ZX_JOB_POL_TIMER_SLACK, UADDR(slack), 1),
			 ZX_OK);
}

/* The slack of a timer of the fixture's process that is set with @slack. */
static zx_duration_t effective_slack(zx_duration_t slack)
{
	zx_handle_t *out = user_scratch();
	struct timer *timer;

	assert_int_equal(sys_timer_create(fx.self, 0, ZX_CLOCK_MONOTONIC, UADDR(out)), ZX_OK);
	timer = fixture__object(*out);
	assert_int_equal(sys_timer_set(fx.self, *out, ZX_TIME_INFINITE, slack), ZX_OK);
	return timer->slack;
}

static void timer_slack_is_least(void **state)
{
	struct job *job = make_job(core_root->root_job);

	(void)state;
	set_min_slack(job, 500);
	/* It can only be raised, and children begin with it. */
	set_min_slack(job, 400);
	assert_int_equal(job->timer_slack, 500);
	assert_int_equal(make_job(job)->timer_slack, 500);
	assert_int_equal(effective_slack(7), 7);
	core_root->root_job->timer_slack = 1000;
	assert_int_equal(effective_slack(7), 1000);
	assert_int_equal(effective_slack(1001), 1001);
}

/* A running system lets nobody change the root job: the test does it behind its back. */
static void actions(void **state)
{
	uint32_t *policy = core_root->root_job->policy;
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	policy[ZX_POL_NEW_VMO] = ZX_POL_ACTION_DENY;
	assert_int_equal(sys_vmo_create(fx.self, 1, 0, UADDR(out)), ZX_ERR_ACCESS_DENIED);
	/* To deny a bad handle changes nothing. */
	policy[ZX_POL_BAD_HANDLE] = ZX_POL_ACTION_DENY;
	assert_int_equal(sys_handle_close(fx.self, 3), ZX_ERR_BAD_HANDLE);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	policy[ZX_POL_BAD_HANDLE] = ZX_POL_ACTION_KILL;
	assert_int_equal(sys_handle_check_valid(fx.self, 3), ZX_ERR_NOT_FOUND);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	assert_int_equal(sys_handle_close(fx.self, 3), ZX_ERR_BAD_HANDLE);
	assert_true(fx.process->state >= PROCESS_DYING);
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_POLICY_KILL);
}

/* No kernel of 2018 killed by policy: the action denies, as one of its bits says. */
static void kill_of_2018(void **state)
{
	struct job *job = make_job(core_root->root_job);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_EVENT, ZX_POL_ACTION_KILL_2018), ZX_OK);
	assert_int_equal(set_one(job, ABSOLUTE, ZX_POL_NEW_FIFO, 4), ZX_OK);
	memcpy(core_root->root_job->policy, job->policy, sizeof(job->policy));
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_fifo_create(fx.self, 2, 8, 0, UADDR(out), UADDR(out + 1)), ZX_OK);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
}

/* Nobody handles the exception, so it ends the process. */
static void exceptions(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	core_root->root_job->policy[ZX_POL_NEW_PROCESS] = ZX_POL_ACTION_DENY_EXCEPTION;
	assert_int_equal(sys_process_create(fx.self, job_handle(core_root->root_job),
					    UADDR(user_alloc(1)), 1, 0, UADDR(out), UADDR(out + 1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	exception__raise_noted(fx.self);
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_EXCEPTION_KILL);
}

static void ambient_execution(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_vmo_create(fx.self, 1, 0, UADDR(out)), ZX_OK);
	core_root->root_job->policy[ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST] = ZX_POL_ACTION_DENY;
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, *out, ZX_HANDLE_INVALID,
						       UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(fx.process->handles.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(argument_checks),
		test_case(only_empty_jobs),
		test_case(relative_and_absolute),
		test_case(new_any),
		test_case(order_of_entries),
		test_case(overrides),
		test_case(any_unlocks),
		test_case(order_of_errors),
		test_case(any_without_processes),
		test_case(numbers_by_era),
		test_case(timer_slack),
		test_case(timer_slack_is_least),
		test_case(actions),
		test_case(kill_of_2018),
		test_case(exceptions),
		test_case(ambient_execution),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
