/* zx_channel_read and zx_channel_read_etc, which differ in how handles are received. */
#include "channel.h"

static zx_status_t read_nothing(zx_handle_t handle, uint32_t options)
{
	return zx_channel_read(handle, options, NULL, NULL, 0, 0, NULL, NULL);
}

static zx_status_t read_etc_nothing(zx_handle_t handle, uint32_t options)
{
	return zx_channel_read_etc(handle, options, NULL, NULL, 0, 0, NULL, NULL);
}

/* A channel with one message of `size` bytes and `handles` events in it; gives the reader's end. */
static zx_handle_t with_message(uint32_t size, uint32_t handles)
{
	static const uint8_t bytes[64];
	zx_handle_t events[4];
	zx_handle_t a, b;
	uint32_t i;

	make_channel(&a, &b);
	for (i = 0; i < handles; i++)
		events[i] = make_event();
	EXPECT_OK(zx_channel_write(a, 0, bytes, size, events, handles));
	return b;
}

CHECK_HANDLE(channel_read, handle, READ, channel_end(), read_nothing(h, 0))
CHECK_HANDLE(channel_read_etc, handle, READ, channel_end(), read_etc_nothing(h, 0))

CHECK_ERROR(channel_read, ZX_ERR_NOT_SUPPORTED, options)
{
	zx_handle_t end = with_message(0, 0);

	EXPECT_STATUS(read_nothing(end, 2), ZX_ERR_NOT_SUPPORTED);
	EXPECT_STATUS(read_nothing(end, 0x80000000u), ZX_ERR_NOT_SUPPORTED);
	/* The message is still there. */
	EXPECT_OK(read_nothing(end, 0));
}

REFUSES(channel_read_etc, ZX_ERR_NOT_SUPPORTED, options, read_etc_nothing(with_message(0, 0), 2))
REFUSES(channel_read, ZX_ERR_SHOULD_WAIT, empty, read_nothing(channel_end(), 0))
REFUSES(channel_read_etc, ZX_ERR_SHOULD_WAIT, empty, read_etc_nothing(channel_end(), 0))
REFUSES(channel_read, ZX_ERR_PEER_CLOSED, empty, read_nothing(lonely_end(), 0))
REFUSES(channel_read_etc, ZX_ERR_PEER_CLOSED, empty, read_etc_nothing(lonely_end(), 0))

/* The sizes are told, and the message stays. */
CHECK_ERROR(channel_read, ZX_ERR_BUFFER_TOO_SMALL, bytes)
{
	zx_handle_t end = with_message(10, 1);
	uint32_t size = 0, count = 0;
	zx_handle_t handle;
	char bytes[10];

	EXPECT_STATUS(zx_channel_read(end, 0, bytes, &handle, 9, 1, &size, &count),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(size, 10);
	EXPECT_EQ(count, 1);
	EXPECT_OK(zx_channel_read(end, 0, bytes, &handle, 10, 1, &size, &count));
	own(handle);
}

CHECK_ERROR(channel_read, ZX_ERR_BUFFER_TOO_SMALL, handles)
{
	zx_handle_t end = with_message(0, 2);
	uint32_t size = 9, count = 0;
	zx_handle_t handles[2];

	EXPECT_STATUS(zx_channel_read(end, 0, NULL, handles, 0, 1, &size, &count),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(size, 0);
	EXPECT_EQ(count, 2);
	EXPECT_OK(zx_channel_read(end, 0, NULL, handles, 0, 2, &size, &count));
	own(handles[0]);
	own(handles[1]);
}

CHECK_ERROR(channel_read_etc, ZX_ERR_BUFFER_TOO_SMALL, handles)
{
	zx_handle_t end = with_message(3, 2);
	uint32_t size = 0, count = 0;
	zx_handle_info_t info;
	char bytes[3];

	EXPECT_STATUS(zx_channel_read_etc(end, 0, bytes, &info, 3, 1, &size, &count),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(size, 3);
	EXPECT_EQ(count, 2);
}

CHECK_ERROR(channel_read, ZX_ERR_INVALID_ARGS, bad_bytes)
{
	zx_handle_t end = with_message(1, 0);

	EXPECT_STATUS(zx_channel_read(end, 0, BAD_POINTER, NULL, 1, 0, NULL, NULL),
		      ZX_ERR_INVALID_ARGS);
	/* The message had left the queue. */
	EXPECT_STATUS(read_nothing(end, 0), ZX_ERR_SHOULD_WAIT);
}

REFUSES(channel_read, ZX_ERR_INVALID_ARGS, bad_actual_bytes,
	zx_channel_read(with_message(0, 0), 0, NULL, NULL, 0, 0, BAD_POINTER, NULL))
REFUSES(channel_read, ZX_ERR_INVALID_ARGS, bad_actual_handles,
	zx_channel_read(with_message(0, 0), 0, NULL, NULL, 0, 0, NULL, BAD_POINTER))

CHECK_ERROR(channel_read_etc, ZX_ERR_INVALID_ARGS, bad_bytes)
{
	zx_handle_t end = with_message(1, 0);

	EXPECT_STATUS(zx_channel_read_etc(end, 0, BAD_POINTER, NULL, 1, 0, NULL, NULL),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(channel_read, read_only_buffer)
{
	void *buffer = map_pages(1, ZX_VM_PERM_READ);

	EXPECT_STATUS(zx_channel_read(with_message(1, 0), 0, buffer, NULL, 1, 0, NULL, NULL),
		      ZX_ERR_INVALID_ARGS);
}

/* Which error comes first where several apply. */
CHECK(channel_read, handle_before_options)
{
	EXPECT_STATUS(read_nothing(ZX_HANDLE_INVALID, 2), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(read_nothing(make_event(), 2), ZX_ERR_WRONG_TYPE);
}

CHECK(channel_read, oldest_first)
{
	zx_handle_t a, b;
	uint32_t size;
	char bytes[8];

	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, "first", 5, NULL, 0));
	EXPECT_OK(zx_channel_write(a, 0, "second", 6, NULL, 0));
	EXPECT_OK(zx_channel_write(b, 0, "other", 5, NULL, 0));
	EXPECT_OK(zx_channel_read(b, 0, bytes, NULL, sizeof(bytes), 0, &size, NULL));
	EXPECT_EQ(size, 5);
	EXPECT_BYTES(bytes, "first", 5);
	EXPECT_OK(zx_channel_read(b, 0, bytes, NULL, sizeof(bytes), 0, &size, NULL));
	EXPECT_EQ(size, 6);
	EXPECT_BYTES(bytes, "second", 6);
	EXPECT_STATUS(read_nothing(b, 0), ZX_ERR_SHOULD_WAIT);
}

CHECK(channel_read, only_message_is_written)
{
	zx_handle_t a, b;
	char bytes[4] = "....";

	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, "ab", 2, NULL, 0));
	EXPECT_OK(zx_channel_read(b, 0, bytes, NULL, sizeof(bytes), 0, NULL, NULL));
	EXPECT_BYTES(bytes, "ab..", 4);
}

CHECK(channel_read, readable_until_empty)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE | ZX_CHANNEL_READABLE);
	EXPECT_SIGNALS(a, ZX_CHANNEL_WRITABLE);
	EXPECT_OK(read_nothing(b, 0));
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE | ZX_CHANNEL_READABLE);
	EXPECT_OK(read_nothing(b, 0));
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE);
}

CHECK(channel_read, after_peer_closed)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	EXPECT_OK(zx_handle_close(a));
	EXPECT_SIGNALS(b, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED);
	EXPECT_OK(read_nothing(b, 0));
	EXPECT_SIGNALS(b, ZX_CHANNEL_PEER_CLOSED);
	EXPECT_STATUS(read_nothing(b, 0), ZX_ERR_PEER_CLOSED);
}

CHECK(channel_read, may_discard)
{
	zx_handle_t a, b, inner, carried;
	uint32_t size = 0, count = 0;

	make_channel(&a, &b);
	make_channel(&inner, &carried);
	EXPECT_OK(zx_channel_write(a, 0, "abc", 3, &carried, 1));
	EXPECT_STATUS(zx_channel_read(b, ZX_CHANNEL_READ_MAY_DISCARD, NULL, NULL, 0, 0, &size,
				      &count),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(size, 3);
	EXPECT_EQ(count, 1);
	/* Its handles were closed with it. */
	EXPECT_SIGNALS(inner, ZX_CHANNEL_PEER_CLOSED);
	EXPECT_STATUS(read_nothing(b, 0), ZX_ERR_SHOULD_WAIT);
}

CHECK(channel_read, may_discard_takes_what_fits)
{
	zx_handle_t end = with_message(2, 0);
	char bytes[2];

	EXPECT_OK(zx_channel_read(end, ZX_CHANNEL_READ_MAY_DISCARD, bytes, NULL, 2, 0, NULL, NULL));
	EXPECT_STATUS(read_nothing(end, 0), ZX_ERR_SHOULD_WAIT);
}

CHECK(channel_read, handles_keep_rights_and_order)
{
	zx_handle_t a, b, sent[2], got[2];
	uint32_t count;

	make_channel(&a, &b);
	sent[0] = with_rights(make_event(), ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	sent[1] = make_vmo(RT_PAGE_SIZE);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, sent, 2));
	EXPECT_OK(zx_channel_read(b, 0, NULL, got, 0, 2, NULL, &count));
	EXPECT_EQ(count, 2);
	EXPECT_EQ(rights_of(own(got[0])), ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	EXPECT_EQ(type_of(got[0]), ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(type_of(own(got[1])), ZX_OBJ_TYPE_VMO);
}

CHECK(channel_read_etc, types_and_rights)
{
	zx_handle_info_t info[2] = { { .unused = 7 }, { .unused = 7 } };
	zx_handle_t a, b, sent[2];
	uint32_t count;

	make_channel(&a, &b);
	sent[0] = with_rights(make_event(), ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	sent[1] = make_port();
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, sent, 2));
	EXPECT_OK(zx_channel_read_etc(b, 0, NULL, info, 0, 2, NULL, &count));
	own(info[0].handle);
	own(info[1].handle);
	EXPECT_EQ(count, 2);
	EXPECT_EQ(info[0].type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(info[0].rights, ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	EXPECT_EQ(info[0].unused, 0);
	EXPECT_EQ(info[1].type, ZX_OBJ_TYPE_PORT);
	EXPECT_EQ(info[1].rights, rights_of(info[1].handle));
}
