/* Suspending: counts, tokens, dates, and calls that a suspension interrupts. */
#include <zircon/eras.h>
#include <zircon/syscalls/port.h>

#include "compat/core/channel.h"
#include "compat/core/suspend.h"
#include "compat/core/thread_context.h"
#include "tests/core/core_fixture.h"

static zx_handle_t *out;

static zx_handle_t handle_to(void *object, zx_rights_t rights)
{
	object__get(object);
	return fixture__handle(object, rights);
}

static void await_signal(struct thread *thread, uint32_t signal)
{
	assert_int_equal(object__wait_one(fx.self, &thread->object, NULL, ZX_HANDLE_INVALID, signal,
					  fixture__after_ms(20000), NULL),
			 ZX_OK);
}

/* What the host does for a program's thread: the call is made again after each suspension. */
struct caller {
	struct runner runner;
	zx_status_t (*call)(struct thread *self);
	zx_status_t status;
	uint32_t retries;
};

static zx_handle_t object;
static struct thread_context context;

static void make_call(struct thread *self, void *data)
{
	struct caller *caller = data;

	while ((caller->status = caller->call(self)) == ZX_ERR_INTERNAL_INTR_RETRY) {
		__atomic_fetch_add(&caller->retries, 1, __ATOMIC_SEQ_CST);
		thread__park(self, &context);
	}
}

static struct suspend_token *hold(struct thread *thread)
{
	struct suspend_token *token;

	assert_int_equal(suspend_token__create(&thread->object, &token), ZX_OK);
	return token;
}

static void release(struct suspend_token *token)
{
	struct handle handle = handle__make(&token->object, 0);

	handle__close(&handle);
}

static void start(struct caller *caller, zx_status_t (*call)(struct thread *self), uint32_t state)
{
	memset(caller, 0, sizeof(*caller));
	caller->call = call;
	fixture__run(&caller->runner, make_call, caller);
	fixture__await_blocked(&caller->runner, state);
}

static void interrupt_once(struct caller *caller, uint32_t state)
{
	struct thread *thread = caller->runner.thread;
	struct suspend_token *token = hold(thread);

	await_signal(thread, ZX_THREAD_SUSPENDED);
	assert_int_equal(fixture__signals(&thread->object), ZX_THREAD_SUSPENDED);
	assert_ptr_equal(thread->context, &context);
	release(token);
	await_signal(thread, ZX_THREAD_RUNNING);
	fixture__await_blocked(&caller->runner, state);
	assert_int_equal(caller->retries, 1);
}

static zx_status_t in_sleep(struct thread *self)
{
	return sys_nanosleep(self, fixture__after_ms(200));
}

static zx_status_t in_wait_one(struct thread *self)
{
	return sys_object_wait_one(self, object, ZX_USER_SIGNAL_0, ZX_TIME_INFINITE, 0);
}

static zx_status_t in_wait_many(struct thread *self)
{
	zx_wait_item_t *item = user_scratch();

	*item = (zx_wait_item_t){ .handle = object, .waitfor = ZX_USER_SIGNAL_0 };
	return sys_object_wait_many(self, UADDR(item), 1, ZX_TIME_INFINITE);
}

static zx_status_t in_port_wait(struct thread *self)
{
	return sys_port_wait(self, object, ZX_TIME_INFINITE, UADDR(user_scratch()));
}

static zx_status_t in_futex_wait(struct thread *self)
{
	return sys_futex_wait(self, UADDR(user_scratch()), 0, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
}

static zx_status_t in_interrupt_wait(struct thread *self)
{
	return sys_interrupt_wait(self, object, 0);
}

static void nothing(void)
{
}

static void raise_signal(void)
{
	assert_int_equal(sys_object_signal(fx.self, object, 0, ZX_USER_SIGNAL_0), ZX_OK);
}

static void queue(void)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);

	assert_int_equal(sys_port_queue(fx.self, object, UADDR(packet)), ZX_OK);
}

static void wake(void)
{
	assert_int_equal(sys_futex_wake(fx.self, UADDR(user_scratch()), 1), ZX_OK);
}

static void trigger(void)
{
	assert_int_equal(sys_interrupt_trigger(fx.self, object, 0, 5), ZX_OK);
}

static void make_event(void)
{
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
}

static void make_port(void)
{
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
}

static void make_interrupt(void)
{
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL, UADDR(out)),
			 ZX_OK);
}

static void blocking_calls(void **state)
{
	static const struct {
		void (*make)(void);
		zx_status_t (*call)(struct thread *self);
		uint32_t state;
		void (*end)(void);
	} rows[] = {
		{ make_event, in_sleep, ZX_THREAD_STATE_BLOCKED_SLEEPING, nothing },
		{ make_event, in_wait_one, ZX_THREAD_STATE_BLOCKED_WAIT_ONE, raise_signal },
		{ make_event, in_wait_many, ZX_THREAD_STATE_BLOCKED_WAIT_MANY, raise_signal },
		{ make_port, in_port_wait, ZX_THREAD_STATE_BLOCKED_PORT, queue },
		{ make_event, in_futex_wait, ZX_THREAD_STATE_BLOCKED_FUTEX, wake },
		{ make_interrupt, in_interrupt_wait, ZX_THREAD_STATE_BLOCKED_INTERRUPT, trigger },
	};
	struct caller caller;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out = user_new(zx_handle_t);
		memset(user_scratch(), 0, 256);
		rows[i].make();
		object = *out;
		start(&caller, rows[i].call, rows[i].state);
		interrupt_once(&caller, rows[i].state);
		rows[i].end();
		fixture__join(&caller.runner);
		assert_int_equal(caller.status, ZX_OK);
		fixture__close(object);
	}
}

/* --- channel_call: the message goes once, and the reply finds its call --- */

static zx_channel_call_args_t *call_args;

static zx_status_t in_channel_call(struct thread *self)
{
	return sys_channel_call(self, object, 0, ZX_TIME_INFINITE, UADDR(call_args),
				UADDR(user_scratch()), UADDR((char *)user_scratch() + 4));
}

static zx_handle_t make_call_args(void)
{
	call_args = user_new(zx_channel_call_args_t);
	call_args->wr_bytes = user_alloc(8);
	call_args->wr_num_bytes = 8;
	call_args->rd_bytes = user_alloc(8);
	call_args->rd_num_bytes = 8;
	out = user_alloc(8);
	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(out), UADDR(out + 1)), ZX_OK);
	object = out[0];
	return out[1];
}

/* The messages that wait on @channel: taken, and answered. */
static uint32_t answer(zx_handle_t channel)
{
	uint32_t *message = user_alloc(8);
	uint32_t count = 0;

	while (sys_channel_read(fx.self, channel, 0, UADDR(message), 0, 8, 0, 0, 0) == ZX_OK) {
		count++;
		assert_int_equal(
			sys_channel_write(fx.self, channel, 0, UADDR(message), 8, 0, 0), ZX_OK);
	}
	return count;
}

static void channel_calls(void **state)
{
	zx_handle_t channel = make_call_args();
	struct suspend_token *token;
	struct caller caller;

	(void)state;
	start(&caller, in_channel_call, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	interrupt_once(&caller, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	assert_int_equal(answer(channel), 1);
	fixture__join(&caller.runner);
	assert_int_equal(caller.status, ZX_OK);

	start(&caller, in_channel_call, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	token = hold(caller.runner.thread);
	await_signal(caller.runner.thread, ZX_THREAD_SUSPENDED);
	assert_int_equal(answer(channel), 1);
	release(token);
	fixture__join(&caller.runner);
	assert_int_equal(caller.status, ZX_OK);
	fixture__close(channel);
	fixture__close(object);
}

/* A thread whose call was interrupted may never come back to it. */
static void forgotten_call(void)
{
	zx_handle_t channel = make_call_args();
	struct suspend_token *token;
	struct caller caller;

	fx.user_used = 0;
	start(&caller, in_channel_call, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	token = hold(caller.runner.thread);
	await_signal(caller.runner.thread, ZX_THREAD_SUSPENDED);
	thread__kill(caller.runner.thread);
	assert_int_equal(answer(channel), 1);
	fixture__join(&caller.runner);
	release(token);
	fixture__close(channel);
	fixture__close(object);
}

static void forgotten_calls(void **state)
{
	(void)state;
	fixture__check_leaks(forgotten_call);
}

/* --- what came before the suspension counts --- */

static void woken_and_suspended(void **state)
{
	struct suspend_token *token;

	(void)state;
	thread__prepare(fx.self);
	thread__wake(fx.self);
	token = hold(fx.self);
	assert_int_equal(thread__block(fx.self, ZX_TIME_INFINITE, 0), ZX_OK);
	thread__prepare(fx.self);
	assert_int_equal(thread__block(fx.self, ZX_TIME_INFINITE, 0), ZX_ERR_INTERNAL_INTR_RETRY);
	fx.self->unstoppable = true;
	assert_int_equal(thread__block(fx.self, fixture__after_ms(1), 0), ZX_ERR_TIMED_OUT);
	fx.self->unstoppable = false;
	release(token);
	assert_int_equal(thread__block(fx.self, fixture__after_ms(1), 0), ZX_ERR_TIMED_OUT);
}

/* --- counts --- */

static void counts(void **state)
{
	struct suspend_token *first, *second;
	struct thread *thread;

	(void)state;
	assert_int_equal(thread__create(fx.process, "new", &thread), ZX_OK);
	first = hold(thread);
	second = hold(thread);
	assert_true(thread__suspend_asked(thread));
	release(first);
	assert_true(thread__suspend_asked(thread));
	release(second);
	assert_false(thread__suspend_asked(thread));
	/* A process counts once, from the start on. */
	assert_int_equal(suspend_token__create(&fx.process->object, &first), ZX_OK);
	assert_int_equal(suspend_token__create(&fx.process->object, &second), ZX_OK);
	assert_false(thread__suspend_asked(thread));
	assert_true(thread__suspend_asked(fx.self));
	assert_int_equal(thread__start(fx.self, thread, &(struct thread_entry){ 0 }, false), ZX_OK);
	assert_true(thread__suspend_asked(thread));
	assert_int_equal(fixture__signals(&thread->object), ZX_THREAD_RUNNING);
	release(first);
	assert_true(thread__suspend_asked(thread));
	release(second);
	assert_false(thread__suspend_asked(thread));
	assert_false(thread__suspend_asked(fx.self));
	thread__kill(thread);
	assert_int_equal(suspend_token__create(&thread->object, &first), ZX_ERR_BAD_STATE);
	thread__host_gone(thread);
	assert_int_equal(suspend_token__create(&thread->object, &first), ZX_ERR_BAD_STATE);
	object__put(&thread->object);
}

/* Closing a token after its thread has ended, and ending a suspended thread, leave nothing. */
static void end_suspended(void)
{
	struct suspend_token *token;
	struct caller caller;

	fx.user_used = 0;
	out = user_new(zx_handle_t);
	make_event();
	object = *out;
	start(&caller, in_wait_one, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	token = hold(caller.runner.thread);
	await_signal(caller.runner.thread, ZX_THREAD_SUSPENDED);
	thread__kill(caller.runner.thread);
	object__get(&caller.runner.thread->object);
	fixture__join(&caller.runner);
	assert_null(caller.runner.thread->context);
	assert_int_equal(fixture__signals(&caller.runner.thread->object), ZX_THREAD_TERMINATED);
	release(token);
	object__put(&caller.runner.thread->object);
	fixture__close(object);
}

static void ends(void **state)
{
	(void)state;
	fixture__check_leaks(end_suspended);
}

/* --- the calls --- */

static void suspend_errors(void **state)
{
	struct thread *other = fixture__other_process();
	zx_handle_t thread = handle_to(other, ZX_DEFAULT_THREAD_RIGHTS);
	zx_handle_t process = handle_to(other->process, ZX_DEFAULT_PROCESS_RIGHTS);
	zx_handle_t self = handle_to(fx.self, ZX_DEFAULT_THREAD_RIGHTS);
	zx_handle_t own = handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS);
	zx_handle_t weak = handle_to(other, ZX_RIGHT_READ);
	zx_handle_t job = handle_to(core_root->root_job, ZX_DEFAULT_JOB_RIGHTS);

	(void)state;
	out = user_new(zx_handle_t);
	assert_int_equal(sys_task_suspend(fx.self, weak, UADDR(out)), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_task_suspend(fx.self, job, UADDR(out)), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_task_suspend(fx.self, self, UADDR(out)), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_task_suspend(fx.self, own, UADDR(out)), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_task_suspend(fx.self, thread, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_false(thread__suspend_asked(other));
	assert_int_equal(sys_task_suspend(fx.self, process, UADDR(out)), ZX_OK);
	assert_true(thread__suspend_asked(other));
	fixture__close(*out);
	assert_false(thread__suspend_asked(other));
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_task_suspend(fx.self, process, UADDR(out)), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_task_suspend(fx.self, self, UADDR(out)), ZX_OK);
	fixture__close(*out);
}

static void without_a_token(void **state)
{
	struct thread *other = fixture__other_process();
	zx_handle_t handle = handle_to(other, ZX_DEFAULT_THREAD_RIGHTS);
	zx_handle_t weak = handle_to(other, 0);
	struct thread *thread;
	zx_handle_t new;

	(void)state;
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(thread__create(fx.process, "new", &thread), ZX_OK);
	new = fixture__handle(&thread->object, ZX_DEFAULT_THREAD_RIGHTS);
	assert_int_equal(sys_task_suspend_2018_07(fx.self, new), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_task_resume(fx.self, new, 0), ZX_ERR_BAD_STATE);
	out = user_new(zx_handle_t);
	assert_int_equal(sys_task_suspend_token(fx.self, new, UADDR(out)), ZX_ERR_BAD_STATE);
	/* One that is not suspended is no error; several times are like once. */
	assert_int_equal(sys_task_resume(fx.self, weak, 0), ZX_OK);
	assert_int_equal(sys_task_suspend_2018_07(fx.self, weak), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_task_suspend_2018_07(fx.self, handle), ZX_OK);
	assert_int_equal(sys_task_suspend_2018_07(fx.self, handle), ZX_OK);
	assert_true(thread__suspend_asked(other));
	assert_int_equal(sys_task_resume(fx.self, weak, 0), ZX_OK);
	assert_false(thread__suspend_asked(other));
	/* Tokens are another matter. */
	assert_int_equal(sys_task_suspend_token(fx.self, handle, UADDR(out)), ZX_OK);
	assert_int_equal(sys_task_resume(fx.self, handle, 0), ZX_OK);
	assert_true(thread__suspend_asked(other));
	fixture__close(*out);
	assert_false(thread__suspend_asked(other));
	assert_int_equal(sys_task_resume(fx.self, handle, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_task_resume(fx.self, handle, 4), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_task_resume(fx.self, handle, 1), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_task_resume(fx.self, handle, 3), ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_task_resume(fx.self, handle, 0), ZX_ERR_BAD_STATE);
}

#define test_case(name) cmocka_unit_test_setup_teardown(name, fixture__setup, fixture__teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(blocking_calls),
		test_case(channel_calls),
		test_case(forgotten_calls),
		test_case(woken_and_suspended),
		test_case(counts),
		test_case(ends),
		test_case(suspend_errors),
		test_case(without_a_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
