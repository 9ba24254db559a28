/* libcount.so: data and functions that another library and the program share. */
#include "testlibs.h"

int count_value = 40;

/* Only a constructor sets it, so that a program can see whether that ran. */
int count_constructed;

__attribute__((constructor)) static void construct(void)
{
	count_constructed = 1;
}

int count_next(void)
{
	return ++count_value;
}
