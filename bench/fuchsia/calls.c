/*
 * Costs of calls, in nanoseconds: one line each, NAME VALUE. Each value is the median of ROUNDS
 * rounds of a loop.
 */
#include "rt.h"

#define ROUNDS 31
#define CALLS 2000

static void null_call(void)
{
	/* Closing no handle is a success that does nothing. */
	zx_handle_close(ZX_HANDLE_INVALID);
}

static void clock_monotonic(void)
{
	(void)zx_clock_get_monotonic();
}

static void ticks(void)
{
	(void)zx_ticks_get();
}

static void random_bytes(void)
{
	char bytes[16];

	zx_cprng_draw(bytes, sizeof(bytes));
}

static double measure(void (*call)(void))
{
	zx_time_t rounds[ROUNDS];
	int i;
	int j;

	for (i = 0; i < ROUNDS; i++) {
		zx_time_t begin = zx_clock_get_monotonic();
		zx_time_t spent;

		for (j = 0; j < CALLS; j++)
			call();
		spent = zx_clock_get_monotonic() - begin;
		for (j = i; j > 0 && rounds[j - 1] > spent; j--)
			rounds[j] = rounds[j - 1];
		rounds[j] = spent;
	}
	return (double)rounds[ROUNDS / 2] / CALLS;
}

static void report(const char *name, void (*call)(void))
{
	double ns = measure(call);

	rt_print("%s %llu.%02llu\n", name, (unsigned long long)ns,
		 (unsigned long long)(ns * 100) % 100);
}

int main(void)
{
	report("null_call", null_call);
	report("clock_get_monotonic", clock_monotonic);
	report("ticks_get", ticks);
	report("cprng_draw_16", random_bytes);
	return 0;
}
