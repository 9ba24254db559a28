/* zx_channel_call: requests, the replies that find them, and what ends the wait. */
#include <zircon/syscalls/object.h>

#include "tests/core/channel_helpers.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(call_gets_its_reply),
		test_case(call_errors),
		test_case(call_with_a_short_buffer),
		test_case(calls_end_with_their_ends),
		test_case(both_ends_call_at_once),
		test_case(call_etc_tells_of_handles),
		test_case(calls_and_echoes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
