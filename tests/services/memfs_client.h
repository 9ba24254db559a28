/* What the tests of the tree in memory share. */
#ifndef TESTS_MEMFS_CLIENT_H
#define TESTS_MEMFS_CLIENT_H

#include "tests/services/io_client.h"

#include <dirent.h>
#include <stdio.h>

#include "compat/core/vmo.h"

#define RW (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE)
#define CREATE (IO_FLAG_CREATE | RW)
#define LIMIT (64u << 10)

/* 2018-10, 2018-12, and 2020. */
static inline enum fidl_era nth_era(size_t index)
{
	io_client_numbered = index == 0;
	return index < 2 ? FIDL_2018 : FIDL_2020;
}

#define for_each_era(era) \
	for (size_t era_index = 0; era_index < 3; era_index++) \
		for (enum fidl_era era = nth_era(era_index), done_ = 0; !done_; done_ = 1)

static inline void serve(struct client *root, enum fidl_era era)
{
	io_client__serve(root, era, memfs__create(LIMIT), RW | IO_RIGHT_EXECUTABLE);
}

static inline void write_all(struct client *file, const char *text)
{
	size_t actual;

	assert_int_equal(io_client__write(file, text, strlen(text), &actual), ZX_OK);
	assert_int_equal(actual, strlen(text));
}

static inline void check_contents(struct client *file, const char *text)
{
	char data[IO_MAX_BUF];
	size_t actual;

	assert_int_equal(io_client__read_at(file, data, sizeof(data), 0, &actual), ZX_OK);
	assert_int_equal(actual, strlen(text));
	assert_memory_equal(data, text, actual);
}

static inline void make_file(struct client *root, const char *path, const char *text)
{
	struct client file;

	assert_int_equal(io_client__open_file(root, CREATE | IO_FLAG_EXCLUSIVE, path, &file),
			 ZX_OK);
	write_all(&file, text);
	assert_int_equal(io_client__close(&file), ZX_OK);
}

#endif
