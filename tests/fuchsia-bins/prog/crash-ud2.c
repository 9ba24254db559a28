/* Executes an undefined instruction. */
#include "rt.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("about to crash\n");
	__asm__ volatile("ud2");
	rt_print("FAIL: survived\n");
	return 1;
}
