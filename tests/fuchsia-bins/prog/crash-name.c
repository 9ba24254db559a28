/* Crashes under names that would command a terminal, and look like a line of zxrun's own. */
#include "rt.h"

int main(int argc, char **argv)
{
	static const char name[] = "a\033[2J\nzxrun: b";

	(void)argc;
	(void)argv;
	zx_object_set_property(rt_boot.thread, ZX_PROP_NAME, name, sizeof(name));
	zx_object_set_property(rt_boot.process, ZX_PROP_NAME, name, sizeof(name));
	__builtin_trap();
}
