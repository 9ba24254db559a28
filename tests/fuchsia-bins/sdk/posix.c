/* What test suites of language runtimes ask of files in /tmp, where files.c stops. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define DIR_PATH "/tmp/posix"
#define NAME_LENGTH_MAX 255
#define DEPTH 40
#define ENTRIES 1000

static char buffer[16384];

static const char *path_of(const char *name)
{
	static char paths[4][sizeof(DIR_PATH) + 320];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), DIR_PATH "/%s", name);
	return path;
}

/* A new file with the text as its contents, open for reading and writing. */
static int make_file(const char *name, const char *text)
{
	int fd = open(path_of(name), O_RDWR | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static void open_flags(void)
{
	int fd = make_file("file", "abc");

	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(open(path_of("file"), O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open(path_of("none/file"), O_RDWR | O_CREAT, 0644), ENOENT);
	CHECK_ERRNO(open(DIR_PATH, O_RDWR), EISDIR);
	fd = open(path_of("file"), O_RDWR | O_APPEND);
	CHECK_EQ(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(write(fd, "def", 3), 3);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(pread(fd, buffer, 10, 0), 6);
	CHECK(!memcmp(buffer, "abcdef", 6));
	CHECK_EQ(close(fd), 0);
	fd = open(path_of("file"), O_RDONLY);
	CHECK_ERRNO(write(fd, "x", 1), EBADF);
	CHECK_EQ(ftruncate(fd, 1), -1);
	CHECK_EQ(close(fd), 0);
	fd = open(path_of("file"), O_WRONLY);
	CHECK_ERRNO(read(fd, buffer, 1), EBADF);
	CHECK_EQ(close(fd), 0);
	fd = open(DIR_PATH, O_RDONLY | O_DIRECTORY);
	CHECK_EQ(close(openat(fd, "file", O_RDONLY)), 0);
	CHECK_EQ(unlinkat(fd, "file", 0), 0);
	CHECK_EQ(close(fd), 0);
}

static void attributes(void)
{
	struct timespec times[2] = { { 1000000, 0 }, { 1234567, 500000000 } };
	time_t now = time(NULL);
	struct stat other;
	struct stat st;
	int fd = make_file("file", "hello");

	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 5);
	CHECK(st.st_blocks * 512 >= 5);
	CHECK_EQ(st.st_nlink, 1);
	CHECK(llabs((long long)st.st_mtime - now) <= 2);
	CHECK_EQ(futimens(fd, times), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mtim.tv_sec, 1234567);
	CHECK_EQ(st.st_mtim.tv_nsec, 500000000);
	times[1].tv_nsec = UTIME_OMIT;
	CHECK_EQ(futimens(fd, times), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mtim.tv_sec, 1234567);
	times[1] = (struct timespec){ 8, 9 };
	CHECK_EQ(utimensat(AT_FDCWD, path_of("file"), times, 0), 0);
	CHECK_EQ(stat(path_of("file"), &st), 0);
	CHECK_EQ(st.st_mtim.tv_sec, 8);
	CHECK_EQ(st.st_mtim.tv_nsec, 9);
	CHECK_EQ(fsync(fd), 0);
	CHECK_EQ(link(path_of("file"), path_of("link")), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(stat(path_of("link"), &other), 0);
	CHECK_EQ(other.st_nlink, 2);
	CHECK_EQ(other.st_ino, st.st_ino);
	CHECK_ERRNO(link(path_of("file"), path_of("link")), EEXIST);
	CHECK_EQ(unlink(path_of("link")), 0);
	CHECK_EQ(unlink(path_of("file")), 0);
	CHECK_EQ(close(fd), 0);
}

static void sizes(void)
{
	struct stat st;
	int fd = make_file("file", "");

	CHECK_EQ(ftruncate(fd, 10000), 0);
	CHECK_EQ(pread(fd, buffer, 100, 9990), 10);
	CHECK_EQ(pwrite(fd, "zz", 2, 4095), 2);
	CHECK_EQ(ftruncate(fd, 4096), 0);
	CHECK_EQ(ftruncate(fd, 5000), 0);
	CHECK_EQ(pread(fd, buffer, 3, 4095), 3);
	CHECK(!memcmp(buffer, "z\0", 3));
	CHECK_EQ(lseek(fd, 100, SEEK_END), 5100);
	CHECK_EQ(read(fd, buffer, 1), 0);
	CHECK_EQ(write(fd, "q", 1), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 5101);
	CHECK_EQ(pread(fd, buffer, 2, 5050), 2);
	CHECK(!memcmp(buffer, "\0", 2));
	CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
	CHECK_ERRNO(lseek(fd, -6000, SEEK_END), EINVAL);
	CHECK_EQ(ftruncate(fd, 1ll << 62), -1);
	CHECK_EQ(pwrite(fd, "x", 1, 1ll << 50), -1);
	CHECK_EQ(truncate(path_of("file"), 3), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 3);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink(path_of("file")), 0);
}

static void vectors(void)
{
	struct iovec out[3] = { { "ab", 2 }, { "", 0 }, { "cde", 3 } };
	struct iovec in[2] = { { buffer, 2 }, { buffer + 10, 3 } };
	int fd = make_file("file", "");

	CHECK_EQ(writev(fd, out, 3), 5);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(readv(fd, in, 2), 5);
	CHECK(!memcmp(buffer, "ab", 2) && !memcmp(buffer + 10, "cde", 3));
	CHECK_EQ(preadv(fd, in, 2, 1), 4);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink(path_of("file")), 0);
}

static void renaming_files(void)
{
	struct stat st;
	int old_fd = make_file("old", "A");
	int new_fd = make_file("new", "BB");

	CHECK_EQ(rename(path_of("old"), path_of("new")), 0);
	CHECK_EQ(stat(path_of("new"), &st), 0);
	CHECK_EQ(st.st_size, 1);
	CHECK_ERRNO(stat(path_of("old"), &st), ENOENT);
	/* Who has the replaced file open keeps it. */
	CHECK_EQ(pread(new_fd, buffer, 10, 0), 2);
	CHECK_EQ(write(new_fd, "C", 1), 1);
	CHECK_EQ(close(old_fd), 0);
	CHECK_EQ(close(new_fd), 0);
	CHECK_EQ(rename(path_of("new"), path_of("new")), 0);
	CHECK_ERRNO(rename(path_of("old"), path_of("new")), ENOENT);
	CHECK_EQ(unlink(path_of("new")), 0);
	new_fd = make_file("gone", "12345");
	CHECK_EQ(unlink(path_of("gone")), 0);
	CHECK_EQ(write(new_fd, "6", 1), 1);
	CHECK_EQ(fstat(new_fd, &st), 0);
	CHECK_EQ(st.st_size, 6);
	CHECK_EQ(close(new_fd), 0);
}

static void renaming_directories(void)
{
	struct stat st;

	CHECK_EQ(mkdir(path_of("a"), 0755), 0);
	CHECK_EQ(mkdir(path_of("b"), 0755), 0);
	CHECK_EQ(close(make_file("a/x", "")), 0);
	CHECK_EQ(close(make_file("file", "")), 0);
	CHECK_EQ(rename(path_of("file"), path_of("a")), -1);
	CHECK_EQ(rename(path_of("a"), path_of("file")), -1);
	CHECK_EQ(rename(path_of("a"), path_of("b")), 0);
	CHECK_EQ(stat(path_of("b/x"), &st), 0);
	CHECK_EQ(mkdir(path_of("a"), 0755), 0);
	CHECK_ERRNO(rename(path_of("a"), path_of("b")), ENOTEMPTY);
	CHECK_ERRNO(rename(path_of("b"), path_of("b/below")), EINVAL);
	CHECK_EQ(rename(path_of("b"), path_of("a/c")), 0);
	CHECK_ERRNO(rmdir(path_of("a")), ENOTEMPTY);
	CHECK_EQ(unlink(path_of("a/c/x")), 0);
	CHECK_EQ(rmdir(path_of("a/c")), 0);
	CHECK_EQ(rmdir(path_of("a")), 0);
	CHECK_EQ(unlink(path_of("file")), 0);
}

static void long_names(void)
{
	char path[2048] = DIR_PATH;
	char cwd[sizeof(path)];
	char name[NAME_LENGTH_MAX + 2];
	int i;

	memset(name, 'n', sizeof(name));
	name[NAME_LENGTH_MAX + 1] = '\0';
	CHECK_ERRNO(open(path_of(name), O_CREAT | O_RDWR, 0644), ENAMETOOLONG);
	CHECK_ERRNO(mkdir(path_of(name), 0755), ENAMETOOLONG);
	name[NAME_LENGTH_MAX] = '\0';
	CHECK_EQ(close(make_file(name, "x")), 0);
	CHECK_EQ(unlink(path_of(name)), 0);
	for (i = 0; i < DEPTH; i++) {
		strcat(path, "/below");
		CHECK_EQ(mkdir(path, 0755), 0);
	}
	CHECK_EQ(chdir(path), 0);
	CHECK_STR(getcwd(cwd, sizeof(cwd)), path);
	CHECK_EQ(close(open("relative", O_CREAT | O_RDWR, 0644)), 0);
	CHECK_EQ(unlink("relative"), 0);
	CHECK_EQ(chdir("/"), 0);
	for (; i > 0; i--) {
		CHECK_EQ(rmdir(path), 0);
		*strrchr(path, '/') = '\0';
	}
}

/* Each entry is seen once, also while they are removed on the way. */
static void many_entries(void)
{
	static char seen[ENTRIES];
	struct dirent *entry;
	char name[16];
	int count = 0;
	DIR *dir;

	for (int i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "e%d", i);
		CHECK_EQ(close(make_file(name, "")), 0);
	}
	dir = opendir(DIR_PATH);
	if (!CHECK(dir))
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != 'e')
			continue;
		CHECK_EQ(entry->d_type, DT_REG);
		CHECK_EQ(seen[atoi(entry->d_name + 1)]++, 0);
	}
	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != 'e')
			continue;
		CHECK_EQ(unlink(path_of(entry->d_name)), 0);
		count++;
	}
	CHECK_EQ(count, ENTRIES);
	CHECK_EQ(closedir(dir), 0);
}

static void descriptors(void)
{
	int fd = make_file("file", "abc");
	int copy;

	CHECK_EQ(dup2(fd, 50), 50);
	CHECK_EQ(lseek(50, 0, SEEK_CUR), 3);
	CHECK_EQ(close(fd), 0);
	copy = fcntl(50, F_DUPFD, 60);
	CHECK(copy >= 60);
	CHECK_EQ(fcntl(copy, F_GETFD), 0);
	CHECK_EQ(fcntl(copy, F_SETFD, FD_CLOEXEC), 0);
	CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(close(copy), 0);
	CHECK_EQ(fcntl(50, F_SETFL, O_APPEND), 0);
	CHECK_EQ(lseek(50, 0, SEEK_SET), 0);
	CHECK_EQ(write(50, "d", 1), 1);
	CHECK_EQ(pread(50, buffer, 10, 0), 4);
	CHECK(!memcmp(buffer, "abcd", 4));
	CHECK_EQ(close(50), 0);
	CHECK_ERRNO(read(50, buffer, 1), EBADF);
	CHECK_ERRNO(dup(50), EBADF);
	CHECK_EQ(unlink(path_of("file")), 0);
}

static void temporary_files(void)
{
	char file_name[] = DIR_PATH "/fileXXXXXX";
	char dir_name[] = DIR_PATH "/dirXXXXXX";
	FILE *file = tmpfile();
	int fd;

	if (!CHECK(file))
		return;
	CHECK(fputs("x", file) >= 0);
	rewind(file);
	CHECK_EQ(fgetc(file), 'x');
	CHECK_EQ(fclose(file), 0);
	fd = mkstemp(file_name);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink(file_name), 0);
	CHECK(mkdtemp(dir_name));
	CHECK_EQ(rmdir(dir_name), 0);
}

/* Fuchsia has none of these. */
static void absent(void)
{
	CHECK_ERRNO(fork(), ENOSYS);
	CHECK(!popen("true", "r"));
	CHECK_EQ(symlink("file", path_of("link")), -1);
}

int main(void)
{
	CHECK_EQ(mkdir(DIR_PATH, 0755), 0);
	RUN(open_flags);
	RUN(attributes);
	RUN(sizes);
	RUN(vectors);
	RUN(renaming_files);
	RUN(renaming_directories);
	RUN(long_names);
	RUN(many_entries);
	RUN(descriptors);
	RUN(temporary_files);
	RUN(absent);
	CHECK_EQ(rmdir(DIR_PATH), 0);
	return check_result();
}
