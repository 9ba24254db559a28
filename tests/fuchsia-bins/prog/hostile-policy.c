/*
 * Tries to get around an exception that a call has raised: it is to be raised when the thread leaves
 * the call, and another thread takes away what would have it do so.
 */
#include <zxabi/layout.h>

#include "rt.h"

#define SLOTS 8u
#define MESSAGES 20000

static struct rt_thread thread;

static void clear_stops(void *arg)
{
	(void)arg;
	for (;;) {
		for (uint64_t i = 0; i < SLOTS; i++) {
			volatile struct zxabi_slot *slot =
				(void *)(ZXABI_SLOTS + i * ZXABI_SLOT_SIZE);

			slot->stop = 0;
		}
	}
}

int main(void)
{
	zx_handle_t ends[2];

	if (zx_channel_create(0, &ends[0], &ends[1]) != ZX_OK ||
	    rt_thread__start(&thread, "clear", clear_stops, NULL) != ZX_OK)
		return 1;
	for (int i = 0; i < MESSAGES; i++)
		zx_channel_write(ends[0], 0, NULL, 0, NULL, 0);
	rt_print("a queue without end\n");
	return 2;
}
