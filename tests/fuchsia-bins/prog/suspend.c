/*
 * Suspending threads and processes, and what they notice of it: nothing. With the argument "kill"
 * also what takes a system that can end threads (to 2021).
 */
#include "check.h"
#include "child.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll
#define PAIRS 10000

static struct rt_thread thread;
static volatile uint64_t counter;
static volatile uint32_t stop_counting;
static volatile zx_status_t result;

static uint32_t state_of(zx_handle_t handle)
{
	zx_info_thread_t info = { 0 };

	CHECK_OK(zx_object_get_info(handle, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	return info.state;
}

static void count(void *arg)
{
	(void)arg;
	while (!stop_counting)
		counter++;
}

static void start_counting(void)
{
	stop_counting = 0;
	counter = 0;
	CHECK_OK(rt_thread__start(&thread, "counter", count, NULL));
	while (!counter)
		zx_nanosleep(zx_deadline_after(MS));
}

static void end_counting(void)
{
	stop_counting = 1;
	CHECK_OK(rt_thread__join(&thread));
}

static void await_count(uint64_t beyond)
{
	while (counter <= beyond)
		zx_nanosleep(zx_deadline_after(MS));
}

static void busy(void)
{
	zx_handle_t token;
	uint64_t seen;

	start_counting();
	token = rt_suspend(thread.handle);
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_SUSPENDED);
	CHECK_EQ(state_of(thread.handle), ZX_THREAD_STATE_SUSPENDED);
	seen = counter;
	zx_nanosleep(zx_deadline_after(20 * MS));
	CHECK_EQ(counter, seen);
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_RUNNING));
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_RUNNING);
	await_count(seen);
	end_counting();
}

static void several_tokens(void)
{
	zx_handle_t first, second;
	uint64_t seen;

	start_counting();
	first = rt_suspend(thread.handle);
	second = rt_suspend(thread.handle);
	seen = counter;
	CHECK_OK(zx_handle_close(first));
	zx_nanosleep(zx_deadline_after(10 * MS));
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_SUSPENDED);
	CHECK_EQ(counter, seen);
	CHECK_OK(zx_handle_close(second));
	await_count(seen);
	end_counting();
}

/* What is asked for and taken back at once leaves nothing behind. */
static void many_pairs(void)
{
	start_counting();
	for (int i = 0; i < PAIRS; i++) {
		zx_handle_t token;

		REQUIRE_OK(zx_task_suspend(thread.handle, &token));
		if (i % 4 == 0)
			CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
		CHECK_OK(zx_handle_close(token));
	}
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_RUNNING));
	await_count(counter);
	end_counting();
}

/* A thread that is in calls most of the time. */
static void call_much(void *arg)
{
	zx_handle_t event = (zx_handle_t)(uintptr_t)arg;
	zx_signals_t seen;

	while (!stop_counting) {
		seen = 0;
		if (zx_object_signal(event, 0, ZX_USER_SIGNAL_0) != ZX_OK ||
		    zx_object_wait_one(event, ZX_USER_SIGNAL_0, 0, &seen) != ZX_OK ||
		    !(seen & ZX_USER_SIGNAL_0) ||
		    zx_object_wait_one(event, ZX_USER_SIGNAL_1, 0, NULL) != ZX_ERR_TIMED_OUT ||
		    zx_clock_get_monotonic() <= 0)
			result = ZX_ERR_INTERNAL;
		counter++;
	}
}

static void in_the_middle_of_calls(void)
{
	zx_handle_t event;

	stop_counting = 0;
	counter = 0;
	result = ZX_OK;
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&thread, "calls", call_much, (void *)(uintptr_t)event));
	for (int i = 0; i < 2000; i++) {
		zx_handle_t token = rt_suspend(thread.handle);
		uint64_t seen = counter;

		if (i % 100 == 0) {
			zx_nanosleep(zx_deadline_after(MS));
			CHECK_EQ(counter, seen);
		}
		CHECK_OK(zx_handle_close(token));
		if (i % 100 == 0)
			await_count(seen);
	}
	end_counting();
	CHECK_OK(result);
	zx_handle_close(event);
}

/* --- before the start, and the end --- */

static void before_the_start(void)
{
	zx_handle_t token;

	stop_counting = 0;
	counter = 0;
	REQUIRE_OK(rt_thread__create(&thread, "late", count, NULL));
	REQUIRE_OK(zx_task_suspend(thread.handle, &token));
	CHECK_EQ(rt_signals_of(thread.handle), 0);
	CHECK_EQ(state_of(thread.handle), ZX_THREAD_STATE_NEW);
	REQUIRE_OK(rt_thread__resume(&thread));
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
	zx_nanosleep(zx_deadline_after(5 * MS));
	CHECK_EQ(counter, 0);
	zx_handle_close(token);
	await_count(0);
	end_counting();
	/* Taken back before it starts. */
	stop_counting = 1;
	REQUIRE_OK(rt_thread__create(&thread, "late", count, NULL));
	REQUIRE_OK(zx_task_suspend(thread.handle, &token));
	zx_handle_close(token);
	REQUIRE_OK(rt_thread__resume(&thread));
	CHECK_OK(rt_thread__join(&thread));
}

static void killed_while_suspended(void)
{
	zx_handle_t token;

	start_counting();
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_task_kill(thread.handle));
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_TERMINATED));
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_TERMINATED);
	zx_handle_close(token);
	CHECK_STATUS(zx_task_suspend(thread.handle, &token), ZX_ERR_BAD_STATE);
	zx_handle_close(thread.handle);
}

static void wait_endlessly(void *arg)
{
	zx_object_wait_one((zx_handle_t)(uintptr_t)arg, ZX_USER_SIGNAL_3, ZX_TIME_INFINITE, NULL);
}

static zx_handle_t channel;

static void call_endlessly(void *arg)
{
	uint32_t message[2] = { 0 };
	uint32_t bytes, handles;
	zx_channel_call_args_t args = { .wr_bytes = message,
					.wr_num_bytes = sizeof(message),
					.rd_bytes = message,
					.rd_num_bytes = sizeof(message) };

	(void)arg;
	zx_channel_call(channel, 0, ZX_TIME_INFINITE, &args, &bytes, &handles);
}

/* Threads that end at any moment of being suspended and resumed, whatever they do then. */
static void ends_at_any_time(void)
{
	static void (*const runs[])(void *) = { count, wait_endlessly, call_much,
						  call_endlessly };
	zx_handle_t event, other;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_channel_create(0, &channel, &other));
	for (uint32_t i = 0; i < 300; i++) {
		zx_handle_t tokens[2];

		stop_counting = 0;
		REQUIRE_OK(rt_thread__start(&thread, "ends", runs[i % RT_ARRAY_SIZE(runs)],
					    (void *)(uintptr_t)event));
		if (i & 4)
			zx_nanosleep(zx_deadline_after(i * 1000));
		CHECK_OK(zx_task_suspend(thread.handle, &tokens[0]));
		if (i & 8)
			CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
		CHECK_OK(zx_task_suspend(thread.handle, &tokens[1]));
		if (i & 16)
			zx_handle_close(tokens[0]);
		if (i & 32)
			zx_handle_close(tokens[1]);
		CHECK_OK(zx_task_kill(thread.handle));
		if (!(i & 16))
			zx_handle_close(tokens[0]);
		CHECK_OK(rt_thread__join(&thread));
		if (!(i & 32))
			zx_handle_close(tokens[1]);
	}
	zx_handle_close(channel);
	zx_handle_close(other);
	zx_handle_close(event);
}

static void errors(void)
{
	zx_handle_t token, weak, vmo;

	start_counting();
	REQUIRE_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_STATUS(zx_task_suspend(ZX_HANDLE_INVALID, &token), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_task_suspend(vmo, &token), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_task_suspend(rt_boot.job, &token), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_task_suspend(rt_boot.thread, &token), ZX_ERR_NOT_SUPPORTED);
	CHECK_STATUS(zx_task_suspend(rt_boot.process, &token), ZX_ERR_NOT_SUPPORTED);
	REQUIRE_OK(zx_handle_duplicate(thread.handle, ZX_RIGHT_READ, &weak));
	CHECK_STATUS(zx_task_suspend_token(weak, &token), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(weak);
	await_count(counter);
	end_counting();
	zx_handle_close(vmo);
}

static void token_itself(void)
{
	zx_info_handle_basic_t info = { 0 };
	zx_handle_t token;

	start_counting();
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_object_get_info(token, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.type, ZX_OBJ_TYPE_SUSPEND_TOKEN);
	CHECK_EQ(info.rights, ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS);
	zx_handle_close(token);
	end_counting();
}

/* --- processes --- */

static void whole_process(void)
{
	struct rt_child child;
	zx_handle_t token, second;
	int64_t answer = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "suspended"));
	REQUIRE_OK(zx_task_suspend(child.process, &token));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_wait_for(child.thread, ZX_THREAD_SUSPENDED));
	zx_handle_close(token);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_MAKE_EVENT, 0, &answer));
	token = ZX_HANDLE_INVALID;
	CHECK_OK(zx_task_suspend(child.process, &token));
	CHECK_OK(rt_wait_for(child.thread, ZX_THREAD_SUSPENDED));
	REQUIRE_OK(rt_child__add_thread(&child, "second", &second));
	CHECK_OK(rt_wait_for(second, ZX_THREAD_SUSPENDED));
	zx_handle_close(token);
	CHECK_OK(rt_wait_for(second, ZX_THREAD_RUNNING));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_MAKE_EVENT, 0, &answer));
	/* It can be ended while it stands still. */
	CHECK_OK(zx_task_suspend(child.process, &token));
	CHECK_OK(rt_wait_for(second, ZX_THREAD_SUSPENDED));
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &answer));
	zx_handle_close(token);
	CHECK_STATUS(zx_task_suspend(child.process, &token), ZX_ERR_BAD_STATE);
	zx_handle_close(second);
	rt_child__close(&child);
}

/* The token lies in a message to a process that ends: the thread goes on. */
static void owner_of_the_token_ends(void)
{
	struct rt_child child;
	zx_handle_t token;
	int64_t code;
	uint64_t seen;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "owner"));
	REQUIRE_OK(rt_child__start(&child));
	start_counting();
	token = rt_suspend(thread.handle);
	seen = counter;
	CHECK_OK(zx_channel_write(child.channel, 0, NULL, 0, &token, 1));
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	zx_handle_close(child.channel);
	child.channel = ZX_HANDLE_INVALID;
	await_count(seen);
	end_counting();
	rt_child__close(&child);
}

/* --- two that suspend each other --- */

static struct rt_thread pair[2];
static volatile uint32_t ready;

static void suspend_other(void *arg)
{
	int self = (int)(uintptr_t)arg;

	while (!ready)
		;
	for (int i = 0; i < 200; i++) {
		zx_handle_t token;

		if (zx_task_suspend(pair[!self].handle, &token) != ZX_OK)
			return;
		zx_handle_close(token);
	}
}

/* Neither can be stopped for ever: each of them closes its token only when it runs. */
static void each_other(void)
{
	ready = 0;
	REQUIRE_OK(rt_thread__start(&pair[0], "one", suspend_other, (void *)0));
	REQUIRE_OK(rt_thread__start(&pair[1], "two", suspend_other, (void *)1));
	ready = 1;
	/* They may well stand still for good now; that can be ended. */
	zx_object_wait_one(pair[0].handle, ZX_THREAD_TERMINATED, zx_deadline_after(200 * MS), NULL);
	zx_task_kill(pair[0].handle);
	CHECK_OK(rt_thread__join(&pair[0]));
	zx_task_kill(pair[1].handle);
	CHECK_OK(rt_thread__join(&pair[1]));
}

int main(void)
{
	bool kill = rt_boot.argc > 1 && !strcmp(rt_boot.argv[1], "kill");

	RUN(busy);
	RUN(several_tokens);
	RUN(many_pairs);
	RUN(in_the_middle_of_calls);
	RUN(before_the_start);
	if (kill)
		RUN(killed_while_suspended);
	if (kill)
		RUN(ends_at_any_time);
	RUN(errors);
	RUN(token_itself);
	RUN(whole_process);
	RUN(owner_of_the_token_ends);
	if (kill)
		RUN(each_other);
	return rt_check_result();
}
