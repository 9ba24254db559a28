/* A client of fuchsia.io. */
#include "fidl_io.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>

#include "fidl.h"
#include "string.h"

/* As programs of 2018-10 number the methods (RT_IO_NUMBERED), and as the other two eras do. */
#ifdef RT_IO_NUMBERED
#define IO_ORDINAL(number, y2018, y2020) (number)
#else
#define IO_ORDINAL(number, y2018, y2020) FIDL_ORDINAL(y2018, y2020)
#endif

#define NODE_CLONE IO_ORDINAL(0x80000001, 0x17fe6a4c, 0x5a61678f293ce16f)
#define NODE_CLOSE IO_ORDINAL(0x80000002, 0x52b95687, 0x5309c5bd1c33dc44)
#define NODE_DESCRIBE IO_ORDINAL(0x80000006, 0x1f62df5e, 0x0ffcec215078dea0)
#define NODE_ON_OPEN IO_ORDINAL(0x80000007, 0x4700a7bd, 0x7fc7bbb1dbfd1972)
#define NODE_SYNC IO_ORDINAL(0x81000001, 0x62423faa, 0x189d88326c18b519)
#define NODE_GET_ATTR IO_ORDINAL(0x81000002, 0x4585e7c8, 0x78985e216314dafd)
#define FILE_READ IO_ORDINAL(0x82000001, 0x25f74184, 0x29b2b7074c95208c)
#define FILE_READ_AT IO_ORDINAL(0x82000002, 0x7c724dc4, 0x6527ee3fbc9c5749)
#define FILE_WRITE IO_ORDINAL(0x82000003, 0x0512e7a0, 0x3b6432f57914225b)
#define FILE_WRITE_AT IO_ORDINAL(0x82000004, 0x3e5522e5, 0x4b29e1582ab379e4)
#define FILE_SEEK IO_ORDINAL(0x82000005, 0x782a7745, 0x324968e9b8a0e394)
#define FILE_TRUNCATE IO_ORDINAL(0x82000006, 0x42ab3a3a, 0x5ec8f337359a2ddb)
#define FILE_GET_BUFFER IO_ORDINAL(0x82000009 /* GetVmo */, 0x74c30973, 0x4b93b8486666d951)
#define DIRECTORY_OPEN IO_ORDINAL(0x83000001, 0x77e4cceb, 0x2c5044561d685ec0)
#define DIRECTORY_UNLINK IO_ORDINAL(0x83000002, 0x2cbadb19, 0x5a0ff90760a8bc23)
#define DIRECTORY_READ_DIRENTS IO_ORDINAL(0x83000003, 0x2ea53c2d, 0x3582806bf27faa0a)
#define DIRECTORY_REWIND IO_ORDINAL(0x83000004, 0x7072fd87, 0x16b1202af0f34c71)
#define DIRECTORY_GET_TOKEN IO_ORDINAL(0x83000005, 0x3217bced, 0x26ae9d18763c8655)
#define DIRECTORY_RENAME IO_ORDINAL(0x83000006, 0x4a94b0ac, 0x0a8e00a247f3c905)
#define DIRECTORY_LINK IO_ORDINAL(0x83000007, 0x1b8a5e64, 0x740604c0c7c930e7)

#define DATA_MAX 8192
#define PATH_MAX 1024

/* NodeInfo: where it says which of its members there is, and how these are numbered. */
#if RT_ERA == 2018
#define ON_OPEN_KIND_OFFSET 32	/* the union lies behind the body, which points to it */
#define KIND_FIRST 0
#else
#define ON_OPEN_KIND_OFFSET 24	/* the union is part of the body */
#define KIND_FIRST 1
#endif
#define DESCRIBE_KIND_OFFSET 16

/* One message at a time, so there is one buffer each way. */
static uint8_t request[sizeof(struct fidl_header) + 64 + DATA_MAX] __attribute__((aligned(8)));
static uint8_t reply[sizeof(struct fidl_header) + 64 + DATA_MAX] __attribute__((aligned(8)));
static uint32_t request_size;
static uint32_t reply_size;

static void begin(uint64_t ordinal)
{
	struct fidl_header header = FIDL_HEADER(ordinal);

	memcpy(request, &header, sizeof(header));
	request_size = sizeof(header);
}

static void put(const void *data, size_t size)
{
	memset(request + request_size, 0, FIDL_ALIGN(size));
	memcpy(request + request_size, data, size);
	request_size += FIDL_ALIGN(size);
}

static void put_u64(uint64_t value)
{
	put(&value, sizeof(value));
}

/* Two 32-bit values that follow each other, or one and its padding. */
static void put_u32s(uint32_t first, uint32_t second)
{
	put_u64((uint64_t)second << 32 | first);
}

static void put_vector(size_t count)
{
	put_u64(count);
	put_u64(FIDL_PRESENT);
}

static uint32_t get_u32(size_t offset)
{
	uint32_t value;

	memcpy(&value, reply + offset, sizeof(value));
	return value;
}

static uint64_t get_u64(size_t offset)
{
	uint64_t value;

	memcpy(&value, reply + offset, sizeof(value));
	return value;
}

/* Sends what was put together; the reply must have at least `least` bytes of body. */
static zx_status_t call(zx_handle_t channel, zx_handle_t sent, size_t least, zx_handle_t *handle)
{
	zx_status_t status;

	status = fidl_call(channel, request, request_size, sent, reply, sizeof(reply), &reply_size,
			   handle);
	if (status != ZX_OK)
		return status;
	return reply_size < sizeof(struct fidl_header) + least ? ZX_ERR_IO_DATA_INTEGRITY : ZX_OK;
}

/* The same, for replies that begin with a status. */
static zx_status_t call_status(zx_handle_t channel, zx_handle_t sent, size_t least,
			       zx_handle_t *handle)
{
	zx_status_t status = call(channel, sent, sizeof(uint64_t), handle);

	if (status == ZX_OK)
		status = (zx_status_t)get_u32(sizeof(struct fidl_header));
	if (status == ZX_OK && reply_size < sizeof(struct fidl_header) + least)
		status = ZX_ERR_IO_DATA_INTEGRITY;
	return status;
}

static enum io_kind kind_at(size_t offset)
{
	uint32_t value;

	if (offset + sizeof(value) > reply_size)
		return IO_OTHER;
	value = get_u32(offset) - KIND_FIRST;
	return value < IO_OTHER ? (enum io_kind)value : IO_OTHER;
}

/* The event that answers an Open or Clone with IO_DESCRIBE. Closes the node on failure. */
static zx_status_t wait_opened(zx_handle_t node, enum io_kind *kind)
{
	struct fidl_header expected = FIDL_HEADER(NODE_ON_OPEN);
	const struct fidl_header *header = (const void *)reply;
	zx_handle_t handles[FIDL_REPLY_HANDLES_MAX];
	uint32_t count = 0;
	zx_status_t status;

	status = zx_object_wait_one(node, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				    ZX_TIME_INFINITE, NULL);
	if (status == ZX_OK)
		status = zx_channel_read(node, 0, reply, handles, sizeof(reply),
					 FIDL_REPLY_HANDLES_MAX, &reply_size, &count);
	if (status == ZX_OK) {
		zx_handle_close_many(handles, count);
		if (reply_size < sizeof(*header) + 8 || header->ordinal != expected.ordinal)
			status = ZX_ERR_IO_DATA_INTEGRITY;
		else
			status = (zx_status_t)get_u32(sizeof(*header));
	}
	if (status != ZX_OK)
		zx_handle_close(node);
	else if (kind)
		*kind = kind_at(ON_OPEN_KIND_OFFSET);
	return status;
}

/* Sends the request with a new channel's end, and waits for what comes back on the other. */
static zx_status_t send_and_wait(zx_handle_t channel, zx_handle_t *node, enum io_kind *kind)
{
	zx_handle_t server;
	zx_status_t status;

	status = zx_channel_create(0, node, &server);
	if (status != ZX_OK)
		return status;
	status = zx_channel_write(channel, 0, request, request_size, &server, 1);
	if (status != ZX_OK) {
		zx_handle_close(*node);
		return status;
	}
	return wait_opened(*node, kind);
}

zx_status_t io_open(zx_handle_t directory, uint32_t flags, uint32_t mode, const char *path,
		    zx_handle_t *node, enum io_kind *kind)
{
	if (strlen(path) > PATH_MAX)
		return ZX_ERR_BAD_PATH;
	begin(DIRECTORY_OPEN);
	put_u32s(flags | IO_DESCRIBE, mode);
	put_vector(strlen(path));
	put_u32s(FIDL_HANDLE_PRESENT_MARK, 0);
	put(path, strlen(path));
	return send_and_wait(directory, node, kind);
}

zx_status_t io_clone(zx_handle_t node, uint32_t flags, zx_handle_t *clone)
{
	begin(NODE_CLONE);
	put_u32s(flags | IO_DESCRIBE, FIDL_HANDLE_PRESENT_MARK);
	return send_and_wait(node, clone, NULL);
}

zx_status_t io_describe(zx_handle_t node, enum io_kind *kind)
{
	zx_status_t status;

	begin(NODE_DESCRIBE);
	status = call(node, ZX_HANDLE_INVALID, 8, NULL);
	if (status == ZX_OK)
		*kind = kind_at(DESCRIBE_KIND_OFFSET);
	return status;
}

zx_status_t io_get_attr(zx_handle_t node, struct io_attributes *attributes)
{
	zx_status_t status;

	begin(NODE_GET_ATTR);
	status = call_status(node, ZX_HANDLE_INVALID, 8 + sizeof(*attributes), NULL);
	if (status == ZX_OK)
		memcpy(attributes, reply + 24, sizeof(*attributes));
	return status;
}

static zx_status_t call_plain(zx_handle_t node, uint64_t ordinal)
{
	begin(ordinal);
	return call_status(node, ZX_HANDLE_INVALID, 8, NULL);
}

zx_status_t io_sync(zx_handle_t node)
{
	return call_plain(node, NODE_SYNC);
}

zx_status_t io_close(zx_handle_t node)
{
	zx_status_t status = call_plain(node, NODE_CLOSE);

	zx_handle_close(node);
	return status;
}

/* A reply of a status and a vector of bytes. */
static zx_status_t receive_bytes(zx_handle_t node, void *data, size_t size, size_t *actual)
{
	zx_status_t status = call_status(node, ZX_HANDLE_INVALID, 24, NULL);

	if (status != ZX_OK)
		return status;
	*actual = get_u64(24);
	if (*actual > size || reply_size < 40 + *actual)
		return ZX_ERR_IO_DATA_INTEGRITY;
	memcpy(data, reply + 40, *actual);
	return ZX_OK;
}

zx_status_t io_read(zx_handle_t file, void *data, size_t size, size_t *actual)
{
	begin(FILE_READ);
	put_u64(size);
	return receive_bytes(file, data, size, actual);
}

zx_status_t io_read_at(zx_handle_t file, uint64_t offset, void *data, size_t size, size_t *actual)
{
	begin(FILE_READ_AT);
	put_u64(size);
	put_u64(offset);
	return receive_bytes(file, data, size, actual);
}

static zx_status_t receive_count(zx_handle_t node, size_t *actual)
{
	zx_status_t status = call_status(node, ZX_HANDLE_INVALID, 16, NULL);

	if (status == ZX_OK)
		*actual = get_u64(24);
	return status;
}

zx_status_t io_write(zx_handle_t file, const void *data, size_t size, size_t *actual)
{
	if (size > DATA_MAX)
		return ZX_ERR_OUT_OF_RANGE;
	begin(FILE_WRITE);
	put_vector(size);
	put(data, size);
	return receive_count(file, actual);
}

zx_status_t io_write_at(zx_handle_t file, uint64_t offset, const void *data, size_t size,
			size_t *actual)
{
	if (size > DATA_MAX)
		return ZX_ERR_OUT_OF_RANGE;
	begin(FILE_WRITE_AT);
	put_vector(size);
	put_u64(offset);
	put(data, size);
	return receive_count(file, actual);
}

zx_status_t io_seek(zx_handle_t file, int64_t offset, uint32_t origin, uint64_t *at)
{
	begin(FILE_SEEK);
	put_u64((uint64_t)offset);
	put_u32s(origin, 0);
	return receive_count(file, at);
}

zx_status_t io_truncate(zx_handle_t file, uint64_t size)
{
	begin(FILE_TRUNCATE);
	put_u64(size);
	return call_status(file, ZX_HANDLE_INVALID, 8, NULL);
}

/* The size that belongs to the VMO just received; 2018-10 got the VMO alone. */
static zx_status_t buffer_size(zx_handle_t file, uint64_t *size)
{
#ifdef RT_IO_NUMBERED
	struct io_attributes attributes;
	zx_status_t status = io_get_attr(file, &attributes);

	if (status == ZX_OK)
		*size = attributes.content_size;
	return status;
#else
	(void)file;
	if (reply_size < 48 || !get_u64(24))
		return ZX_ERR_IO_DATA_INTEGRITY;
	*size = get_u64(40);
	return ZX_OK;
#endif
}

zx_status_t io_get_buffer(zx_handle_t file, uint32_t flags, zx_handle_t *vmo, uint64_t *size)
{
	zx_status_t status;

	begin(FILE_GET_BUFFER);
	put_u32s(flags, 0);
	status = call_status(file, ZX_HANDLE_INVALID, 8, vmo);
	if (status != ZX_OK)
		return status;
	return buffer_size(file, size);
}

zx_status_t io_read_dirents(zx_handle_t directory, void *data, size_t size, size_t *actual)
{
	begin(DIRECTORY_READ_DIRENTS);
	put_u64(size);
	return receive_bytes(directory, data, size, actual);
}

zx_status_t io_rewind(zx_handle_t directory)
{
	return call_plain(directory, DIRECTORY_REWIND);
}

zx_status_t io_unlink(zx_handle_t directory, const char *path)
{
	begin(DIRECTORY_UNLINK);
	put_vector(strlen(path));
	put(path, strlen(path));
	return call_status(directory, ZX_HANDLE_INVALID, 8, NULL);
}

/* The directory to move into is named by a token, which the directory itself gives out. */
static zx_status_t two_names(zx_handle_t directory, uint64_t ordinal, const char *from,
			     const char *to)
{
	zx_handle_t token;
	zx_status_t status;

	begin(DIRECTORY_GET_TOKEN);
	status = call_status(directory, ZX_HANDLE_INVALID, 8, &token);
	if (status != ZX_OK)
		return status;
	begin(ordinal);
	put_vector(strlen(from));
	put_u32s(FIDL_HANDLE_PRESENT_MARK, 0);
	put_vector(strlen(to));
	put(from, strlen(from));
	put(to, strlen(to));
	return call_status(directory, token, 8, NULL);
}

zx_status_t io_rename(zx_handle_t directory, const char *from, const char *to)
{
	return two_names(directory, DIRECTORY_RENAME, from, to);
}

zx_status_t io_link(zx_handle_t directory, const char *from, const char *to)
{
	return two_names(directory, DIRECTORY_LINK, from, to);
}
