/* The program's package: readable at /pkg, and not writable. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static void reading(void)
{
	char line[64] = "";
	FILE *file = fopen("/pkg/data/greeting", "r");

	if (!CHECK(file))
		return;
	CHECK(fgets(line, sizeof(line), file));
	CHECK_STR(line, "Hello from the package.\n");
	CHECK(!fgets(line, sizeof(line), file));
	CHECK_EQ(fclose(file), 0);
}

static void listing(void)
{
	struct dirent *entry;
	DIR *dir = opendir("/pkg");
	int seen = 0;

	if (!CHECK(dir))
		return;
	while ((entry = readdir(dir)))
		if (!strcmp(entry->d_name, "data"))
			seen = 1;
	CHECK(seen);
	CHECK_EQ(closedir(dir), 0);
}

static void writing(void)
{
	CHECK_EQ(open("/pkg/data/greeting", O_RDWR), -1);
	CHECK_EQ(open("/pkg/new", O_RDWR | O_CREAT, 0644), -1);
	CHECK_ERRNO(open("/pkg/data/greeting", O_WRONLY | O_TRUNC), EACCES);
	CHECK_EQ(unlink("/pkg/data/greeting"), -1);
	CHECK_EQ(rename("/pkg/data/greeting", "/pkg/data/other"), -1);
	CHECK_EQ(rename("/pkg/data/greeting", "/tmp/other"), -1);
	CHECK_EQ(link("/pkg/data/greeting", "/pkg/data/other"), -1);
	CHECK_EQ(truncate("/pkg/data/greeting", 1), -1);
	CHECK_ERRNO(mkdir("/pkg/folder", 0755), EACCES);
	CHECK_EQ(access("/pkg/data/greeting", R_OK), 0);
}

/* Nothing above the folder can be had, whatever the path says. */
static void outside(void)
{
	CHECK_EQ(open("/pkg/../../../../../../etc/passwd", O_RDONLY), -1);
	CHECK_EQ(open("/etc/passwd", O_RDONLY), -1);
}

int main(void)
{
	RUN(reading);
	RUN(listing);
	RUN(writing);
	RUN(outside);
	return check_result();
}
