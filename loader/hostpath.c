#include "loader/hostpath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/nspath.h"
#include "loader/options.h"

/* @rest: "", or a path that begins with a slash. */
static int open_below(const char *host, const char *rest)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int error;
	int dir;
	int fd;

	rest += strspn(rest, "/");
	if (!*rest)
		return open(host, (int)how.flags);
	dir = open(host, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	do
		fd = (int)syscall(SYS_openat2, dir, rest, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	/* The kernel's word for a link that leads out of the tree. */
	if (fd < 0 && errno == EXDEV)
		errno = EACCES;
	error = errno;
	close(dir);
	errno = error;
	return fd;
}

int hostpath__open(const struct options *options, const char *path)
{
	const char *host = NULL;
	const char *at = "/pkg";
	int fd;

	if (options->pkg && nspath__below(path, at))
		host = options->pkg;
	for (size_t i = 0; !host && i < options->num_maps; i++) {
		at = options->maps[i].path;
		if (nspath__below(path, at))
			host = options->maps[i].host;
	}
	if (!host)
		return -ENOENT;
	fd = open_below(host, path + strlen(at));
	return fd < 0 ? -errno : fd;
}
