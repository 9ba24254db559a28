/*
 * A greeting, the program's arguments, and what the kernel says about the process, its first
 * thread and the machine.
 */
#include "rt.h"

static void print_object(const char *what, zx_handle_t handle)
{
	char name[ZX_MAX_NAME_LEN];
	zx_info_handle_basic_t info;

	if (zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL) ||
	    zx_object_get_property(handle, ZX_PROP_NAME, name, sizeof(name))) {
		rt_print("  %-8s not available\n", what);
		return;
	}
	rt_print("  %-8s koid %llu, of koid %llu, rights 0x%x, named \"%s\"\n", what,
		 (unsigned long long)info.koid, (unsigned long long)info.related_koid, info.rights,
		 name);
}

static void print_machine(void)
{
	zx_string_view_t version = zx_system_get_version_string();

	rt_print("  system   version \"%.*s\", %u processors, %llu MiB of memory\n",
		 (int)version.length, version.c_str, zx_system_get_num_cpus(),
		 (unsigned long long)(zx_system_get_physmem() >> 20));
}

static void print_time(void)
{
	zx_time_t now = zx_clock_get_monotonic();

	rt_print("  clock    %lld.%06lld s, %llu ticks a second\n",
		 (long long)(now / 1000000000), (long long)(now % 1000000000 / 1000),
		 (unsigned long long)zx_ticks_per_second());
}

int main(int argc, char **argv)
{
	int i;

	rt_print("Hello from a Fuchsia program.\n");
	for (i = 0; i < argc; i++)
		rt_print("  argument %d: %s\n", i, argv[i]);
	print_object("process", rt_boot.process);
	print_object("thread", rt_boot.thread);
	print_object("job", rt_boot.job);
	print_machine();
	print_time();
	return 0;
}
