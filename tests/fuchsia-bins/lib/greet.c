/* libgreet.so: needs libcount.so; has relocations of every kind that the interpreter knows. */
#include "testlibs.h"

#include <zircon/syscalls.h>

/* Pointers into the library itself (RELATIVE), in data that is read-only once relocated. */
static const char *const greetings[] = { "Hello", "Hallo", "Hei" };

/* Pointers to what another object defines (R_X86_64_64). */
int *const greet_counter = &count_value;
int (*const greet_function)(void) = count_next;

/* The program has a function of this name too, and comes first when names are looked up. */
const char *greet_origin(void)
{
	return "library";
}

const char *greet_origin_seen(void)
{
	return greet_origin();
}

const char *greet_word(unsigned int index)
{
	return greetings[index % (sizeof(greetings) / sizeof(greetings[0]))];
}

zx_time_t greet_time(void)
{
	return zx_clock_get_monotonic();
}
