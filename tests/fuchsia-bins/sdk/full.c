/* A file system without room: run with --tmp-size=1M. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define ROOM (1 << 20)

static char block[8192];

static void writing(void)
{
	struct stat st;
	int fd = open("/tmp/file", O_RDWR | O_CREAT, 0644);

	for (int i = 0; i < ROOM; i += (int)sizeof(block))
		CHECK_EQ(write(fd, block, sizeof(block)), sizeof(block));
	CHECK_ERRNO(write(fd, block, sizeof(block)), ENOSPC);
	CHECK_ERRNO(ftruncate(fd, 2 * ROOM), ENOSPC);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, ROOM);
	/* What is given back can be used again. */
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(pwrite(fd, block, sizeof(block), ROOM - sizeof(block)), sizeof(block));
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/tmp/file"), 0);
}

static void standard_io(void)
{
	FILE *file = fopen("/tmp/stdio", "w");
	int i = 0;

	if (!CHECK(file))
		return;
	while (i < 2 * ROOM && fwrite(block, sizeof(block), 1, file) == 1)
		i += (int)sizeof(block);
	CHECK(i <= ROOM);
	CHECK_EQ(errno, ENOSPC);
	CHECK(ferror(file));
	fclose(file);
	CHECK_EQ(unlink("/tmp/stdio"), 0);
}

int main(void)
{
	RUN(writing);
	RUN(standard_io);
	return check_result();
}
