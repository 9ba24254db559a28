/*
 * Crashes under the name that the argument says: one that would command a terminal, looks like a
 * line of zxrun's own, or is a way to another folder.
 */
#include "rt.h"
#include "string.h"

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	zx_object_set_property(rt_boot.thread, ZX_PROP_NAME, name, strlen(name));
	zx_object_set_property(rt_boot.process, ZX_PROP_NAME, name, strlen(name));
	__builtin_trap();
}
