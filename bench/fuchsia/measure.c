#include "measure.h"

#include "rt.h"

#define ROUNDS 31
#define CALLS 2000
#define SLOW_CALLS 200

double measure(void (*call)(void), int calls)
{
	zx_time_t rounds[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		zx_time_t begin = zx_clock_get_monotonic();
		zx_time_t spent;
		int j;

		for (j = 0; j < calls; j++)
			call();
		spent = zx_clock_get_monotonic() - begin;
		for (j = i; j > 0 && rounds[j - 1] > spent; j--)
			rounds[j] = rounds[j - 1];
		rounds[j] = spent;
	}
	return (double)rounds[ROUNDS / 2] / calls;
}

static void print(const char *name, double ns)
{
	rt_print("%s %llu.%02llu\n", name, (unsigned long long)ns,
		 (unsigned long long)(ns * 100) % 100);
}

void report(const char *name, void (*call)(void))
{
	print(name, measure(call, CALLS));
}

void report_slow(const char *name, void (*call)(void))
{
	print(name, measure(call, SLOW_CALLS));
}
