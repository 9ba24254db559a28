/* What zxrun --trace shows: filters, names, numbers, buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <zxabi/calls.h>

#include "compat/host/trace_decode.h"
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
		"clock", "exception", "exception_channel_type", "exception_state",
		"exception_strategy", "handle_op", "maps_type",
		"object_type", "packet", "page_request", "policy_action", "policy_code",
		"policy_condition", "policy_override", "process_flag", "profile", "rights",
		"seek_origin", "status", "thread_is", "user_code", "vm_option", "vmo_flag",
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

static int reset(void **state)
{
	(void)state;
	trace_decode__init();
	begin(sizeof(buffer));
	return 0;
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
