#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abigen.h"

static bool fail(const char *path)
{
	fprintf(stderr, "abigen: %s: %s\n", path, strerror(errno));
	return false;
}

static bool read_all(FILE *in, struct source *src)
{
	size_t room = 0;

	do {
		if (room - src->len < 2) {
			room = room ? 2 * room : 16384;
			src->text = xrealloc(src->text, room);
		}
		src->len += fread(src->text + src->len, 1, room - src->len - 1, in);
	} while (!feof(in) && !ferror(in));
	src->text[src->len] = '\0';
	return !ferror(in);
}

struct source *source_read(const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	struct source *src = xcalloc(1, sizeof(*src));
	FILE *in = is_stdin ? stdin : fopen(path, "r");

	src->path = xstrndup(is_stdin ? "<stdin>" : path, strlen(path) + 7);
	if (!in || !read_all(in, src)) {
		fail(path);
		if (in && !is_stdin)
			fclose(in);
		source_free(src);
		return NULL;
	}
	if (!is_stdin)
		fclose(in);
	return src;
}

void source_free(struct source *src)
{
	free(src->text);
	free(src->path);
	free(src);
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* True when the file at the destination, of @size bytes, is what would be written. */
static bool has_text(const struct out_file *file, off_t size)
{
	struct source *src;
	bool same;

	if ((size_t)size != file->len || access(file->path, R_OK))
		return false;
	src = source_read(file->path);
	same = src && src->len == file->len && !memcmp(src->text, file->text, file->len);
	if (src)
		source_free(src);
	return same;
}

bool out_file_stage(struct out_file *file)
{
	static const char suffix[] = ".XXXXXX";
	size_t len = strlen(file->path);
	struct stat st;
	mode_t mask;
	int fd;

	if (!strcmp(file->path, "-"))
		return true;
	if (!stat(file->path, &st)) {
		/* Devices and pipes cannot be replaced by renaming; their turn is last. */
		if (!S_ISREG(st.st_mode))
			return true;
		/* To make and remove hundreds of files takes longer than all the rest. */
		file->same = has_text(file, st.st_size);
		if (file->same)
			return true;
	}
	file->temp = xcalloc(1, len + sizeof(suffix));
	memcpy(file->temp, file->path, len);
	memcpy(file->temp + len, suffix, sizeof(suffix));
	fd = mkstemp(file->temp);
	if (fd < 0) {
		fail(file->path);
		free(file->temp);
		file->temp = NULL;
		return false;
	}
	/* mkstemp() makes private files; outputs are ordinary ones. */
	mask = umask(0);
	umask(mask);
	if (fchmod(fd, 0666 & ~mask) || !write_all(fd, file->text, file->len)) {
		fail(file->path);
		close(fd);
		return false;
	}
	return !close(fd) || fail(file->path);
}

static bool write_in_place(const struct out_file *file)
{
	bool is_stdout = !strcmp(file->path, "-");
	FILE *out = is_stdout ? stdout : fopen(file->path, "w");
	bool ok;

	if (!out)
		return fail(file->path);
	fwrite(file->text, 1, file->len, out);
	ok = !fflush(out) && !ferror(out);
	if (!is_stdout)
		ok = !fclose(out) && ok;
	return ok || fail(is_stdout ? "standard output" : file->path);
}

bool out_file_commit(struct out_file *file)
{
	if (file->same) {
		/* For make. If it cannot be, the file is right all the same. */
		utimensat(AT_FDCWD, file->path, NULL, 0);
		return true;
	}
	if (!file->temp)
		return write_in_place(file);
	if (rename(file->temp, file->path))
		return fail(file->path);
	free(file->temp);
	file->temp = NULL;
	return true;
}

void out_file_discard(struct out_file *file)
{
	if (file->temp)
		unlink(file->temp);
	free(file->temp);
	free(file->text);
	file->temp = NULL;
	file->text = NULL;
}
