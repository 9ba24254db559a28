#include "compat/crash/names.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static char *(*demangle)(const char *name, char *buffer, size_t *size, int *status);

void names__init(void)
{
	/* C++ is the only one who needs it, so it may be absent. */
	void *library = dlopen("libstdc++.so.6", RTLD_NOW);

	if (library)
		demangle = (char *(*)(const char *, char *, size_t *, int *))dlsym(
			library, "__cxa_demangle");
}

/* LLVM tells local functions that it has made global by a number: no part of the name. */
static size_t own_size(const char *name)
{
	const char *suffix = strstr(name, ".llvm.");

	return suffix ? (size_t)(suffix - name) : strlen(name);
}

char *names__readable(const char *name)
{
	char *own;
	char *text;
	int status = 0;

	if (!strncmp(name, "_R", 2))
		return rust__readable(name);
	if (!demangle || strncmp(name, "_Z", 2))
		return NULL;
	own = strndup(name, own_size(name));
	text = own ? demangle(own, NULL, NULL, &status) : NULL;
	free(own);
	if (text)
		rust__make_readable(text);
	return text;
}
