/* zx_channel_write_etc: what becomes of each handle. The message itself is as in write.c. */
#include "channel.h"

#define MOVE(handle_, type_, rights_) \
	((zx_handle_disposition_t){ ZX_HANDLE_OP_MOVE, (handle_), (type_), (rights_), ZX_OK })
#define COPY(handle_, type_, rights_) \
	((zx_handle_disposition_t){ ZX_HANDLE_OP_DUPLICATE, (handle_), (type_), (rights_), ZX_OK })

static uint8_t large[ZX_CHANNEL_MAX_MSG_BYTES + 1];

static zx_status_t write_etc(zx_handle_t channel, zx_handle_disposition_t *list, uint32_t count)
{
	return zx_channel_write_etc(channel, 0, NULL, 0, list, count);
}

/* One handle with its orders, written to a channel; expects the status, in the result too. */
static void expect_entry(zx_handle_disposition_t entry, zx_status_t status)
{
	EXPECT_STATUS(write_etc(channel_end(), &entry, 1), status);
	EXPECT_STATUS(entry.result, status);
	if (entry.operation == ZX_HANDLE_OP_MOVE)
		EXPECT(!is_valid(entry.handle));
}

static zx_handle_info_t receive_one(zx_handle_t end)
{
	zx_handle_info_t info;

	EXPECT_OK(zx_channel_read_etc(end, 0, NULL, &info, 0, 1, NULL, NULL));
	own(info.handle);
	return info;
}

CHECK_HANDLE(channel_write_etc, handle, WRITE, channel_end(), write_etc(h, NULL, 0))

REFUSES(channel_write_etc, ZX_ERR_INVALID_ARGS, options,
	zx_channel_write_etc(channel_end(), 1, NULL, 0, NULL, 0), .line = "options")
REFUSES(channel_write_etc, ZX_ERR_OUT_OF_RANGE, bytes,
	zx_channel_write_etc(channel_end(), 0, large, sizeof(large), NULL, 0))

CHECK_ERROR(channel_write_etc, ZX_ERR_OUT_OF_RANGE, handles)
{
	zx_handle_disposition_t list[ZX_CHANNEL_MAX_MSG_HANDLES + 1];
	zx_handle_t event = make_event();
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(list); i++)
		list[i] = COPY(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS);
	EXPECT_STATUS(write_etc(channel_end(), list, RT_ARRAY_SIZE(list)), ZX_ERR_OUT_OF_RANGE);
	EXPECT(is_valid(event));
}

REFUSES(channel_write_etc, ZX_ERR_INVALID_ARGS, bad_bytes,
	zx_channel_write_etc(channel_end(), 0, BAD_POINTER, 1, NULL, 0), .line = "bad pointer")
REFUSES(channel_write_etc, ZX_ERR_INVALID_ARGS, bad_handles,
	write_etc(channel_end(), BAD_POINTER, 1), .line = "bad pointer")

CHECK_ERROR(channel_write_etc, ZX_ERR_INVALID_ARGS, reserved, .line = "reserved",
	    .from = ERA_2021_01)
{
	zx_channel_iovec_t iovec = { large, 1, 1 };

	EXPECT_STATUS(zx_channel_write_etc(channel_end(), ZX_CHANNEL_WRITE_USE_IOVEC, &iovec, 1,
					   NULL, 0),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_BAD_HANDLE, entry_invalid, .line = "an entry")
{
	expect_entry(MOVE(ZX_HANDLE_INVALID, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SAME_RIGHTS),
		     ZX_ERR_BAD_HANDLE);
	expect_entry(COPY(closed_handle(), ZX_OBJ_TYPE_NONE, ZX_RIGHT_SAME_RIGHTS),
		     ZX_ERR_BAD_HANDLE);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_BAD_HANDLE, entry_twice, .line = "an entry")
{
	zx_handle_t event = make_event();
	zx_handle_disposition_t list[2] = {
		MOVE(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
		MOVE(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
	};

	EXPECT_STATUS(write_etc(channel_end(), list, 2), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(list[0].result, ZX_OK);
	EXPECT_STATUS(list[1].result, ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(event));
}

CHECK_ERROR(channel_write_etc, ZX_ERR_ACCESS_DENIED, move_lacks_transfer,
	    .line = "lacks ZX_RIGHT_TRANSFER")
{
	expect_entry(MOVE(without_transfer(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
		     ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_ACCESS_DENIED, copy_lacks_transfer,
	    .line = "lacks ZX_RIGHT_TRANSFER")
{
	expect_entry(COPY(without_transfer(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
		     ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_ACCESS_DENIED, copy_lacks_duplicate,
	    .line = "lacks ZX_RIGHT_DUPLICATE")
{
	zx_handle_t event = without_rights(make_event(), ZX_RIGHT_DUPLICATE);

	expect_entry(COPY(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS), ZX_ERR_ACCESS_DENIED);
	EXPECT(is_valid(event));
}

CHECK_ERROR(channel_write_etc, ZX_ERR_NOT_SUPPORTED, own_end)
{
	zx_handle_t end = channel_end();
	zx_handle_disposition_t entry = MOVE(end, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHT_SAME_RIGHTS);

	EXPECT_STATUS(write_etc(end, &entry, 1), ZX_ERR_NOT_SUPPORTED);
	EXPECT_STATUS(entry.result, ZX_ERR_NOT_SUPPORTED);
	EXPECT(!is_valid(end));
}

CHECK_ERROR(channel_write_etc, ZX_ERR_WRONG_TYPE, entry, .line = "an entry")
{
	expect_entry(MOVE(make_event(), ZX_OBJ_TYPE_VMO, ZX_RIGHT_SAME_RIGHTS), ZX_ERR_WRONG_TYPE);
	expect_entry(COPY(make_event(), ZX_OBJ_TYPE_VMO, ZX_RIGHT_SAME_RIGHTS), ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_INVALID_ARGS, more_rights, .line = "rights")
{
	expect_entry(MOVE(make_event(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_TRANSFER | ZX_RIGHT_EXECUTE),
		     ZX_ERR_INVALID_ARGS);
	expect_entry(COPY(make_event(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_TRANSFER | ZX_RIGHT_EXECUTE),
		     ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_INVALID_ARGS, operation, .line = "operation")
{
	zx_handle_disposition_t entry =
		MOVE(make_event(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS);

	entry.operation = 2;
	EXPECT_STATUS(write_etc(channel_end(), &entry, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(entry.result, ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_write_etc, ZX_ERR_PEER_CLOSED, other_end_gone)
{
	zx_handle_t event = make_event();
	zx_handle_disposition_t entry = COPY(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS);

	EXPECT_STATUS(write_etc(lonely_end(), &entry, 1), ZX_ERR_PEER_CLOSED);
	EXPECT(is_valid(event));
	EXPECT_STATUS(entry.result, ZX_OK);
}

CHECK(channel_write_etc, moves)
{
	zx_handle_t a, b, event = make_event();
	zx_handle_disposition_t entry = MOVE(event, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS);
	zx_rights_t rights = rights_of(event);
	zx_handle_info_t got;

	make_channel(&a, &b);
	EXPECT_OK(write_etc(a, &entry, 1));
	EXPECT(!is_valid(event));
	got = receive_one(b);
	EXPECT_EQ(got.type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(got.rights, rights);
}

CHECK(channel_write_etc, copies)
{
	zx_handle_t a, b, event = make_event();
	zx_handle_disposition_t entry = COPY(event, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SAME_RIGHTS);
	zx_handle_info_t got;

	make_channel(&a, &b);
	EXPECT_OK(write_etc(a, &entry, 1));
	EXPECT(is_valid(event));
	got = receive_one(b);
	EXPECT_EQ(rt_koid(got.handle), rt_koid(event));
	EXPECT_EQ(got.rights, rights_of(event));
}

/* The right to transfer can be dropped too. */
CHECK(channel_write_etc, reduces_rights)
{
	zx_handle_t a, b;
	zx_handle_disposition_t entry = MOVE(make_event(), ZX_OBJ_TYPE_EVENT, ZX_RIGHT_WAIT);
	zx_handle_info_t got;

	make_channel(&a, &b);
	EXPECT_OK(write_etc(a, &entry, 1));
	got = receive_one(b);
	EXPECT_EQ(got.rights, ZX_RIGHT_WAIT);
	EXPECT_EQ(rights_of(got.handle), ZX_RIGHT_WAIT);
}

CHECK(channel_write_etc, goes_through_all_entries)
{
	zx_handle_t moved = make_event(), copied = make_event(), last = make_event();
	zx_handle_disposition_t list[4] = {
		MOVE(moved, ZX_OBJ_TYPE_VMO, ZX_RIGHT_SAME_RIGHTS),
		COPY(copied, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
		MOVE(ZX_HANDLE_INVALID, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SAME_RIGHTS),
		MOVE(last, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
	};
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(write_etc(a, list, 4), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(list[0].result, ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(list[1].result, ZX_OK);
	EXPECT_STATUS(list[2].result, ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(list[3].result, ZX_OK);
	EXPECT(!is_valid(moved));
	EXPECT(is_valid(copied));
	EXPECT(!is_valid(last));
	EXPECT_SIGNALS(b, ZX_CHANNEL_WRITABLE);
}

CHECK(channel_write_etc, handles_are_taken_on_early_errors)
{
	zx_handle_t moved = make_event(), copied = make_event();
	zx_handle_disposition_t list[2] = {
		MOVE(moved, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
		COPY(copied, ZX_OBJ_TYPE_EVENT, ZX_RIGHT_SAME_RIGHTS),
	};

	EXPECT_STATUS(write_etc(ZX_HANDLE_INVALID, list, 2), ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(moved));
	EXPECT(is_valid(copied));
}
