/*
 * How long it takes until a thread that runs is seen to be suspended, and a pair of suspending and
 * resuming: in nanoseconds, one line each, NAME VALUE.
 */
#include "rt.h"

#define ROUNDS 501
#define PAIRS 10000

static struct rt_thread thread;
static volatile uint64_t counter;
static volatile uint32_t stop;
static zx_time_t rounds[ROUNDS];

static void count(void *arg)
{
	(void)arg;
	while (!stop)
		counter++;
}

static void await_running(void)
{
	uint64_t seen = counter;

	while (counter < seen + 1000)
		;
}

static void fail(const char *what)
{
	rt_print_error("%s\n", what);
	zx_process_exit(1);
}

static zx_handle_t suspend(void)
{
	zx_handle_t token = ZX_HANDLE_INVALID;

	if (zx_task_suspend(thread.handle, &token) != ZX_OK)
		fail("not suspended");
	return token;
}

static void await(zx_signals_t signal)
{
	if (zx_object_wait_one(thread.handle, signal, ZX_TIME_INFINITE, NULL) != ZX_OK)
		fail("no signal");
}

static zx_time_t measure(void)
{
	zx_time_t begin, spent;
	zx_handle_t token;

	await_running();
	begin = zx_clock_get_monotonic();
	token = suspend();
	await(ZX_THREAD_SUSPENDED);
	spent = zx_clock_get_monotonic() - begin;
	zx_handle_close(token);
	await(ZX_THREAD_RUNNING);
	return spent;
}

static void latency(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		zx_time_t spent = measure();
		int j;

		for (j = i; j > 0 && rounds[j - 1] > spent; j--)
			rounds[j] = rounds[j - 1];
		rounds[j] = spent;
	}
	rt_print("suspend_seen %llu.00\n", (unsigned long long)rounds[ROUNDS / 2]);
}

/* Each suspension is seen, and none is lost. */
static void pairs(void)
{
	zx_time_t begin = zx_clock_get_monotonic();

	for (int i = 0; i < PAIRS; i++) {
		zx_handle_t token = suspend();

		await(ZX_THREAD_SUSPENDED);
		zx_handle_close(token);
		await(ZX_THREAD_RUNNING);
	}
	rt_print("suspend_pair %llu.00\n",
		 (unsigned long long)(zx_clock_get_monotonic() - begin) / PAIRS);
	await_running();
}

int main(void)
{
	if (rt_thread__start(&thread, "spinning", count, NULL) != ZX_OK)
		fail("no thread");
	latency();
	pairs();
	stop = 1;
	rt_thread__join(&thread);
	return 0;
}
