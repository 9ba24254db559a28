/* Where interpreters are looked for, and files that are opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "loader/search.h"
#include "tests/loader/image.h"

static char root[4096];
static struct error error;

static int make_root(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(root, sizeof(root), "%s/zxrun-test-XXXXXX", parent ? parent : P_tmpdir);
	return mkdtemp(root) ? chdir(root) : -1;
}

static int remove_root(void **state)
{
	static const char *const files[] = { "c/asan/ld.so.1", "c/ld.so.1", "sparse", "huge" };
	static const char *const dirs[] = { "c/asan", "c", "b/ld.so.1", "b" };
	int err = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		err |= unlink(files[i]);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		err |= rmdir(dirs[i]);
	return err | chdir("/") | rmdir(root);
}

static void write_program(const char *path)
{
	struct image image;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	image__init(&image);
	assert_int_equal(fwrite(image.bytes, IMAGE_SIZE, 1, file), 1);
	image__free(&image);
	assert_int_equal(fclose(file), 0);
}

static void expect_dirs(const char *const *libs, size_t num_libs, const char *pkg,
			const char *program, const char *what)
{
	char *argv[] = { (char *)program, NULL };
	struct options options = {
		.libs = (const char **)libs, .num_libs = num_libs, .pkg = pkg,
		.argv = argv, .argc = 1,
	};
	struct search search;
	char text[256];

	assert_int_equal(search__init(&search, &options, &error), 0);
	search__describe(&search, text, sizeof(text));
	assert_string_equal(text, what);
	search__free(&search);
}

static void test_order(void **state)
{
	static const char *const libs[] = { "one/", "/two", "one" };

	(void)state;
	expect_dirs(NULL, 0, NULL, "prog", "./../lib and .");
	expect_dirs(NULL, 0, NULL, "/prog", "/../lib and /");
	expect_dirs(NULL, 0, NULL, "a/b//prog", "a/b/../lib and a/b");
	expect_dirs(NULL, 0, "pkg/", "pkg/bin/prog", "pkg/lib, pkg/bin/../lib and pkg/bin");
	expect_dirs(libs, 3, NULL, "x/prog", "one, /two, x/../lib and x");
}

static void test_describe_cuts(void **state)
{
	char *dirs[] = { (char *)"first", (char *)"second", (char *)"third" };
	struct search search = { .dirs = dirs, .num_dirs = 3 };
	char text[10];

	(void)state;
	search__describe(&search, text, sizeof(text));
	assert_string_equal(text, "first, se");
}

static void test_open(void **state)
{
	char *dirs[] = { (char *)"a", (char *)"b", (char *)"c" };
	struct search search = { .dirs = dirs, .num_dirs = 3 };
	struct program_file file;

	(void)state;
	assert_int_equal(search__open(&search, "ld.so.1", "prog", &file, &error), -1);
	assert_int_equal(error.exit_code, EXIT_NOT_FOUND);
	assert_non_null(strstr(error.text, "prog: its interpreter ld.so.1"));
	assert_non_null(strstr(error.text, "a, b and c"));

	assert_int_equal(mkdir("b", 0777) | mkdir("c", 0777) | mkdir("c/asan", 0777), 0);
	write_program("c/ld.so.1");
	write_program("c/asan/ld.so.1");
	assert_int_equal(search__open(&search, "ld.so.1", "prog", &file, &error), 0);
	assert_string_equal(file.path, "c/ld.so.1");
	program_file__close(&file);
	assert_int_equal(search__open(&search, "asan/ld.so.1", "prog", &file, &error), 0);
	program_file__close(&file);

	/* What is there but cannot be used is no reason to take another one. */
	assert_int_equal(mkdir("b/ld.so.1", 0777), 0);
	assert_int_equal(search__open(&search, "ld.so.1", "prog", &file, &error), -1);
	assert_int_equal(error.exit_code, EXIT_NO_EXEC);
	assert_non_null(strstr(error.text, "b/ld.so.1: a folder"));
}

/* Code and data in front, much more behind: only what is needed is read, however long the file. */
static void test_sparse_file(void **state)
{
	struct program_file file;

	(void)state;
	write_program("sparse");
	assert_int_equal(truncate("sparse", 1ll << 40), 0);
	assert_int_equal(program_file__open(&file, "sparse", &error), 0);
	assert_int_equal(file.image.num_segments, 3);
	program_file__close(&file);
}

static void test_huge_claim(void **state)
{
	struct program_file file;
	Elf64_Phdr phdr;
	FILE *stream;

	(void)state;
	write_program("huge");
	assert_int_equal(truncate("huge", 1ll << 40), 0);
	stream = fopen("huge", "r+");
	assert_non_null(stream);
	assert_int_equal(fseek(stream, sizeof(Elf64_Ehdr), SEEK_SET), 0);
	assert_int_equal(fread(&phdr, sizeof(phdr), 1, stream), 1);
	phdr.p_filesz = 1ll << 39;
	assert_int_equal(fseek(stream, sizeof(Elf64_Ehdr), SEEK_SET), 0);
	assert_int_equal(fwrite(&phdr, sizeof(phdr), 1, stream), 1);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(program_file__open(&file, "huge", &error), -1);
	assert_int_equal(error.exit_code, EXIT_NO_EXEC);
	assert_non_null(strstr(error.text, "bytes of program"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_describe_cuts),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_sparse_file),
		cmocka_unit_test(test_huge_claim),
	};

	return cmocka_run_group_tests_name("search", tests, make_root, remove_root);
}
