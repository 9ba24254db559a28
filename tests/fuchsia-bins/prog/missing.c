/* Needs a function of a library; built once against one that is absent, once against one that lacks it. */
#include "absent.h"

#include "rt.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	rt_print("must not get here\n");
	return absent_function();
}
