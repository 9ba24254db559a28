/* Loading a library at run time. */
#include <dlfcn.h>

#include "check.h"

static void plugin(void)
{
	void *library = dlopen("libplugin.so", RTLD_NOW | RTLD_LOCAL);
	int (*add)(int a, int b);
	int *value;

	if (!library)
		printf("%s\n", dlerror());
	if (!CHECK(library))
		return;
	add = (int (*)(int, int))dlsym(library, "plugin_add");
	value = dlsym(library, "plugin_value");
	if (!CHECK(add) || !CHECK(value))
		return;
	CHECK_EQ(*value, 30);
	CHECK_EQ(add(1, 2), 7);
	CHECK_EQ(add(1, 2), 8);
	CHECK(!dlsym(library, "plugin_missing"));
	CHECK(dlerror());
	CHECK(dlopen("libplugin.so", RTLD_NOW | RTLD_LOCAL) == library);
	CHECK_EQ(dlclose(library), 0);
}

static void missing(void)
{
	CHECK(!dlopen("libmissing.so", RTLD_NOW | RTLD_LOCAL));
	CHECK(dlerror());
}

int main(void)
{
	RUN(plugin);
	RUN(missing);
	return check_result();
}
