/* Files and directories in /tmp. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char buffer[100000];

static void read_and_write(void)
{
	int fd = open("/tmp/file", O_RDWR | O_CREAT | O_EXCL, 0644);

	if (!CHECK(fd >= 0))
		return;
	CHECK_EQ(write(fd, "hello world", 11), 11);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 11);
	CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
	CHECK_EQ(read(fd, buffer, sizeof(buffer)), 5);
	CHECK(!memcmp(buffer, "world", 5));
	CHECK_EQ(read(fd, buffer, sizeof(buffer)), 0);
	CHECK_EQ(pwrite(fd, "J", 1, 0), 1);
	CHECK_EQ(pread(fd, buffer, 5, 0), 5);
	CHECK(!memcmp(buffer, "Jello", 5));
	CHECK_EQ(lseek(fd, -1, SEEK_END), 10);
	CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(close(fd), EBADF);
	CHECK_ERRNO(open("/tmp/file", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERRNO(open("/tmp/missing", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("/nowhere/missing", O_RDONLY), ENOENT);
}

static void size_and_attributes(void)
{
	struct stat st;
	int fd = open("/tmp/file", O_RDWR);

	if (!CHECK(fd >= 0))
		return;
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 11);
	CHECK(S_ISREG(st.st_mode));
	CHECK_EQ(ftruncate(fd, 3), 0);
	CHECK_EQ(stat("/tmp/file", &st), 0);
	CHECK_EQ(st.st_size, 3);
	CHECK_EQ(ftruncate(fd, 20), 0);
	CHECK_EQ(pread(fd, buffer, 20, 0), 20);
	CHECK(!memcmp(buffer, "Jel\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20));
	CHECK_EQ(stat("/tmp", &st), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_ERRNO(stat("/tmp/missing", &st), ENOENT);
	CHECK_EQ(close(fd), 0);
}

static void appending(void)
{
	struct stat st;
	int fd = open("/tmp/file", O_WRONLY | O_TRUNC);

	CHECK_EQ(write(fd, "one", 3), 3);
	CHECK_EQ(close(fd), 0);
	fd = open("/tmp/file", O_WRONLY | O_APPEND);
	CHECK_EQ(write(fd, "two", 3), 3);
	CHECK_EQ(read(fd, buffer, 1), -1);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(stat("/tmp/file", &st), 0);
	CHECK_EQ(st.st_size, 6);
}

/* More than one message can carry. */
static void large(void)
{
	int fd = open("/tmp/large", O_RDWR | O_CREAT, 0644);
	size_t i;

	for (i = 0; i < sizeof(buffer); i++)
		buffer[i] = (char)(i % 251);
	CHECK_EQ(write(fd, buffer, sizeof(buffer)), sizeof(buffer));
	memset(buffer, 0, sizeof(buffer));
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(read(fd, buffer, sizeof(buffer)), sizeof(buffer));
	for (i = 0; i < sizeof(buffer) && buffer[i] == (char)(i % 251); i++)
		;
	CHECK_EQ(i, sizeof(buffer));
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/tmp/large"), 0);
}

static void names(void)
{
	struct stat st;

	CHECK_EQ(rename("/tmp/file", "/tmp/renamed"), 0);
	CHECK_ERRNO(stat("/tmp/file", &st), ENOENT);
	CHECK_EQ(stat("/tmp/renamed", &st), 0);
	CHECK_EQ(link("/tmp/renamed", "/tmp/linked"), 0);
	CHECK_EQ(stat("/tmp/linked", &st), 0);
	CHECK_EQ(st.st_size, 6);
	CHECK_EQ(unlink("/tmp/renamed"), 0);
	CHECK_EQ(stat("/tmp/linked", &st), 0);
	CHECK_EQ(unlink("/tmp/linked"), 0);
	CHECK_ERRNO(unlink("/tmp/linked"), ENOENT);
}

static int count_entries(const char *path, const char *name, int *seen)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int count = 0;

	*seen = 0;
	if (!CHECK(dir))
		return -1;
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			count++;
		if (!strcmp(entry->d_name, name))
			*seen = 1;
	}
	CHECK_EQ(closedir(dir), 0);
	return count;
}

static void directories(void)
{
	char path[64];
	int seen, i;

	CHECK_EQ(mkdir("/tmp/dir", 0755), 0);
	CHECK_ERRNO(mkdir("/tmp/dir", 0755), EEXIST);
	CHECK_EQ(count_entries("/tmp/dir", "x", &seen), 0);
	/* More entries than one answer holds. */
	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/tmp/dir/an-entry-with-a-long-name-%d", i);
		CHECK_EQ(close(open(path, O_CREAT | O_RDWR, 0644)), 0);
	}
	CHECK_EQ(count_entries("/tmp/dir", "an-entry-with-a-long-name-299", &seen), 300);
	CHECK(seen);
	CHECK_EQ(rmdir("/tmp/dir"), -1);
	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/tmp/dir/an-entry-with-a-long-name-%d", i);
		CHECK_EQ(unlink(path), 0);
	}
	CHECK_EQ(rmdir("/tmp/dir"), 0);
	CHECK_ERRNO(rmdir("/tmp/dir"), ENOENT);
}

static void working_directory(void)
{
	char path[64];
	int fd;

	CHECK_EQ(mkdir("/tmp/here", 0755), 0);
	CHECK_EQ(chdir("/tmp/here"), 0);
	CHECK_STR(getcwd(path, sizeof(path)), "/tmp/here");
	fd = open("relative", O_CREAT | O_RDWR, 0644);
	CHECK(fd >= 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(access("/tmp/here/relative", F_OK), 0);
	CHECK_EQ(unlink("relative"), 0);
	CHECK_EQ(chdir("/"), 0);
	CHECK_EQ(rmdir("/tmp/here"), 0);
}

static void standard_io(void)
{
	FILE *file = fopen("/tmp/stdio", "w+");
	int number = 0;

	if (!CHECK(file))
		return;
	CHECK(fprintf(file, "number %d\n", 77) > 0);
	rewind(file);
	CHECK_EQ(fscanf(file, "number %d", &number), 1);
	CHECK_EQ(number, 77);
	CHECK_EQ(fclose(file), 0);
	CHECK_EQ(remove("/tmp/stdio"), 0);
}

static void duplicates(void)
{
	int fd = open("/tmp/dup", O_CREAT | O_RDWR, 0644);
	int copy = dup(fd);

	CHECK(copy > fd);
	CHECK_EQ(write(fd, "ab", 2), 2);
	/* One file position for both. */
	CHECK_EQ(write(copy, "cd", 2), 2);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(pread(copy, buffer, 10, 0), 4);
	CHECK(!memcmp(buffer, "abcd", 4));
	CHECK_EQ(close(copy), 0);
	CHECK_EQ(unlink("/tmp/dup"), 0);
}

int main(void)
{
	RUN(read_and_write);
	RUN(size_and_attributes);
	RUN(appending);
	RUN(large);
	RUN(names);
	RUN(directories);
	RUN(working_directory);
	RUN(standard_io);
	RUN(duplicates);
	return check_result();
}
