/* Steps until somebody else changes how many steps are left, as a debugger can. */
#include "rt.h"

static volatile int64_t left = INT64_MAX;

static __attribute__((noinline)) void step(void)
{
	left = left - 1;
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("sleeping now and then\n");
	while (left > 0) {
		step();
		zx_nanosleep(zx_clock_get_monotonic() + 10 * 1000 * 1000);
	}
	rt_print("no steps are left\n");
	return 7;
}
