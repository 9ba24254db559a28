/* Writes 8 MiB of numbered lines and ends at once: nothing of it may be lost. */
#include "rt.h"

#include "format.h"

#define LINE_SIZE 64
#define LINE_COUNT (8 * 1024 * 1024 / LINE_SIZE)
#define BATCH 512

static char buffer[BATCH * LINE_SIZE];

int main(int argc, char **argv)
{
	zx_handle_t out = rt_boot__fd(1);
	uint32_t line = 0;

	(void)argc;
	(void)argv;
	while (line < LINE_COUNT) {
		char *at = buffer;
		uint32_t i;

		for (i = 0; i < BATCH; i++, line++, at += LINE_SIZE) {
			/* The end's zero byte falls on the next line, or is replaced here. */
			rt_format(at, LINE_SIZE, "%063u", line);
			at[LINE_SIZE - 1] = '\n';
		}
		if (rt_socket_write_all(out, buffer, sizeof(buffer)) != ZX_OK)
			return 1;
	}
	return 0;
}
