/* Asks for backtraces as Fuchsia's libraries do, by breakpoints, and goes on after them. */
#include "check.h"

#define OF_ALL_THREADS 0xee726573756d65eeull
#define OF_CURRENT_THREAD 0xee726573756d65efull

static __attribute__((noinline)) uint64_t ask(uint64_t magic)
{
	uint64_t rax = magic;

	__asm__ volatile("int3" : "+a"(rax));
	return rax;
}

static void in_the_first_thread(void)
{
	CHECK_EQ(ask(OF_ALL_THREADS), OF_ALL_THREADS);
	CHECK_EQ(ask(OF_CURRENT_THREAD), OF_CURRENT_THREAD);
}

static void ask_in_thread(void *arg)
{
	*(uint64_t *)arg = ask(OF_ALL_THREADS);
}

static void in_another_thread(void)
{
	static struct rt_thread thread;
	static uint64_t seen;

	REQUIRE_OK(rt_thread__start(&thread, "asker", ask_in_thread, &seen));
	rt_thread__join(&thread);
	CHECK_EQ(seen, OF_ALL_THREADS);
}

int main(int argc, char **argv)
{
	(void)argv;
	RUN(in_the_first_thread);
	RUN(in_another_thread);
	/* Any other number is a breakpoint that nobody handles. */
	if (argc > 1)
		ask(OF_CURRENT_THREAD + 1);
	return rt_check_result();
}
