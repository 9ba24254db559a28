/* Channels: messages, their limits, and the handles in them. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

static uint8_t big[ZX_CHANNEL_MAX_MSG_BYTES + 8];

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void messages(void)
{
	char buffer[32];
	zx_handle_t a, b;
	uint32_t size, count;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	CHECK_STATUS(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count),
		     ZX_ERR_SHOULD_WAIT);
	CHECK_EQ(signals_of(a) & ZX_CHANNEL_WRITABLE, ZX_CHANNEL_WRITABLE);
	CHECK_EQ(signals_of(b) & ZX_CHANNEL_READABLE, 0);

	CHECK_OK(zx_channel_write(a, 0, "first", 5, NULL, 0));
	CHECK_OK(zx_channel_write(a, 0, "second", 6, NULL, 0));
	CHECK_OK(zx_channel_write(a, 0, NULL, 0, NULL, 0));
	CHECK_EQ(signals_of(b) & ZX_CHANNEL_READABLE, ZX_CHANNEL_READABLE);

	CHECK_OK(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count));
	CHECK_EQ(size, 5);
	CHECK_EQ(count, 0);
	CHECK(!memcmp(buffer, "first", 5));
	CHECK_OK(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count));
	CHECK_EQ(size, 6);
	CHECK(!memcmp(buffer, "second", 6));
	CHECK_OK(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count));
	CHECK_EQ(size, 0);
	CHECK_EQ(signals_of(b) & ZX_CHANNEL_READABLE, 0);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void limits(void)
{
	zx_handle_t a, b, event;
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES + 1] = { 0 };
	uint32_t size, count;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	CHECK_STATUS(zx_channel_create(1, &handles[0], &handles[1]), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_channel_write(a, 0, big, ZX_CHANNEL_MAX_MSG_BYTES + 1, NULL, 0),
		     ZX_ERR_OUT_OF_RANGE);
	memset(big, 0x5a, sizeof(big));
	CHECK_OK(zx_channel_write(a, 0, big, ZX_CHANNEL_MAX_MSG_BYTES, NULL, 0));
	memset(big, 0, sizeof(big));
	CHECK_OK(zx_channel_read(b, 0, big, NULL, sizeof(big), 0, &size, &count));
	CHECK_EQ(size, ZX_CHANNEL_MAX_MSG_BYTES);
	CHECK_EQ(big[0], 0x5a);
	CHECK_EQ(big[ZX_CHANNEL_MAX_MSG_BYTES - 1], 0x5a);
	CHECK_EQ(big[ZX_CHANNEL_MAX_MSG_BYTES], 0);

	for (count = 0; count <= ZX_CHANNEL_MAX_MSG_HANDLES; count++)
		REQUIRE_OK(zx_event_create(0, &handles[count]));
	event = handles[0];
	CHECK_STATUS(zx_channel_write(a, 0, NULL, 0, handles, ZX_CHANNEL_MAX_MSG_HANDLES + 1),
		     ZX_ERR_OUT_OF_RANGE);
	/* Handles are gone after a write, whether it succeeded or not. */
	CHECK_STATUS(zx_handle_close(event), ZX_ERR_BAD_HANDLE);

	for (count = 0; count < ZX_CHANNEL_MAX_MSG_HANDLES; count++)
		REQUIRE_OK(zx_event_create(0, &handles[count]));
	CHECK_OK(zx_channel_write(a, 0, NULL, 0, handles, ZX_CHANNEL_MAX_MSG_HANDLES));
	CHECK_OK(zx_channel_read(b, 0, NULL, handles, 0, ZX_CHANNEL_MAX_MSG_HANDLES, &size,
				 &count));
	CHECK_EQ(count, ZX_CHANNEL_MAX_MSG_HANDLES);
	CHECK_OK(zx_handle_close_many(handles, count));
	zx_handle_close(a);
	zx_handle_close(b);
}

static void small_buffers(void)
{
	char buffer[16];
	zx_handle_t a, b, event;
	uint32_t size = 0, count = 0;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_OK(zx_channel_write(a, 0, "0123456789", 10, &event, 1));
	CHECK_STATUS(zx_channel_read(b, 0, buffer, &event, 4, 1, &size, &count),
		     ZX_ERR_BUFFER_TOO_SMALL);
	CHECK_EQ(size, 10);
	CHECK_EQ(count, 1);
	CHECK_STATUS(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count),
		     ZX_ERR_BUFFER_TOO_SMALL);
	/* The message is still there, until the reader allows that it be thrown away. */
	CHECK_STATUS(zx_channel_read(b, ZX_CHANNEL_READ_MAY_DISCARD, buffer, NULL, 4, 0, &size,
				     &count),
		     ZX_ERR_BUFFER_TOO_SMALL);
	CHECK_EQ(size, 10);
	CHECK_STATUS(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count),
		     ZX_ERR_SHOULD_WAIT);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void handles_move(void)
{
	zx_handle_t a, b, sent, got = ZX_HANDLE_INVALID, less;
	zx_handle_info_t info = { 0 };
	zx_koid_t koid;
	uint32_t size, count;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	REQUIRE_OK(zx_event_create(0, &sent));
	koid = rt_koid(sent);
	CHECK_OK(zx_channel_write(a, 0, NULL, 0, &sent, 1));
	CHECK_STATUS(zx_handle_close(sent), ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_channel_read(b, 0, NULL, &got, 0, 1, &size, &count));
	CHECK_EQ(rt_koid(got), koid);

	CHECK_OK(zx_channel_write(a, 0, NULL, 0, &got, 1));
	CHECK_OK(zx_channel_read_etc(b, 0, NULL, &info, 0, 1, &size, &count));
	CHECK_EQ(rt_koid(info.handle), koid);
	CHECK_EQ(info.type, ZX_OBJ_TYPE_EVENT);
	CHECK_EQ(info.rights, ZX_DEFAULT_EVENT_RIGHTS);

	REQUIRE_OK(zx_handle_replace(info.handle, ZX_RIGHT_WAIT, &less));
	CHECK_STATUS(zx_channel_write(a, 0, NULL, 0, &less, 1), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_handle_close(less), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_channel_write(a, 0, NULL, 0, &less, 1), ZX_ERR_BAD_HANDLE);
	zx_handle_close(b);
	/* A channel can't carry its own end. */
	REQUIRE_OK(zx_channel_create(0, &got, &b));
	CHECK_STATUS(zx_channel_write(got, 0, NULL, 0, &got, 1), ZX_ERR_NOT_SUPPORTED);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void dispositions(void)
{
	zx_handle_disposition_t list[2];
	zx_handle_info_t infos[2];
	zx_handle_t a, b, event, vmo;
	uint32_t size, count = 0;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_vmo_create(4096, 0, &vmo));
	list[0] = (zx_handle_disposition_t){ ZX_HANDLE_OP_DUPLICATE, event, ZX_OBJ_TYPE_EVENT,
					     ZX_RIGHT_WAIT | ZX_RIGHT_TRANSFER, ZX_OK };
	list[1] = (zx_handle_disposition_t){ ZX_HANDLE_OP_MOVE, vmo, ZX_OBJ_TYPE_NONE,
					     ZX_RIGHT_SAME_RIGHTS, ZX_OK };
	CHECK_OK(zx_channel_write_etc(a, 0, "x", 1, list, 2));
	CHECK_STATUS(zx_handle_close(vmo), ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_channel_read_etc(b, 0, big, infos, 1, 2, &size, &count));
	REQUIRE(count == 2);
	CHECK_EQ(infos[0].type, ZX_OBJ_TYPE_EVENT);
	CHECK_EQ(infos[0].rights, ZX_RIGHT_WAIT | ZX_RIGHT_TRANSFER);
	CHECK_EQ(infos[1].type, ZX_OBJ_TYPE_VMO);
	CHECK_EQ(infos[1].rights, ZX_DEFAULT_VMO_RIGHTS);
	zx_handle_close(infos[0].handle);

	/* Another type than the list says; the event was to be copied, so it stays. */
	list[0].type = ZX_OBJ_TYPE_VMO;
	list[0].result = ZX_OK;
	list[1].handle = infos[1].handle;
	list[1].result = ZX_OK;
	CHECK_STATUS(zx_channel_write_etc(a, 0, "x", 1, list, 2), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(list[0].result, ZX_ERR_WRONG_TYPE);
	CHECK_OK(zx_handle_close(event));
	CHECK_STATUS(zx_handle_close(infos[1].handle), ZX_ERR_BAD_HANDLE);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void peer_closed(void)
{
	char buffer[8];
	zx_handle_t a, b;
	uint32_t size, count;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	CHECK_OK(zx_channel_write(a, 0, "last", 4, NULL, 0));
	CHECK_OK(zx_handle_close(a));
	CHECK_EQ(signals_of(b), ZX_CHANNEL_PEER_CLOSED | ZX_CHANNEL_READABLE);
	/* What was written before can still be read. */
	CHECK_OK(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count));
	CHECK_EQ(size, 4);
	CHECK_STATUS(zx_channel_read(b, 0, buffer, NULL, sizeof(buffer), 0, &size, &count),
		     ZX_ERR_PEER_CLOSED);
	CHECK_STATUS(zx_channel_write(b, 0, "x", 1, NULL, 0), ZX_ERR_PEER_CLOSED);
	CHECK_EQ(signals_of(b), ZX_CHANNEL_PEER_CLOSED);
	zx_handle_close(b);
}

/* Closing the last handle closes what is queued: a channel in a message of a channel. */
static void queued_handles_are_closed(void)
{
	zx_handle_t a, b, inner, carried;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	REQUIRE_OK(zx_channel_create(0, &inner, &carried));
	CHECK_OK(zx_channel_write(a, 0, NULL, 0, &carried, 1));
	CHECK_EQ(signals_of(inner) & ZX_CHANNEL_PEER_CLOSED, 0);
	zx_handle_close(b);
	CHECK_OK(zx_object_wait_one(inner, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, NULL));
	zx_handle_close(a);
	zx_handle_close(inner);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(messages);
	RUN(limits);
	RUN(small_buffers);
	RUN(handles_move);
	RUN(dispositions);
	RUN(peer_closed);
	RUN(queued_handles_are_closed);
	return rt_check_result();
}
