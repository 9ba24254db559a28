/* The loader service, in both eras. */
#include "tests/services/service_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/core/vmo.h"
#include "compat/services/ldsvc.h"

static const char *dirs[2];
static char dir_names[2][96];
static unsigned int reports;
static char reported[64];
static char found_name[64];
static char found_path[256];
static zx_status_t found_status;

static void missing(void *data, const char *name, const char *const *searched, size_t count)
{
	assert_ptr_equal(data, dirs);
	assert_int_equal(count, 2);
	assert_ptr_equal(searched, dirs);
	snprintf(reported, sizeof(reported), "%s", name);
	reports++;
}

static void found(void *data, const char *name, const char *path, zx_status_t status)
{
	assert_ptr_equal(data, dirs);
	snprintf(found_name, sizeof(found_name), "%s", name);
	snprintf(found_path, sizeof(found_path), "%s", path);
	found_status = status;
}

static int open_path(void *data, const char *path)
{
	assert_ptr_equal(data, dirs);
	return strcmp(path, "/pkg/bin/sh") ? -2 /* ENOENT */ :
					     open(test_path("second/b.so"), O_RDONLY);
}

static const struct ldsvc_config config = {
	.dirs = dirs,
	.num_dirs = 2,
	.missing = missing,
	.found = found,
	.open_path = open_path,
	.data = dirs,
};

static void connect_to(struct client *client, enum fidl_era era)
{
	struct handle server;

	client__create(client, era, &server);
	assert_int_equal(ldsvc__serve(&config, &server), ZX_OK);
}

static void prepare(struct client *client, enum fidl_era era)
{
	static const char *const names[] = { "first", "second" };

	reports = 0;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mkdir(test_path(names[i]), 0755), 0);
		snprintf(dir_names[i], sizeof(dir_names[i]), "%s", test_path(names[i]));
		dirs[i] = dir_names[i];
	}
	assert_int_equal(mkdir(test_path("first/asan"), 0755), 0);
	test_write_file("first/a.so", "first a", 7);
	test_write_file("second/a.so", "second a", 8);
	test_write_file("second/b.so", "second b", 8);
	test_write_file("first/asan/a.so", "asan a", 6);
	connect_to(client, era);
}

/* A request of a string, whose reply has a status and an object. */
static zx_status_t load(struct client *client, uint64_t ordinal_2018, uint64_t ordinal_2020,
			const char *name, size_t size, struct handle *vmo)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	zx_status_t status;

	vmo->object = NULL;
	client__begin(client, &request, ordinal_2018, ordinal_2020, 16);
	fidl_writer__bytes(&request, name, size);
	client__call(client, &request, 8, &reply);
	assert_int_equal(reply.message->num_bytes, 24);
	status = (zx_status_t)fidl_reader__u32(&reply);
	if (status == ZX_OK)
		fidl_reader__handle(&reply, ZX_OBJ_TYPE_VMO, ZX_RIGHT_READ | ZX_RIGHT_EXECUTE, vmo);
	else
		assert_int_equal(fidl_reader__u32(&reply), 0);
	assert_true(fidl_reader__end(&reply));
	message__free(reply.message);
	return status;
}

static zx_status_t load_object(struct client *client, const char *name, struct handle *vmo)
{
	return load(client, 2, 0x48c5a151d6df2853, name, strlen(name), vmo);
}

static void check_vmo(struct handle *vmo, const char *text, const char *name)
{
	struct vmo *object = (struct vmo *)vmo->object;
	char data[16];

	assert_int_equal(vmo__stream_size(object), strlen(text));
	assert_int_equal(vmo__read(object, data, 0, strlen(text)), ZX_OK);
	assert_memory_equal(data, text, strlen(text));
	assert_string_equal(object->name, name);
	assert_int_equal(vmo->rights & (ZX_RIGHT_WRITE | ZX_RIGHT_SET_PROPERTY), 0);
}

static zx_status_t set_config(struct client *client, const char *text)
{
	struct fidl_writer request;
	struct message *message;
	zx_status_t status;

	client__begin(client, &request, 4, 0x6a8a1a1464632841, 16);
	fidl_writer__bytes(&request, text, strlen(text));
	client__send(client, &request);
	message = client__receive(client);
	/* The linkers check the size: that of 2018 wants no padding. */
	assert_int_equal(message->num_bytes, client->era == FIDL_2018 ? 20 : 24);
	memcpy(&status, message->bytes + FIDL_HEADER_SIZE, sizeof(status));
	message__free(message);
	return status;
}

static void check_found(const char *name, const char *path, zx_status_t status)
{
	assert_string_equal(found_name, name);
	assert_string_equal(found_path, test_path(path));
	assert_int_equal(found_status, status);
}

/* The file is in memory once, and yet who writes to what he was given changes it for himself. */
static void check_copies(struct handle *one, struct handle *other)
{
	struct vmo *first = (struct vmo *)one->object;
	struct vmo *second = (struct vmo *)other->object;
	char data[4];

	assert_ptr_not_equal(first, second);
	assert_ptr_equal(first->parent, second->parent);
	assert_int_equal(vmo__committed(first), 0);
	assert_int_equal(vmo__write(first, "\xcc", 1, 1), ZX_OK);
	assert_int_equal(vmo__read(second, data, 0, sizeof(data)), ZX_OK);
	assert_memory_equal(data, "firs", sizeof(data));
}

static void loading(enum fidl_era era)
{
	struct client client;
	struct handle vmo;
	struct handle again;

	prepare(&client, era);
	assert_int_equal(load_object(&client, "a.so", &vmo), ZX_OK);
	check_vmo(&vmo, "first a", "a.so");
	check_found("a.so", "first/a.so", ZX_OK);
	assert_int_equal(load_object(&client, "a.so", &again), ZX_OK);
	check_copies(&vmo, &again);
	handle__close(&vmo);
	handle__close(&again);
	assert_int_equal(load_object(&client, "a.so", &vmo), ZX_OK);
	check_vmo(&vmo, "first a", "a.so");
	handle__close(&vmo);
	assert_int_equal(load_object(&client, "b.so", &vmo), ZX_OK);
	check_vmo(&vmo, "second b", "b.so");
	check_found("b.so", "second/b.so", ZX_OK);
	handle__close(&vmo);
	/* With the NUL byte that ends it in an ELF file. */
	assert_int_equal(load(&client, 2, 0x48c5a151d6df2853, "b.so", 5, &vmo), ZX_OK);
	check_vmo(&vmo, "second b", "b.so");
	handle__close(&vmo);
	/* By the ordinal of January 2019. */
	assert_int_equal(load(&client, 0x18d35e60, 0x48c5a151d6df2853, "b.so", 4, &vmo), ZX_OK);
	handle__close(&vmo);
	/* A file that changed is loaded again. */
	test_write_file("second/b.so", "changed", 7);
	assert_int_equal(load_object(&client, "b.so", &vmo), ZX_OK);
	check_vmo(&vmo, "changed", "b.so");
	handle__close(&vmo);
	client__close(&client);
}

static void refusals(enum fidl_era era)
{
	struct client client;
	struct handle vmo;

	prepare(&client, era);
	assert_int_equal(load_object(&client, "../second/b.so", &vmo), ZX_ERR_INVALID_ARGS);
	assert_int_equal(load_object(&client, "/etc/passwd", &vmo), ZX_ERR_INVALID_ARGS);
	assert_int_equal(load_object(&client, "..", &vmo), ZX_ERR_INVALID_ARGS);
	assert_int_equal(load_object(&client, "", &vmo), ZX_ERR_INVALID_ARGS);
	assert_int_equal(load(&client, 2, 0x48c5a151d6df2853, "a.so\0b", 6, &vmo),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(load(&client, 2, 0x48c5a151d6df2853, "a.so\0x", 6, &vmo),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(load_object(&client, "asan", &vmo), ZX_ERR_WRONG_TYPE);
	check_found("asan", "first/asan", ZX_ERR_WRONG_TYPE);
	/* A link to itself is there and can't be opened, even by root. */
	assert_int_equal(symlink("loop.so", test_path("first/loop.so")), 0);
	assert_int_not_equal(load_object(&client, "loop.so", &vmo), ZX_OK);
	assert_string_equal(found_path, test_path("first/loop.so"));
	assert_int_not_equal(found_status, ZX_OK);
	found_status = ZX_OK;
	assert_int_not_equal(load_object(&client, "loop.so", &vmo), ZX_OK);
	assert_int_equal(found_status, ZX_OK);
	assert_int_equal(reports, 0);
	assert_int_equal(load_object(&client, "none.so", &vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(load_object(&client, "none.so", &vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(reports, 1);
	assert_string_equal(reported, "none.so");
	assert_int_equal(load_object(&client, "other.so", &vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(reports, 2);
	client__close(&client);
}

static void configuration(enum fidl_era era)
{
	struct client client;
	struct handle vmo;

	prepare(&client, era);
	assert_int_equal(set_config(&client, "x"), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_config(&client, "a/b"), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_config(&client, ".."), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_config(&client, "..!"), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_config(&client, "0123456789012345678901234567890"),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(set_config(&client, "asan"), ZX_OK);
	assert_int_equal(load_object(&client, "a.so", &vmo), ZX_OK);
	check_vmo(&vmo, "asan a", "a.so");
	handle__close(&vmo);
	assert_int_equal(load_object(&client, "b.so", &vmo), ZX_OK);
	handle__close(&vmo);
	assert_int_equal(reports, 0);
	assert_int_equal(set_config(&client, "asan!"), ZX_OK);
	assert_int_equal(load_object(&client, "b.so", &vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(load_object(&client, "a.so", &vmo), ZX_OK);
	check_vmo(&vmo, "asan a", "a.so");
	handle__close(&vmo);
	client__close(&client);
}

static void cloning(enum fidl_era era)
{
	struct fidl_writer request;
	struct message *message;
	struct client client;
	struct client copy;
	struct handle server;
	struct handle vmo;

	prepare(&client, era);
	assert_int_equal(set_config(&client, "asan"), ZX_OK);
	client__create(&copy, era, &server);
	client__begin(&client, &request, 5, 0x57e643a9ab6e4c29, 4);
	fidl_writer__handle(&request, &server);
	client__send(&client, &request);
	message = client__receive(&client);
	assert_int_equal(message->num_bytes, era == FIDL_2018 ? 20 : 24);
	message__free(message);
	/* The configuration is the connection's own. */
	assert_int_equal(load_object(&copy, "a.so", &vmo), ZX_OK);
	check_vmo(&vmo, "first a", "a.so");
	handle__close(&vmo);
	client__begin(&client, &request, 1, 0x63ba6b76d3671001, 0);
	client__send(&client, &request);
	assert_int_equal(client__await_close(&client), ZX_OK);
	client__close(&client);
	assert_int_equal(load_object(&copy, "a.so", &vmo), ZX_OK);
	handle__close(&vmo);
	client__close(&copy);
}

static void by_path(enum fidl_era era)
{
	struct client client;
	struct handle vmo;

	prepare(&client, era);
	assert_int_equal(load(&client, 3, 0x27b33b5821e1414f, "/pkg/bin/sh", 11, &vmo), ZX_OK);
	check_vmo(&vmo, "second b", "/pkg/bin/sh");
	handle__close(&vmo);
	assert_int_equal(load(&client, 3, 0x27b33b5821e1414f, "/none", 5, &vmo),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(load(&client, 8, 0x4c33e0963089eaa0, "relative", 8, &vmo),
			 ZX_ERR_NOT_FOUND);
	client__close(&client);
}

static void data_sink(enum fidl_era era)
{
	struct fidl_writer request;
	struct message *message;
	struct client client;
	struct handle handle;
	struct vmo *vmo;
	zx_status_t status;

	prepare(&client, era);
	assert_int_equal(vmo__create(4096, false, &vmo), ZX_OK);
	handle = handle__make(&vmo->object, ZX_RIGHTS_BASIC);
	client__begin(&client, &request, 7, 0x6be39efc0e4b43cc, 24);
	fidl_writer__bytes(&request, "coverage", 8);
	fidl_writer__handle(&request, &handle);
	client__send(&client, &request);
	message = client__receive(&client);
	memcpy(&status, message->bytes + FIDL_HEADER_SIZE, sizeof(status));
	assert_int_equal(status, ZX_ERR_NOT_SUPPORTED);
	message__free(message);
	client__close(&client);
}

#define both_eras(name) \
	static void name##_2018(void **state) \
	{ \
		(void)state; \
		name(FIDL_2018); \
	} \
	static void name##_2020(void **state) \
	{ \
		(void)state; \
		name(FIDL_2020); \
	}
#define both_tests(name) service_test(name##_2018), service_test(name##_2020)

both_eras(loading)
both_eras(refusals)
both_eras(configuration)
both_eras(cloning)
both_eras(by_path)
both_eras(data_sink)

int main(void)
{
	const struct CMUnitTest tests[] = {
		both_tests(loading),
		both_tests(refusals),
		both_tests(configuration),
		both_tests(cloning),
		both_tests(by_path),
		both_tests(data_sink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
