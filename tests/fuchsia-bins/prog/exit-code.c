/* Ends with the return code that its argument says. */
#include "rt.h"

static int64_t parse(const char *text)
{
	bool negative = *text == '-';
	uint64_t value = 0;

	if (negative)
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return (int64_t)(negative ? -value : value);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		rt_print_error("usage: exit-code NUMBER\n");
		return 2;
	}
	/* Not by returning: main()'s result has 32 bits, a process's return code 64. */
	zx_process_exit(parse(argv[1]));
}
