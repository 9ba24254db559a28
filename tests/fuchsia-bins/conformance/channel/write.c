/* zx_channel_write. */
#include "channel.h"

#include "string.h"

static uint8_t large[ZX_CHANNEL_MAX_MSG_BYTES + 1];

static zx_status_t write_nothing(zx_handle_t handle)
{
	return zx_channel_write(handle, 0, NULL, 0, NULL, 0);
}

static zx_status_t write_bytes(zx_handle_t handle, const void *bytes, uint32_t size)
{
	return zx_channel_write(handle, 0, bytes, size, NULL, 0);
}

static zx_status_t write_handle(zx_handle_t handle, zx_handle_t sent)
{
	return zx_channel_write(handle, 0, NULL, 0, &sent, 1);
}

static zx_status_t write_iovecs(zx_handle_t handle, const zx_channel_iovec_t *iovecs,
				 uint32_t count)
{
	return zx_channel_write(handle, ZX_CHANNEL_WRITE_USE_IOVEC, iovecs, count, NULL, 0);
}

CHECK_HANDLE(channel_write, handle, WRITE, channel_end(), write_nothing(h))

CHECK_ERROR(channel_write, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(zx_channel_write(channel_end(), 1, NULL, 0, NULL, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_channel_write(channel_end(), 4, NULL, 0, NULL, 0), ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_write, ZX_ERR_INVALID_ARGS, iovec_option,
	zx_channel_write(channel_end(), ZX_CHANNEL_WRITE_USE_IOVEC, NULL, 0, NULL, 0),
	.line = "options", .to = ERA_2020_07)

CHECK_ERROR(channel_write, ZX_ERR_OUT_OF_RANGE, bytes)
{
	EXPECT_STATUS(write_bytes(channel_end(), large, sizeof(large)), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(write_bytes(channel_end(), large, UINT32_MAX), ZX_ERR_OUT_OF_RANGE);
}

/* All handles are gone all the same. */
CHECK_ERROR(channel_write, ZX_ERR_OUT_OF_RANGE, handles)
{
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES + 1];
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
		handles[i] = make_event();
	EXPECT_STATUS(zx_channel_write(channel_end(), 0, NULL, 0, handles, RT_ARRAY_SIZE(handles)),
		      ZX_ERR_OUT_OF_RANGE);
	for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
		EXPECT(!is_valid(handles[i]));
}

REFUSES(channel_write, ZX_ERR_OUT_OF_RANGE, iovecs,
	write_iovecs(channel_end(), NULL, ZX_CHANNEL_MAX_MSG_IOVECS + 1), .from = ERA_2021_01)

CHECK_ERROR(channel_write, ZX_ERR_OUT_OF_RANGE, sum_of_iovecs, .from = ERA_2021_01)
{
	zx_channel_iovec_t iovecs[2] = { { large, ZX_CHANNEL_MAX_MSG_BYTES, 0 }, { large, 1, 0 } };

	EXPECT_STATUS(write_iovecs(channel_end(), iovecs, 2), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(channel_write, ZX_ERR_INVALID_ARGS, bad_bytes, .line = "bad pointer, or an iovec")
{
	EXPECT_STATUS(write_bytes(channel_end(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(write_bytes(channel_end(), NULL, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_write, ZX_ERR_INVALID_ARGS, bad_handles,
	zx_channel_write(channel_end(), 0, NULL, 0, BAD_POINTER, 1),
	.line = "bad pointer, or an iovec")

CHECK_ERROR(channel_write, ZX_ERR_INVALID_ARGS, bad_iovec, .line = "bad pointer, or an iovec",
	    .from = ERA_2021_01)
{
	zx_channel_iovec_t iovec = { BAD_POINTER, 1, 0 };

	EXPECT_STATUS(write_iovecs(channel_end(), &iovec, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(write_iovecs(channel_end(), BAD_POINTER, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_write, ZX_ERR_INVALID_ARGS, reserved, .line = "reserved", .from = ERA_2021_01)
{
	zx_channel_iovec_t iovec = { large, 1, 1 };

	EXPECT_STATUS(write_iovecs(channel_end(), &iovec, 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_write, ZX_ERR_BAD_HANDLE, entry, .line = "an entry")
{
	EXPECT_STATUS(write_handle(channel_end(), ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(write_handle(channel_end(), closed_handle()), ZX_ERR_BAD_HANDLE);
}

CHECK_ERROR(channel_write, ZX_ERR_BAD_HANDLE, entry_twice, .line = "an entry")
{
	zx_handle_t event = make_event();
	zx_handle_t twice[2] = { event, event };

	EXPECT_STATUS(zx_channel_write(channel_end(), 0, NULL, 0, twice, 2), ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(event));
}

CHECK_ERROR(channel_write, ZX_ERR_ACCESS_DENIED, entry, .line = "an entry")
{
	zx_handle_t sent = without_transfer();

	EXPECT_STATUS(write_handle(channel_end(), sent), ZX_ERR_ACCESS_DENIED);
	EXPECT(!is_valid(sent));
}

CHECK_ERROR(channel_write, ZX_ERR_NOT_SUPPORTED, own_end)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(write_handle(a, a), ZX_ERR_NOT_SUPPORTED);
	/* It was taken, and nothing else is left of that end. */
	EXPECT(!is_valid(a));
	EXPECT_SIGNALS(b, ZX_CHANNEL_PEER_CLOSED);
}

CHECK_ERROR(channel_write, ZX_ERR_PEER_CLOSED, other_end_gone)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(write_nothing(lonely_end()), ZX_ERR_PEER_CLOSED);
	EXPECT_STATUS(write_handle(lonely_end(), event), ZX_ERR_PEER_CLOSED);
	EXPECT(!is_valid(event));
}

/* Which error comes first where several apply. */
CHECK(channel_write, options_before_handle)
{
	EXPECT_STATUS(zx_channel_write(ZX_HANDLE_INVALID, 1, NULL, 0, NULL, 0),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(channel_write, handle_before_size)
{
	EXPECT_STATUS(write_bytes(ZX_HANDLE_INVALID, large, sizeof(large)), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(write_bytes(make_event(), large, sizeof(large)), ZX_ERR_WRONG_TYPE);
}

CHECK(channel_write, bytes_before_entries)
{
	zx_handle_t bad = ZX_HANDLE_INVALID;

	EXPECT_STATUS(zx_channel_write(channel_end(), 0, BAD_POINTER, 1, &bad, 1),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_channel_write(channel_end(), 0, large, sizeof(large), &bad, 1),
		      ZX_ERR_OUT_OF_RANGE);
}

CHECK(channel_write, entries_before_peer)
{
	EXPECT_STATUS(write_handle(lonely_end(), ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(write_handle(lonely_end(), without_transfer()), ZX_ERR_ACCESS_DENIED);
}

/* The error is that of the first bad entry; those before it and behind it are gone too. */
CHECK(channel_write, first_bad_entry_counts)
{
	zx_handle_t handles[4] = { make_event(), without_transfer(), ZX_HANDLE_INVALID,
				   make_event() };
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(zx_channel_write(a, 0, NULL, 0, handles, 4), ZX_ERR_ACCESS_DENIED);
	EXPECT(!is_valid(handles[0]));
	EXPECT(!is_valid(handles[1]));
	EXPECT(!is_valid(handles[3]));
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE);
}

CHECK(channel_write, handles_are_taken_on_every_error)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_channel_write(channel_end(), 1, NULL, 0, &event, 1), ZX_ERR_INVALID_ARGS);
	EXPECT(!is_valid(event));
	event = make_event();
	EXPECT_STATUS(write_handle(ZX_HANDLE_INVALID, event), ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(event));
	event = make_event();
	EXPECT_STATUS(write_handle(make_event(), event), ZX_ERR_WRONG_TYPE);
	EXPECT(!is_valid(event));
	event = make_event();
	EXPECT_STATUS(zx_channel_write(channel_end(), 0, BAD_POINTER, 1, &event, 1),
		      ZX_ERR_INVALID_ARGS);
	EXPECT(!is_valid(event));
}

CHECK(channel_write, handles_leave_the_process)
{
	zx_handle_t event = make_event();

	EXPECT_OK(write_handle(channel_end(), event));
	EXPECT(!is_valid(event));
}

CHECK(channel_write, other_end_can_be_sent)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(write_handle(a, b));
	EXPECT(!is_valid(b));
}

CHECK(channel_write, largest_message)
{
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	zx_handle_t a, b;
	uint32_t size, count;
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
		handles[i] = make_event();
	for (i = 0; i < ZX_CHANNEL_MAX_MSG_BYTES; i++)
		large[i] = (uint8_t)(i % 251);
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, large, ZX_CHANNEL_MAX_MSG_BYTES, handles,
				   ZX_CHANNEL_MAX_MSG_HANDLES));
	memset(large, 0xff, sizeof(large));
	EXPECT_OK(zx_channel_read(b, 0, large, handles, sizeof(large), RT_ARRAY_SIZE(handles),
				  &size, &count));
	for (i = 0; i < count; i++)
		own(handles[i]);
	EXPECT_EQ(size, ZX_CHANNEL_MAX_MSG_BYTES);
	EXPECT_EQ(count, ZX_CHANNEL_MAX_MSG_HANDLES);
	for (i = 0; i < size; i++)
		if (large[i] != i % 251)
			EXPECT_EQ(large[i], i % 251);
	EXPECT_EQ(large[size], 0xff);
}

CHECK(channel_write, iovecs, .from = ERA_2021_01)
{
	zx_channel_iovec_t iovecs[4] = {
		{ "gat", 3, 0 }, { NULL, 0, 0 }, { "her", 3, 0 }, { "ed", 2, 0 }
	};
	zx_handle_t a, b;
	char bytes[16];
	uint32_t size;

	make_channel(&a, &b);
	EXPECT_OK(write_iovecs(a, iovecs, 4));
	EXPECT_OK(zx_channel_read(b, 0, bytes, NULL, sizeof(bytes), 0, &size, NULL));
	EXPECT_EQ(size, 8);
	EXPECT_BYTES(bytes, "gathered", 8);
}

CHECK(channel_write, wakes_a_waiting_reader)
{
	zx_signals_t observed = 0;
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(zx_object_wait_one(b, ZX_CHANNEL_READABLE, SOON, &observed),
		      ZX_ERR_TIMED_OUT);
	EXPECT_OK(write_nothing(a));
	EXPECT_OK(zx_object_wait_one(b, ZX_CHANNEL_READABLE, LATE, &observed));
	EXPECT_EQ(observed, ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
}
