/* The server frame: the wire format byte by byte, and clients that do not keep to it. */
#include "tests/services/io_client.h"

#include <stdlib.h>

#define RW (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE)

static void serve(struct client *root, enum fidl_era era)
{
	io_client__serve(root, era, memfs__create(1 << 20), RW);
}

static void expect_bytes(struct client *client, const void *data, uint32_t size)
{
	struct message *message = client__receive(client);

	assert_int_equal(message->num_bytes, size);
	assert_memory_equal(message->bytes, data, size);
	assert_int_equal(message->num_handles, 0);
	message__free(message);
}

/* Node.Describe of a directory, as libfdio of the era sends it, and what it reads. */
static void test_describe_bytes(void **state)
{
	static const uint8_t request_2018_10[16] = {
		8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0x80,
	};
	static const uint8_t reply_2018_10[48] = {
		8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0x80, 2,
	};
	static const uint8_t request_2018[16] = {
		7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0xdf, 0x62, 0x1f,
	};
	static const uint8_t reply_2018[48] = {
		7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0xdf, 0x62, 0x1f, 2,
	};
	static const uint8_t request_2020[16] = {
		9, 0, 0, 0, 0, 0, 0, 1, 0xa0, 0xde, 0x78, 0x50, 0x21, 0xec, 0xfc, 0x0f,
	};
	static const uint8_t reply_2020[48] = {
		9,    0,    0,    0,    1,    0,    0,    1,
		0xa0, 0xde, 0x78, 0x50, 0x21, 0xec, 0xfc, 0x0f,
		3,    0,    0,    0,    0,    0,    0,    0,
		8,    0,    0,    0,    0,    0,    0,    0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	struct client root;

	(void)state;
	serve(&root, FIDL_2018);
	client__send_raw(&root, request_2018, sizeof(request_2018));
	expect_bytes(&root, reply_2018, sizeof(reply_2018));
	/* The era is told by each message. */
	client__send_raw(&root, request_2018_10, sizeof(request_2018_10));
	expect_bytes(&root, reply_2018_10, sizeof(reply_2018_10));
	client__send_raw(&root, request_2020, sizeof(request_2020));
	expect_bytes(&root, reply_2020, sizeof(reply_2020));
	client__close(&root);
}

/* OnOpen has the form of the request, whatever came on the connection before. */
static void test_on_open_ordinal(void **state)
{
	struct client root;
	struct client conn;

	(void)state;
	serve(&root, FIDL_2018);
	for (int i = 0; i < 4; i++) {
		io_client_numbered = i % 2 == 0;
		assert_int_equal(io_client__clone(&root, RW, &conn), ZX_OK);
		client__close(&conn);
		assert_int_equal(io_client__open_file(&root, RW, "none", &conn), ZX_ERR_NOT_FOUND);
		assert_int_equal(io_client__open_file(&root, RW | IO_FLAG_CREATE, "f", &conn),
				 ZX_OK);
		client__close(&conn);
	}
	client__close(&root);
}

/* DirectoryAdmin, by the numbers of 2018-10: its connections have no right to mount. */
static void test_admin_numbers(void **state)
{
	static const struct {
		uint32_t number;
		uint32_t reply_size;
		zx_status_t status;
	} calls[] = {
		{ 0x85000003, 24, ZX_ERR_ACCESS_DENIED }, /* Unmount */
		{ 0x85000004, 24, ZX_ERR_ACCESS_DENIED }, /* UnmountNode */
		{ 0x85000005, 128, ZX_OK },		  /* QueryFilesystem */
		{ 0x85000006, 40, ZX_ERR_ACCESS_DENIED }, /* GetDevicePath */
	};
	struct client root;

	(void)state;
	serve(&root, FIDL_2018);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct fidl_writer request;
		struct fidl_reader reply;

		client__begin(&root, &request, calls[i].number, 0, 0);
		client__call(&root, &request, 4, &reply);
		assert_int_equal(reply.message->num_bytes, calls[i].reply_size);
		assert_int_equal((zx_status_t)fidl_reader__u32(&reply), calls[i].status);
		message__free(reply.message);
	}
	client__close(&root);
}

/* What neither file systems nor their clients of 2018-10 know ends the connection. */
static void test_unknown_number(void **state)
{
	static const uint32_t numbers[] = {
		0x80000000, 0x80000003, 0x80000007, 0x81000005, 0x8200000a, 0x83000009, 0x84000001,
		0x85000007, 0x1,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct fidl_writer request;
		struct client root;

		serve(&root, FIDL_2018);
		client__begin(&root, &request, numbers[i], 0, 0);
		client__send(&root, &request);
		assert_int_equal(client__await_close(&root), ZX_OK);
		client__close(&root);
	}
}

/* Directory.Unlink of "none": a string out of line, padded to eight bytes. */
static const uint8_t unlink_request[40] = {
	1,    0,    0,    0,    0,    0,    0,    1,
	0x23, 0xbc, 0xa8, 0x60, 0x07, 0xf9, 0x0f, 0x5a,
	4,    0,    0,    0,    0,    0,    0,    0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	'n',  'o',  'n',  'e',
};

static void test_string_bytes(void **state)
{
	static const uint8_t reply[24] = {
		1,    0,    0,    0,    1,    0,    0,    1,
		0x23, 0xbc, 0xa8, 0x60, 0x07, 0xf9, 0x0f, 0x5a,
		0xe7, 0xff, 0xff, 0xff, /* ZX_ERR_NOT_FOUND */
	};
	struct client root;

	(void)state;
	serve(&root, FIDL_2020);
	client__send_raw(&root, unlink_request, sizeof(unlink_request));
	expect_bytes(&root, reply, sizeof(reply));
	client__close(&root);
}

/* Sends @size bytes of a good message, changed by the caller, on a connection of its own. */
static void expect_refusal(const void *data, uint32_t size, zx_status_t epitaph)
{
	struct client root;

	serve(&root, FIDL_2020);
	client__send_raw(&root, data, size);
	assert_int_equal(client__await_close(&root), epitaph);
	client__close(&root);
}

static void test_malformed(void **state)
{
	uint8_t bad[64];

	(void)state;
	memcpy(bad, unlink_request, sizeof(unlink_request));
	expect_refusal(bad, 15, ZX_OK); /* no header: no era to write an epitaph in */
	expect_refusal(bad, 16, ZX_ERR_INVALID_ARGS);
	expect_refusal(bad, 32, ZX_ERR_INVALID_ARGS);
	expect_refusal(bad, 36, ZX_ERR_INVALID_ARGS);
	expect_refusal(bad, 48, ZX_ERR_INVALID_ARGS);
	bad[16] = 9; /* longer than what follows */
	expect_refusal(bad, 40, ZX_ERR_INVALID_ARGS);
	memset(bad + 16, 0xff, 8); /* the size of everything */
	expect_refusal(bad, 40, ZX_ERR_INVALID_ARGS);
	memcpy(bad, unlink_request, sizeof(unlink_request));
	memset(bad + 24, 0, 8); /* absent, though it must be there */
	expect_refusal(bad, 40, ZX_ERR_INVALID_ARGS);
	memcpy(bad, unlink_request, sizeof(unlink_request));
	bad[24] = 1; /* neither present nor absent */
	expect_refusal(bad, 40, ZX_ERR_INVALID_ARGS);
	memcpy(bad, unlink_request, sizeof(unlink_request));
	bad[7] = 2; /* another magic */
	expect_refusal(bad, 40, ZX_OK);
	memcpy(bad, unlink_request, sizeof(unlink_request));
	bad[8] ^= 1; /* no such method */
	expect_refusal(bad, 40, ZX_ERR_NOT_SUPPORTED);
	memcpy(bad, unlink_request, sizeof(unlink_request));
	bad[0] = 0; /* a question without a number to answer to */
	expect_refusal(bad, 40, ZX_ERR_INVALID_ARGS);
}

/* A handle that nothing was said of, one too few, and one of the wrong type. */
static void test_wrong_handles(void **state)
{
	struct fidl_writer request;
	struct client root;
	struct client file;
	struct handle token;
	struct handle spare;

	(void)state;
	serve(&root, FIDL_2020);
	assert_int_equal(io_client__get_token(&root, &token), ZX_OK);
	spare = handle__dup(&token, token.rights);
	client__begin(&root, &request, 0, 0x5a0ff90760a8bc23, 16);
	fidl_writer__bytes(&request, "none", 4);
	request.handles[request.num_handles++] = token;
	client__send(&root, &request);
	assert_int_equal(client__await_close(&root), ZX_ERR_INVALID_ARGS);
	client__close(&root);

	serve(&root, FIDL_2020);
	client__begin(&root, &request, 0, 0x2c5044561d685ec0, 28);
	fidl_writer__u32(&request, RW);
	fidl_writer__u32(&request, 0);
	fidl_writer__bytes(&request, ".", 1);
	fidl_writer__handle(&request, &spare); /* an event, not a channel */
	client__send(&root, &request);
	assert_int_equal(client__await_close(&root), ZX_ERR_INVALID_ARGS);
	client__close(&root);

	serve(&root, FIDL_2020);
	client__begin(&root, &request, 0, 0x5a61678f293ce16f, 8);
	fidl_writer__u32(&request, IO_FLAG_CLONE_SAME_RIGHTS);
	fidl_writer__u32(&request, FIDL_PRESENT_U32);
	client__send(&root, &request);
	assert_int_equal(client__await_close(&root), ZX_ERR_INVALID_ARGS);
	client__close(&root);

	/* Methods of files are not those of directories, from 2020 on; in 2018 all were served. */
	serve(&root, FIDL_2020);
	client__begin(&root, &request, 0, 0x5ec8f337359a2ddb, 8);
	fidl_writer__u64(&request, 0);
	client__send(&root, &request);
	assert_int_equal(client__await_close(&root), ZX_ERR_NOT_SUPPORTED);
	client__close(&root);
	serve(&root, FIDL_2018);
	assert_int_equal(io_client__open_file(&root, IO_FLAG_CREATE | RW, "f", &file), ZX_OK);
	assert_int_equal(io_client__unlink(&file, "x"), ZX_ERR_NOT_SUPPORTED);
	client__close(&file);
	client__close(&root);
}

/* Whatever comes, the server lives, and serves others. */
static void test_noise(void **state)
{
	static const uint64_t ordinals[] = {
		0x5a61678f293ce16f, 0x5309c5bd1c33dc44, 0x0ffcec215078dea0, 0x4186c0f40d938f46,
		0x29b2b7074c95208c, 0x3b6432f57914225b, 0x2c5044561d685ec0, 0x0a8e00a247f3c905,
		0x5717193a59d66d91, 0x4b93b8486666d951, 0x7bc782242022b3b3, 0x3582806bf27faa0a,
	};
	struct client steady;
	unsigned int seed = 1;

	(void)state;
	serve(&steady, FIDL_2020);
	for (int i = 0; i < 3000; i++) {
		uint8_t data[128];
		uint32_t size = 16 + (uint32_t)(rand_r(&seed) % 14) * 8;
		struct client noisy;

		for (size_t at = 0; at < sizeof(data); at++)
			data[at] = (uint8_t)(rand_r(&seed) % 4 ? 0 : rand_r(&seed));
		if (rand_r(&seed) % 2)
			memset(data + 24, 0xff, 8);
		data[4] = data[5] = data[6] = 0;
		data[7] = 1;
		memcpy(data + 8, &ordinals[rand_r(&seed) % 12], 8);
		io_client__clone(&steady, IO_FLAG_CLONE_SAME_RIGHTS, &noisy);
		client__send_raw(&noisy, data, size);
		client__close(&noisy);
	}
	assert_int_equal(io_client__describe(&steady), IO_INFO_DIRECTORY);
	client__close(&steady);
}

/* A client that never reads costs a bounded amount of memory. */
static void test_unread_replies(void **state)
{
	struct fidl_writer request;
	struct client root;
	zx_status_t status = ZX_OK;
	unsigned int sent;

	(void)state;
	serve(&root, FIDL_2020);
	for (sent = 0; sent < 100000 && status == ZX_OK; sent++) {
		client__begin(&root, &request, 0, 0x78985e216314dafd, 0);
		status = fidl_writer__send(&request, client__channel(&root));
	}
	assert_int_equal(status, ZX_ERR_PEER_CLOSED);
	assert_int_equal(client__await_close(&root), ZX_ERR_NO_RESOURCES);
	client__close(&root);
}

/* A service gets the channel that is opened on its entry, with what was sent before. */
static struct handle connected;

static zx_status_t take_channel(void *data, struct handle *channel)
{
	assert_ptr_equal(data, &connected);
	connected = *channel;
	channel->object = NULL;
	return ZX_OK;
}

static void test_service(void **state)
{
	static const enum fidl_era eras[] = { FIDL_2018, FIDL_2020 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct vnode *dir = pseudodir__create();
		struct vnode *service = service__create(take_channel, &connected);
		struct client root;
		struct client conn;
		struct message *message;
		char names[64];
		uint32_t info;

		assert_int_equal(pseudodir__add(dir, "a.Service", service), ZX_OK);
		assert_int_equal(pseudodir__add(dir, "a.Service", service), ZX_ERR_ALREADY_EXISTS);
		assert_int_equal(pseudodir__add(dir, "a/b", service), ZX_ERR_INVALID_ARGS);
		assert_int_equal(pseudodir__add(dir, "", service), ZX_ERR_INVALID_ARGS);
		vnode__put(service);
		io_client__serve(&root, eras[i], dir, RW);
		io_client__list(&root, names, sizeof(names));
		assert_string_equal(names, "./ a.Service");
		assert_int_equal(io_client__open(&root, RW, 0755, "a.Service", &conn, &info),
				 ZX_OK);
		assert_int_equal(info, IO_INFO_SERVICE);
		client__send_raw(&conn, "request", 7);
		/* One answer more from the directory: by then the connection is made. */
		assert_int_equal(io_client__describe(&root), IO_INFO_DIRECTORY);
		assert_int_equal(channel__read((struct channel *)connected.object, &message),
				 ZX_OK);
		assert_memory_equal(message->bytes, "request", 7);
		message__free(message);
		handle__close(&connected);
		client__close(&conn);
		assert_int_equal(io_client__open(&root, RW, 0755, "none", &conn, &info),
				 ZX_ERR_NOT_FOUND);
		assert_int_equal(io_client__open(&root, RW | IO_FLAG_DIRECTORY, 0, "a.Service",
						 &conn, &info),
				 ZX_ERR_NOT_DIR);
		assert_int_equal(io_client__open(&root, RW | IO_FLAG_CREATE, 0, "new", &conn,
						 &info),
				 ZX_ERR_NOT_FOUND);
		/* /svc itself is opened with both rights, in either era. */
		assert_int_equal(io_client__open(&root, RW, 0755, ".", &conn, &info), ZX_OK);
		client__close(&conn);
		client__close(&root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		service_test(test_describe_bytes),
		service_test(test_on_open_ordinal),
		service_test(test_admin_numbers),
		service_test(test_unknown_number),
		service_test(test_string_bytes),
		service_test(test_malformed),
		service_test(test_wrong_handles),
		service_test(test_noise),
		service_test(test_unread_replies),
		service_test(test_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
