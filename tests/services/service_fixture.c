#include "tests/services/service_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE_MS 10000

char test_dir[64];

int service_fixture__setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	assert_true((size_t)snprintf(test_dir, sizeof(test_dir), "%s/services-XXXXXX",
				     tmp ? tmp : "/tmp") < sizeof(test_dir));
	assert_non_null(mkdtemp(test_dir));
	return fixture__setup(state);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int service_fixture__teardown(void **state)
{
	services__stop();
	nftw(test_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return fixture__teardown(state);
}

const char *test_path(const char *name)
{
	static char path[sizeof(test_dir) + 256];

	snprintf(path, sizeof(path), "%s/%s", test_dir, name);
	return path;
}

void test_write_file(const char *name, const void *data, size_t size)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

size_t test_read_file(const char *name, void *data, size_t room)
{
	int fd = open(test_path(name), O_RDONLY);
	ssize_t size;

	assert_true(fd >= 0);
	size = read(fd, data, room);
	assert_true(size >= 0);
	close(fd);
	return (size_t)size;
}

void client__create(struct client *client, enum fidl_era era, struct handle *server)
{
	struct channel *ours;
	struct channel *theirs;

	assert_int_equal(channel__create(&ours, &theirs), ZX_OK);
	client->end = handle__make(&ours->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	client->era = era;
	*server = handle__make(&theirs->object, ZX_DEFAULT_CHANNEL_RIGHTS);
}

void client__close(struct client *client)
{
	handle__close(&client->end);
}

void client__begin(struct client *client, struct fidl_writer *request, uint64_t ordinal_2018,
		   uint64_t ordinal_2020, uint32_t inline_size)
{
	static uint32_t txid;
	struct fidl_header header = {
		.era = client->era,
		.txid = ++txid,
		.ordinal = client->era == FIDL_2018 ? ordinal_2018 : ordinal_2020,
	};

	fidl_writer__begin(request, &header, inline_size);
}

void client__send(struct client *client, struct fidl_writer *request)
{
	assert_int_equal(fidl_writer__send(request, client__channel(client)), ZX_OK);
}

void client__send_raw(struct client *client, const void *data, uint32_t size)
{
	struct message *message = message__alloc(size, 0);

	assert_non_null(message);
	memcpy(message->bytes, data, size);
	assert_int_equal(channel__write(client__channel(client), message), ZX_OK);
}

static void await(struct client *client, uint32_t signals)
{
	assert_int_equal(object__wait_one(fx.self, client->end.object, NULL, 0, signals,
					  fixture__after_ms(PATIENCE_MS), NULL),
			 ZX_OK);
}

struct message *client__receive(struct client *client)
{
	struct message *message;

	await(client, ZX_CHANNEL_READABLE);
	assert_int_equal(channel__read(client__channel(client), &message), ZX_OK);
	return message;
}

void client__call(struct client *client, struct fidl_writer *request, uint32_t inline_size,
		  struct fidl_reader *reply)
{
	struct fidl_header sent;
	struct fidl_header got;
	struct message *message = message__alloc(request->size, 0);

	memcpy(message->bytes, request->bytes, request->size);
	assert_true(fidl__read_header(message, &sent));
	message__free(message);
	client__send(client, request);
	message = client__receive(client);
	assert_true(fidl__read_header(message, &got));
	assert_int_equal(got.era, sent.era);
	assert_int_equal(got.txid, sent.txid);
	assert_true(got.ordinal == sent.ordinal);
	fidl_reader__begin(reply, message, inline_size);
}

zx_status_t client__call_status(struct client *client, struct fidl_writer *request)
{
	struct fidl_reader reply;
	zx_status_t status;

	client__call(client, request, sizeof(uint32_t), &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	assert_true(fidl_reader__end(&reply));
	message__free(reply.message);
	return status;
}

zx_status_t client__await_close(struct client *client)
{
	struct message *message;
	zx_status_t epitaph = ZX_OK;

	await(client, ZX_CHANNEL_PEER_CLOSED);
	while (channel__read(client__channel(client), &message) == ZX_OK) {
		struct fidl_header header;

		assert_true(fidl__read_header(message, &header));
		if (header.era == FIDL_2020 && header.ordinal == UINT64_MAX) {
			assert_int_equal(message->num_bytes, 24);
			memcpy(&epitaph, message->bytes + FIDL_HEADER_SIZE, sizeof(epitaph));
		}
		message__free(message);
	}
	return epitaph;
}
