/* A thread that is suspended while it waits in the kernel goes on to wait, and notices nothing. */
#include "tasks.h"

#include <stdatomic.h>

#define SHORT (100 * MILLISECOND)

static zx_handle_t object;
static zx_handle_t other_end;
static zx_futex_t word;
static zx_time_t deadline;
static zx_status_t result;
static atomic_bool returned;

zx_status_t futex_wait_201810(const zx_futex_t *value_ptr, int32_t value, zx_time_t end)
	__asm__("zx_futex_wait") __attribute__((weak));

/* --- What blocks: `deadline` is its end, or ZX_TIME_INFINITE --- */

static zx_status_t wait_one(void)
{
	return zx_object_wait_one(object, ZX_EVENT_SIGNALED, deadline, NULL);
}

static zx_status_t wait_many(void)
{
	zx_wait_item_t items[2] = { { object, ZX_EVENT_SIGNALED, 0 },
				    { other_end, ZX_EVENT_SIGNALED, 0 } };

	return zx_object_wait_many(items, 2, deadline);
}

static zx_status_t port_wait(void)
{
	zx_port_packet_t packet;

	return zx_port_wait(object, deadline, &packet);
}

static zx_status_t futex_wait(void)
{
	if (era() <= ERA_2018_10)
		return futex_wait_201810(&word, 0, deadline);
	return zx_futex_wait(&word, 0, ZX_HANDLE_INVALID, deadline);
}

static zx_status_t nanosleep(void)
{
	return zx_nanosleep(deadline);
}

static zx_status_t interrupt_wait(void)
{
	zx_time_t at;

	return zx_interrupt_wait(object, &at);
}

static zx_status_t channel_call(void)
{
	uint32_t question[2] = { 0, 7 };
	uint32_t answer[2] = { 0 };
	uint32_t bytes, handles;
	zx_channel_call_args_t args = {
		.wr_bytes = question, .wr_num_bytes = sizeof(question),
		.rd_bytes = answer, .rd_num_bytes = sizeof(answer),
	};
	zx_status_t status = zx_channel_call(object, 0, deadline, &args, &bytes, &handles);

	return status == ZX_OK && answer[1] != 8 ? ZX_ERR_IO_DATA_INTEGRITY : status;
}

/* --- What lets it go on --- */

static void signal_event(void)
{
	EXPECT_OK(zx_object_signal(object, 0, ZX_EVENT_SIGNALED));
}

static void queue_packet(void)
{
	zx_port_packet_t packet = { .type = ZX_PKT_TYPE_USER };

	EXPECT_OK(zx_port_queue(object, &packet));
}

static void wake(void)
{
	EXPECT_OK(zx_futex_wake(&word, 1));
}

static void trigger(void)
{
	EXPECT_OK(zx_interrupt_trigger(object, 0, 1));
}

static void answer(void)
{
	uint32_t message[2];

	EXPECT_OK(zx_channel_read(other_end, 0, message, NULL, sizeof(message), 0, NULL, NULL));
	message[1]++;
	EXPECT_OK(zx_channel_write(other_end, 0, message, sizeof(message), NULL, 0));
}

/* --- The thread --- */

static void block(void *arg)
{
	zx_status_t (*call)(void) = (zx_status_t (*)(void))arg;

	result = call();
	atomic_store(&returned, true);
}

static zx_handle_t start_blocked(zx_status_t (*call)(void), uint32_t state)
{
	zx_handle_t thread;

	deadline = ZX_TIME_INFINITE;
	atomic_store(&returned, false);
	thread = start_thread(block, (void *)call);
	until_blocked(thread, state);
	return thread;
}

static void until_returned(void)
{
	join_threads();
	EXPECT(atomic_load(&returned));
}

/* What ends the wait comes while the thread is suspended, or after that. */
static void goes_on(zx_status_t (*call)(void), uint32_t state, void (*go)(void), bool meanwhile)
{
	zx_handle_t thread = start_blocked(call, state);
	zx_handle_t token = suspend_and_wait(thread);

	if (meanwhile) {
		go();
		EXPECT_OK(zx_nanosleep(SOON));
		EXPECT(!atomic_load(&returned));
	}
	EXPECT_OK(zx_handle_close(token));
	if (!meanwhile) {
		until_blocked(thread, state);
		EXPECT(!atomic_load(&returned));
		go();
	}
	until_returned();
	EXPECT_OK(result);
}

/*
 * Stops a thread that waits until `deadline`; where it is back before that could be done it is
 * given more time.
 */
static zx_handle_t stop_before_deadline(zx_status_t (*call)(void), zx_handle_t *token)
{
	zx_handle_t thread;

	for (zx_duration_t time = SHORT;; time *= 2) {
		deadline = zx_deadline_after(time);
		atomic_store(&returned, false);
		thread = start_thread(block, (void *)call);
		/* So that it is most probably in the call. */
		EXPECT_OK(zx_nanosleep(SOON));
		if (zx_task_suspend_token(thread, token) == ZX_OK) {
			own(*token);
			until_signal(thread, ZX_THREAD_SUSPENDED | ZX_THREAD_TERMINATED);
			if (signals_of(thread) & ZX_THREAD_SUSPENDED && !atomic_load(&returned))
				return thread;
			EXPECT_OK(zx_handle_close(*token));
		}
		join_threads();
	}
}

/* The time goes on while the thread stands still. */
static void ends_in_time(zx_status_t (*call)(void), zx_status_t want)
{
	zx_handle_t token;

	stop_before_deadline(call, &token);
	EXPECT_OK(zx_nanosleep(deadline));
	EXPECT(!atomic_load(&returned));
	EXPECT_OK(zx_handle_close(token));
	until_returned();
	EXPECT_STATUS(result, want);
}

/* A thread that is let go before its deadline waits for the rest of the time. */
static void waits_for_the_rest(zx_status_t (*call)(void), zx_status_t want)
{
	zx_handle_t token;

	stop_before_deadline(call, &token);
	EXPECT_OK(zx_handle_close(token));
	until_returned();
	EXPECT(zx_clock_get_monotonic() >= deadline);
	EXPECT_STATUS(result, want);
}

#define BLOCKED(name) ZX_THREAD_STATE_BLOCKED_##name
#define GOES_ON(call, name, setup, go, ...) \
	CHECK(task_suspend_token, signal_during_##call, ##__VA_ARGS__) \
	{ \
		setup; \
		goes_on(call, BLOCKED(name), go, true); \
	} \
	CHECK(task_suspend_token, signal_after_##call, ##__VA_ARGS__) \
	{ \
		setup; \
		goes_on(call, BLOCKED(name), go, false); \
	}
#define TIMES_OUT(call, setup, want, ...) \
	CHECK(task_suspend_token, deadline_of_##call, ##__VA_ARGS__) \
	{ \
		setup; \
		ends_in_time(call, want); \
	} \
	CHECK(task_suspend_token, rest_of_##call, ##__VA_ARGS__) \
	{ \
		setup; \
		waits_for_the_rest(call, want); \
	}

static void make_events(void)
{
	object = make_event();
	other_end = make_event();
}

static void make_interrupt(void)
{
	EXPECT_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &object));
	own(object);
}

GOES_ON(wait_one, WAIT_ONE, make_events(), signal_event)
GOES_ON(wait_many, WAIT_MANY, make_events(), signal_event)
GOES_ON(port_wait, PORT, object = make_port(), queue_packet)
GOES_ON(channel_call, CHANNEL, make_channel(&object, &other_end), answer)
GOES_ON(interrupt_wait, INTERRUPT, make_interrupt(), trigger)
TIMES_OUT(wait_one, make_events(), ZX_ERR_TIMED_OUT)
TIMES_OUT(wait_many, make_events(), ZX_ERR_TIMED_OUT)
TIMES_OUT(port_wait, object = make_port(), ZX_ERR_TIMED_OUT)
TIMES_OUT(futex_wait, word = 0, ZX_ERR_TIMED_OUT)
TIMES_OUT(channel_call, make_channel(&object, &other_end), ZX_ERR_TIMED_OUT)
TIMES_OUT(nanosleep, , ZX_OK)

/* A suspended thread is not at the futex any more: it comes back, and looks at the word again. */
CHECK(task_suspend_token, signal_after_futex_wait)
{
	word = 0;
	goes_on(futex_wait, BLOCKED(FUTEX), wake, false);
}

CHECK(task_suspend_token, change_during_futex_wait)
{
	zx_handle_t token;

	word = 0;
	token = suspend_and_wait(start_blocked(futex_wait, BLOCKED(FUTEX)));
	word = 1;
	wake();
	EXPECT_OK(zx_handle_close(token));
	until_returned();
	EXPECT(result == ZX_OK || result == ZX_ERR_BAD_STATE);
}

/* The question is not asked a second time. */
CHECK(task_suspend_token, one_question_by_channel_call)
{
	zx_handle_t thread;

	make_channel(&object, &other_end);
	thread = start_blocked(channel_call, BLOCKED(CHANNEL));
	for (int i = 0; i < 5; i++) {
		EXPECT_OK(zx_handle_close(suspend_and_wait(thread)));
		until_blocked(thread, BLOCKED(CHANNEL));
	}
	answer();
	until_returned();
	EXPECT_OK(result);
	EXPECT_EQ(signals_of(other_end) & ZX_CHANNEL_READABLE, 0);
}

/* The object goes while its waiter stands still. */
CHECK(task_suspend_token, peer_closed_during_channel_call)
{
	zx_handle_t token;

	make_channel(&object, &other_end);
	token = suspend_and_wait(start_blocked(channel_call, BLOCKED(CHANNEL)));
	EXPECT_OK(zx_handle_close(other_end));
	EXPECT_OK(zx_handle_close(token));
	until_returned();
	EXPECT_STATUS(result, ZX_ERR_PEER_CLOSED);
}
