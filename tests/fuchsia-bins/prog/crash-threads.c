/* Crashes while other threads run, and wait in a call: a core file shows all of them. */
#include "rt.h"

static struct rt_thread spinner;
static struct rt_thread waiter;
static volatile uint64_t rounds;

static __attribute__((noinline)) void spin(void)
{
	for (;;)
		rounds++;
}

static void spinning(void *arg)
{
	(void)arg;
	spin();
}

static __attribute__((noinline)) void wait(void)
{
	zx_nanosleep(ZX_TIME_INFINITE);
	rounds = 0;
}

static void waiting(void *arg)
{
	(void)arg;
	wait();
}

#define TOGETHER 8

static uint32_t ready;
static volatile bool now;

static __attribute__((noinline)) void crash_now(void)
{
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!now)
		;
	__builtin_trap();
}

static void crashing(void *arg)
{
	(void)arg;
	crash_now();
}

/* Several crash at once: the report of one shows the others in their exceptions, too. */
static void crash_together(void)
{
	static struct rt_thread threads[TOGETHER];

	for (int i = 0; i < TOGETHER; i++)
		rt_thread__start(&threads[i], "crashing", crashing, NULL);
	while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < TOGETHER)
		zx_nanosleep(zx_deadline_after(1000000));
	now = true;
	zx_nanosleep(ZX_TIME_INFINITE);
}

int main(void)
{
	if (rt_boot.argc > 1)
		crash_together();
	if (rt_thread__start(&spinner, "spinner", spinning, NULL) != ZX_OK ||
	    rt_thread__start(&waiter, "waiter", waiting, NULL) != ZX_OK ||
	    !rt_until_blocked(waiter.handle, ZX_THREAD_STATE_BLOCKED_SLEEPING))
		return 1;
	while (!rounds)
		;
	__builtin_trap();
}
