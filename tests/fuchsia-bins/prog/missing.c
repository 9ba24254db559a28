/*
 * Needs a function of a library. Built twice: at run time that library is absent, or lacks the
 * function.
 */
#include "absent.h"

#include "rt.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("must not get here\n");
	return absent_function();
}
