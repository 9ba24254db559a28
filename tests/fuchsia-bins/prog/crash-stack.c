/* Recurses until the stack is used up. */
#include "rt.h"

static volatile uint64_t depth;

static __attribute__((noinline)) uint64_t recurse(uint64_t value)
{
	volatile uint8_t frame[1024];

	frame[value % sizeof(frame)] = (uint8_t)value;
	/* An end that is never reached, so that the compiler lets it pass. */
	if (++depth == UINT64_MAX)
		return 0;
	return recurse(value + 1) + frame[value % sizeof(frame)];
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("about to crash\n");
	rt_print("FAIL: survived with %llu\n", (unsigned long long)recurse(depth));
	return 1;
}
