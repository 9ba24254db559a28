/* A library that is there to link with, and missing when the program runs. */
#include "absent.h"

int absent_function(void)
{
	return 1;
}
