/* Threads that are suspended while they block in a call: the call is carried on. */
#include "check.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll

static struct rt_thread thread;
static volatile zx_status_t result;
static zx_handle_t object;
static zx_handle_t other;
static uint32_t word;

/* Suspends the thread while it is in @state, and lets it go on after a while. */
static void interrupt_in(uint32_t state)
{
	for (int i = 0; i < 3; i++) {
		zx_handle_t token;

		CHECK(rt_until_blocked(thread.handle, state));
		token = rt_suspend(thread.handle);
		zx_nanosleep(zx_deadline_after(2 * MS));
		CHECK_OK(zx_handle_close(token));
	}
	CHECK(rt_until_blocked(thread.handle, state));
}

static void in_wait_one(void *arg)
{
	zx_signals_t seen = 0;

	(void)arg;
	result = zx_object_wait_one(object, ZX_USER_SIGNAL_3, ZX_TIME_INFINITE, &seen);
	if (!(seen & ZX_USER_SIGNAL_3))
		result = ZX_ERR_INTERNAL;
}

static void wait_one(void)
{
	REQUIRE_OK(zx_event_create(0, &object));
	REQUIRE_OK(rt_thread__start(&thread, "wait_one", in_wait_one, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	CHECK_OK(zx_object_signal(object, 0, ZX_USER_SIGNAL_3));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	zx_handle_close(object);
}

/* What happens while it is suspended is seen afterwards. */
static void signalled_meanwhile(void)
{
	zx_handle_t token;

	REQUIRE_OK(zx_event_create(0, &object));
	REQUIRE_OK(rt_thread__start(&thread, "wait_one", in_wait_one, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_object_signal(object, 0, ZX_USER_SIGNAL_3));
	zx_nanosleep(zx_deadline_after(5 * MS));
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_SUSPENDED);
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	zx_handle_close(object);
}

static void in_wait_many(void *arg)
{
	zx_wait_item_t items[2] = { { object, ZX_USER_SIGNAL_0, 0 },
				    { object, ZX_USER_SIGNAL_1, 0 } };

	(void)arg;
	result = zx_object_wait_many(items, 2, ZX_TIME_INFINITE);
	if (!(items[1].pending & ZX_USER_SIGNAL_1))
		result = ZX_ERR_INTERNAL;
}

static void wait_many(void)
{
	REQUIRE_OK(zx_event_create(0, &object));
	REQUIRE_OK(rt_thread__start(&thread, "wait_many", in_wait_many, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	CHECK_OK(zx_object_signal(object, 0, ZX_USER_SIGNAL_1));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	zx_handle_close(object);
}

static void in_port_wait(void *arg)
{
	zx_port_packet_t packet = { 0 };

	(void)arg;
	result = zx_port_wait(object, ZX_TIME_INFINITE, &packet);
	if (packet.key != 7)
		result = ZX_ERR_INTERNAL;
}

static void port_wait(void)
{
	zx_port_packet_t packet = { .key = 7, .type = ZX_PKT_TYPE_USER };
	zx_handle_t token;

	REQUIRE_OK(zx_port_create(0, &object));
	REQUIRE_OK(rt_thread__start(&thread, "port_wait", in_port_wait, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_PORT);
	token = rt_suspend(thread.handle);
	/* It stays in the port for others, and here there are none. */
	CHECK_OK(zx_port_queue(object, &packet));
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	zx_handle_close(object);
}

static void in_futex_wait(void *arg)
{
	(void)arg;
	result = zx_futex_wait((zx_futex_t *)&word, 0, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
}

static void futex_wait(void)
{
	zx_handle_t token;

	word = 0;
	REQUIRE_OK(rt_thread__start(&thread, "futex_wait", in_futex_wait, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_FUTEX);
	CHECK_OK(zx_futex_wake((zx_futex_t *)&word, 1));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	/* It looks at the value again: nobody can wake a thread that has left. */
	REQUIRE_OK(rt_thread__start(&thread, "futex_wait", in_futex_wait, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_FUTEX));
	token = rt_suspend(thread.handle);
	word = 1;
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_STATUS(result, ZX_ERR_BAD_STATE);
}

static void in_channel_call(void *arg)
{
	uint32_t request[2] = { 0, 11 };
	uint32_t reply[2] = { 0 };
	uint32_t bytes = 0, handles = 0;
	zx_channel_call_args_t args = { .wr_bytes = request,
					.wr_num_bytes = sizeof(request),
					.rd_bytes = reply,
					.rd_num_bytes = sizeof(reply) };

	(void)arg;
	result = zx_channel_call(object, 0, ZX_TIME_INFINITE, &args, &bytes, &handles);
	if (bytes != sizeof(reply) || reply[1] != 12)
		result = ZX_ERR_INTERNAL;
}

static void answer_call(void)
{
	uint32_t message[2] = { 0 };
	uint32_t bytes = 0, handles = 0;

	CHECK_OK(zx_channel_read(other, 0, message, NULL, sizeof(message), 0, &bytes, &handles));
	CHECK_EQ(message[1], 11);
	/* It was sent once. */
	CHECK_STATUS(zx_channel_read(other, 0, NULL, NULL, 0, 0, NULL, NULL), ZX_ERR_SHOULD_WAIT);
	message[1] = 12;
	CHECK_OK(zx_channel_write(other, 0, message, sizeof(message), NULL, 0));
}

static void channel_call(void)
{
	zx_handle_t token;

	REQUIRE_OK(zx_channel_create(0, &object, &other));
	REQUIRE_OK(rt_thread__start(&thread, "call", in_channel_call, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_CHANNEL);
	answer_call();
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	/* The reply comes while it stands still. */
	REQUIRE_OK(rt_thread__start(&thread, "call", in_channel_call, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_CHANNEL));
	token = rt_suspend(thread.handle);
	answer_call();
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	/* The other end goes away meanwhile. */
	REQUIRE_OK(rt_thread__start(&thread, "call", in_channel_call, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_CHANNEL));
	token = rt_suspend(thread.handle);
	zx_handle_close(other);
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_STATUS(result, ZX_ERR_INTERNAL);
	zx_handle_close(object);
}

static zx_time_t wake_at;

static void in_nanosleep(void *arg)
{
	(void)arg;
	result = zx_nanosleep(wake_at);
	if (zx_clock_get_monotonic() < wake_at)
		result = ZX_ERR_INTERNAL;
}

/* A thread that was suspended in its sleep. It sleeps the longer, the slower the machine is. */
static zx_handle_t suspend_sleeper(zx_duration_t duration)
{
	for (;; duration *= 4) {
		zx_handle_t token = ZX_HANDLE_INVALID;

		wake_at = zx_deadline_after(duration);
		if (!CHECK_OK(rt_thread__start(&thread, "sleep", in_nanosleep, NULL)))
			return ZX_HANDLE_INVALID;
		if (rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_SLEEPING) &&
		    zx_task_suspend(thread.handle, &token) == ZX_OK &&
		    rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED | ZX_THREAD_TERMINATED) ==
			    ZX_OK &&
		    zx_clock_get_monotonic() < wake_at)
			return token;
		zx_handle_close(token);
		CHECK_OK(rt_thread__join(&thread));
	}
}

static void nanosleep(void)
{
	zx_handle_t token = suspend_sleeper(300 * MS);

	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	/* The end passes while it is suspended. */
	token = suspend_sleeper(30 * MS);
	zx_nanosleep(wake_at + 10 * MS);
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_SUSPENDED);
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
}

static void in_interrupt_wait(void *arg)
{
	zx_time_t when = 0;

	(void)arg;
	result = zx_interrupt_wait(object, &when);
	if (when != 5)
		result = ZX_ERR_INTERNAL;
}

static void interrupt_wait(void)
{
	zx_handle_t token;

	REQUIRE_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &object));
	REQUIRE_OK(rt_thread__start(&thread, "interrupt", in_interrupt_wait, NULL));
	interrupt_in(ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_interrupt_trigger(object, 0, 5));
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	zx_handle_close(object);
}

int main(void)
{
	RUN(wait_one);
	RUN(signalled_meanwhile);
	RUN(wait_many);
	RUN(port_wait);
	RUN(futex_wait);
	RUN(channel_call);
	RUN(nanosleep);
	RUN(interrupt_wait);
	return rt_check_result();
}
