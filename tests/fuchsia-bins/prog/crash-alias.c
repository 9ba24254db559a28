/* Crashes in a function that has several names, or behind one of which nobody says where it ends. */
#include "rt.h"

static __attribute__((noinline)) void give_up(void)
{
	__asm__ volatile("ud2");
}

void stop_here(void) __attribute__((alias("give_up"), visibility("default")));
void __stack_is_broken(void) __attribute__((alias("give_up"), visibility("default")));
/* The same function as the first one. */
void _stop_here(void) __attribute__((alias("give_up"), visibility("default")));

void without_size(void);
/* Not where a section begins: that has names, too. */
__asm__(".text\n.skip 32, 0xcc\n.globl without_size\nwithout_size: nop\nnop\nud2");

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		without_size();
	give_up();
	rt_print("FAIL: survived\n");
	return 1;
}
