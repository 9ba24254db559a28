#include "loader/nspath.h"

#include <string.h>

#define MAX_PATH 4095
#define MAX_COMPONENT 255

static int bad(struct error *error, const char *path, const char *why)
{
	return error__set(error, EXIT_ZXRUN, "--map: the program's path '%s' %s", path, why);
}

int nspath__check(const char *path, struct error *error)
{
	const char *part = path;

	if (*path != '/')
		return bad(error, path, "is not absolute; let it begin with '/'");
	if (!path[1])
		return bad(error, path, "is all of the namespace; name a directory below it");
	if (strlen(path) > MAX_PATH)
		return bad(error, path, "is too long");
	while (*part) {
		size_t len = strcspn(++part, "/");

		if (!len)
			return bad(error, path, "has an empty component");
		if (len > MAX_COMPONENT)
			return bad(error, path, "has a component of more than 255 bytes");
		if (!strncmp(part, ".", len) || (len == 2 && !strncmp(part, "..", 2)))
			return bad(error, path, "must not hold '.' or '..'");
		part += len;
	}
	return 0;
}

bool nspath__below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}
