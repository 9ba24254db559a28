/* A library that a program loads while it runs. */
#include <stdio.h>

int plugin_add(int a, int b);

int plugin_value = 30;

static __thread int plugin_own = 4;

__attribute__((constructor)) static void loaded(void)
{
	printf("plugin loaded\n");
}

int plugin_add(int a, int b)
{
	return a + b + plugin_own++;
}
