/* The tree in memory: directories, names and links, watching, depth. */
#include "tests/services/memfs_client.h"

static void test_directories(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client dir;
		struct vnode_attr attr;
		char names[256];
		uint8_t data[64];
		size_t actual;

		serve(&root, era);
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		make_file(&root, "d/b", "");
		make_file(&root, "d/a", "");
		assert_int_equal(io_client__mkdir(&root, "d/sub"), ZX_OK);
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "d", &dir), ZX_OK);
		io_client__list(&dir, names, sizeof(names));
		assert_string_equal(names, "./ a b sub/");
		assert_int_equal(io_client__get_attr(&dir, &attr), ZX_OK);
		assert_int_equal(attr.mode, IO_MODE_DIRECTORY | 0400);
		assert_int_equal(attr.link_count, 3);
		/* Entry by entry, in the order of making. */
		assert_int_equal(io_client__rewind(&dir), ZX_OK);
		assert_int_equal(io_client__read_dirents(&dir, 11, data, &actual), ZX_OK);
		assert_int_equal(actual, 11);
		assert_int_equal(data[10], '.');
		assert_int_equal(io_client__read_dirents(&dir, 12, data, &actual), ZX_OK);
		assert_int_equal(data[10], 'b');
		assert_int_equal(data[9], IO_DIRENT_FILE);
		assert_int_equal(io_client__read_dirents(&dir, IO_MAX_BUF + 1, data, &actual),
				 era == FIDL_2018 ? ZX_ERR_INVALID_ARGS : ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__unlink(&root, "d"), ZX_ERR_NOT_EMPTY);
		assert_int_equal(io_client__unlink(&root, "."), ZX_ERR_UNAVAILABLE);
		assert_int_equal(io_client__unlink(&root, ".."), ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__unlink(&root, "d/a"), ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__unlink(&root, "none"), ZX_ERR_NOT_FOUND);
		client__close(&dir);
		client__close(&root);
	}
}

static void test_unlinked_directory(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client dir;
		struct client file;
		char names[64];

		serve(&root, era);
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		assert_int_equal(io_client__open_file(&root,
						      era == FIDL_2018 ? IO_RIGHT_READABLE : RW,
						      "d", &dir),
				 ZX_OK);
		assert_int_equal(io_client__unlink(&root, "d/"), ZX_OK);
		assert_int_equal(io_client__open_file(&dir, CREATE, "x", &file),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__unlink(&dir, "x"), ZX_ERR_BAD_STATE);
		io_client__list(&dir, names, sizeof(names));
		assert_string_equal(names, "./");
		client__close(&dir);
		client__close(&root);
	}
}

static void rename_in(struct client *dir, const char *src, const char *dst, zx_status_t expected)
{
	struct handle token;

	assert_int_equal(io_client__get_token(dir, &token), ZX_OK);
	assert_int_equal(io_client__rename(dir, src, &token, dst), expected);
}

static void test_rename(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client dir;
		struct client file;
		struct handle token;
		char names[256];

		serve(&root, era);
		make_file(&root, "a", "A");
		make_file(&root, "b", "B");
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		assert_int_equal(io_client__mkdir(&root, "e"), ZX_OK);
		rename_in(&root, "a", "b", ZX_OK);
		assert_int_equal(io_client__open_file(&root, RW, "b", &file), ZX_OK);
		check_contents(&file, "A");
		client__close(&file);
		rename_in(&root, "b", "b", ZX_OK);
		rename_in(&root, "b", "d", ZX_ERR_INVALID_ARGS);
		rename_in(&root, "d", "b", ZX_ERR_INVALID_ARGS);
		rename_in(&root, "b/", "c", ZX_ERR_NOT_DIR);
		rename_in(&root, "none", "c", ZX_ERR_NOT_FOUND);
		rename_in(&root, ".", "c", ZX_ERR_UNAVAILABLE);
		rename_in(&root, "", "c", ZX_ERR_INVALID_ARGS);
		/* Into another directory, by its token. */
		assert_int_equal(io_client__open_file(&root,
						      era == FIDL_2018 ? IO_RIGHT_READABLE : RW,
						      "d", &dir),
				 ZX_OK);
		assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
		assert_int_equal(io_client__rename(&root, "e", &token, "inner"), ZX_OK);
		assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
		assert_int_equal(io_client__rename(&root, "d", &token, "self"),
				 ZX_ERR_INVALID_ARGS);
		io_client__list(&dir, names, sizeof(names));
		assert_string_equal(names, "./ inner/");
		/* A token ends with the connection that made it. */
		assert_int_equal(io_client__get_token(&dir, &token), ZX_OK);
		assert_int_equal(io_client__close(&dir), ZX_OK);
		assert_int_equal(io_client__rename(&root, "b", &token, "c"), ZX_ERR_INVALID_ARGS);
		io_client__list(&root, names, sizeof(names));
		assert_string_equal(names, "./ b d/");
		client__close(&root);
	}
}

static void test_link(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct vnode_attr attr;
		struct handle token;

		serve(&root, era);
		make_file(&root, "a", "A");
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		assert_int_equal(io_client__get_token(&root, &token), ZX_OK);
		assert_int_equal(io_client__link(&root, "a", &token, "b"), ZX_OK);
		assert_int_equal(io_client__get_token(&root, &token), ZX_OK);
		assert_int_equal(io_client__link(&root, "a", &token, "b"), ZX_ERR_ALREADY_EXISTS);
		assert_int_equal(io_client__get_token(&root, &token), ZX_OK);
		assert_int_equal(io_client__link(&root, "d", &token, "c"), ZX_ERR_NOT_FILE);
		assert_int_equal(io_client__unlink(&root, "a"), ZX_OK);
		assert_int_equal(io_client__open_file(&root, RW, "b", &file), ZX_OK);
		check_contents(&file, "A");
		assert_int_equal(io_client__get_attr(&file, &attr), ZX_OK);
		assert_int_equal(attr.link_count, 1);
		client__close(&file);
		client__close(&root);
	}
}

static void expect_event(struct client *events, uint32_t event, const char *name)
{
	struct message *message = client__receive(events);

	assert_int_equal(message->num_bytes, 2 + strlen(name));
	assert_int_equal(message->bytes[0], event);
	assert_int_equal(message->bytes[1], strlen(name));
	assert_memory_equal(message->bytes + 2, name, strlen(name));
	message__free(message);
}

static void test_watch(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client events;
		struct message *message;

		serve(&root, era);
		make_file(&root, "old", "");
		assert_int_equal(io_client__watch(&root, 0, &events), ZX_ERR_INVALID_ARGS);
		client__close(&events);
		assert_int_equal(io_client__watch(&root, IO_WATCH_MASK_ALL, &events), ZX_OK);
		message = client__receive(&events);
		assert_int_equal(message->num_bytes, 10);
		assert_memory_equal(message->bytes, "\3\1.\3\3old\4\0", 10);
		message__free(message);
		make_file(&root, "new", "");
		expect_event(&events, IO_WATCH_ADDED, "new");
		rename_in(&root, "new", "newer", ZX_OK);
		expect_event(&events, IO_WATCH_REMOVED, "new");
		expect_event(&events, IO_WATCH_ADDED, "newer");
		assert_int_equal(io_client__unlink(&root, "newer"), ZX_OK);
		expect_event(&events, IO_WATCH_REMOVED, "newer");
		client__close(&events);
		client__close(&root);
	}
}

/* So deep that freeing it by recursion would use up the stack. */
static void test_deep_tree(void **state)
{
	struct client dir;
	struct client next;

	(void)state;
	io_client__serve(&dir, FIDL_2018, memfs__create(64 << 20), RW);
	for (int i = 0; i < 20000; i++) {
		assert_int_equal(io_client__open_file(&dir, IO_RIGHT_READABLE, ".", &next), ZX_OK);
		client__close(&dir);
		dir = next;
		assert_int_equal(io_client__mkdir(&dir, "d"), ZX_OK);
		assert_int_equal(io_client__open_file(&dir, IO_RIGHT_READABLE, "d", &next), ZX_OK);
		client__close(&dir);
		dir = next;
	}
	client__close(&dir);
}

static void test_many_entries(void **state)
{
	struct client root;
	char name[16];

	(void)state;
	io_client__serve(&root, FIDL_2020, memfs__create(1 << 20), RW);
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		make_file(&root, name, "");
	}
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		assert_int_equal(io_client__unlink(&root, name), ZX_OK);
	}
	/* Names cost memory too: they are limited, and come back. */
	for (int i = 0; i < 2047; i++) {
		snprintf(name, sizeof(name), "g%d", i);
		make_file(&root, name, "");
	}
	{
		struct client file;

		assert_int_equal(io_client__open_file(&root, CREATE, "last", &file),
				 ZX_ERR_NO_SPACE);
	}
	client__close(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		service_test(test_directories),
		service_test(test_unlinked_directory),
		service_test(test_rename),
		service_test(test_link),
		service_test(test_watch),
		service_test(test_deep_tree),
		service_test(test_many_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
