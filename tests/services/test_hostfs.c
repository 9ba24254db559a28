/* Host directories, through connections of each era. */
#include "tests/services/io_client.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/core/vmo.h"

#define RW (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE)
#define RX (IO_RIGHT_READABLE | IO_RIGHT_EXECUTABLE)
#define CREATE (IO_FLAG_CREATE | RW)

static void serve(struct client *root, enum fidl_era era, const char *name, bool read_only)
{
	struct vnode *vnode;

	assert_int_equal(hostfs__create(test_path(name), read_only, &vnode), 0);
	io_client__serve(root, era, vnode, RW | IO_RIGHT_EXECUTABLE);
}

/* Runs a test as it is in each era. */
#define all_eras(name) \
	static void name##_2018_10(void **state) \
	{ \
		(void)state; \
		io_client_numbered = true; \
		name(FIDL_2018); \
	} \
	static void name##_2018(void **state) \
	{ \
		(void)state; \
		io_client_numbered = false; \
		name(FIDL_2018); \
	} \
	static void name##_2020(void **state) \
	{ \
		(void)state; \
		name(FIDL_2020); \
	}

static void check_read(struct client *file, const char *text)
{
	char data[IO_MAX_BUF];
	size_t actual;

	assert_int_equal(io_client__read_at(file, data, sizeof(data), 0, &actual), ZX_OK);
	assert_int_equal(actual, strlen(text));
	assert_memory_equal(data, text, actual);
}

static void files(enum fidl_era era)
{
	struct client root;
	struct client file;
	char data[16];
	size_t actual;
	uint64_t offset;
	struct vnode_attr attr;
	struct stat st;

	test_write_file("there", "from the host", 13);
	serve(&root, era, "", false);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "there", &file), ZX_OK);
	check_read(&file, "from the host");
	assert_int_equal(io_client__read(&file, data, 4, &actual), ZX_OK);
	assert_memory_equal(data, "from", 4);
	assert_int_equal(io_client__write(&file, "x", 1, &actual), ZX_ERR_BAD_HANDLE);
	assert_int_equal(io_client__close(&file), ZX_OK);

	assert_int_equal(io_client__open_file(&root, CREATE | IO_FLAG_EXCLUSIVE, "made", &file),
			 ZX_OK);
	assert_int_equal(io_client__write(&file, "0123456789", 10, &actual), ZX_OK);
	assert_int_equal(actual, 10);
	assert_int_equal(io_client__write_at(&file, "AB", 2, 4, &actual), ZX_OK);
	assert_int_equal(io_client__set_flags(&file, IO_FLAG_APPEND), ZX_OK);
	assert_int_equal(io_client__write(&file, "end", 3, &actual), ZX_OK);
	assert_int_equal(io_client__seek(&file, 0, IO_SEEK_CURRENT, &offset), ZX_OK);
	assert_int_equal(offset, 13);
	assert_int_equal(io_client__sync(&file), ZX_OK);
	assert_int_equal(test_read_file("made", data, sizeof(data)), 13);
	assert_memory_equal(data, "0123AB6789end", 13);
	assert_int_equal(io_client__truncate(&file, 3), ZX_OK);
	assert_int_equal(io_client__get_attr(&file, &attr), ZX_OK);
	assert_int_equal(attr.content_size, 3);
	assert_int_equal(stat(test_path("made"), &st), 0);
	assert_true(attr.id == st.st_ino);
	assert_int_equal(attr.mode, IO_MODE_FILE | (st.st_mode & 0777));
	attr.modification_time = 1600000000000000001;
	assert_int_equal(io_client__set_attr(&file, IO_ATTR_MODIFICATION_TIME, &attr), ZX_OK);
	assert_int_equal(stat(test_path("made"), &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, 1600000000);
	assert_int_equal(st.st_mtim.tv_nsec, 1);
	assert_int_equal(io_client__write_at(&file, "x", 1, UINT64_MAX, &actual),
			 ZX_ERR_FILE_BIG);
	client__close(&file);
	client__close(&root);
}

all_eras(files)

static void large_file(enum fidl_era era)
{
	static uint8_t block[IO_MAX_BUF];
	static uint8_t back[IO_MAX_BUF];
	struct client root;
	struct client file;
	size_t actual;

	serve(&root, era, "", false);
	assert_int_equal(io_client__open_file(&root, CREATE, "large", &file), ZX_OK);
	for (uint32_t i = 0; i < 64; i++) {
		memset(block, (int)i, sizeof(block));
		assert_int_equal(io_client__write(&file, block, sizeof(block), &actual), ZX_OK);
		assert_int_equal(actual, sizeof(block));
	}
	for (uint32_t i = 0; i < 64; i++) {
		memset(block, (int)i, sizeof(block));
		assert_int_equal(io_client__read_at(&file, back, sizeof(back), i * sizeof(back),
						    &actual),
				 ZX_OK);
		assert_memory_equal(back, block, sizeof(back));
	}
	assert_int_equal(io_client__read_at(&file, back, 100, 64 * sizeof(back) - 10, &actual),
			 ZX_OK);
	assert_int_equal(actual, 10);
	client__close(&file);
	client__close(&root);
}

all_eras(large_file)

static void directories(enum fidl_era era)
{
	struct client root;
	struct client dir;
	struct client file;
	struct handle token;
	char names[256];

	serve(&root, era, "", false);
	assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
	assert_int_equal(io_client__mkdir(&root, "d"), ZX_ERR_ALREADY_EXISTS);
	assert_int_equal(io_client__mkdir(&root, "d/e"), ZX_OK);
	assert_int_equal(io_client__open_file(&root, CREATE, "d/f", &file), ZX_OK);
	client__close(&file);
	assert_int_equal(symlink("e", test_path("d/link")), 0);
	assert_int_equal(symlink("nowhere", test_path("d/broken")), 0);
	assert_int_equal(io_client__open_file(&root,
					      era == FIDL_2018 ? IO_RIGHT_READABLE : RW, "d",
					      &dir),
			 ZX_OK);
	io_client__list(&dir, names, sizeof(names));
	assert_string_equal(names, "./ broken e/ f link/");
	io_client__list(&dir, names, sizeof(names));
	assert_string_equal(names, "./ broken e/ f link/");
	assert_int_equal(io_client__unlink(&root, "d"), ZX_ERR_NOT_EMPTY);
	assert_int_equal(io_client__unlink(&dir, "f/"), ZX_ERR_NOT_DIR);
	assert_int_equal(io_client__unlink(&dir, "none"), ZX_ERR_NOT_FOUND);
	assert_int_equal(io_client__unlink(&dir, "link"), ZX_OK);
	assert_int_equal(io_client__unlink(&dir, "broken"), ZX_OK);
	assert_int_equal(io_client__get_token(&root, &token), ZX_OK);
	assert_int_equal(io_client__rename(&dir, "f", &token, "g"), ZX_OK);
	assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
	assert_int_equal(io_client__rename(&root, "d", &token, "x"), ZX_ERR_INVALID_ARGS);
	assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
	assert_int_equal(io_client__link(&root, "g", &token, "h"), ZX_OK);
	assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
	assert_int_equal(io_client__link(&root, "d", &token, "h2"), ZX_ERR_NOT_FILE);
	assert_int_equal(access(test_path("d/h"), F_OK), 0);
	assert_int_equal(io_client__unlink(&dir, "e"), ZX_OK);
	io_client__list(&dir, names, sizeof(names));
	assert_string_equal(names, "./ h");
	client__close(&dir);
	client__close(&root);
}

all_eras(directories)

/* More entries than one answer holds, and changes while they are read. */
static void many_entries(enum fidl_era era)
{
	struct client root;
	char *names = malloc(1 << 16);
	char name[64];
	char *at;

	for (int i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "some-rather-long-name-of-a-file-%04d", i);
		test_write_file(name, "", 0);
	}
	serve(&root, era, "", false);
	io_client__list(&root, names, 1 << 16);
	at = names + 3;
	for (int i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "some-rather-long-name-of-a-file-%04d", i);
		assert_memory_equal(at, name, strlen(name));
		at += strlen(name) + 1;
	}
	free(names);
	client__close(&root);
}

all_eras(many_entries)

static void links_stay_inside(enum fidl_era era)
{
	struct client root;
	struct client file;

	assert_int_equal(mkdir(test_path("out"), 0755), 0);
	assert_int_equal(mkdir(test_path("in"), 0755), 0);
	assert_int_equal(mkdir(test_path("in/a"), 0755), 0);
	assert_int_equal(mkdir(test_path("in/b"), 0755), 0);
	test_write_file("out/secret", "no", 2);
	test_write_file("in/b/file", "yes", 3);
	assert_int_equal(symlink("../b/file", test_path("in/a/good")), 0);
	assert_int_equal(symlink("../b", test_path("in/a/dir")), 0);
	assert_int_equal(symlink("../../out/secret", test_path("in/a/bad")), 0);
	assert_int_equal(symlink("../..", test_path("in/a/up")), 0);
	assert_int_equal(symlink("/etc/passwd", test_path("in/a/absolute")), 0);
	assert_int_equal(symlink("loop", test_path("in/a/loop")), 0);
	assert_int_equal(symlink("dir/../../out/secret", test_path("in/a/tricky")), 0);
	serve(&root, era, "in", false);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/good", &file), ZX_OK);
	check_read(&file, "yes");
	client__close(&file);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/dir/file", &file),
			 ZX_OK);
	check_read(&file, "yes");
	client__close(&file);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/bad", &file),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/up/out/secret", &file),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/absolute", &file),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/tricky", &file),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/loop", &file),
			 ZX_ERR_BAD_PATH);
	assert_int_equal(io_client__open_file(&root, CREATE, "a/bad", &file),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "a/../../out/secret",
					      &file),
			 ZX_ERR_INVALID_ARGS);
	client__close(&root);
}

all_eras(links_stay_inside)

static void read_only(enum fidl_era era)
{
	struct client root;
	struct client file;
	struct handle vmo;
	struct vnode_attr attr = { 0 };
	uint64_t size;
	char data[4];

	test_write_file("f", "data", 4);
	serve(&root, era, "", true);
	assert_int_equal(io_client__open_file(&root, RW, "f", &file), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, CREATE, "g", &file), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__mkdir(&root, "d"), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__unlink(&root, "f"), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(io_client__open_file(&root, era == FIDL_2018 ? IO_RIGHT_READABLE : RX, "f",
					      &file),
			 ZX_OK);
	assert_int_equal(io_client__set_attr(&file, IO_ATTR_MODIFICATION_TIME, &attr),
			 era == FIDL_2018 ? ZX_ERR_ACCESS_DENIED : ZX_ERR_BAD_HANDLE);
	/* What can't change can be shared. */
	assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_EXEC | IO_VMO_EXACT,
					       &vmo, &size),
			 ZX_OK);
	assert_int_equal(size, 4);
	assert_true(vmo.rights & ZX_RIGHT_EXECUTE && !(vmo.rights & ZX_RIGHT_WRITE));
	assert_int_equal(vmo__stream_size((struct vmo *)vmo.object), 4);
	assert_int_equal(vmo__read((struct vmo *)vmo.object, data, 0, 4), ZX_OK);
	assert_memory_equal(data, "data", 4);
	handle__close(&vmo);
	client__close(&file);
	client__close(&root);
}

all_eras(read_only)

static void vmos_of_writable_files(enum fidl_era era)
{
	struct client root;
	struct client file;
	struct handle vmo;
	uint64_t size;

	test_write_file("f", "data", 4);
	serve(&root, era, "", false);
	assert_int_equal(io_client__open_file(&root, RW, "f", &file), ZX_OK);
	assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_EXACT, &vmo, &size),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_WRITE, &vmo, &size),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_EXEC | IO_VMO_PRIVATE,
					       &vmo, &size),
			 era == FIDL_2018 ? ZX_OK : ZX_ERR_ACCESS_DENIED);
	if (era == FIDL_2018)
		handle__close(&vmo);
	assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_WRITE | IO_VMO_PRIVATE,
					       &vmo, &size),
			 ZX_OK);
	assert_true(vmo.rights & ZX_RIGHT_WRITE);
	handle__close(&vmo);
	client__close(&file);
	client__close(&root);
}

all_eras(vmos_of_writable_files)

/* Opening these could block for ever: it must not come to that. */
static void odd_files(enum fidl_era era)
{
	struct client root;
	struct client file;
	struct vnode_attr attr;
	char names[64];

	assert_int_equal(mkfifo(test_path("fifo"), 0644), 0);
	serve(&root, era, "", false);
	assert_int_equal(io_client__open_file(&root, RW, "fifo", &file), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(io_client__open_file(&root, IO_FLAG_NODE_REFERENCE, "fifo", &file),
			 ZX_OK);
	assert_int_equal(io_client__get_attr(&file, &attr), ZX_OK);
	client__close(&file);
	io_client__list(&root, names, sizeof(names));
	assert_string_equal(names, "./ fifo");
	assert_int_equal(io_client__unlink(&root, "fifo"), ZX_OK);
	client__close(&root);
}

all_eras(odd_files)

static void expect_event(struct client *events, uint32_t event, const char *name)
{
	struct message *message = client__receive(events);

	assert_int_equal(message->num_bytes, 2 + strlen(name));
	assert_int_equal(message->bytes[0], event);
	assert_memory_equal(message->bytes + 2, name, strlen(name));
	message__free(message);
}

static void watching(enum fidl_era era)
{
	struct client root;
	struct client events;
	struct client more;

	serve(&root, era, "", false);
	assert_int_equal(io_client__watch(&root,
					  IO_WATCH_MASK(IO_WATCH_ADDED) |
						  IO_WATCH_MASK(IO_WATCH_REMOVED),
					  &events),
			 ZX_OK);
	assert_int_equal(io_client__watch(&root, IO_WATCH_MASK(IO_WATCH_REMOVED), &more), ZX_OK);
	assert_int_equal(io_client__mkdir(&root, "mine"), ZX_OK);
	expect_event(&events, IO_WATCH_ADDED, "mine");
	test_write_file("theirs", "", 0);
	expect_event(&events, IO_WATCH_ADDED, "theirs");
	assert_int_equal(unlink(test_path("theirs")), 0);
	expect_event(&events, IO_WATCH_REMOVED, "theirs");
	expect_event(&more, IO_WATCH_REMOVED, "theirs");
	client__close(&more);
	client__close(&events);
	client__close(&root);
}

all_eras(watching)

static void no_such_directory(void **state)
{
	struct vnode *vnode;

	(void)state;
	assert_int_equal(hostfs__create(test_path("none"), false, &vnode), -2 /* ENOENT */);
	test_write_file("file", "", 0);
	assert_int_equal(hostfs__create(test_path("file"), false, &vnode), -20 /* ENOTDIR */);
}

#define all_tests(name) \
	service_test(name##_2018_10), service_test(name##_2018), service_test(name##_2020)

int main(void)
{
	const struct CMUnitTest tests[] = {
		all_tests(files),
		all_tests(large_file),
		all_tests(directories),
		all_tests(many_entries),
		all_tests(links_stay_inside),
		all_tests(read_only),
		all_tests(vmos_of_writable_files),
		all_tests(odd_files),
		all_tests(watching),
		service_test(no_such_directory),
	};

	/* Once as the host gives it, once with the threads that stand in for io_uring. */
	int failed = cmocka_run_group_tests_name("hostfs", tests, NULL, NULL);

	setenv("ZXRUN_NO_IO_URING", "1", 1);
	return failed + cmocka_run_group_tests_name("hostfs_threads", tests, NULL, NULL);
}
