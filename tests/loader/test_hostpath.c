/* Host files by the paths that programs know them by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "loader/hostpath.h"
#include "loader/options.h"

static char root[4096];

static int make_root(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(root, sizeof(root), "%s/zxrun-test-XXXXXX", parent ? parent : P_tmpdir);
	if (!mkdtemp(root) || chdir(root))
		return -1;
	return mkdir("pkg", 0700) | mkdir("maps", 0700) | mkdir("maps/bin", 0700) |
	       symlink("../pkg/file", "maps/out");
}

static int remove_root(void **state)
{
	(void)state;
	return unlink("maps/out") | unlink("maps/bin/sh") | unlink("pkg/file") |
	       rmdir("maps/bin") | rmdir("maps") | rmdir("pkg") | chdir("/") | rmdir(root);
}

static void write_file(const char *path, char text)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &text, 1), 1);
	close(fd);
}

static void expect(const struct options *options, const char *path, char text)
{
	int fd = hostpath__open(options, path);
	char read_back = 0;

	assert_true(fd >= 0);
	assert_int_equal(read(fd, &read_back, 1), 1);
	assert_int_equal(read_back, text);
	close(fd);
}

static void test_open(void **state)
{
	char maps_host[] = "maps", maps_path[] = "/boot/all";
	char file_host[] = "pkg/file", file_path[] = "/data/file";
	struct options_map maps[] = { { maps_host, maps_path, true },
				      { file_host, file_path, false } };
	struct options options = { .pkg = "pkg", .maps = maps, .num_maps = 2 };

	(void)state;
	write_file("pkg/file", 'p');
	write_file("maps/bin/sh", 's');
	expect(&options, "/pkg/file", 'p');
	expect(&options, "/boot/all/bin/sh", 's');
	expect(&options, "/data/file", 'p');
	assert_int_equal(hostpath__open(&options, "/boot/all/bin/none"), -ENOENT);
	assert_int_equal(hostpath__open(&options, "/boot/bin/sh"), -ENOENT);
	assert_int_equal(hostpath__open(&options, "/boot/allbin/sh"), -ENOENT);
	assert_int_equal(hostpath__open(&options, "/tmp/file"), -ENOENT);
	/* Nothing outside of what is shown. */
	assert_int_equal(hostpath__open(&options, "/boot/all/out"), -EACCES);
	assert_int_equal(hostpath__open(&options, "/boot/all/../pkg/file"), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests_name("hostpath", tests, make_root, remove_root);
}
