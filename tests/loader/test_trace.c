/* What zxrun --trace shows: filters, names, numbers, buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>
#include <zxabi/calls.h>

#include "compat/host/trace_call.h"
#include "compat/host/trace_filter.h"

/* --- Filters --- */

static struct trace_filter filter;

static void accept(const char *text)
{
	char error[200] = "";

	if (!trace_filter__parse(&filter, text, error, sizeof(error)))
		fail_msg("%s: %s", text, error);
}

static void refuse(const char *text, const char *why)
{
	char error[200] = "";

	assert_false(trace_filter__parse(&filter, text, error, sizeof(error)));
	assert_string_equal(error, why);
}

static void chooses(enum zxabi_call nr, bool chosen)
{
	assert_int_equal(filter.calls[nr], chosen);
}

static void filter_of_everything(void **state)
{
	(void)state;
	accept(NULL);
	for (int nr = 0; nr < ZXCALL_COUNT; nr++)
		assert_true(filter.calls[nr]);
	assert_false(filter.hide_failed);
	assert_false(filter.hide_succeeded);
}

static void filter_by_name(void **state)
{
	(void)state;
	accept("channel_read,zx_port_wait");
	chooses(ZXCALL_channel_read, true);
	chooses(ZXCALL_port_wait, true);
	chooses(ZXCALL_channel_read_etc, false);
	accept("channel_*,!*_etc");
	chooses(ZXCALL_channel_read, true);
	chooses(ZXCALL_channel_read_etc, false);
	chooses(ZXCALL_port_wait, false);
	accept("!handle_*");
	chooses(ZXCALL_handle_close, false);
	chooses(ZXCALL_port_wait, true);
	/* The form of another date has the same name. */
	accept("futex_wait");
	chooses(ZXCALL_futex_wait, true);
	chooses(ZXCALL_futex_wait_2018, true);
	chooses(ZXCALL_futex_wake, false);
}

static void filter_by_category(void **state)
{
	(void)state;
	accept("%memory");
	chooses(ZXCALL_vmar_map, true);
	chooses(ZXCALL_pager_create, true);
	chooses(ZXCALL_port_wait, false);
	accept("%blocking,!%time");
	chooses(ZXCALL_port_wait, true);
	chooses(ZXCALL_nanosleep, false);
	chooses(ZXCALL_port_queue, false);
}

static void filter_by_outcome(void **state)
{
	(void)state;
	accept("%failed");
	chooses(ZXCALL_port_wait, true);
	assert_true(filter.hide_succeeded);
	assert_false(filter.hide_failed);
	accept("!%failed,port_wait");
	chooses(ZXCALL_port_wait, true);
	chooses(ZXCALL_port_queue, false);
	assert_true(filter.hide_failed);
	assert_false(filter.hide_succeeded);
}

static void filter_mistakes(void **state)
{
	(void)state;
	refuse("", "--trace '' has an empty part");
	refuse("port_wait,", "--trace 'port_wait,' has an empty part");
	refuse(",port_wait", "--trace ',port_wait' has an empty part");
	refuse("!", "--trace '!' has an empty part");
	refuse("chanel*", "--trace: no call is meant by 'chanel*'");
	refuse("%weather", "--trace: no call is meant by '%weather'");
	refuse("port_wait,!nothing", "--trace: no call is meant by 'nothing'");
}

/* --- Text --- */

static char buffer[4096];
static struct trace_line line;

static void begin(size_t size)
{
	line = (struct trace_line){ .text = buffer, .size = size };
}

static void expect(const char *text)
{
	buffer[line.used < sizeof(buffer) ? line.used : sizeof(buffer) - 1] = 0;
	assert_string_equal(buffer, text);
	begin(sizeof(buffer));
}

static void text_of_numbers(void **state)
{
	(void)state;
	begin(sizeof(buffer));
	trace_line__decimal(&line, 0);
	trace_line__add(&line, " ");
	trace_line__decimal(&line, UINT64_MAX);
	trace_line__add(&line, " ");
	trace_line__signed(&line, INT64_MIN);
	expect("0 18446744073709551615 -9223372036854775808");
	trace_line__hex(&line, 0);
	trace_line__hex(&line, UINT64_MAX);
	expect("00xffffffffffffffff");
}

static void text_of_bytes(void **state)
{
	(void)state;
	begin(sizeof(buffer));
	trace_line__quoted(&line, "a\"\\\n\t\r\0\1\x7f\xff", 10, false);
	expect("\"a\\\"\\\\\\n\\t\\r\\0\\1\\177\\377\"");
	/* A digit behind an escape is not part of it. */
	trace_line__quoted(&line, "\0" "1\0" "9\0", 5, true);
	expect("\"\\0001\\09\\0\"...");
}

static void text_that_does_not_fit(void **state)
{
	(void)state;
	begin(8);
	trace_line__add(&line, "12345");
	trace_line__decimal(&line, 678901);
	trace_line__quoted(&line, "abc", 3, true);
	assert_int_equal(line.used, 8);
	assert_memory_equal(buffer, "12345678", 8);
}

/* --- Names --- */

static void bits(const char *set, uint64_t value, uint32_t era, const char *text)
{
	trace_set__add_bits(&line, trace_set__find(set), value, era);
	expect(text);
}

static void one(const char *set, uint64_t value, uint32_t era, const char *text)
{
	trace_set__add_one(&line, trace_set__find(set), value, era);
	expect(text);
}

static void names_of_bits(void **state)
{
	(void)state;
	begin(sizeof(buffer));
	bits("rights", 0, ZXERA_NEWEST, "ZX_RIGHT_NONE");
	bits("rights", ZX_RIGHT_READ | ZX_RIGHT_MAP, ZXERA_NEWEST, "ZX_RIGHT_READ|ZX_RIGHT_MAP");
	bits("rights", ZX_RIGHT_SAME_RIGHTS, ZXERA_NEWEST, "ZX_RIGHT_SAME_RIGHTS");
	bits("vm_option", ZX_VM_PERM_READ | ZX_VM_ALIGN_2MB, ZXERA_NEWEST,
	     "ZX_VM_PERM_READ|ZX_VM_ALIGN_2MB");
	bits("channel_read", 0, ZXERA_NEWEST, "0");
	bits("channel_read", 0x103, ZXERA_NEWEST, "ZX_CHANNEL_READ_MAY_DISCARD|0x102");
	bits("socket_create", 0, ZXERA_NEWEST, "ZX_SOCKET_STREAM");
	bits("resource", 0x10000, ZXERA_NEWEST, "ZX_RSRC_FLAG_EXCLUSIVE|ZX_RSRC_KIND_MMIO");
	/* Without names. */
	trace_set__add_bits(&line, NULL, 0x30, ZXERA_NEWEST);
	expect("0x30");
}

static void names_by_date(void **state)
{
	(void)state;
	begin(sizeof(buffer));
	bits("vmo_create", 1, ZXERA_2018_10, "ZX_VMO_NON_RESIZABLE");
	bits("vmo_create", 1, ZXERA_2020_07, "0x1");
	one("clock", 1, ZXERA_2020_07, "ZX_CLOCK_UTC");
	one("clock", 1, ZXERA_NEWEST, "ZX_CLOCK_BOOT");
	one("thread_state", 4, ZXERA_2018_07, "ZX_THREAD_STATE_SINGLE_STEP");
	one("thread_state", 4, ZXERA_2018_10, "ZX_THREAD_STATE_DEBUG_REGS");
	one("thread_state", 77, ZXERA_2018_10, "0x4d");
}

static void names_of_signals(void **state)
{
	(void)state;
	begin(sizeof(buffer));
	trace_set__add_signals(&line, ZX_OBJ_TYPE_CHANNEL, 5, ZXERA_NEWEST);
	expect("ZX_CHANNEL_READABLE|ZX_CHANNEL_PEER_CLOSED");
	trace_set__add_signals(&line, ZX_OBJ_TYPE_EVENT, 8 | 1 << 24, ZXERA_NEWEST);
	expect("ZX_EVENT_SIGNALED|ZX_USER_SIGNAL_0");
	trace_set__add_signals(&line, ZX_OBJ_TYPE_NONE, 1, ZXERA_NEWEST);
	expect("__ZX_OBJECT_READABLE");
	trace_set__add_signals(&line, ZX_OBJ_TYPE_JOB, 8, ZXERA_2018_10);
	expect("ZX_JOB_NO_PROCESSES");
	trace_set__add_signals(&line, 12345, 0, ZXERA_NEWEST);
	expect("0");
}

/* Every set that a definition names is there. */
static void names_of_definitions(void **state)
{
	(void)state;
	for (int nr = 0; nr < ZXCALL_COUNT; nr++) {
		for (unsigned i = 0; i < trace_calls[nr].nargs; i++) {
			const struct zxabi_trace_arg *arg = &trace_calls[nr].args[i];

			if (arg->set && !trace_set__find(arg->set))
				fail_msg("%s: no set is called %s", trace_calls[nr].name, arg->set);
		}
	}
}

static bool is_used(const char *name)
{
	static const char *const others[] = {
		/* By the type, and in structures. */
		"clock", "exception", "exception_state", "exception_strategy", "handle_op",
		"object_type", "packet", "page_request", "policy_code", "process_flag", "rights",
		"seek_origin", "status", "thread_is", "user_code", "vm_option",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(others[i], name))
			return true;
	for (int nr = 0; nr < ZXCALL_COUNT; nr++)
		for (unsigned i = 0; i < trace_calls[nr].nargs; i++)
			if (trace_calls[nr].args[i].set &&
			    !strcmp(trace_calls[nr].args[i].set, name))
				return true;
	return false;
}

static void names_are_used(void **state)
{
	(void)state;
	for (const struct trace_set *set = trace_bit_sets; set->name; set++)
		if (!is_used(set->name))
			fail_msg("nothing names %s", set->name);
	for (const struct trace_set *set = trace_value_sets; set->name; set++)
		if (!is_used(set->name))
			fail_msg("nothing names %s", set->name);
}

/* --- Calls: a thread without a process of Linux, whose buffers travel with the call --- */

static struct process process;
static struct thread thread;
static struct trace_call call;

static int reset(void **state)
{
	(void)state;
	memset(&process, 0, sizeof(process));
	memset(&thread, 0, sizeof(thread));
	memset(&call, 0, sizeof(call));
	process.era = ZXERA_NEWEST;
	process.object.koid = 11;
	thread.object.koid = 12;
	thread.process = &process;
	trace_decode__init();
	begin(sizeof(buffer));
	return 0;
}

static struct user_window *carry(uint64_t addr, void *data, uint32_t size, bool in, bool out)
{
	struct user_window *window = &thread.window[thread.windows++];

	*window = (struct user_window){ .addr = addr, .size = size, .in = in, .out = out,
					.data = data };
	return window;
}

static void begin_call(enum zxabi_call nr, const uint64_t args[8])
{
	trace_call__begin(&call, &thread, nr, args, 8);
	trace_call__add_first(&call, &line);
}

static void end_call(bool succeeded)
{
	trace_call__end(&call, succeeded);
	trace_call__add_rest(&call, &line);
}

static void call_with_text(void **state)
{
	const uint64_t args[8] = { 0, 0, 0x1000, 11, 0, 0 };
	char bytes[] = "hello world";

	(void)state;
	carry(0x1000, bytes, 11, true, false);
	begin_call(ZXCALL_channel_write, args);
	end_call(true);
	expect("zx_channel_write(ZX_HANDLE_INVALID, 0, \"hello wo\"..., 11, NULL, 0)");
}

static void call_that_fills(void **state)
{
	const uint64_t args[8] = { 0x7, 1, 0x1000, 0, 64, 0, 0x2000, 0 };
	char bytes[64] = "abcdefgh";
	uint32_t actual = 3;
	struct user_window *data;
	struct user_window *size;

	(void)state;
	data = carry(0x1000, bytes, sizeof(bytes), false, true);
	size = carry(0x2000, &actual, sizeof(actual), false, true);
	begin_call(ZXCALL_channel_read, args);
	/* Nothing of a bad handle is known, and nothing of what is to be written. */
	expect("zx_channel_read(0x7<bad>, ZX_CHANNEL_READ_MAY_DISCARD");
	data->written = 3;
	size->written = 4;
	end_call(true);
	expect(", \"abc\", NULL, 64, 0, [3], NULL)");
}

static void call_that_fails(void **state)
{
	const uint64_t args[8] = { 0x7, 0, 0x1000, 0x1100, 64, 1, 0x2000, 0x3000 };
	char bytes[64];
	zx_handle_t handle;
	uint32_t actual = 100;
	uint32_t handles;

	(void)state;
	carry(0x1000, bytes, sizeof(bytes), false, true);
	carry(0x1100, &handle, sizeof(handle), false, true);
	carry(0x2000, &actual, sizeof(actual), false, true)->written = 4;
	carry(0x3000, &handles, sizeof(handles), false, true);
	begin_call(ZXCALL_channel_read, args);
	end_call(false);
	/* What was written nevertheless is shown, of the rest only where it is. */
	expect("zx_channel_read(0x7<bad>, 0, 0x1000, 0x1100, 64, 1, [100], 0x3000)");
}

static void call_in_both_directions(void **state)
{
	zx_wait_item_t items[2] = { { 0, ZX_USER_SIGNAL_1, 0 }, { 0, 1, 0 } };
	const uint64_t args[8] = { 0x1000, 2, (uint64_t)ZX_TIME_INFINITE };
	struct user_window *window;

	(void)state;
	window = carry(0x1000, items, sizeof(items), true, true);
	begin_call(ZXCALL_object_wait_many, args);
	expect("zx_object_wait_many([{handle=ZX_HANDLE_INVALID, waitfor=ZX_USER_SIGNAL_1}, "
	       "{handle=ZX_HANDLE_INVALID, waitfor=__ZX_OBJECT_READABLE}]");
	items[0].pending = ZX_USER_SIGNAL_1;
	window->written = sizeof(items);
	end_call(true);
	expect(" => [{pending=ZX_USER_SIGNAL_1}, {pending=0}], 2, ZX_TIME_INFINITE)");
}

static void call_with_packet(void **state)
{
	zx_port_packet_t packet = { .key = 0x2a, .type = ZX_PKT_TYPE_USER, .status = -7000 };
	const uint64_t args[8] = { 0, 0x1000 };

	(void)state;
	packet.user.u64[3] = 5;
	carry(0x1000, &packet, sizeof(packet), true, false);
	begin_call(ZXCALL_port_queue, args);
	end_call(true);
	expect("zx_port_queue(ZX_HANDLE_INVALID, {key=0x2a, type=ZX_PKT_TYPE_USER, "
	       "status=-7000, u64=[0, 0, 0, 0x5]})");
}

static void call_with_exception_packet(void **state)
{
	zx_port_packet_t packet = { .type = ZX_EXCP_THREAD_STARTING };
	const uint64_t args[8] = { 0, (uint64_t)ZX_TIME_INFINITE, 0x1000 };

	(void)state;
	process.era = ZXERA_2018_10;
	packet.user.u64[0] = 1040;
	packet.user.u64[1] = 1042;
	carry(0x1000, &packet, sizeof(packet), false, true)->written = sizeof(packet);
	begin_call(ZXCALL_port_wait, args);
	end_call(true);
	expect("zx_port_wait(ZX_HANDLE_INVALID, ZX_TIME_INFINITE, {key=0, "
	       "type=ZX_EXCP_THREAD_STARTING, status=ZX_OK, pid=1040, tid=1042})");
}

/* What a buffer holds another argument tells. */
static void call_about_topics(void **state)
{
	zx_info_handle_basic_t info = { .koid = 5, .type = ZX_OBJ_TYPE_CHANNEL, .related_koid = 6 };
	uint64_t args[8] = { 0, ZX_INFO_HANDLE_BASIC, 0x1000, sizeof(info) };
	zx_koid_t koids[3] = { 7, 8, 9 };
	struct user_window *window;

	(void)state;
	window = carry(0x1000, &info, sizeof(info), false, true);
	begin_call(ZXCALL_object_get_info, args);
	window->written = sizeof(info);
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_HANDLE_BASIC, {koid=5, "
	       "rights=ZX_RIGHT_NONE, type=ZX_OBJ_TYPE_CHANNEL, related_koid=6}, 32, NULL, NULL)");
	window->data = (char *)koids;
	args[1] = ZX_INFO_PROCESS_THREADS;
	begin_call(ZXCALL_object_get_info, args);
	window->written = 16;
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_PROCESS_THREADS, [7, 8], 32, NULL, NULL)");
	/* Less than the structure has, and a topic that nobody knows. */
	window->data = (char *)"abc";
	args[1] = ZX_INFO_HANDLE_BASIC;
	begin_call(ZXCALL_object_get_info, args);
	window->written = 3;
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_HANDLE_BASIC, \"abc\", 32, NULL, NULL)");
}

static void call_about_properties(void **state)
{
	uint64_t args[8] = { 0, ZX_PROP_NAME, 0x1000, 8 };
	char name[8] = "abc\0def";
	uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;

	(void)state;
	carry(0x1000, name, sizeof(name), true, false);
	begin_call(ZXCALL_object_set_property, args);
	end_call(true);
	expect("zx_object_set_property(ZX_HANDLE_INVALID, ZX_PROP_NAME, \"abc\", 8)");
	thread.windows = 0;
	carry(0x1000, &handled, sizeof(handled), true, false);
	args[1] = ZX_PROP_EXCEPTION_STATE;
	args[3] = 4;
	begin_call(ZXCALL_object_set_property, args);
	end_call(true);
	expect("zx_object_set_property(ZX_HANDLE_INVALID, ZX_PROP_EXCEPTION_STATE, "
	       "ZX_EXCEPTION_STATE_HANDLED, 4)");
}

/* Upper halves of registers mean nothing where the type is smaller. */
static void call_with_garbage(void **state)
{
	const uint64_t args[8] = { 0xffffffff00000000, UINT64_MAX, 0xdead00000001, 1ull << 63 };

	(void)state;
	begin_call(ZXCALL_vmo_create_child, args);
	end_call(false);
	expect("zx_vmo_create_child(ZX_HANDLE_INVALID, ZX_VMO_CHILD_SNAPSHOT|ZX_VMO_CHILD_RESIZABLE|"
	       "ZX_VMO_CHILD_SLICE|ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE|ZX_VMO_CHILD_NO_WRITE|"
	       "ZX_VMO_CHILD_REFERENCE|ZX_VMO_CHILD_SNAPSHOT_MODIFIED|0xffffff02, "
	       "244834610708481, 9223372036854775808, NULL)");
}

/* As many elements as a number says, of which most are nowhere; lengths that overflow. */
static void call_with_absurd_lengths(void **state)
{
	uint64_t args[8] = { 0, 0, 0, 0, 0x1000, UINT32_MAX };
	zx_handle_t handles[20] = { 0 };

	(void)state;
	carry(0x1000, handles, sizeof(handles), true, false);
	begin_call(ZXCALL_channel_write, args);
	end_call(false);
	expect("zx_channel_write(ZX_HANDLE_INVALID, 0, NULL, 0, [ZX_HANDLE_INVALID, "
	       "ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, "
	       "ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, "
	       "ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, "
	       "ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ZX_HANDLE_INVALID, ...], 4294967295)");
	args[1] = args[3] = UINT64_MAX;
	args[2] = 0x1000;
	begin_call(ZXCALL_fifo_write, args);
	end_call(false);
	expect("zx_fifo_write(ZX_HANDLE_INVALID, 18446744073709551615, 0x1000, "
	       "18446744073709551615, 0x1000)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(filter_of_everything, reset),
		cmocka_unit_test_setup(filter_by_name, reset),
		cmocka_unit_test_setup(filter_by_category, reset),
		cmocka_unit_test_setup(filter_by_outcome, reset),
		cmocka_unit_test_setup(filter_mistakes, reset),
		cmocka_unit_test_setup(text_of_numbers, reset),
		cmocka_unit_test_setup(text_of_bytes, reset),
		cmocka_unit_test_setup(text_that_does_not_fit, reset),
		cmocka_unit_test_setup(names_of_bits, reset),
		cmocka_unit_test_setup(names_by_date, reset),
		cmocka_unit_test_setup(names_of_signals, reset),
		cmocka_unit_test_setup(names_of_definitions, reset),
		cmocka_unit_test_setup(names_are_used, reset),
		cmocka_unit_test_setup(call_with_text, reset),
		cmocka_unit_test_setup(call_that_fills, reset),
		cmocka_unit_test_setup(call_that_fails, reset),
		cmocka_unit_test_setup(call_in_both_directions, reset),
		cmocka_unit_test_setup(call_with_packet, reset),
		cmocka_unit_test_setup(call_with_exception_packet, reset),
		cmocka_unit_test_setup(call_about_topics, reset),
		cmocka_unit_test_setup(call_about_properties, reset),
		cmocka_unit_test_setup(call_with_garbage, reset),
		cmocka_unit_test_setup(call_with_absurd_lengths, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
