/* The first thread ends before another: the process lives as long as that, and its code is 0. */
#include "rt.h"

static struct rt_thread other;

static void outlive(void *arg)
{
	(void)arg;
	zx_object_wait_one(rt_boot.thread, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL);
	rt_print("the first thread has ended\n");
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (rt_thread__start(&other, "other", outlive, NULL) != ZX_OK)
		return 1;
	zx_thread_exit();
}
