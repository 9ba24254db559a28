/* Channels: messages, the handles in them, and the calls that move both. */
#include <zircon/syscalls/object.h>

#include "compat/core/channel.h"
#include "compat/core/event.h"
#include "tests/core/core_fixture.h"

struct ends {
	zx_handle_t handle[2];
	struct channel *channel[2];
};

static struct ends make_channel(void)
{
	zx_handle_t *out = user_scratch();
	struct ends ends;

	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	for (int i = 0; i < 2; i++) {
		ends.handle[i] = out[i];
		ends.channel[i] = fixture__object(out[i]);
	}
	return ends;
}

static zx_handle_t make_event(zx_rights_t rights)
{
	return fixture__handle(event__create(), rights);
}

static bool is_valid(zx_handle_t handle)
{
	struct object *object;

	if (handle__get(fx.self, handle, ZX_OBJ_TYPE_NONE, 0, &object) != ZX_OK)
		return false;
	object__put(object);
	return true;
}

/* A write of @text and handles. */
static zx_status_t write_text(zx_handle_t channel, const char *text, const zx_handle_t *handles,
			      uint32_t num_handles)
{
	uint32_t size = (uint32_t)strlen(text);
	char *bytes = user_alloc(size);
	zx_handle_t *values = user_alloc(num_handles * sizeof(*values));

	memcpy(bytes, text, size);
	if (num_handles)
		memcpy(values, handles, num_handles * sizeof(*values));
	return sys_channel_write(fx.self, channel, 0, UADDR(bytes), size, UADDR(values),
				 num_handles);
}

struct read_result {
	zx_status_t status;
	char *bytes;
	zx_handle_t *handles;
	uint32_t num_bytes;
	uint32_t num_handles;
};

static struct read_result read_up_to(zx_handle_t channel, uint32_t options, uint32_t max_bytes,
				     uint32_t max_handles)
{
	struct read_result result = { .bytes = user_alloc(max_bytes + 1),
				      .handles = user_alloc(max_handles * sizeof(zx_handle_t)) };
	uint32_t *actual = user_alloc(2 * sizeof(*actual));

	result.status = sys_channel_read(fx.self, channel, options, UADDR(result.bytes),
					 UADDR(result.handles), max_bytes, max_handles,
					 UADDR(&actual[0]), UADDR(&actual[1]));
	result.num_bytes = actual[0];
	result.num_handles = actual[1];
	return result;
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));

	(void)state;
	assert_int_equal(sys_channel_create(fx.self, 1, UADDR(out), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(out), FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

static void messages_in_order(void **state)
{
	struct ends ends = make_channel();
	struct read_result got;

	(void)state;
	assert_int_equal(fixture__signals(&ends.channel[0]->object), ZX_CHANNEL_WRITABLE);
	assert_int_equal(ends.channel[0]->object.related_koid, ends.channel[1]->object.koid);
	assert_int_equal(read_up_to(ends.handle[1], 0, 10, 0).status, ZX_ERR_SHOULD_WAIT);
	assert_int_equal(write_text(ends.handle[0], "first", NULL, 0), ZX_OK);
	assert_int_equal(write_text(ends.handle[0], "", NULL, 0), ZX_OK);
	assert_int_equal(write_text(ends.handle[0], "third", NULL, 0), ZX_OK);
	assert_int_equal(fixture__signals(&ends.channel[1]->object),
			 ZX_CHANNEL_WRITABLE | ZX_CHANNEL_READABLE);
	got = read_up_to(ends.handle[1], 0, 10, 0);
	assert_int_equal(got.status, ZX_OK);
	assert_string_equal(got.bytes, "first");
	got = read_up_to(ends.handle[1], 0, 10, 0);
	assert_int_equal(got.status, ZX_OK);
	assert_int_equal(got.num_bytes, 0);
	got = read_up_to(ends.handle[1], 0, 5, 0);
	assert_string_equal(got.bytes, "third");
	assert_int_equal(fixture__signals(&ends.channel[1]->object), ZX_CHANNEL_WRITABLE);
}

static void short_buffers(void **state)
{
	zx_handle_t event = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	struct ends ends = make_channel();
	struct read_result got;

	(void)state;
	assert_int_equal(write_text(ends.handle[0], "hello", &event, 1), ZX_OK);
	got = read_up_to(ends.handle[1], 0, 4, 1);
	assert_int_equal(got.status, ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(got.num_bytes, 5);
	assert_int_equal(got.num_handles, 1);
	assert_int_equal(read_up_to(ends.handle[1], 0, 5, 0).status, ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(read_up_to(ends.handle[1], 2, 5, 1).status, ZX_ERR_NOT_SUPPORTED);
	/* Dropped, with its handle. */
	got = read_up_to(ends.handle[1], ZX_CHANNEL_READ_MAY_DISCARD, 4, 1);
	assert_int_equal(got.status, ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(got.num_bytes, 5);
	assert_int_equal(read_up_to(ends.handle[1], 0, 5, 1).status, ZX_ERR_SHOULD_WAIT);
	assert_int_equal(fx.process->handles.count, 2);
}

static void handles_move(void **state)
{
	zx_handle_t event = make_event(ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	struct object *object = fixture__object(event);
	struct ends ends = make_channel();
	struct read_result got;

	(void)state;
	assert_int_equal(write_text(ends.handle[0], "x", &event, 1), ZX_OK);
	assert_false(is_valid(event));
	assert_int_equal(object->handles, 1);
	got = read_up_to(ends.handle[1], 0, 1, 1);
	assert_int_equal(got.status, ZX_OK);
	assert_int_not_equal(got.handles[0], event);
	assert_ptr_equal(fixture__object(got.handles[0]), object);
	assert_int_equal(object->handles, 1);
}

static void read_etc_tells_of_handles(void **state)
{
	zx_handle_info_t *info = user_new(zx_handle_info_t);
	zx_handle_t event = make_event(ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	struct ends ends = make_channel();

	(void)state;
	assert_int_equal(write_text(ends.handle[0], "", &event, 1), ZX_OK);
	assert_int_equal(sys_channel_read_etc(fx.self, ends.handle[1], 0, 0, UADDR(info), 0, 1, 0,
					      0),
			 ZX_OK);
	assert_int_equal(info->type, ZX_OBJ_TYPE_EVENT);
	assert_int_equal(info->rights, ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT);
	assert_int_equal(info->unused, 0);
	assert_true(is_valid(info->handle));
}

static void read_with_bad_buffers_leaks_nothing(void **state)
{
	struct ends ends = make_channel();
	zx_handle_t *handles = user_new(zx_handle_t);
	struct object *object;
	zx_handle_t event;

	(void)state;
	for (int i = 0; i < 4; i++) {
		user_addr_t bad = FIXTURE_BAD_ADDR;
		user_addr_t good = UADDR(user_alloc(8));

		event = make_event(ZX_DEFAULT_EVENT_RIGHTS);
		object = fixture__object(event);
		object__get(object);
		assert_int_equal(write_text(ends.handle[0], "abc", &event, 1), ZX_OK);
		assert_int_equal(sys_channel_read(fx.self, ends.handle[1], 0, i == 0 ? bad : good,
						  i == 1 ? bad : UADDR(handles), 3, 1,
						  i == 2 ? bad : good, i == 3 ? bad : good),
				 ZX_ERR_INVALID_ARGS);
		assert_int_equal(object->handles, 0);
		object__put(object);
		assert_int_equal(fx.process->handles.count, 2);
	}
}

static void failed_writes_consume_handles(void **state)
{
	struct ends ends = make_channel();
	zx_handle_t deaf;

	(void)state;
	object__get(&ends.channel[0]->object);
	deaf = fixture__handle(&ends.channel[0]->object, ZX_RIGHT_READ);
	for (int i = 0; i < 6; i++) {
		zx_handle_t *values = user_alloc(65 * sizeof(*values));
		zx_handle_t channel = ends.handle[0];
		user_addr_t bytes = 0;
		uint32_t num_bytes = 0;
		uint32_t num_handles = 1;
		uint32_t options = 0;
		zx_status_t expected;

		values[0] = make_event(ZX_DEFAULT_EVENT_RIGHTS);
		switch (i) {
		case 0:
			options = 1;
			expected = ZX_ERR_INVALID_ARGS;
			break;
		case 1:
			channel = ZX_HANDLE_INVALID;
			expected = ZX_ERR_BAD_HANDLE;
			break;
		case 2:
			channel = deaf;
			expected = ZX_ERR_ACCESS_DENIED;
			break;
		case 3:
			num_bytes = ZX_CHANNEL_MAX_MSG_BYTES + 1;
			expected = ZX_ERR_OUT_OF_RANGE;
			break;
		case 4:
			num_handles = 65;
			expected = ZX_ERR_OUT_OF_RANGE;
			break;
		default:
			bytes = FIXTURE_BAD_ADDR;
			num_bytes = 1;
			expected = ZX_ERR_INVALID_ARGS;
			break;
		}
		assert_int_equal(sys_channel_write(fx.self, channel, options, bytes, num_bytes,
						   UADDR(values), num_handles),
				 expected);
		assert_false(is_valid(values[0]));
	}
	assert_int_equal(read_up_to(ends.handle[1], 0, 1, 1).status, ZX_ERR_SHOULD_WAIT);
}

static void handles_that_cannot_be_sent(void **state)
{
	struct ends ends = make_channel();
	zx_handle_t handles[2];

	(void)state;
	handles[0] = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	handles[1] = make_event(ZX_DEFAULT_EVENT_RIGHTS & ~ZX_RIGHT_TRANSFER);
	assert_int_equal(write_text(ends.handle[0], "", handles, 2), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(fx.process->handles.count, 2);
	handles[0] = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	handles[1] = handles[0];
	assert_int_equal(write_text(ends.handle[0], "", handles, 2), ZX_ERR_BAD_HANDLE);
	assert_int_equal(fx.process->handles.count, 2);
	handles[0] = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, 0, 0, FIXTURE_BAD_ADDR, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_true(is_valid(handles[0]));
	/* An end can travel through its peer, not through itself; it is gone all the same. */
	assert_int_equal(write_text(ends.handle[0], "", &ends.handle[0], 1), ZX_ERR_NOT_SUPPORTED);
	assert_false(is_valid(ends.handle[0]));
	assert_int_equal(fixture__signals(&ends.channel[1]->object), ZX_CHANNEL_PEER_CLOSED);
}

static void peer_closed(void **state)
{
	struct ends ends = make_channel();
	zx_handle_t event = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	struct read_result got;

	(void)state;
	assert_int_equal(write_text(ends.handle[0], "last", NULL, 0), ZX_OK);
	fixture__close(ends.handle[0]);
	assert_int_equal(fixture__signals(&ends.channel[1]->object),
			 ZX_CHANNEL_PEER_CLOSED | ZX_CHANNEL_READABLE);
	assert_int_equal(write_text(ends.handle[1], "", &event, 1), ZX_ERR_PEER_CLOSED);
	assert_false(is_valid(event));
	got = read_up_to(ends.handle[1], 0, 4, 0);
	assert_int_equal(got.status, ZX_OK);
	assert_string_equal(got.bytes, "last");
	assert_int_equal(read_up_to(ends.handle[1], 0, 4, 0).status, ZX_ERR_PEER_CLOSED);
}

static void write_etc_moves_and_duplicates(void **state)
{
	zx_handle_disposition_t *from = user_alloc(2 * sizeof(*from));
	zx_handle_info_t *infos = user_alloc(2 * sizeof(*infos));
	struct ends ends = make_channel();

	(void)state;
	from[0] = (zx_handle_disposition_t){ .operation = ZX_HANDLE_OP_MOVE,
					     .handle = make_event(ZX_DEFAULT_EVENT_RIGHTS),
					     .type = ZX_OBJ_TYPE_EVENT,
					     .rights = ZX_RIGHT_WAIT };
	from[1] = (zx_handle_disposition_t){ .operation = ZX_HANDLE_OP_DUPLICATE,
					     .handle = make_event(ZX_DEFAULT_EVENT_RIGHTS),
					     .rights = ZX_RIGHT_SAME_RIGHTS };
	assert_int_equal(sys_channel_write_etc(fx.self, ends.handle[0], 0, 0, 0, UADDR(from), 2),
			 ZX_OK);
	assert_false(is_valid(from[0].handle));
	assert_true(is_valid(from[1].handle));
	assert_int_equal(sys_channel_read_etc(fx.self, ends.handle[1], 0, 0, UADDR(infos), 0, 2, 0,
					      0),
			 ZX_OK);
	assert_int_equal(infos[0].rights, ZX_RIGHT_WAIT);
	assert_int_equal(infos[1].rights, ZX_DEFAULT_EVENT_RIGHTS);
	assert_ptr_equal(fixture__object(infos[1].handle), fixture__object(from[1].handle));
}

static void write_etc_errors(void **state)
{
	const zx_rights_t all = ZX_DEFAULT_EVENT_RIGHTS;
	struct ends ends = make_channel();
	const struct {
		zx_rights_t has;
		zx_handle_disposition_t from;
		zx_status_t result;
		bool stays;
	} cases[] = {
		{ all & ~ZX_RIGHT_TRANSFER, { ZX_HANDLE_OP_MOVE, 0, 0, all, 0 },
		  ZX_ERR_ACCESS_DENIED, false },
		{ all, { ZX_HANDLE_OP_MOVE, 0, ZX_OBJ_TYPE_VMO, all, 0 }, ZX_ERR_WRONG_TYPE, false },
		{ all, { ZX_HANDLE_OP_MOVE, 0, 0, all | ZX_RIGHT_MAP, 0 }, ZX_ERR_INVALID_ARGS,
		  false },
		{ all, { 2, 0, 0, all, 0 }, ZX_ERR_INVALID_ARGS, false },
		{ all & ~ZX_RIGHT_DUPLICATE, { ZX_HANDLE_OP_DUPLICATE, 0, 0, ZX_RIGHT_WAIT, 0 },
		  ZX_ERR_ACCESS_DENIED, true },
		{ all, { ZX_HANDLE_OP_DUPLICATE, 0, ZX_OBJ_TYPE_PORT, all, 0 }, ZX_ERR_WRONG_TYPE,
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zx_handle_disposition_t *from = user_alloc(3 * sizeof(*from));

		/* All are attempted, each has its own result, the first error is the call's. */
		from[0] = (zx_handle_disposition_t){ .handle = make_event(all),
						     .rights = ZX_RIGHT_SAME_RIGHTS };
		from[1] = cases[i].from;
		from[1].handle = make_event(cases[i].has);
		from[2] = (zx_handle_disposition_t){ .handle = ZX_HANDLE_INVALID };
		assert_int_equal(sys_channel_write_etc(fx.self, ends.handle[0], 0, 0, 0,
						       UADDR(from), 3),
				 cases[i].result);
		assert_int_equal(from[0].result, ZX_OK);
		assert_int_equal(from[1].result, cases[i].result);
		assert_int_equal(from[2].result, ZX_ERR_BAD_HANDLE);
		assert_false(is_valid(from[0].handle));
		assert_int_equal(is_valid(from[1].handle), cases[i].stays);
	}
	assert_int_equal(read_up_to(ends.handle[1], 0, 1, 1).status, ZX_ERR_SHOULD_WAIT);
}

static void write_etc_failing_early_keeps_duplicates(void **state)
{
	zx_handle_disposition_t *from = user_alloc(2 * sizeof(*from));

	(void)state;
	from[0].handle = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	from[1].handle = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	from[1].operation = ZX_HANDLE_OP_DUPLICATE;
	assert_int_equal(sys_channel_write_etc(fx.self, ZX_HANDLE_INVALID, 0, 0, 0, UADDR(from), 2),
			 ZX_ERR_BAD_HANDLE);
	assert_false(is_valid(from[0].handle));
	assert_true(is_valid(from[1].handle));
}

static void iovecs(void **state)
{
	zx_channel_iovec_t *iovecs = user_alloc(20 * sizeof(*iovecs));
	struct ends ends = make_channel();
	struct read_result got;

	(void)state;
	for (int i = 0; i < 20; i++) {
		char *letter = user_alloc(1);

		*letter = (char)('a' + i);
		iovecs[i].buffer = letter;
		iovecs[i].capacity = i == 3 ? 0 : 1;
	}
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], ZX_CHANNEL_WRITE_USE_IOVEC,
					   UADDR(iovecs), 20, 0, 0),
			 ZX_OK);
	got = read_up_to(ends.handle[1], 0, 30, 0);
	assert_int_equal(got.num_bytes, 19);
	assert_string_equal(got.bytes, "abcefghijklmnopqrst");
	iovecs[7].reserved = 1;
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], ZX_CHANNEL_WRITE_USE_IOVEC,
					   UADDR(iovecs), 20, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	iovecs[7].reserved = 0;
	iovecs[19].capacity = ZX_CHANNEL_MAX_MSG_BYTES;
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], ZX_CHANNEL_WRITE_USE_IOVEC,
					   UADDR(iovecs), 20, 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], ZX_CHANNEL_WRITE_USE_IOVEC,
					   UADDR(iovecs), ZX_CHANNEL_MAX_MSG_IOVECS + 1, 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(read_up_to(ends.handle[1], 0, 1, 0).status, ZX_ERR_SHOULD_WAIT);
}

/* --- calls --- */

struct calling {
	zx_handle_t channel;
	uint32_t options;
	zx_time_t deadline;
	zx_channel_call_args_t *args;
	uint32_t *actual;
	zx_status_t status;
};

static struct calling make_call(zx_handle_t channel, const char *text, uint32_t room)
{
	uint32_t size = (uint32_t)strlen(text) + sizeof(zx_txid_t);
	char *bytes = user_alloc(size);
	struct calling c = { .channel = channel,
			     .deadline = ZX_TIME_INFINITE,
			     .args = user_new(zx_channel_call_args_t),
			     .actual = user_alloc(2 * sizeof(uint32_t)) };

	memcpy(bytes + sizeof(zx_txid_t), text, size - sizeof(zx_txid_t));
	c.args->wr_bytes = bytes;
	c.args->wr_num_bytes = size;
	c.args->rd_bytes = user_alloc(room);
	c.args->rd_num_bytes = room;
	c.args->rd_handles = user_alloc(2 * sizeof(zx_handle_t));
	c.args->rd_num_handles = 2;
	return c;
}

static void call(struct thread *self, void *data)
{
	struct calling *c = data;

	c->status = sys_channel_call(self, c->channel, c->options, c->deadline, UADDR(c->args),
				     UADDR(&c->actual[0]), UADDR(&c->actual[1]));
}

/* Sends what was read back, with another text behind the same id. */
static void reply(zx_handle_t channel, const char *request, const char *text, zx_handle_t *handle)
{
	uint32_t size = sizeof(zx_txid_t) + (uint32_t)strlen(text);
	char *bytes = user_alloc(size);
	zx_handle_t *values = user_new(zx_handle_t);

	memcpy(bytes, request, sizeof(zx_txid_t));
	memcpy(bytes + sizeof(zx_txid_t), text, strlen(text));
	if (handle)
		*values = *handle;
	assert_int_equal(sys_channel_write(fx.self, channel, 0, UADDR(bytes), size, UADDR(values),
					   handle ? 1 : 0),
			 ZX_OK);
}

static void call_gets_its_reply(void **state)
{
	struct ends ends = make_channel();
	struct calling c[2];
	struct runner runners[2];
	struct read_result got[2];
	zx_handle_t event = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	zx_txid_t txid[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		c[i] = make_call(ends.handle[0], i ? "two" : "one", 20);
		fixture__run(&runners[i], call, &c[i]);
		fixture__await_blocked(&runners[i], ZX_THREAD_STATE_BLOCKED_CHANNEL);
		got[i] = read_up_to(ends.handle[1], 0, 20, 0);
		assert_int_equal(got[i].status, ZX_OK);
		assert_memory_equal(got[i].bytes + 4, i ? "two" : "one", 3);
		memcpy(&txid[i], got[i].bytes, sizeof(txid[i]));
		assert_true(txid[i] & 0x80000000u);
	}
	assert_int_not_equal(txid[0], txid[1]);
	/* What belongs to no call is for the queue. */
	assert_int_equal(write_text(ends.handle[1], "plain", NULL, 0), ZX_OK);
	reply(ends.handle[1], got[1].bytes, "second", &event);
	reply(ends.handle[1], got[0].bytes, "first", NULL);
	for (int i = 0; i < 2; i++) {
		fixture__join(&runners[i]);
		assert_int_equal(c[i].status, ZX_OK);
	}
	assert_int_equal(c[0].actual[0], 9);
	assert_memory_equal((char *)c[0].args->rd_bytes + 4, "first", 5);
	assert_int_equal(c[0].actual[1], 0);
	assert_int_equal(c[1].actual[0], 10);
	assert_int_equal(c[1].actual[1], 1);
	assert_true(is_valid(c[1].args->rd_handles[0]));
	assert_memory_equal(read_up_to(ends.handle[0], 0, 5, 0).bytes, "plain", 5);
	/* A second answer to a call that is over is an ordinary message. */
	reply(ends.handle[1], got[0].bytes, "again", NULL);
	assert_int_equal(read_up_to(ends.handle[0], 0, 9, 0).status, ZX_OK);
}

static void call_errors(void **state)
{
	struct ends ends = make_channel();
	struct calling c = make_call(ends.handle[0], "x", 20);
	zx_handle_t *value = user_new(zx_handle_t);

	(void)state;
	c.deadline = 0;
	c.args->wr_num_bytes = 3;
	*value = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	c.args->wr_handles = value;
	c.args->wr_num_handles = 1;
	call(fx.self, &c);
	assert_int_equal(c.status, ZX_ERR_INVALID_ARGS);
	assert_false(is_valid(*value));
	c.args->wr_num_handles = 0;
	c.args->wr_num_bytes = 4;
	c.options = 1;
	call(fx.self, &c);
	assert_int_equal(c.status, ZX_ERR_INVALID_ARGS);
	c.options = 0;
	call(fx.self, &c);
	assert_int_equal(c.status, ZX_ERR_TIMED_OUT);
	assert_true(list__empty(&ends.channel[0]->waiters));
	assert_int_equal(sys_channel_call(fx.self, c.channel, 0, 0, FIXTURE_BAD_ADDR, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_channel_call_finish(fx.self, 0, UADDR(c.args), 0, 0),
			 ZX_ERR_BAD_STATE);
	object__get(&ends.channel[0]->object);
	c.channel = fixture__handle(&ends.channel[0]->object, ZX_RIGHT_WRITE);
	call(fx.self, &c);
	assert_int_equal(c.status, ZX_ERR_ACCESS_DENIED);
	fixture__close(ends.handle[1]);
	c.channel = ends.handle[0];
	call(fx.self, &c);
	assert_int_equal(c.status, ZX_ERR_PEER_CLOSED);
}

static void call_with_a_short_buffer(void **state)
{
	struct ends ends = make_channel();
	struct calling c = make_call(ends.handle[0], "x", 6);
	struct runner runner;

	(void)state;
	fixture__run(&runner, call, &c);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	reply(ends.handle[1], read_up_to(ends.handle[1], 0, 20, 0).bytes, "toolong", NULL);
	fixture__join(&runner);
	assert_int_equal(c.status, ZX_ERR_BUFFER_TOO_SMALL);
}

static void calls_end_with_their_ends(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct ends ends = make_channel();
		struct calling c = make_call(ends.handle[0], "x", 6);
		struct runner runner;

		fixture__run(&runner, call, &c);
		fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_CHANNEL);
		if (i == 2)
			thread__kill(runner.thread);
		else
			fixture__close(ends.handle[i]);
		fixture__join(&runner);
		assert_int_equal(c.status, i == 0 ? ZX_ERR_CANCELED :
					   i == 1 ? ZX_ERR_PEER_CLOSED :
						    ZX_ERR_INTERNAL_INTR_KILLED);
	}
}

static void both_ends_call_at_once(void **state)
{
	struct ends ends = make_channel();
	struct calling c[2];
	struct runner runners[2];

	(void)state;
	/* Both get the same id from their own ends: neither request is taken for a reply. */
	for (int i = 0; i < 2; i++) {
		c[i] = make_call(ends.handle[i], "x", 20);
		fixture__run(&runners[i], call, &c[i]);
		fixture__await_blocked(&runners[i], ZX_THREAD_STATE_BLOCKED_CHANNEL);
	}
	for (int i = 0; i < 2; i++) {
		struct read_result got = read_up_to(ends.handle[1 - i], 0, 20, 0);

		assert_int_equal(got.status, ZX_OK);
		reply(ends.handle[1 - i], got.bytes, "y", NULL);
		fixture__join(&runners[i]);
		assert_int_equal(c[i].status, ZX_OK);
	}
}

static void call_etc(struct thread *self, void *data)
{
	struct calling *c = data;

	c->status = sys_channel_call_etc(self, c->channel, 0, c->deadline, UADDR(c->args),
					 UADDR(&c->actual[0]), UADDR(&c->actual[1]));
}

static void call_etc_tells_of_handles(void **state)
{
	struct ends ends = make_channel();
	struct calling c = make_call(ends.handle[0], "x", 20);
	zx_handle_disposition_t *from = user_new(zx_handle_disposition_t);
	zx_handle_info_t *infos = user_alloc(2 * sizeof(*infos));
	struct read_result got;
	struct runner runner;

	(void)state;
	*from = (zx_handle_disposition_t){ .operation = ZX_HANDLE_OP_DUPLICATE,
					   .handle = make_event(ZX_DEFAULT_EVENT_RIGHTS),
					   .rights = ZX_RIGHT_WAIT | ZX_RIGHT_TRANSFER };
	c.args->wr_handles = (zx_handle_t *)from;
	c.args->wr_num_handles = 1;
	c.args->rd_handles = (zx_handle_t *)infos;
	fixture__run(&runner, call_etc, &c);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_CHANNEL);
	got = read_up_to(ends.handle[1], 0, 20, 1);
	assert_int_equal(got.num_handles, 1);
	reply(ends.handle[1], got.bytes, "y", &got.handles[0]);
	fixture__join(&runner);
	assert_int_equal(c.status, ZX_OK);
	assert_int_equal(infos[0].type, ZX_OBJ_TYPE_EVENT);
	assert_int_equal(infos[0].rights, ZX_RIGHT_WAIT | ZX_RIGHT_TRANSFER);
	assert_true(is_valid(from->handle));
}

/* --- what nests and what races --- */

#define DEPTH 200000

static void deep_nesting_is_freed(void **state)
{
	struct channel *outer;
	struct channel *outer_peer;
	struct handle top;
	uint64_t in_use;

	(void)state;
	in_use = arena__in_use();
	assert_int_equal(channel__create(&outer, &outer_peer), ZX_OK);
	top = handle__make(&outer->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	object__put(&outer_peer->object);
	/* Each channel's queue holds the only handle to the one before. */
	for (int i = 0; i < DEPTH; i++) {
		struct message *message = message__alloc(0, 1);
		struct channel *reader;
		struct channel *writer;

		assert_int_equal(channel__create(&reader, &writer), ZX_OK);
		message->handles[0] = top;
		top = handle__make(&reader->object, ZX_DEFAULT_CHANNEL_RIGHTS);
		assert_int_equal(channel__write(writer, message), ZX_OK);
		object__put(&writer->object);
	}
	handle__close(&top);
	/* Each size of object keeps a slab or two. */
	assert_true(arena__in_use() <= in_use + (1u << 20));
}

#define ROUNDS 20000

static void echo(struct thread *self, void *data)
{
	struct channel *channel = data;
	struct message *message;

	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(object__wait_one(self, &channel->object, NULL, 0,
						  ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL),
				 ZX_OK);
		assert_int_equal(channel__read(channel, &message), ZX_OK);
		assert_int_equal(channel__write(channel, message), ZX_OK);
	}
}

static void calls_and_echoes(void **state)
{
	struct ends ends = make_channel();
	struct message *answer;
	struct runner runner;

	(void)state;
	fixture__run(&runner, echo, ends.channel[1]);
	for (int i = 0; i < ROUNDS; i++) {
		struct message *message = message__alloc(8, 0);

		memcpy(message->bytes + 4, &i, 4);
		assert_int_equal(channel__call(fx.self, ends.channel[0], message, ZX_TIME_INFINITE,
					       &answer),
				 ZX_OK);
		assert_memory_equal(answer->bytes + 4, &i, 4);
		message__free(answer);
	}
	fixture__join(&runner);
}

static void cycle(void)
{
	zx_handle_t event = make_event(ZX_DEFAULT_EVENT_RIGHTS);
	struct ends ends = make_channel();
	zx_handle_t *value = user_scratch();

	*value = event;
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, 0, 0, UADDR(value), 1),
			 ZX_OK);
	assert_int_equal(sys_channel_read(fx.self, ends.handle[1], 0, 0, FIXTURE_BAD_ADDR, 0, 1, 0,
					  0),
			 ZX_ERR_INVALID_ARGS);
	/* A message that nobody reads. */
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, UADDR(value), 4, 0, 0),
			 ZX_OK);
	fixture__close(ends.handle[0]);
	fixture__close(ends.handle[1]);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(messages_in_order),
		test_case(short_buffers),
		test_case(handles_move),
		test_case(read_etc_tells_of_handles),
		test_case(read_with_bad_buffers_leaks_nothing),
		test_case(failed_writes_consume_handles),
		test_case(handles_that_cannot_be_sent),
		test_case(peer_closed),
		test_case(write_etc_moves_and_duplicates),
		test_case(write_etc_errors),
		test_case(write_etc_failing_early_keeps_duplicates),
		test_case(iovecs),
		test_case(call_gets_its_reply),
		test_case(call_errors),
		test_case(call_with_a_short_buffer),
		test_case(calls_end_with_their_ends),
		test_case(both_ends_call_at_once),
		test_case(call_etc_tells_of_handles),
		test_case(deep_nesting_is_freed),
		test_case(calls_and_echoes),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
