#include "tests/services/io_client.h"

#include <stdio.h>
#include <stdlib.h>

#define DIRENT_HEADER 10u

bool io_client_numbered;

/* The numbers of the methods up to 2018-10, by their ordinals of 2018-12. */
static const struct {
	uint32_t hash;
	uint32_t number;
} numbers[] = {
	{ 0x17fe6a4c, 0x80000001 }, { 0x52b95687, 0x80000002 }, { 0x1f62df5e, 0x80000006 },
	{ 0x4700a7bd, 0x80000007 }, { 0x62423faa, 0x81000001 }, { 0x4585e7c8, 0x81000002 },
	{ 0x0bd5559a, 0x81000003 }, { 0x25f74184, 0x82000001 }, { 0x7c724dc4, 0x82000002 },
	{ 0x0512e7a0, 0x82000003 }, { 0x3e5522e5, 0x82000004 }, { 0x782a7745, 0x82000005 },
	{ 0x42ab3a3a, 0x82000006 }, { 0x6416a3f6, 0x82000007 }, { 0x3f23cc76, 0x82000008 },
	{ 0x7749c9c4, 0x82000009 }, { 0x77e4cceb, 0x83000001 }, { 0x2cbadb19, 0x83000002 },
	{ 0x2ea53c2d, 0x83000003 }, { 0x7072fd87, 0x83000004 }, { 0x3217bced, 0x83000005 },
	{ 0x4a94b0ac, 0x83000006 }, { 0x1b8a5e64, 0x83000007 }, { 0x5ac28f34, 0x83000008 },
};

static uint32_t ordinal_2018(uint32_t hash)
{
	if (!io_client_numbered)
		return hash;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].hash == hash)
			return numbers[i].number;
	fail_msg("ordinal %#x has no number", hash);
	return 0;
}

/* Begins a request; @hash is its ordinal of 2018-12. */
static void begin(struct client *conn, struct fidl_writer *request, uint32_t hash,
		  uint64_t ordinal_2020, uint32_t inline_size)
{
	client__begin(conn, request, ordinal_2018(hash), ordinal_2020, inline_size);
}

void io_client__serve(struct client *client, enum fidl_era era, struct vnode *vnode,
		      uint32_t rights)
{
	struct handle server;

	assert_non_null(vnode);
	client__create(client, era, &server);
	assert_int_equal(io__serve(vnode, rights, &server), ZX_OK);
	vnode__put(vnode);
}

/* Reads OnOpen from a connection that was just asked for. */
static zx_status_t await_open(struct client *conn, uint32_t *info)
{
	struct message *message = client__receive(conn);
	uint64_t ordinal = conn->era == FIDL_2018 ? ordinal_2018(0x4700a7bd) : 0x7fc7bbb1dbfd1972;
	struct fidl_header header;
	zx_status_t status;
	uint32_t tag;

	assert_true(fidl__read_header(message, &header));
	assert_int_equal(header.era, conn->era);
	assert_true(header.ordinal == ordinal);
	assert_int_equal(header.txid, 0);
	memcpy(&status, message->bytes + 16, sizeof(status));
	if (conn->era == FIDL_2018) {
		assert_int_equal(message->num_bytes, status == ZX_OK ? 64 : 32);
		memcpy(&tag, message->bytes + (status == ZX_OK ? 32 : 24), sizeof(tag));
	} else {
		assert_int_equal(message->num_bytes, status == ZX_OK ? 56 : 48);
		memcpy(&tag, message->bytes + 24, sizeof(tag));
		tag -= status == ZX_OK;
	}
	*info = tag;
	message__free(message);
	if (status != ZX_OK) {
		assert_int_equal(client__await_close(conn), ZX_OK);
		client__close(conn);
	}
	return status;
}

zx_status_t io_client__open(struct client *dir, uint32_t flags, uint32_t mode, const char *path,
			    struct client *out, uint32_t *info)
{
	struct fidl_writer request;
	struct handle server;

	client__create(out, dir->era, &server);
	begin(dir, &request, 0x77e4cceb, 0x2c5044561d685ec0, 28);
	fidl_writer__u32(&request, flags | IO_FLAG_DESCRIBE);
	fidl_writer__u32(&request, mode);
	fidl_writer__bytes(&request, path, strlen(path));
	fidl_writer__handle(&request, &server);
	client__send(dir, &request);
	return await_open(out, info);
}

zx_status_t io_client__open_file(struct client *dir, uint32_t flags, const char *path,
				 struct client *out)
{
	uint32_t info;

	return io_client__open(dir, flags, IO_MODE_FILE | 0644, path, out, &info);
}

zx_status_t io_client__mkdir(struct client *dir, const char *path)
{
	struct client made;
	uint32_t info;
	zx_status_t status = io_client__open(dir,
					     IO_FLAG_CREATE | IO_FLAG_EXCLUSIVE |
						     IO_FLAG_DIRECTORY | IO_RIGHT_READABLE,
					     IO_MODE_DIRECTORY | 0755, path, &made, &info);

	if (status != ZX_OK)
		return status;
	assert_int_equal(info, IO_INFO_DIRECTORY);
	client__close(&made);
	return ZX_OK;
}

zx_status_t io_client__clone(struct client *conn, uint32_t flags, struct client *out)
{
	struct fidl_writer request;
	struct handle server;
	uint32_t info;

	client__create(out, conn->era, &server);
	begin(conn, &request, 0x17fe6a4c, 0x5a61678f293ce16f, 8);
	fidl_writer__u32(&request, flags | IO_FLAG_DESCRIBE);
	fidl_writer__handle(&request, &server);
	client__send(conn, &request);
	return await_open(out, &info);
}

uint32_t io_client__describe(struct client *conn)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	uint32_t tag;

	begin(conn, &request, 0x1f62df5e, 0x0ffcec215078dea0, 0);
	client__call(conn, &request, conn->era == FIDL_2018 ? 32 : 24, &reply);
	tag = fidl_reader__u32(&reply) - (conn->era == FIDL_2020);
	assert_int_equal(reply.message->num_bytes, 48);
	message__free(reply.message);
	return tag;
}

static zx_status_t simple(struct client *conn, uint32_t hash, uint64_t ordinal_2020)
{
	struct fidl_writer request;

	begin(conn, &request, hash, ordinal_2020, 0);
	return client__call_status(conn, &request);
}

zx_status_t io_client__close(struct client *conn)
{
	zx_status_t status = simple(conn, 0x52b95687, 0x5309c5bd1c33dc44);

	assert_int_equal(client__await_close(conn), ZX_OK);
	client__close(conn);
	return status;
}

zx_status_t io_client__sync(struct client *conn)
{
	return simple(conn, 0x62423faa, 0x189d88326c18b519);
}

zx_status_t io_client__get_attr(struct client *conn, struct vnode_attr *out)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	zx_status_t status;

	begin(conn, &request, 0x4585e7c8, 0x78985e216314dafd, 0);
	client__call(conn, &request, 64, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	out->mode = (uint32_t)fidl_reader__u64(&reply);
	out->id = fidl_reader__u64(&reply);
	out->content_size = fidl_reader__u64(&reply);
	out->storage_size = fidl_reader__u64(&reply);
	out->link_count = fidl_reader__u64(&reply);
	out->creation_time = fidl_reader__u64(&reply);
	out->modification_time = fidl_reader__u64(&reply);
	assert_true(fidl_reader__end(&reply));
	message__free(reply.message);
	return status;
}

zx_status_t io_client__set_attr(struct client *conn, uint32_t valid, const struct vnode_attr *attr)
{
	struct fidl_writer request;

	begin(conn, &request, 0x0bd5559a, 0x4186c0f40d938f46, 64);
	fidl_writer__u32(&request, valid);
	fidl_writer__u64(&request, attr->mode);
	fidl_writer__u64(&request, attr->id);
	fidl_writer__u64(&request, attr->content_size);
	fidl_writer__u64(&request, attr->storage_size);
	fidl_writer__u64(&request, attr->link_count);
	fidl_writer__u64(&request, attr->creation_time);
	fidl_writer__u64(&request, attr->modification_time);
	return client__call_status(conn, &request);
}

/* A reply of a status and bytes. */
static zx_status_t call_bytes(struct client *conn, struct fidl_writer *request, void *data,
			      size_t *actual)
{
	struct fidl_reader reply;
	const uint8_t *bytes;
	zx_status_t status;

	client__call(conn, request, 24, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	bytes = fidl_reader__bytes(&reply, IO_MAX_BUF, actual);
	assert_true(fidl_reader__end(&reply));
	if (*actual)
		memcpy(data, bytes, *actual);
	message__free(reply.message);
	return status;
}

zx_status_t io_client__read(struct client *file, void *data, uint64_t size, size_t *actual)
{
	struct fidl_writer request;

	begin(file, &request, 0x25f74184, 0x29b2b7074c95208c, 8);
	fidl_writer__u64(&request, size);
	return call_bytes(file, &request, data, actual);
}

zx_status_t io_client__read_at(struct client *file, void *data, uint64_t size, uint64_t offset,
			       size_t *actual)
{
	struct fidl_writer request;

	begin(file, &request, 0x7c724dc4, 0x6527ee3fbc9c5749, 16);
	fidl_writer__u64(&request, size);
	fidl_writer__u64(&request, offset);
	return call_bytes(file, &request, data, actual);
}

/* A reply of a status and a number. */
static zx_status_t call_u64(struct client *conn, struct fidl_writer *request, uint64_t *value)
{
	struct fidl_reader reply;
	zx_status_t status;

	client__call(conn, request, 16, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	*value = fidl_reader__u64(&reply);
	assert_true(fidl_reader__end(&reply));
	message__free(reply.message);
	return status;
}

zx_status_t io_client__write(struct client *file, const void *data, size_t size, size_t *actual)
{
	struct fidl_writer request;
	zx_status_t status;
	uint64_t value;

	begin(file, &request, 0x0512e7a0, 0x3b6432f57914225b, 16);
	fidl_writer__bytes(&request, data, size);
	status = call_u64(file, &request, &value);
	*actual = (size_t)value;
	return status;
}

zx_status_t io_client__write_at(struct client *file, const void *data, size_t size,
				uint64_t offset, size_t *actual)
{
	struct fidl_writer request;
	zx_status_t status;
	uint64_t value;

	begin(file, &request, 0x3e5522e5, 0x4b29e1582ab379e4, 24);
	fidl_writer__bytes(&request, data, size);
	fidl_writer__u64(&request, offset);
	status = call_u64(file, &request, &value);
	*actual = (size_t)value;
	return status;
}

zx_status_t io_client__seek(struct client *file, int64_t offset, uint32_t origin, uint64_t *out)
{
	struct fidl_writer request;

	begin(file, &request, 0x782a7745, 0x324968e9b8a0e394, 12);
	fidl_writer__u64(&request, (uint64_t)offset);
	fidl_writer__u32(&request, origin);
	return call_u64(file, &request, out);
}

zx_status_t io_client__truncate(struct client *file, uint64_t size)
{
	struct fidl_writer request;

	begin(file, &request, 0x42ab3a3a, 0x5ec8f337359a2ddb, 8);
	fidl_writer__u64(&request, size);
	return client__call_status(file, &request);
}

zx_status_t io_client__get_flags(struct client *file, uint32_t *flags)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	zx_status_t status;

	begin(file, &request, 0x6416a3f6, 0x200be82ca523ab96, 0);
	client__call(file, &request, 8, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	*flags = fidl_reader__u32(&reply);
	assert_true(fidl_reader__end(&reply));
	message__free(reply.message);
	return status;
}

zx_status_t io_client__set_flags(struct client *file, uint32_t flags)
{
	struct fidl_writer request;

	begin(file, &request, 0x3f23cc76, 0x713f375258671141, 4);
	fidl_writer__u32(&request, flags);
	return client__call_status(file, &request);
}

/* What 2018-10 had instead of GetBuffer: the VMO alone; the size is among the attributes. */
static zx_status_t get_vmo(struct client *file, uint32_t flags, struct handle *vmo, uint64_t *size)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	struct vnode_attr attr;
	zx_status_t status;

	begin(file, &request, 0x7749c9c4, 0, 4);
	fidl_writer__u32(&request, flags);
	client__call(file, &request, 8, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	if (status == ZX_OK) {
		fidl_reader__handle(&reply, ZX_OBJ_TYPE_VMO, ZX_RIGHT_READ, vmo);
		assert_true(fidl_reader__end(&reply));
		assert_int_equal(io_client__get_attr(file, &attr), ZX_OK);
		*size = attr.content_size;
	}
	message__free(reply.message);
	return status;
}

zx_status_t io_client__get_buffer(struct client *file, uint32_t flags, struct handle *vmo,
				  uint64_t *size)
{
	struct fidl_writer request;
	struct message *message;
	zx_status_t status;

	if (file->era == FIDL_2018 && io_client_numbered)
		return get_vmo(file, flags, vmo, size);
	begin(file, &request, 0x74c30973, 0x4b93b8486666d951, 4);
	fidl_writer__u32(&request, flags);
	client__send(file, &request);
	message = client__receive(file);
	memcpy(&status, message->bytes + 16, sizeof(status));
	assert_int_equal(message->num_bytes, status == ZX_OK ? 48 : 32);
	assert_int_equal(message->num_handles, status == ZX_OK);
	if (status == ZX_OK) {
		*vmo = message->handles[0];
		message->handles[0].object = NULL;
		memcpy(size, message->bytes + 40, sizeof(*size));
	}
	message__free(message);
	return status;
}

zx_status_t io_client__unlink(struct client *dir, const char *path)
{
	struct fidl_writer request;

	begin(dir, &request, 0x2cbadb19, 0x5a0ff90760a8bc23, 16);
	fidl_writer__bytes(&request, path, strlen(path));
	return client__call_status(dir, &request);
}

zx_status_t io_client__read_dirents(struct client *dir, uint64_t max, uint8_t *data,
				    size_t *actual)
{
	struct fidl_writer request;

	begin(dir, &request, 0x2ea53c2d, 0x3582806bf27faa0a, 8);
	fidl_writer__u64(&request, max);
	return call_bytes(dir, &request, data, actual);
}

zx_status_t io_client__rewind(struct client *dir)
{
	return simple(dir, 0x7072fd87, 0x16b1202af0f34c71);
}

zx_status_t io_client__get_token(struct client *dir, struct handle *token)
{
	struct fidl_writer request;
	struct fidl_reader reply;
	zx_status_t status;

	token->object = NULL;
	begin(dir, &request, 0x3217bced, 0x26ae9d18763c8655, 0);
	client__call(dir, &request, 8, &reply);
	status = (zx_status_t)fidl_reader__u32(&reply);
	if (status == ZX_OK) {
		fidl_reader__handle(&reply, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_TRANSFER, token);
		assert_true(fidl_reader__end(&reply));
	}
	message__free(reply.message);
	return status;
}

static zx_status_t change_two(struct client *dir, uint32_t hash, uint64_t ordinal_2020,
			      const char *src, struct handle *token, const char *dst)
{
	struct fidl_writer request;

	begin(dir, &request, hash, ordinal_2020, 40);
	fidl_writer__bytes(&request, src, strlen(src));
	fidl_writer__handle(&request, token);
	fidl_writer__bytes(&request, dst, strlen(dst));
	return client__call_status(dir, &request);
}

zx_status_t io_client__rename(struct client *dir, const char *src, struct handle *token,
			      const char *dst)
{
	return change_two(dir, 0x4a94b0ac, 0x0a8e00a247f3c905, src, token, dst);
}

zx_status_t io_client__link(struct client *dir, const char *src, struct handle *token,
			    const char *dst)
{
	return change_two(dir, 0x1b8a5e64, 0x740604c0c7c930e7, src, token, dst);
}

zx_status_t io_client__watch(struct client *dir, uint32_t mask, struct client *events)
{
	struct fidl_writer request;
	struct handle server;

	client__create(events, dir->era, &server);
	begin(dir, &request, 0x5ac28f34, 0x5717193a59d66d91, 12);
	fidl_writer__u32(&request, mask);
	fidl_writer__u32(&request, 0);
	fidl_writer__handle(&request, &server);
	return client__call_status(dir, &request);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void io_client__list(struct client *dir, char *out, size_t size)
{
	static char names[512][IO_MAX_NAME + 2];
	char *sorted[512];
	uint8_t data[IO_MAX_BUF];
	size_t count = 0;
	size_t actual;

	assert_int_equal(io_client__rewind(dir), ZX_OK);
	for (;;) {
		assert_int_equal(io_client__read_dirents(dir, sizeof(data), data, &actual), ZX_OK);
		if (!actual)
			break;
		for (size_t at = 0; at < actual; at += DIRENT_HEADER + data[at + 8]) {
			assert_true(count < 512 && at + DIRENT_HEADER + data[at + 8] <= actual);
			snprintf(names[count], sizeof(names[0]), "%.*s%s", data[at + 8],
				 (char *)data + at + DIRENT_HEADER,
				 data[at + 9] == IO_DIRENT_DIRECTORY ? "/" : "");
			sorted[count] = names[count];
			count++;
		}
	}
	qsort(sorted, count, sizeof(sorted[0]), compare);
	*out = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? " " : "", sorted[i]);
}
