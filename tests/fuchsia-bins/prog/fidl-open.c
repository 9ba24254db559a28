/*
 * Files and directories of the namespace, by messages made by hand (fuchsia.io). The /tmp directory
 * is written to; a /pkg directory, if there is one, must hold data/greeting and be read-only.
 */
#include "check.h"
#include "era.h"
#include "fidl_io.h"
#include "string.h"

#include <zircon/errors.h>

#define READ_WRITE (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE)

/*
 * What lets a directory's entries be changed. Before 2019 directories had no such right: opening
 * one for writing is refused, as for a file that is not one.
 */
#if RT_ERA == 2018
#define READ_WRITE_DIR IO_RIGHT_READABLE
#else
#define READ_WRITE_DIR READ_WRITE
#endif

static zx_handle_t tmp;
static zx_handle_t pkg;
static uint8_t data[8192];

static void directories(void)
{
	enum io_kind kind = IO_OTHER;
	zx_handle_t node;

	CHECK_OK(io_describe(tmp, &kind));
	CHECK_EQ(kind, IO_DIR);
	CHECK_STATUS(io_open(tmp, IO_RIGHT_READABLE, 0, "missing", &node, NULL), ZX_ERR_NOT_FOUND);
	CHECK_STATUS(io_open(tmp, IO_RIGHT_READABLE, 0, "missing/deeper", &node, NULL),
		     ZX_ERR_NOT_FOUND);
	REQUIRE_OK(io_open(tmp, READ_WRITE | IO_CREATE | IO_DIRECTORY, IO_MODE_DIRECTORY, "dir",
			   &node, &kind));
	CHECK_EQ(kind, IO_DIR);
	CHECK_OK(io_close(node));
	REQUIRE_OK(io_open(tmp, IO_RIGHT_READABLE, 0, "dir", &node, &kind));
	CHECK_EQ(kind, IO_DIR);
	CHECK_OK(io_close(node));
}

static void contents(void)
{
	enum io_kind kind = IO_OTHER;
	struct io_attributes attributes = { 0 };
	zx_handle_t file, again;
	uint64_t at = 0;
	size_t actual = 0;

	REQUIRE_OK(io_open(tmp, READ_WRITE | IO_CREATE, IO_MODE_FILE, "dir/file", &file, &kind));
	CHECK(kind == IO_FILE || kind == IO_VMOFILE);
	CHECK_OK(io_write(file, "hello files", 11, &actual));
	CHECK_EQ(actual, 11);
	CHECK_OK(io_read(file, data, sizeof(data), &actual));
	CHECK_EQ(actual, 0);
	CHECK_OK(io_seek(file, -5, IO_SEEK_END, &at));
	CHECK_EQ(at, 6);
	CHECK_OK(io_read(file, data, sizeof(data), &actual));
	CHECK_EQ(actual, 5);
	CHECK(!memcmp(data, "files", 5));
	CHECK_OK(io_write_at(file, 6, "FILES", 5, &actual));
	CHECK_OK(io_read_at(file, 0, data, 11, &actual));
	CHECK(!memcmp(data, "hello FILES", 11));
	/* Writing past the end leaves zeros in between. */
	CHECK_OK(io_write_at(file, 20, "end", 3, &actual));
	CHECK_OK(io_get_attr(file, &attributes));
	CHECK_EQ(attributes.content_size, 23);
	CHECK_EQ(attributes.mode & 0xff000, IO_MODE_FILE);
	CHECK_OK(io_read_at(file, 11, data, 9, &actual));
	CHECK(!memcmp(data, "\0\0\0\0\0\0\0\0\0", 9));
	CHECK_OK(io_truncate(file, 5));
	CHECK_OK(io_get_attr(file, &attributes));
	CHECK_EQ(attributes.content_size, 5);
	CHECK_OK(io_sync(file));

	/* A clone sees the same file, from a place of its own. */
	REQUIRE_OK(io_clone(file, IO_RIGHT_READABLE, &again));
	CHECK_OK(io_read(again, data, sizeof(data), &actual));
	CHECK_EQ(actual, 5);
	CHECK(!memcmp(data, "hello", 5));
	CHECK_OK(io_close(again));
	CHECK_OK(io_close(file));
}

static void open_flags(void)
{
	struct io_attributes attributes = { 0 };
	zx_handle_t file;
	size_t actual = 0;

	CHECK_STATUS(io_open(tmp, READ_WRITE | IO_CREATE | IO_CREATE_IF_ABSENT, IO_MODE_FILE,
			     "dir/file", &file, NULL),
		     ZX_ERR_ALREADY_EXISTS);
	CHECK_STATUS(io_open(tmp, IO_RIGHT_READABLE | IO_DIRECTORY, 0, "dir/file", &file, NULL),
		     ZX_ERR_NOT_DIR);
	REQUIRE_OK(io_open(tmp, IO_RIGHT_READABLE, 0, "dir/file", &file, NULL));
	CHECK_STATUS(io_write(file, "x", 1, &actual), ZX_ERR_BAD_HANDLE);
	CHECK_OK(io_close(file));
	REQUIRE_OK(io_open(tmp, IO_RIGHT_WRITABLE | IO_APPEND, 0, "dir/file", &file, NULL));
	CHECK_STATUS(io_read(file, data, 1, &actual), ZX_ERR_BAD_HANDLE);
	CHECK_OK(io_write(file, "more", 4, &actual));
	CHECK_OK(io_get_attr(file, &attributes));
	CHECK_EQ(attributes.content_size, 9);
	CHECK_OK(io_close(file));
	REQUIRE_OK(io_open(tmp, READ_WRITE | IO_TRUNCATE, 0, "dir/file", &file, NULL));
	CHECK_OK(io_get_attr(file, &attributes));
	CHECK_EQ(attributes.content_size, 0);
	CHECK_OK(io_close(file));
}

/* The type that the directory lists for a name, or -1. */
static int listed(zx_handle_t directory, const char *name)
{
	const struct io_dirent *entry;
	size_t actual, at;
	int type = -1;

	if (!CHECK_OK(io_rewind(directory)))
		return -1;
	while (CHECK_OK(io_read_dirents(directory, data, sizeof(data), &actual)) && actual)
		for (at = 0; at + sizeof(*entry) <= actual; at += sizeof(*entry) + entry->size) {
			entry = (const struct io_dirent *)(data + at);
			if (entry->size == strlen(name) && !memcmp(entry->name, name, entry->size))
				type = entry->type;
		}
	return type;
}

static void names(void)
{
	zx_handle_t dir, node;

	REQUIRE_OK(io_open(tmp, READ_WRITE_DIR, 0, "dir", &dir, NULL));
	REQUIRE_OK(io_open(dir, READ_WRITE | IO_CREATE | IO_DIRECTORY, IO_MODE_DIRECTORY, "sub",
			   &node, NULL));
	CHECK_OK(io_close(node));
	CHECK_EQ(listed(dir, "."), IO_DIRENT_DIRECTORY);
	CHECK_EQ(listed(dir, "file"), IO_DIRENT_FILE);
	CHECK_EQ(listed(dir, "sub"), IO_DIRENT_DIRECTORY);
	CHECK_EQ(listed(dir, "other"), -1);
	CHECK_OK(io_rename(dir, "file", "other"));
	CHECK_EQ(listed(dir, "file"), -1);
	CHECK_EQ(listed(dir, "other"), IO_DIRENT_FILE);
	CHECK_STATUS(io_rename(dir, "file", "third"), ZX_ERR_NOT_FOUND);
	CHECK_OK(io_unlink(dir, "other"));
	CHECK_STATUS(io_unlink(dir, "other"), ZX_ERR_NOT_FOUND);
	CHECK_STATUS(io_unlink(tmp, "dir"), ZX_ERR_NOT_EMPTY);
	CHECK_OK(io_unlink(dir, "sub"));
	CHECK_OK(io_close(dir));
	CHECK_OK(io_unlink(tmp, "dir"));
	CHECK_EQ(listed(tmp, "dir"), -1);
}

/* A file lives on without a name while somebody has it open. */
static void unlinked_while_open(void)
{
	zx_handle_t file;
	size_t actual = 0;

	REQUIRE_OK(io_open(tmp, READ_WRITE | IO_CREATE, IO_MODE_FILE, "gone", &file, NULL));
	CHECK_OK(io_unlink(tmp, "gone"));
	CHECK_OK(io_write(file, "still", 5, &actual));
	CHECK_OK(io_read_at(file, 0, data, sizeof(data), &actual));
	CHECK_EQ(actual, 5);
	CHECK_OK(io_close(file));
}

static void package(void)
{
	static const char expected[] = "Hello from the package.\n";
	zx_handle_t file, vmo = ZX_HANDLE_INVALID;
	enum io_kind kind = IO_OTHER;
	uint64_t size = 0;
	size_t actual = 0;

	REQUIRE_OK(io_open(pkg, IO_RIGHT_READABLE, 0, "data/greeting", &file, &kind));
	CHECK(kind == IO_FILE || kind == IO_VMOFILE);
	CHECK_OK(io_read(file, data, sizeof(data), &actual));
	CHECK_EQ(actual, sizeof(expected) - 1);
	CHECK(!memcmp(data, expected, sizeof(expected) - 1));
	CHECK_OK(io_get_buffer(file, IO_VMO_READ | IO_VMO_PRIVATE, &vmo, &size));
	CHECK_EQ(size, sizeof(expected) - 1);
	memset(data, 0, sizeof(data));
	CHECK_OK(zx_vmo_read(vmo, data, 0, size));
	CHECK_STR((const char *)data, expected);
	zx_handle_close(vmo);
	CHECK_OK(io_close(file));
	CHECK_STATUS(io_open(pkg, READ_WRITE, 0, "data/greeting", &file, NULL),
		     ZX_ERR_ACCESS_DENIED);
	CHECK(io_open(pkg, READ_WRITE | IO_CREATE, IO_MODE_FILE, "new", &file, NULL) != ZX_OK);
	CHECK(io_unlink(pkg, "data/greeting") != ZX_OK);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tmp = rt_boot__directory("/tmp");
	pkg = rt_boot__directory("/pkg");
	if (!CHECK(tmp != ZX_HANDLE_INVALID))
		return rt_check_result();
	RUN(directories);
	RUN(contents);
	RUN(open_flags);
	RUN(names);
	RUN(unlinked_while_open);
	if (pkg != ZX_HANDLE_INVALID)
		RUN(package);
	return rt_check_result();
}
