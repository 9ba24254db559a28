#include "loader/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Covers the program headers of every linker, and all of a small program, in one read. */
#define FIRST_READ 65536u

/* More than that of code and data no program has; a sparse file could claim it. */
#define MAX_NEEDED (4ull << 30)

const char *path__base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int open_failed(const char *path, int err, struct error *error)
{
	switch (err) {
	case ENOENT:
		return error__set(error, EXIT_NOT_FOUND, "%s: no such file", path);
	case ENOTDIR:
		return error__set(error, EXIT_NOT_FOUND,
				  "%s: no such file (a folder in front of it is a file)", path);
	case EACCES:
	case EPERM:
		return error__set(error, EXIT_NO_EXEC, "%s: not readable for this user", path);
	default:
		return error__set(error, EXIT_NO_EXEC, "%s: %s", path, strerror(err));
	}
}

/* Reads up to @size bytes at @offset; how many it were, or -1 with errno. */
static ssize_t read_at(int fd, char *buffer, size_t size, off_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(fd, buffer + done, size - done, offset + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		done += got;
	}
	return (ssize_t)done;
}

/*
 * The beginning of the file, as far as reading it takes, as memory of ours: a mapping would
 * fault where somebody cuts the file off meanwhile.
 */
static int read_bytes(struct program_file *file, uint64_t file_size, char **out_data,
		      size_t *out_size, struct error *error)
{
	size_t size = file_size < FIRST_READ ? file_size : FIRST_READ;
	char *data = malloc(size ? size : 1), *bigger;
	uint64_t needed;
	ssize_t got, more;

	if (!data)
		goto no_memory;
	got = read_at(file->fd, data, size, 0);
	if (got < 0)
		goto failed;
	needed = elf__needed(data, got, file_size);
	if (needed > MAX_NEEDED) {
		free(data);
		return error__set(error, EXIT_NO_EXEC, "%s: %llu bytes of program; zxrun takes at "
				  "most %llu", file->path, (unsigned long long)needed, MAX_NEEDED);
	}
	if ((size_t)got == size && needed > size) {
		bigger = realloc(data, needed);
		if (!bigger)
			goto no_memory;
		data = bigger;
		more = read_at(file->fd, data + size, needed - size, (off_t)size);
		if (more < 0)
			goto failed;
		got += more;
	}
	*out_data = data;
	*out_size = got;
	return 0;
failed:
	open_failed(file->path, errno, error);
	free(data);
	return -1;
no_memory:
	free(data);
	return error__set(error, EXIT_ZXRUN, "%s: out of memory while reading it", file->path);
}

static int read_file(struct program_file *file, struct error *error)
{
	struct stat st;
	char *data = NULL;
	size_t size = 0;
	int err;

	if (fstat(file->fd, &st))
		return open_failed(file->path, errno, error);
	if (S_ISDIR(st.st_mode))
		return error__set(error, EXIT_NO_EXEC, "%s: a folder, not a program", file->path);
	if (!S_ISREG(st.st_mode))
		return error__set(error, EXIT_NO_EXEC, "%s: not a regular file", file->path);
	if (read_bytes(file, st.st_size, &data, &size, error))
		return -1;
	err = elf_image__parse(&file->image, data, size, file->path, error);
	free(data);
	if (err)
		return err;
	if (elf_image__check_entry(&file->image, file->path, error)) {
		elf_image__free(&file->image);
		return -1;
	}
	return 0;
}

int program_file__open(struct program_file *file, const char *path, struct error *error)
{
	memset(file, 0, sizeof(*file));
	/* Not to block in open() where the path names a pipe that nobody writes to. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0)
		return open_failed(path, errno, error);
	file->path = strdup(path);
	if (!file->path) {
		close(file->fd);
		return error__set(error, EXIT_ZXRUN, "%s: out of memory while reading it", path);
	}
	if (read_file(file, error)) {
		close(file->fd);
		free(file->path);
		return -1;
	}
	return 0;
}

void program_file__close(struct program_file *file)
{
	elf_image__free(&file->image);
	close(file->fd);
	free(file->path);
}
