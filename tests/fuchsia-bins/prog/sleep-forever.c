/* Says that it runs, and sleeps until it is killed. */
#include "rt.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("sleeping\n");
	zx_nanosleep(ZX_TIME_INFINITE);
	rt_print("FAIL: woke up\n");
	return 1;
}
