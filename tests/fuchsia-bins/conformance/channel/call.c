/* zx_channel_call and zx_channel_call_etc. */
#include "channel.h"

#include "string.h"

struct message {
	zx_txid_t number;
	uint32_t value;
};

/* What an answering thread does with a request before it sends it back. */
struct answerer {
	zx_handle_t end;
	uint32_t size;
	zx_handle_t handle;	/* sent along, unless it is ZX_HANDLE_INVALID */
	struct message seen;
};

static uint8_t large[ZX_CHANNEL_MAX_MSG_BYTES + 1];

static zx_status_t call_with(zx_handle_t end, uint32_t options, const void *bytes, uint32_t size,
			     zx_handle_t *handles, uint32_t count, zx_time_t deadline)
{
	static uint8_t answer[64];
	zx_channel_call_args_t args = {
		.wr_bytes = bytes,
		.wr_handles = handles,
		.rd_bytes = answer,
		.wr_num_bytes = size,
		.wr_num_handles = count,
		.rd_num_bytes = sizeof(answer),
	};
	uint32_t got_bytes, got_handles;

	return zx_channel_call(end, options, deadline, &args, &got_bytes, &got_handles);
}

static zx_status_t call_etc_with(zx_handle_t end, uint32_t options, const void *bytes,
				 uint32_t size, zx_handle_disposition_t *handles, uint32_t count,
				 zx_time_t deadline)
{
	static uint8_t answer[64];
	zx_channel_call_etc_args_t args = {
		.wr_bytes = bytes,
		.wr_handles = handles,
		.rd_bytes = answer,
		.wr_num_bytes = size,
		.wr_num_handles = count,
		.rd_num_bytes = sizeof(answer),
	};
	uint32_t got_bytes, got_handles;

	return zx_channel_call_etc(end, options, deadline, &args, &got_bytes, &got_handles);
}

/* A request of eight bytes to which nobody will answer. */
static zx_status_t call(zx_handle_t end)
{
	static const uint64_t request;

	return call_with(end, 0, &request, sizeof(request), NULL, 0, AT_ONCE);
}

static zx_status_t call_etc(zx_handle_t end)
{
	static const uint64_t request;

	return call_etc_with(end, 0, &request, sizeof(request), NULL, 0, AT_ONCE);
}

static zx_status_t call_sending(zx_handle_t end, zx_handle_t sent)
{
	static const uint64_t request;

	return call_with(end, 0, &request, sizeof(request), &sent, 1, AT_ONCE);
}

static zx_status_t call_etc_sending(zx_handle_t end, zx_handle_disposition_t entry)
{
	static const uint64_t request;

	return call_etc_with(end, 0, &request, sizeof(request), &entry, 1, AT_ONCE);
}

/* Takes one request, and answers with its number, its value plus one, and zeros. */
static void answer_one(void *arg)
{
	struct answerer *answerer = arg;
	uint8_t answer[128] = { 0 };
	struct message *message = (struct message *)answer;
	uint32_t count = answerer->handle != ZX_HANDLE_INVALID;

	EXPECT_OK(zx_object_wait_one(answerer->end, ZX_CHANNEL_READABLE, LATE, NULL));
	EXPECT_OK(zx_channel_read(answerer->end, ZX_CHANNEL_READ_MAY_DISCARD, message, NULL,
				  sizeof(*message), 0, NULL, NULL));
	answerer->seen = *message;
	message->value++;
	EXPECT_OK(zx_channel_write(answerer->end, 0, answer, answerer->size, &answerer->handle,
				   count));
}

static void close_when_asked(void *arg)
{
	struct answerer *answerer = arg;

	EXPECT_OK(zx_object_wait_one(answerer->end, ZX_CHANNEL_READABLE, LATE, NULL));
	EXPECT_OK(zx_handle_close(answerer->end));
}

/* Closes the handle through which the main thread calls, when that one waits for the answer. */
static void close_when_blocked(void *arg)
{
	struct answerer *answerer = arg;

	until_main_is_blocked(ZX_THREAD_STATE_BLOCKED_CHANNEL);
	EXPECT_OK(zx_handle_close(answerer->end));
}

CHECK_HANDLE_VALID(channel_call, handle, call(h))
CHECK_HANDLE_TYPE(channel_call, handle, make_event(), call(h))
CHECK_HANDLE_RIGHT(channel_call, handle, READ, channel_end(), call(h))
CHECK_HANDLE_RIGHT(channel_call, handle, WRITE, channel_end(), call(h))
CHECK_HANDLE_VALID(channel_call_etc, handle, call_etc(h))
CHECK_HANDLE_TYPE(channel_call_etc, handle, make_event(), call_etc(h))
CHECK_HANDLE_RIGHT(channel_call_etc, handle, READ, channel_end(), call_etc(h))
CHECK_HANDLE_RIGHT(channel_call_etc, handle, WRITE, channel_end(), call_etc(h))

REFUSES(channel_call, ZX_ERR_INVALID_ARGS, options,
	call_with(channel_end(), 1, large, 8, NULL, 0, AT_ONCE), .line = "options")
REFUSES(channel_call_etc, ZX_ERR_INVALID_ARGS, options,
	call_etc_with(channel_end(), 1, large, 8, NULL, 0, AT_ONCE), .line = "options")

CHECK_ERROR(channel_call, ZX_ERR_INVALID_ARGS, short_message, .line = "four bytes")
{
	EXPECT_STATUS(call_with(channel_end(), 0, large, 3, NULL, 0, AT_ONCE), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(call_with(channel_end(), 0, NULL, 0, NULL, 0, AT_ONCE), ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_call_etc, ZX_ERR_INVALID_ARGS, short_message,
	call_etc_with(channel_end(), 0, large, 3, NULL, 0, AT_ONCE), .line = "four bytes")

CHECK_ERROR(channel_call, ZX_ERR_INVALID_ARGS, bad_args, .line = "args or a pointer")
{
	uint32_t bytes, handles;

	EXPECT_STATUS(zx_channel_call(channel_end(), 0, AT_ONCE, BAD_POINTER, &bytes, &handles),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_call, ZX_ERR_INVALID_ARGS, bad_bytes,
	call_with(channel_end(), 0, BAD_POINTER, 8, NULL, 0, AT_ONCE), .line = "args or a pointer")
REFUSES(channel_call, ZX_ERR_INVALID_ARGS, bad_handles,
	call_with(channel_end(), 0, large, 8, BAD_POINTER, 1, AT_ONCE), .line = "args or a pointer")

CHECK_ERROR(channel_call_etc, ZX_ERR_INVALID_ARGS, bad_args, .line = "args or a pointer")
{
	uint32_t bytes, handles;

	EXPECT_STATUS(zx_channel_call_etc(channel_end(), 0, AT_ONCE, BAD_POINTER, &bytes, &handles),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(call_etc_with(channel_end(), 0, BAD_POINTER, 8, NULL, 0, AT_ONCE),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_call, ZX_ERR_INVALID_ARGS, bad_actual, .line = "args or a pointer")
{
	zx_channel_call_args_t args = {
		.wr_bytes = large, .rd_bytes = large, .wr_num_bytes = 8, .rd_num_bytes = 8
	};
	struct answerer answerer = { .size = 8 };
	uint32_t handles;
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_STATUS(zx_channel_call(a, 0, LATE, &args, BAD_POINTER, &handles),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_call, ZX_ERR_OUT_OF_RANGE, bytes,
	call_with(channel_end(), 0, large, sizeof(large), NULL, 0, AT_ONCE))
REFUSES(channel_call_etc, ZX_ERR_OUT_OF_RANGE, bytes,
	call_etc_with(channel_end(), 0, large, sizeof(large), NULL, 0, AT_ONCE))
REFUSES(channel_call, ZX_ERR_BAD_HANDLE, sent,
	call_sending(channel_end(), ZX_HANDLE_INVALID), .line = "to be sent")

CHECK_ERROR(channel_call, ZX_ERR_ACCESS_DENIED, sent, .line = "to be sent")
{
	zx_handle_t sent = without_transfer();

	EXPECT_STATUS(call_sending(channel_end(), sent), ZX_ERR_ACCESS_DENIED);
	EXPECT(!is_valid(sent));
}

CHECK_ERROR(channel_call, ZX_ERR_NOT_SUPPORTED, own_end)
{
	zx_handle_t end = channel_end();

	EXPECT_STATUS(call_sending(end, end), ZX_ERR_NOT_SUPPORTED);
}

REFUSES(channel_call_etc, ZX_ERR_BAD_HANDLE, sent,
	call_etc_sending(channel_end(), (zx_handle_disposition_t){ .handle = closed_handle() }),
	.line = "to be sent")

CHECK_ERROR(channel_call_etc, ZX_ERR_ACCESS_DENIED, lacks_transfer, .line = "to be sent lacks")
{
	zx_handle_disposition_t entry = { .handle = without_transfer(),
					  .rights = ZX_RIGHT_SAME_RIGHTS };

	EXPECT_STATUS(call_etc_sending(channel_end(), entry), ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_ACCESS_DENIED, lacks_duplicate, .line = "to be duplicated")
{
	zx_handle_disposition_t entry = {
		.operation = ZX_HANDLE_OP_DUPLICATE,
		.handle = without_rights(make_event(), ZX_RIGHT_DUPLICATE),
		.rights = ZX_RIGHT_SAME_RIGHTS,
	};

	EXPECT_STATUS(call_etc_sending(channel_end(), entry), ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_NOT_SUPPORTED, own_end)
{
	zx_handle_t end = channel_end();
	zx_handle_disposition_t entry = { .handle = end, .rights = ZX_RIGHT_SAME_RIGHTS };

	EXPECT_STATUS(call_etc_sending(end, entry), ZX_ERR_NOT_SUPPORTED);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_WRONG_TYPE, sent, .line = "to be sent")
{
	zx_handle_disposition_t entry = { .handle = make_event(), .type = ZX_OBJ_TYPE_VMO,
					  .rights = ZX_RIGHT_SAME_RIGHTS };

	EXPECT_STATUS(call_etc_sending(channel_end(), entry), ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_INVALID_ARGS, more_rights, .line = "operation")
{
	zx_handle_disposition_t entry = { .handle = make_event(), .rights = ZX_RIGHT_EXECUTE };

	EXPECT_STATUS(call_etc_sending(channel_end(), entry), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_INVALID_ARGS, operation, .line = "operation")
{
	zx_handle_disposition_t entry = { .operation = 2, .handle = make_event(),
					  .rights = ZX_RIGHT_SAME_RIGHTS };

	EXPECT_STATUS(call_etc_sending(channel_end(), entry), ZX_ERR_INVALID_ARGS);
}

REFUSES(channel_call, ZX_ERR_PEER_CLOSED, before, call(lonely_end()))
REFUSES(channel_call_etc, ZX_ERR_PEER_CLOSED, before, call_etc(lonely_end()))

CHECK_ERROR(channel_call, ZX_ERR_PEER_CLOSED, during)
{
	struct answerer answerer;
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(close_when_asked, &answerer);
	EXPECT_STATUS(call_with(a, 0, large, 8, NULL, 0, LATE), ZX_ERR_PEER_CLOSED);
}

CHECK_ERROR(channel_call, ZX_ERR_CANCELED, closed)
{
	struct answerer answerer = { .end = channel_end() };

	start_thread(close_when_blocked, &answerer);
	EXPECT_STATUS(call_with(answerer.end, 0, large, 8, NULL, 0, LATE), ZX_ERR_CANCELED);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_CANCELED, closed)
{
	struct answerer answerer = { .end = channel_end() };

	start_thread(close_when_blocked, &answerer);
	EXPECT_STATUS(call_etc_with(answerer.end, 0, large, 8, NULL, 0, LATE), ZX_ERR_CANCELED);
}

CHECK_ERROR(channel_call, ZX_ERR_TIMED_OUT, no_answer)
{
	zx_time_t deadline = SOON;

	EXPECT_STATUS(call_with(channel_end(), 0, large, 8, NULL, 0, deadline), ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

REFUSES(channel_call_etc, ZX_ERR_TIMED_OUT, no_answer,
	call_etc_with(channel_end(), 0, large, 8, NULL, 0, SOON))

CHECK_ERROR(channel_call, ZX_ERR_BUFFER_TOO_SMALL, bytes)
{
	struct answerer answerer = { .size = 65 };
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_STATUS(call_with(a, 0, large, 8, NULL, 0, LATE), ZX_ERR_BUFFER_TOO_SMALL);
	/* The answer is lost. */
	EXPECT_SIGNALS(a, ZX_CHANNEL_WRITABLE);
}

CHECK_ERROR(channel_call, ZX_ERR_BUFFER_TOO_SMALL, handles)
{
	zx_handle_t a, other, sent;
	struct answerer answerer = { .size = 8 };

	make_channel(&a, &answerer.end);
	make_eventpair(&sent, &other);
	answerer.handle = sent;
	start_thread(answer_one, &answerer);
	EXPECT_STATUS(call_with(a, 0, large, 8, NULL, 0, LATE), ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_SIGNALS(other, ZX_EVENTPAIR_PEER_CLOSED);
}

CHECK_ERROR(channel_call_etc, ZX_ERR_BUFFER_TOO_SMALL, bytes)
{
	struct answerer answerer = { .size = 65 };
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_STATUS(call_etc_with(a, 0, large, 8, NULL, 0, LATE), ZX_ERR_BUFFER_TOO_SMALL);
}

CHECK(channel_call, answer)
{
	struct message request = { 5, 7 }, answer;
	zx_channel_call_args_t args = {
		.wr_bytes = &request, .rd_bytes = &answer, .wr_num_bytes = 8, .rd_num_bytes = 8
	};
	struct answerer answerer = { .size = 8 };
	uint32_t bytes = 0, handles = 9;
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_OK(zx_channel_call(a, 0, LATE, &args, &bytes, &handles));
	join_threads();
	EXPECT_EQ(bytes, 8);
	EXPECT_EQ(handles, 0);
	EXPECT_EQ(answer.value, 8);
	/* The number is the system's, and the buffer stays as it is. */
	EXPECT(answerer.seen.number >= 0x80000000u);
	EXPECT_EQ(answer.number, answerer.seen.number);
	EXPECT_EQ(request.number, 5);
}

CHECK(channel_call_etc, answer)
{
	struct message request = { 5, 7 }, answer;
	zx_handle_info_t info;
	zx_channel_call_etc_args_t args = {
		.wr_bytes = &request, .rd_bytes = &answer, .rd_handles = &info,
		.wr_num_bytes = 8, .rd_num_bytes = 8, .rd_num_handles = 1,
	};
	struct answerer answerer = { .size = 8, .handle = make_event() };
	uint32_t bytes = 0, handles = 0;
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_OK(zx_channel_call_etc(a, 0, LATE, &args, &bytes, &handles));
	EXPECT_EQ(handles, 1);
	EXPECT_EQ(info.type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(rights_of(own(info.handle)), info.rights);
	EXPECT_EQ(answer.value, 8);
}

/* Messages that are no answer go to the queue, also while a call waits. */
CHECK(channel_call, others_are_queued)
{
	struct answerer answerer = { .size = 8 };
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	EXPECT_OK(zx_channel_write(answerer.end, 0, "xxxx", 4, NULL, 0));
	start_thread(answer_one, &answerer);
	EXPECT_OK(call_with(a, 0, large, 8, NULL, 0, LATE));
	EXPECT_SIGNALS(a, ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
}

/* An answer that comes too late is a message like any other. */
CHECK(channel_call, late_answer_is_queued)
{
	struct message message;
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_STATUS(call(a), ZX_ERR_TIMED_OUT);
	EXPECT_OK(zx_channel_read(b, 0, &message, NULL, sizeof(message), 0, NULL, NULL));
	EXPECT_OK(zx_channel_write(b, 0, &message, sizeof(message), NULL, 0));
	EXPECT_SIGNALS(a, ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
}

CHECK(channel_call, iovecs, .from = ERA_2021_01)
{
	struct message request = { 0, 7 };
	zx_channel_iovec_t iovecs[2] = { { &request.number, 4, 0 }, { &request.value, 4, 0 } };
	struct answerer answerer = { .size = 8 };
	zx_handle_t a;

	make_channel(&a, &answerer.end);
	start_thread(answer_one, &answerer);
	EXPECT_OK(call_with(a, ZX_CHANNEL_WRITE_USE_IOVEC, iovecs, 2, NULL, 0, LATE));
	join_threads();
	EXPECT_EQ(answerer.seen.value, 7);
}
