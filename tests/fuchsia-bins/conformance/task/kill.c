/* The end of tasks that are in the middle of something. */
#include "tasks.h"

#include "memory.h"

static struct twin twin;
static volatile uint64_t turns;

static int64_t kill_code(void)
{
	return era() < ERA_2020_07 ? -1 : ZX_TASK_RETCODE_SYSCALL_KILL;
}

/* --- Threads that wait, which could be killed until 2021 --- */

static zx_handle_t object;
static zx_handle_t other_end;
static zx_futex_t word;

zx_status_t futex_wait_201810(const zx_futex_t *value_ptr, int32_t value, zx_time_t end)
	__asm__("zx_futex_wait") __attribute__((weak));

static void wait_one(void *arg)
{
	(void)arg;
	zx_object_wait_one(object, ZX_USER_SIGNAL_0, ZX_TIME_INFINITE, NULL);
	EXPECT(false);
}

static void port_wait(void *arg)
{
	zx_port_packet_t packet;

	(void)arg;
	zx_port_wait(object, ZX_TIME_INFINITE, &packet);
	EXPECT(false);
}

static void futex_wait(void *arg)
{
	(void)arg;
	if (era() <= ERA_2018_10)
		futex_wait_201810(&word, 0, ZX_TIME_INFINITE);
	else
		zx_futex_wait(&word, 0, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
	EXPECT(false);
}

static void sleep_on(void *arg)
{
	(void)arg;
	zx_nanosleep(ZX_TIME_INFINITE);
	EXPECT(false);
}

static void channel_call(void *arg)
{
	uint32_t question = 0;
	zx_channel_call_args_t args = { .wr_bytes = &question, .wr_num_bytes = sizeof(question) };
	uint32_t bytes, handles;

	(void)arg;
	zx_channel_call(object, 0, ZX_TIME_INFINITE, &args, &bytes, &handles);
	EXPECT(false);
}

static void kill_blocked(void (*run)(void *arg), uint32_t state)
{
	zx_handle_t thread = start_thread(run, NULL);

	until_blocked(thread, state);
	kill_and_wait(thread);
	EXPECT_EQ(signals_of(thread) & (ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED), 0);
	/* Once more does nothing. */
	EXPECT_OK(zx_task_kill(thread));
}

#define THREADS .to = ERA_2021_01

CHECK(task_kill, thread_in_wait_one, THREADS)
{
	object = make_event();
	kill_blocked(wait_one, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	EXPECT_OK(zx_object_signal(object, 0, ZX_USER_SIGNAL_0));
}

/* The packet that it would have had is still there for others. */
CHECK(task_kill, thread_in_port_wait, THREADS)
{
	zx_port_packet_t packet = { .key = 5, .type = ZX_PKT_TYPE_USER };

	object = make_port();
	kill_blocked(port_wait, ZX_THREAD_STATE_BLOCKED_PORT);
	EXPECT_OK(zx_port_queue(object, &packet));
	EXPECT_OK(zx_port_wait(object, AT_ONCE, &packet));
	EXPECT_EQ(packet.key, 5);
}

CHECK(task_kill, thread_in_futex_wait, THREADS)
{
	kill_blocked(futex_wait, ZX_THREAD_STATE_BLOCKED_FUTEX);
	EXPECT_OK(zx_futex_wake(&word, UINT32_MAX));
}

CHECK(task_kill, thread_in_nanosleep, THREADS)
{
	kill_blocked(sleep_on, ZX_THREAD_STATE_BLOCKED_SLEEPING);
}

CHECK(task_kill, thread_in_channel_call, THREADS)
{
	uint32_t question;

	make_channel(&object, &other_end);
	kill_blocked(channel_call, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	/* What it has asked can be read, and an answer is nobody's but a reader's. */
	EXPECT_OK(zx_channel_read(other_end, 0, &question, NULL, sizeof(question), 0, NULL, NULL));
	EXPECT_OK(zx_channel_write(other_end, 0, &question, sizeof(question), NULL, 0));
	EXPECT_OK(zx_channel_read(object, 0, &question, NULL, sizeof(question), 0, NULL, NULL));
}

CHECK(task_kill, thread_that_runs, THREADS)
{
	zx_handle_t thread = start_spinner();

	kill_and_wait(thread);
	EXPECT(spinner_stands());
}

CHECK(task_kill, thread_that_was_not_started, THREADS)
{
	zx_handle_t thread = make_spinner();

	EXPECT_OK(zx_task_kill(thread));
	EXPECT_EQ(signals_of(thread) & ZX_THREAD_TERMINATED, 0);
	run_spinner();
	EXPECT(spinner_runs());
	end_spinner();
}

CHECK(task_kill, dead_thread, THREADS)
{
	EXPECT_OK(zx_task_kill(dead_thread()));
}

/* --- Processes with several threads --- */

static _Noreturn void turn(uintptr_t arg)
{
	(void)arg;
	for (;;)
		turns++;
}

static _Noreturn void doze(uintptr_t arg)
{
	(void)arg;
	for (;;)
		zx_nanosleep(ZX_TIME_INFINITE);
}

static _Noreturn void leave(uintptr_t code)
{
	zx_process_exit((int64_t)code);
}

static int64_t doze_first(zx_handle_t channel)
{
	(void)channel;
	doze(0);
}

static int64_t end_first_thread(zx_handle_t channel)
{
	(void)channel;
	zx_thread_exit();
}

static void start_twin(twin_fn fn)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(twin__start(&twin, fn));
}

static void expect_dead(zx_handle_t thread)
{
	until_signal(thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(signals_of(thread) & (ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED), 0);
}

CHECK(task_kill, process_of_several_threads)
{
	zx_handle_t runs, sleeps;

	start_twin(doze_first);
	runs = twin__add_thread(&twin, turn, 0);
	sleeps = twin__add_thread(&twin, doze, 0);
	kill_and_wait(twin.process);
	expect_dead(runs);
	expect_dead(sleeps);
	expect_dead(twin.thread);
	EXPECT_EQ(twin__wait(&twin), kill_code());
	until_signal(twin.channel, ZX_CHANNEL_PEER_CLOSED);
}

CHECK(process_exit, ends_all_threads)
{
	zx_handle_t runs, sleeps;

	start_twin(doze_first);
	runs = twin__add_thread(&twin, turn, 0);
	sleeps = twin__add_thread(&twin, doze, 0);
	twin__add_thread(&twin, leave, 23);
	EXPECT_EQ(twin__wait(&twin), 23);
	expect_dead(runs);
	expect_dead(sleeps);
	expect_dead(twin.thread);
}

/* The first code stays. */
CHECK(process_exit, then_killed)
{
	start_twin(doze_first);
	twin__add_thread(&twin, leave, 23);
	EXPECT_EQ(twin__wait(&twin), 23);
	EXPECT_OK(zx_task_kill(twin.process));
	EXPECT_EQ(twin__wait(&twin), 23);
}

/* A process lives as long as one of its threads does, whichever that is. */
CHECK(thread_exit, of_the_first_one)
{
	zx_handle_t sleeps;

	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(twin__start(&twin, doze_first));
	sleeps = twin__add_thread(&twin, doze, 0);
	until_blocked(sleeps, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	EXPECT_EQ(signals_of(twin.process) & ZX_PROCESS_TERMINATED, 0);
	kill_and_wait(twin.process);
	start_twin(end_first_thread);
	EXPECT_EQ(twin__wait(&twin), 0);
}

/* --- Tasks that kill themselves --- */

static zx_handle_t received(zx_handle_t channel)
{
	zx_handle_t task = ZX_HANDLE_INVALID;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	zx_channel_read(channel, 0, NULL, &task, 0, 1, NULL, NULL);
	return task;
}

static int64_t kill_received(zx_handle_t channel)
{
	zx_task_kill(received(channel));
	doze(0);
}

static void send(zx_handle_t task)
{
	zx_handle_t copy = duplicate(task);

	EXPECT_OK(zx_channel_write(twin.channel, 0, NULL, 0, &copy, 1));
}

CHECK(task_kill, process_kills_itself)
{
	start_twin(kill_received);
	send(twin.process);
	EXPECT_EQ(twin__wait(&twin), kill_code());
}

CHECK(task_kill, process_kills_its_job)
{
	zx_handle_t job = empty_job();

	EXPECT_OK(twin__create(&twin, job));
	EXPECT_OK(twin__start(&twin, kill_received));
	send(job);
	EXPECT_EQ(twin__wait(&twin), kill_code());
}

CHECK(task_kill, thread_kills_itself, THREADS)
{
	start_twin(kill_received);
	send(twin.thread);
	until_signal(twin.thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(twin__wait(&twin), 0);
}
