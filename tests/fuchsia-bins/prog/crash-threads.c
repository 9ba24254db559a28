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

int main(void)
{
	if (rt_thread__start(&spinner, "spinner", spinning, NULL) != ZX_OK ||
	    rt_thread__start(&waiter, "waiter", waiting, NULL) != ZX_OK ||
	    !rt_until_blocked(waiter.handle, ZX_THREAD_STATE_BLOCKED_SLEEPING))
		return 1;
	while (!rounds)
		;
	__builtin_trap();
}
