/* Crashes in a function that has two names. */
#include "rt.h"

static __attribute__((noinline)) void give_up(void)
{
	__asm__ volatile("ud2");
}

void stop_here(void) __attribute__((alias("give_up"), visibility("default")));
void __stack_is_broken(void) __attribute__((alias("give_up"), visibility("default")));
/* The same function as the first one. */
void _stop_here(void) __attribute__((alias("give_up"), visibility("default")));

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	give_up();
	rt_print("FAIL: survived\n");
	return 1;
}
