/* Channels: messages, the handles in them, and the calls that move both. */
#include "compat/core/exception.h"
#include "tests/core/channel_helpers.h"

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
		{ all, { ZX_HANDLE_OP_MOVE, 0, ZX_OBJ_TYPE_VMO, all, 0 }, ZX_ERR_WRONG_TYPE,
		  false },
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
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], ZX_CHANNEL_WRITE_USE_IOVEC, 0,
					   0, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2021_01);
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

static void a_full_end_ends_the_writer(void **state)
{
	uint32_t max = era__of(ZXERA_2020_07)->channel_max_messages;
	struct ends ends;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	ends = make_channel();
	for (uint32_t i = 0; i < max + 10; i++)
		assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, 0, 0, 0, 0), ZX_OK);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	fixture__set_era(ZXERA_2020_07);
	ends = make_channel();
	for (uint32_t i = 0; i < max; i++)
		assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, 0, 0, 0, 0), ZX_OK);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
	assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, 0, 0, 0, 0), ZX_OK);
	exception__raise_noted(fx.self);
	assert_int_equal(fx.process->state, PROCESS_DYING);
	assert_int_equal(fx.process->return_code, era__of(ZXERA_2020_07)->retcode_exception);
}

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
		test_case(a_full_end_ends_the_writer),
		test_case(deep_nesting_is_freed),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
