/* Suspending threads and processes by token. */
#include "tasks.h"

#include <zircon/eras.h>

static zx_handle_t token;

#define DEFINE_SUSPEND(call) \
	static zx_status_t try_##call(zx_handle_t task) \
	{ \
		zx_status_t status = zx_##call(task, &token); \
		\
		if (status == ZX_OK) \
			own(token); \
		return status; \
	}
DEFINE_SUSPEND(task_suspend)
DEFINE_SUSPEND(task_suspend_token)

static zx_handle_t started_twin(struct twin *twin, twin_fn fn)
{
	EXPECT_OK(twin__create(twin, rt_boot.job));
	EXPECT_OK(twin__start(twin, fn));
	return twin->process;
}

/*
 * A bad pointer for the token: the thread is not stopped for good, but in the newest system, where
 * the token must be found first.
 */
static zx_status_t suspend_to_nowhere(zx_status_t (*call)(zx_handle_t task, zx_handle_t *out))
{
	zx_handle_t thread = start_spinner();
	zx_status_t status = call(thread, BAD_OUT);

	if (era() >= ERA_NEWEST) {
		until_signal(thread, ZX_THREAD_SUSPENDED);
		EXPECT_OK(zx_handle_close(lost_handle(ZX_OBJ_TYPE_SUSPEND_TOKEN)));
	}
	EXPECT(spinner_runs());
	end_spinner();
	return status;
}

/*
 * The errors of both names. What an object is comes first until 2018-10, then what the handle may;
 * a job is of the wrong type and has the right.
 */
#define SUSPEND_ERRORS(call, first) \
	CHECK_HANDLE_VALID(call, handle, zx_##call(h, &token)) \
	REFUSES(call, ZX_ERR_WRONG_TYPE, job, zx_##call(empty_job(), &token)) \
	REFUSES(call, ZX_ERR_WRONG_TYPE, process, zx_##call(idle_process(rt_boot.job), &token), \
		.to = ERA_2018_10) \
	CHECK_HANDLE_RIGHT(call, handle, WRITE, idle_thread(), zx_##call(h, &token)) \
	REFUSES(call, ZX_ERR_ACCESS_DENIED, process_lacks_write, \
		zx_##call(without_rights(idle_process(rt_boot.job), ZX_RIGHT_WRITE), &token), \
		.from = ERA_2018_12) \
	REFUSES(call, ZX_ERR_BAD_STATE, dead_thread, zx_##call(dead_thread(), &token), \
		.line = "?the task is dead") \
	REFUSES(call, ZX_ERR_BAD_STATE, not_started, zx_##call(idle_thread(), &token), \
		.line = "?the thread has not", .to = ERA_2018_10) \
	REFUSES(call, ZX_ERR_BAD_STATE, dead_process, zx_##call(dead_process(), &token), \
		.line = "?the task is dead", .from = ERA_2018_12) \
	REFUSES(call, ZX_ERR_NOT_SUPPORTED, the_caller, zx_##call(rt_boot.thread, &token), \
		.from = ERA_2018_12) \
	REFUSES(call, ZX_ERR_NOT_SUPPORTED, the_process_of_the_caller, \
		zx_##call(rt_boot.process, &token), .from = ERA_2018_12) \
	REFUSES(call, ZX_ERR_INVALID_ARGS, bad_token, suspend_to_nowhere(zx_##call), .from = first)

SUSPEND_ERRORS(task_suspend, ERA_2018_10)
SUSPEND_ERRORS(task_suspend_token, ERA_2018_07)

/* --- A thread that runs --- */

static void stops_until_the_token_is_closed(zx_status_t (*call)(zx_handle_t task))
{
	zx_handle_t thread = start_spinner();

	EXPECT_OK(call(thread));
	until_signal(thread, ZX_THREAD_SUSPENDED);
	EXPECT_EQ(signals_of(thread) & (ZX_THREAD_RUNNING | ZX_THREAD_TERMINATED), 0);
	EXPECT(spinner_stands());
	EXPECT_OK(zx_handle_close(token));
	until_signal(thread, ZX_THREAD_RUNNING);
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_SUSPENDED, 0);
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_suspend, stops_until_the_token_is_closed, .from = ERA_2018_10)
{
	stops_until_the_token_is_closed(try_task_suspend);
}

CHECK(task_suspend_token, stops_until_the_token_is_closed)
{
	stops_until_the_token_is_closed(try_task_suspend_token);
}

CHECK(task_suspend_token, a_second_time)
{
	zx_handle_t thread = start_spinner();

	for (int i = 0; i < 20; i++) {
		EXPECT_OK(try_task_suspend_token(thread));
		until_signal(thread, ZX_THREAD_SUSPENDED);
		EXPECT_OK(zx_handle_close(token));
		until_signal(thread, ZX_THREAD_RUNNING);
	}
	EXPECT(spinner_runs());
	end_spinner();
}

/* Whether it had time to stop or not. */
CHECK(task_suspend_token, closed_at_once)
{
	zx_handle_t thread = start_spinner();

	for (int i = 0; i < 100; i++) {
		EXPECT_OK(try_task_suspend_token(thread));
		EXPECT_OK(zx_handle_close(token));
	}
	EXPECT(spinner_runs());
	until_signal(thread, ZX_THREAD_RUNNING);
	end_spinner();
}

CHECK(task_suspend_token, until_the_last_token_is_closed)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend(thread);
	zx_handle_t second = suspend(thread);

	until_signal(thread, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_handle_close(first));
	EXPECT(spinner_stands());
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_SUSPENDED, ZX_THREAD_SUSPENDED);
	EXPECT_OK(zx_handle_close(second));
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_suspend_token, the_token_can_be_sent)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend(thread);
	zx_handle_t a, b;

	until_signal(thread, ZX_THREAD_SUSPENDED);
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &first, 1));
	EXPECT(spinner_stands());
	/* The message is lost with the channel, and the token with the message. */
	EXPECT_OK(zx_handle_close(b));
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_suspend_token, the_token)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend(thread);

	EXPECT_EQ(type_of(first), ZX_OBJ_TYPE_SUSPEND_TOKEN);
	EXPECT_EQ(rights_of(first), era() == ERA_2018_07 ? ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS_201807 :
							   ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS);
	EXPECT_OK(zx_handle_close(first));
	end_spinner();
}

CHECK(task_suspend_token, state_of_the_thread)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend_and_wait(thread);
	zx_info_thread_t info = { 0 };

	EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.state, ZX_THREAD_STATE_SUSPENDED);
	EXPECT_OK(zx_handle_close(first));
	until_signal(thread, ZX_THREAD_RUNNING);
	EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.state, ZX_THREAD_STATE_RUNNING);
	end_spinner();
}

/* --- A thread that does not run yet --- */

static void before_its_start(zx_status_t (*call)(zx_handle_t task))
{
	zx_handle_t thread = make_spinner();

	EXPECT_OK(call(thread));
	run_spinner();
	until_signal(thread, ZX_THREAD_SUSPENDED);
	EXPECT(spinner_stands());
	EXPECT_OK(zx_handle_close(token));
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_suspend, before_its_start, .from = ERA_2018_12)
{
	before_its_start(try_task_suspend);
}

CHECK(task_suspend_token, before_its_start, .from = ERA_2018_12)
{
	before_its_start(try_task_suspend_token);
}

CHECK(task_suspend_token, undone_before_its_start, .from = ERA_2018_12)
{
	zx_handle_t thread = make_spinner();

	EXPECT_OK(zx_handle_close(suspend(thread)));
	run_spinner();
	EXPECT(spinner_runs());
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_SUSPENDED, 0);
	end_spinner();
}

/* --- A process --- */

static struct twin twin;
static volatile uint64_t turns[2];

static _Noreturn void turn(uintptr_t which)
{
	for (;;)
		turns[which]++;
}

static int64_t turn_first(zx_handle_t channel)
{
	(void)channel;
	turn(0);
}

static bool turns_on(size_t which)
{
	uint64_t before = twin__peek(&twin, &turns[which]);
	zx_time_t limit = LATE;

	while (twin__peek(&twin, &turns[which]) == before && zx_clock_get_monotonic() < limit)
		zx_nanosleep(zx_deadline_after(MILLISECOND));
	return twin__peek(&twin, &turns[which]) != before;
}

static bool stands(size_t which)
{
	uint64_t before = twin__peek(&twin, &turns[which]);

	EXPECT_OK(zx_nanosleep(SOON));
	return twin__peek(&twin, &turns[which]) == before;
}

static void all_threads_of_a_process(zx_status_t (*call)(zx_handle_t task))
{
	zx_handle_t process = started_twin(&twin, turn_first);
	zx_handle_t second = twin__add_thread(&twin, turn, 1);

	EXPECT(turns_on(0));
	EXPECT(turns_on(1));
	EXPECT_OK(call(process));
	until_signal(twin.thread, ZX_THREAD_SUSPENDED);
	until_signal(second, ZX_THREAD_SUSPENDED);
	EXPECT(stands(0));
	EXPECT(stands(1));
	EXPECT_OK(zx_handle_close(token));
	EXPECT(turns_on(0));
	EXPECT(turns_on(1));
	kill_and_wait(process);
}

CHECK(task_suspend, all_threads_of_a_process, .from = ERA_2018_12)
{
	all_threads_of_a_process(try_task_suspend);
}

CHECK(task_suspend_token, all_threads_of_a_process, .from = ERA_2018_12)
{
	all_threads_of_a_process(try_task_suspend_token);
}

CHECK(task_suspend, threads_that_start_later, .from = ERA_2018_12)
{
	zx_handle_t process = started_twin(&twin, turn_first);
	zx_handle_t second;

	EXPECT_OK(try_task_suspend(process));
	second = twin__add_thread(&twin, turn, 1);
	until_signal(second, ZX_THREAD_SUSPENDED);
	EXPECT_EQ(twin__peek(&twin, &turns[1]), 0);
	EXPECT(stands(1));
	EXPECT_OK(zx_handle_close(token));
	EXPECT(turns_on(1));
	kill_and_wait(process);
}

CHECK(task_suspend, a_process_before_its_start, .from = ERA_2018_12)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(try_task_suspend(twin.process));
	EXPECT_OK(twin__start(&twin, turn_first));
	until_signal(twin.thread, ZX_THREAD_SUSPENDED);
	EXPECT_EQ(twin__peek(&twin, &turns[0]), 0);
	EXPECT_OK(zx_handle_close(token));
	EXPECT(turns_on(0));
	kill_and_wait(twin.process);
}

/* A thread stands still as long as it or its process is suspended. */
CHECK(task_suspend, a_process_and_its_thread, .from = ERA_2018_12)
{
	zx_handle_t process = started_twin(&twin, turn_first);
	zx_handle_t of_process = suspend(process);
	zx_handle_t of_thread = suspend_and_wait(twin.thread);

	EXPECT_OK(zx_handle_close(of_process));
	EXPECT(stands(0));
	EXPECT_OK(zx_handle_close(of_thread));
	EXPECT(turns_on(0));
	kill_and_wait(process);
}

/* --- The end of what is suspended --- */

CHECK(task_suspend_token, then_its_process_is_killed)
{
	zx_handle_t process = started_twin(&twin, turn_first);
	zx_handle_t first = suspend_and_wait(twin.thread);

	kill_and_wait(process);
	until_signal(twin.thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(signals_of(twin.thread) & (ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED), 0);
	EXPECT_OK(zx_handle_close(first));
}

CHECK(task_suspend_token, then_killed, .to = ERA_2021_01)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend_and_wait(thread);

	kill_and_wait(thread);
	EXPECT_OK(zx_handle_close(first));
	EXPECT_EQ(signals_of(thread) & (ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED), 0);
}

/* The end of the one who holds the token is the end of the suspension. */
static int64_t keep_the_token(zx_handle_t channel)
{
	zx_handle_t kept;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	zx_channel_read(channel, 0, NULL, &kept, 0, 1, NULL, NULL);
	return zx_nanosleep(ZX_TIME_INFINITE);
}

CHECK(task_suspend_token, the_holder_of_the_token_ends)
{
	zx_handle_t thread = start_spinner();
	zx_handle_t first = suspend_and_wait(thread);

	started_twin(&twin, keep_the_token);
	EXPECT_OK(zx_channel_write(twin.channel, 0, NULL, 0, &first, 1));
	EXPECT(spinner_stands());
	kill_and_wait(twin.process);
	EXPECT(spinner_runs());
	end_spinner();
}

/* Two threads that suspend each other: one or both stop, and go on when the tokens are closed. */
static zx_handle_t pair[2];
static zx_handle_t tokens[2];
static zx_handle_t gate;

static void suspend_the_other(void *arg)
{
	uintptr_t self = (uintptr_t)arg;

	zx_object_wait_one(gate, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
	zx_task_suspend_token(pair[!self], &tokens[self]);
}

static bool has_ended(zx_handle_t thread)
{
	return signals_of(thread) & ZX_THREAD_TERMINATED;
}

CHECK(task_suspend_token, each_other)
{
	zx_time_t limit = LATE;

	gate = make_event();
	for (uintptr_t i = 0; i < 2; i++) {
		tokens[i] = ZX_HANDLE_INVALID;
		pair[i] = start_thread(suspend_the_other, (void *)i);
	}
	EXPECT_OK(zx_object_signal(gate, 0, ZX_EVENT_SIGNALED));
	while (!has_ended(pair[0]) || !has_ended(pair[1])) {
		EXPECT(zx_clock_get_monotonic() < limit);
		EXPECT_OK(zx_nanosleep(SOON));
		for (size_t i = 0; i < 2; i++) {
			zx_handle_close(tokens[i]);
			tokens[i] = ZX_HANDLE_INVALID;
		}
	}
	zx_handle_close(tokens[0]);
	zx_handle_close(tokens[1]);
}
