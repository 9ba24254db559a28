/* The tree in memory, through connections of each era. */
#include "tests/services/memfs_client.h"

static void test_read_write(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		char data[16];
		size_t actual;
		uint64_t offset;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		assert_int_equal(io_client__describe(&file), IO_INFO_FILE);
		write_all(&file, "hello");
		write_all(&file, ", world");
		check_contents(&file, "hello, world");
		assert_int_equal(io_client__seek(&file, -5, IO_SEEK_END, &offset), ZX_OK);
		assert_int_equal(offset, 7);
		assert_int_equal(io_client__read(&file, data, 3, &actual), ZX_OK);
		assert_memory_equal(data, "wor", 3);
		assert_int_equal(io_client__read(&file, data, sizeof(data), &actual), ZX_OK);
		assert_int_equal(actual, 2);
		assert_int_equal(io_client__read(&file, data, sizeof(data), &actual), ZX_OK);
		assert_int_equal(actual, 0);
		assert_int_equal(io_client__write_at(&file, "J", 1, 0, &actual), ZX_OK);
		check_contents(&file, "Jello, world");
		assert_int_equal(io_client__read(&file, data, IO_MAX_BUF + 1, &actual),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__sync(&file), ZX_OK);
		client__close(&file);
		client__close(&root);
	}
}

static void test_seek_errors(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		uint64_t offset;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		write_all(&file, "12345");
		assert_int_equal(io_client__seek(&file, -6, IO_SEEK_CURRENT, &offset),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(offset, 5);
		assert_int_equal(io_client__seek(&file, -1, IO_SEEK_START, &offset),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__seek(&file, INT64_MIN, IO_SEEK_END, &offset),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__seek(&file, 0, 3, &offset), ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__seek(&file, 100, IO_SEEK_CURRENT, &offset), ZX_OK);
		assert_int_equal(offset, 105);
		client__close(&file);
		client__close(&root);
	}
}

static void test_sparse_and_truncate(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct vnode_attr attr;
		char data[64];
		size_t actual;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		write_all(&file, "secret");
		assert_int_equal(io_client__truncate(&file, 2), ZX_OK);
		assert_int_equal(io_client__truncate(&file, 10), ZX_OK);
		assert_int_equal(io_client__read_at(&file, data, sizeof(data), 0, &actual), ZX_OK);
		assert_int_equal(actual, 10);
		assert_memory_equal(data, "se\0\0\0\0\0\0\0\0", 10);
		assert_int_equal(io_client__write_at(&file, "x", 1, 9000, &actual), ZX_OK);
		assert_int_equal(io_client__get_attr(&file, &attr), ZX_OK);
		assert_int_equal(attr.content_size, 9001);
		assert_int_equal(attr.storage_size, 12288);
		assert_int_equal(attr.mode, IO_MODE_FILE | 0644);
		assert_int_equal(attr.link_count, 1);
		client__close(&file);
		client__close(&root);
	}
}

static void test_no_space(void **state)
{
	static const char block[4096];

	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		size_t actual;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		for (uint32_t i = 0; i < LIMIT / sizeof(block); i++)
			assert_int_equal(io_client__write(&file, block, sizeof(block), &actual),
					 ZX_OK);
		assert_int_equal(io_client__write(&file, block, 1, &actual), ZX_ERR_NO_SPACE);
		assert_int_equal(actual, 0);
		assert_int_equal(io_client__truncate(&file, LIMIT + 1), ZX_ERR_NO_SPACE);
		/* What is given up can be used again. */
		assert_int_equal(io_client__truncate(&file, 0), ZX_OK);
		assert_int_equal(io_client__write_at(&file, block, sizeof(block),
						     LIMIT - sizeof(block), &actual),
				 ZX_OK);
		client__close(&file);
		assert_int_equal(io_client__unlink(&root, "a"), ZX_OK);
		assert_int_equal(io_client__open_file(&root, CREATE, "b", &file), ZX_OK);
		assert_int_equal(io_client__truncate(&file, LIMIT), ZX_OK);
		assert_int_equal(io_client__truncate(&file, UINT64_MAX), ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__write_at(&file, block, 1, UINT64_MAX, &actual),
				 ZX_ERR_FILE_BIG);
		client__close(&file);
		client__close(&root);
	}
}

static void test_append(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		uint32_t flags;
		uint64_t offset;

		serve(&root, era);
		make_file(&root, "log", "one ");
		assert_int_equal(io_client__open_file(&root, RW | IO_FLAG_APPEND, "log", &file),
				 ZX_OK);
		write_all(&file, "two ");
		check_contents(&file, "one two ");
		assert_int_equal(io_client__get_flags(&file, &flags), ZX_OK);
		assert_int_equal(flags, RW | IO_FLAG_APPEND);
		assert_int_equal(io_client__set_flags(&file, 0), ZX_OK);
		assert_int_equal(io_client__seek(&file, 0, IO_SEEK_START, &offset), ZX_OK);
		write_all(&file, "1");
		check_contents(&file, "1ne two ");
		client__close(&file);
		client__close(&root);
	}
}

static void test_open_flags(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client conn;
		uint32_t info;

		serve(&root, era);
		make_file(&root, "f", "x");
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_ERR_ALREADY_EXISTS);
		assert_int_equal(io_client__open_file(&root, RW, "none", &conn), ZX_ERR_NOT_FOUND);
		assert_int_equal(io_client__open_file(&root, RW | IO_FLAG_DIRECTORY, "f", &conn),
				 ZX_ERR_NOT_DIR);
		assert_int_equal(io_client__open_file(&root, CREATE | IO_FLAG_EXCLUSIVE, "f",
						      &conn),
				 ZX_ERR_ALREADY_EXISTS);
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE | IO_FLAG_TRUNCATE,
						      "f", &conn),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__open_file(&root, RW, "..", &conn), ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__open_file(&root, RW, "d/../f", &conn),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__open_file(&root, RW, "", &conn),
				 era == FIDL_2018 ? ZX_ERR_INVALID_ARGS : ZX_ERR_BAD_PATH);
		assert_int_equal(io_client__open_file(&root, CREATE, ".", &conn),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "/d//.//", &conn),
				 ZX_OK);
		client__close(&conn);
		assert_int_equal(io_client__open_file(&root, RW | IO_RIGHT_ADMIN, "d", &conn),
				 ZX_ERR_ACCESS_DENIED);
		/* Directories could not be opened for writing in 2018. */
		assert_int_equal(io_client__open(&root, RW, 0, "d", &conn, &info),
				 era == FIDL_2018 ? ZX_ERR_NOT_FILE : ZX_OK);
		if (era == FIDL_2020) {
			assert_int_equal(info, IO_INFO_DIRECTORY);
			client__close(&conn);
			assert_int_equal(io_client__open_file(&root, RW | IO_FLAG_NOT_DIRECTORY,
							      "d", &conn),
					 ZX_ERR_NOT_FILE);
		}
		assert_int_equal(io_client__open_file(&root, RW | IO_FLAG_TRUNCATE, "f", &conn),
				 ZX_OK);
		check_contents(&conn, "");
		client__close(&conn);
		client__close(&root);
	}
}

static void test_rights(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct client dir;
		char data[8];
		size_t actual;

		serve(&root, era);
		make_file(&root, "f", "data");
		assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "f", &file), ZX_OK);
		assert_int_equal(io_client__write(&file, "x", 1, &actual), ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__truncate(&file, 0), ZX_ERR_BAD_HANDLE);
		client__close(&file);
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_WRITABLE, "f", &file), ZX_OK);
		assert_int_equal(io_client__read(&file, data, 1, &actual), ZX_ERR_BAD_HANDLE);
		client__close(&file);
		/* From 2020 on a connection gives no right that it does not have itself. */
		assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE, "d", &dir), ZX_OK);
		assert_int_equal(io_client__open_file(&dir, CREATE, "x", &file),
				 era == FIDL_2018 ? ZX_OK : ZX_ERR_ACCESS_DENIED);
		if (era == FIDL_2018)
			client__close(&file);
		else
			assert_int_equal(io_client__unlink(&dir, "x"), ZX_ERR_BAD_HANDLE);
		client__close(&dir);
		client__close(&root);
	}
}

static void test_read_only_grant(void **state)
{
	(void)state;
	for_each_era(era) {
		struct vnode *tree = memfs__create(LIMIT);
		struct client root;
		struct client look;
		struct client file;

		vnode__get(tree);
		io_client__serve(&root, era, tree, RW);
		io_client__serve(&look, era, tree, IO_RIGHT_READABLE);
		make_file(&root, "f", "data");
		assert_int_equal(io_client__open_file(&look, RW, "f", &file), ZX_ERR_ACCESS_DENIED);
		assert_int_equal(io_client__open_file(&look, IO_FLAG_CREATE | IO_RIGHT_READABLE,
						      "new", &file),
				 ZX_ERR_ACCESS_DENIED);
		assert_int_equal(io_client__unlink(&look, "f"),
				 era == FIDL_2018 ? ZX_ERR_ACCESS_DENIED : ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__open_file(&look, IO_RIGHT_READABLE, "f", &file), ZX_OK);
		check_contents(&file, "data");
		client__close(&file);
		client__close(&look);
		client__close(&root);
	}
}

static void test_posix_flag(void **state)
{
	struct client root;
	struct client dir;
	struct client file;

	(void)state;
	serve(&root, FIDL_2020);
	assert_int_equal(io_client__mkdir(&root, "d"), ZX_OK);
	assert_int_equal(io_client__open_file(&root, IO_RIGHT_READABLE | IO_FLAG_POSIX, "d", &dir),
			 ZX_OK);
	assert_int_equal(io_client__open_file(&dir, CREATE, "x", &file), ZX_OK);
	client__close(&file);
	client__close(&dir);
	assert_int_equal(io_client__open_file(&root, 0, "d", &dir), ZX_ERR_INVALID_ARGS);
	assert_int_equal(io_client__open_file(&root, IO_FLAG_CLONE_SAME_RIGHTS | RW, "d", &dir),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(io_client__open_file(&root, 0x10 | RW, "d", &dir), ZX_ERR_INVALID_ARGS);
	client__close(&root);
}

static void test_clone(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct client copy;
		char data[8];
		size_t actual;

		serve(&root, era);
		make_file(&root, "f", "data");
		assert_int_equal(io_client__open_file(&root, RW, "f", &file), ZX_OK);
		assert_int_equal(io_client__read(&file, data, 2, &actual), ZX_OK);
		assert_int_equal(io_client__clone(&file,
						  era == FIDL_2018 ? RW : IO_FLAG_CLONE_SAME_RIGHTS,
						  &copy),
				 ZX_OK);
		/* A clone begins at the start. */
		assert_int_equal(io_client__read(&copy, data, sizeof(data), &actual), ZX_OK);
		assert_memory_equal(data, "data", 4);
		assert_int_equal(io_client__write_at(&copy, "D", 1, 0, &actual), ZX_OK);
		check_contents(&file, "Data");
		client__close(&copy);
		if (era == FIDL_2020) {
			assert_int_equal(io_client__clone(&file, IO_RIGHT_READABLE, &copy), ZX_OK);
			assert_int_equal(io_client__write(&copy, "x", 1, &actual),
					 ZX_ERR_BAD_HANDLE);
			client__close(&file);
			assert_int_equal(io_client__clone(&copy, RW, &file), ZX_ERR_ACCESS_DENIED);
			assert_int_equal(io_client__clone(&copy, IO_FLAG_CLONE_SAME_RIGHTS | RW,
							  &file),
					 ZX_ERR_INVALID_ARGS);
			client__close(&copy);
		} else {
			client__close(&file);
		}
		client__close(&root);
	}
}

static void test_reference(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client node;
		struct vnode_attr attr;
		uint64_t offset;
		uint32_t flags;
		uint32_t info;
		char data[4];
		size_t actual;

		serve(&root, era);
		make_file(&root, "f", "data");
		assert_int_equal(io_client__open(&root, IO_FLAG_NODE_REFERENCE, 0, "f", &node,
						 &info),
				 ZX_OK);
		assert_int_equal(info, IO_INFO_SERVICE);
		assert_int_equal(io_client__get_attr(&node, &attr), ZX_OK);
		assert_int_equal(attr.content_size, 4);
		assert_int_equal(io_client__read(&node, data, 1, &actual), ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__seek(&node, 0, 0, &offset), ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__sync(&node), ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__set_attr(&node, 0, &attr), ZX_ERR_BAD_HANDLE);
		assert_int_equal(io_client__get_flags(&node, &flags), ZX_OK);
		assert_int_equal(flags, IO_FLAG_NODE_REFERENCE);
		client__close(&node);
		client__close(&root);
	}
}

static void test_attributes(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct vnode_attr attr = { .modification_time = 1234567890123456789 };

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		assert_int_equal(io_client__set_attr(&file, IO_ATTR_MODIFICATION_TIME, &attr),
				 ZX_OK);
		assert_int_equal(io_client__set_attr(&file, IO_ATTR_CREATION_TIME, &attr),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__get_attr(&file, &attr), ZX_OK);
		assert_true(attr.modification_time == 1234567890123456789);
		assert_true(attr.creation_time > 1500000000000000000);
		client__close(&file);
		client__close(&root);
	}
}

static void test_vmo(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct handle vmo;
		char data[4];
		uint64_t size;
		size_t actual;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		write_all(&file, "data");
		assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_EXACT |
								      IO_VMO_PRIVATE,
						       &vmo, &size),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_WRITE |
								      IO_VMO_EXACT,
						       &vmo, &size),
				 ZX_OK);
		assert_int_equal(size, 4);
		assert_true(vmo.rights & ZX_RIGHT_WRITE && !(vmo.rights & ZX_RIGHT_EXECUTE));
		assert_int_equal(vmo__write((struct vmo *)vmo.object, "DATA", 0, 4), ZX_OK);
		check_contents(&file, "DATA");
		/* It stays mapped, so the file's memory keeps its size. */
		assert_int_equal(io_client__truncate(&file, 0), ZX_OK);
		assert_int_equal(vmo__size((struct vmo *)vmo.object), 4096);
		handle__close(&vmo);
		write_all(&file, "more");
		assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_PRIVATE, &vmo,
						       &size),
				 ZX_OK);
		assert_int_equal(size, 8);
		assert_int_equal(io_client__write_at(&file, "LESS", 4, 4, &actual), ZX_OK);
		assert_int_equal(vmo__read((struct vmo *)vmo.object, data, 4, 4), ZX_OK);
		assert_memory_equal(data, "more", 4);
		handle__close(&vmo);
		client__close(&file);
		client__close(&root);
	}
}

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/* A test suite's thousands of small files must not use up the descriptors of zxrun. */
static void test_small_files(void **state)
{
	enum { FILES = 100 };
	struct client root;
	struct client file;
	char name[16];
	int before;

	(void)state;
	io_client__serve(&root, FIDL_2020, memfs__create(1024 * LIMIT),
			 RW | IO_RIGHT_EXECUTABLE);
	before = count_descriptors();
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_int_equal(io_client__open_file(&root, CREATE, name, &file), ZX_OK);
		write_all(&file, "small");
		check_contents(&file, "small");
		client__close(&file);
	}
	assert_true(count_descriptors() < before + FILES / 2);
	client__close(&root);
}

/* A file keeps its contents, and shows nothing else, on the way from a page to more and back. */
static void test_outgrown_page(void **state)
{
	(void)state;
	for_each_era(era) {
		struct client root;
		struct client file;
		struct handle vmo;
		char data[8];
		uint64_t size;
		size_t actual;

		serve(&root, era);
		assert_int_equal(io_client__open_file(&root, CREATE, "a", &file), ZX_OK);
		write_all(&file, "abcdef");
		assert_int_equal(io_client__truncate(&file, 3), ZX_OK);
		assert_int_equal(io_client__truncate(&file, 4096), ZX_OK);
		assert_int_equal(io_client__read_at(&file, data, 8, 0, &actual), ZX_OK);
		assert_memory_equal(data, "abc\0\0\0\0\0", 8);
		assert_int_equal(io_client__truncate(&file, 0), ZX_OK);
		assert_int_equal(io_client__write_at(&file, "xyz", 3, 2, &actual), ZX_OK);
		assert_int_equal(io_client__read_at(&file, data, 8, 0, &actual), ZX_OK);
		assert_int_equal(actual, 5);
		assert_memory_equal(data, "\0\0xyz", 5);
		assert_int_equal(io_client__write_at(&file, "end", 3, 4095, &actual), ZX_OK);
		assert_int_equal(io_client__read_at(&file, data, 8, 4092, &actual), ZX_OK);
		assert_int_equal(actual, 6);
		assert_memory_equal(data, "\0\0\0end", 6);
		assert_int_equal(io_client__truncate(&file, 4), ZX_OK);
		assert_int_equal(io_client__read_at(&file, data, 8, 0, &actual), ZX_OK);
		assert_int_equal(actual, 4);
		assert_memory_equal(data, "\0\0xy", 4);
		client__close(&file);

		assert_int_equal(io_client__open_file(&root, CREATE, "b", &file), ZX_OK);
		write_all(&file, "mapped");
		assert_int_equal(io_client__get_buffer(&file, IO_VMO_READ | IO_VMO_EXACT, &vmo,
						       &size),
				 ZX_OK);
		assert_int_equal(size, 6);
		assert_int_equal(io_client__write_at(&file, "M", 1, 0, &actual), ZX_OK);
		assert_int_equal(vmo__read((struct vmo *)vmo.object, data, 0, 8), ZX_OK);
		assert_memory_equal(data, "Mapped\0\0", 8);
		handle__close(&vmo);
		client__close(&file);
		client__close(&root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		service_test(test_read_write),
		service_test(test_seek_errors),
		service_test(test_sparse_and_truncate),
		service_test(test_no_space),
		service_test(test_append),
		service_test(test_open_flags),
		service_test(test_rights),
		service_test(test_read_only_grant),
		service_test(test_posix_flag),
		service_test(test_clone),
		service_test(test_reference),
		service_test(test_attributes),
		service_test(test_vmo),
		service_test(test_small_files),
		service_test(test_outgrown_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
