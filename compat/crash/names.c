#include "compat/crash/names.h"

#include <libiberty/demangle.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* Of more than this the rest is left out: a few bytes can stand for a name without an end. */
#define NAME_MAX_SIZE 1020
#define CUT "..."

struct name {
	char text[NAME_MAX_SIZE + sizeof(CUT)];
	size_t used;
	jmp_buf full;
};

/* libiberty hands over a piece at a time, and takes no answer: so the end is a jump. */
static void add(const char *piece, size_t size, void *opaque)
{
	struct name *name = opaque;
	size_t room = NAME_MAX_SIZE - name->used;
	size_t fits = size < room ? size : room;

	/* An empty piece may be nowhere. */
	if (!size)
		return;
	memcpy(name->text + name->used, piece, fits);
	name->used += fits;
	if (fits < size)
		longjmp(name->full, 1);
}

/* LLVM tells local functions that it has made global by a number: no part of the name. */
static size_t own_size(const char *name)
{
	const char *suffix = strstr(name, ".llvm.");

	return suffix ? (size_t)(suffix - name) : strlen(name);
}

static int take_apart(const char *own, struct name *name)
{
	if (setjmp(name->full)) {
		memcpy(name->text + name->used, CUT, sizeof(CUT));
		return 1;
	}
	name->used = 0;
	/* First: the older names of Rust look as if they were of C++. */
	if (rust_demangle_callback(own, DMGL_PARAMS, add, name))
		return 1;
	name->used = 0;
	return cplus_demangle_v3_callback(own, DMGL_PARAMS | DMGL_ANSI, add, name);
}

char *names__readable(const char *mangled)
{
	struct name name = { .used = 0 };
	char *own;
	int known;

	if (strncmp(mangled, "_Z", 2) && strncmp(mangled, "_R", 2))
		return NULL;
	own = strndup(mangled, own_size(mangled));
	if (!own)
		return NULL;
	known = take_apart(own, &name);
	free(own);
	return known ? strdup(name.text) : NULL;
}
