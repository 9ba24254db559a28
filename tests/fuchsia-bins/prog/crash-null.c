/* Writes through a null pointer, on a thread with a name of its own. */
#include "rt.h"

static struct rt_thread thread;

static void crash(void *arg)
{
	/* Volatile, or the compiler may do anything with it. */
	volatile int *volatile target = arg;

	*target = 1;
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("about to crash\n");
	if (rt_thread__start(&thread, "crasher", crash, NULL) != ZX_OK)
		return 1;
	rt_thread__join(&thread);
	rt_print("FAIL: survived\n");
	return 1;
}
