/* The cheapest calls: what the way to an answer costs at least. */
#include "measure.h"
#include "rt.h"

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

int main(void)
{
	report("null_call", null_call);
	report("clock_get_monotonic", clock_monotonic);
	report("ticks_get", ticks);
	report("cprng_draw_16", random_bytes);
	return 0;
}
