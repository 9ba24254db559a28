/* What zxrun --trace shows of the arguments of a call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <zircon/eras.h>
#include <zircon/syscalls/clock.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/policy.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/profile.h>
#include <zxabi/calls.h>

#include "compat/host/trace_call.h"
#include "compat/host/trace_layout.h"

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

/* --- A thread without a process of Linux, whose buffers travel with the call --- */

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

static void call_about_lists(void **state)
{
	zx_info_maps_201807_t maps[2] = {
		{ "root", 0x1000, 8192, 1, ZX_INFO_MAPS_TYPE_VMAR, { 0 }, { { 0 } } },
	};
	zx_info_vmo_2018_t vmos[2] = { { .koid = 7, .handle_rights = ZX_RIGHT_READ },
				       { .koid = 8, .flags = ZX_INFO_VMO_TYPE_PAGED } };
	uint64_t args[8] = { 0, ZX_INFO_PROCESS_MAPS, 0x1000, sizeof(maps) };
	struct user_window *window;

	(void)state;
	process.era = ZXERA_2018_07;
	window = carry(0x1000, maps, sizeof(maps), false, true);
	begin_call(ZXCALL_object_get_info, args);
	window->written = sizeof(maps[0]);
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_PROCESS_MAPS, [{name=\"root\", "
	       "base=0x1000, size=8192, depth=1, type=ZX_INFO_MAPS_TYPE_VMAR}], 176, NULL, NULL)");
	/* The second one begins elsewhere than at other dates. */
	process.era = ZXERA_2018_10;
	*window = (struct user_window){ .addr = 0x1000, .data = (char *)vmos,
					.size = sizeof(vmos), .out = true };
	args[1] = ZX_INFO_PROCESS_VMOS;
	args[3] = sizeof(vmos);
	begin_call(ZXCALL_object_get_info, args);
	window->written = sizeof(vmos);
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_PROCESS_VMOS, [{koid=7, name=\"\", "
	       "size_bytes=0, parent_koid=0, num_children=0, num_mappings=0, "
	       "flags=ZX_INFO_VMO_TYPE_PHYSICAL, committed_bytes=0, handle_rights=ZX_RIGHT_READ}, "
	       "{koid=8, name=\"\", size_bytes=0, parent_koid=0, num_children=0, num_mappings=0, "
	       "flags=ZX_INFO_VMO_TYPE_PAGED, committed_bytes=0, handle_rights=ZX_RIGHT_NONE}], "
	       "224, NULL, NULL)");
}

/* A table tells no more than is read, and names no set that there is not. */
static void tables_of_structures(void **state)
{
	static const struct trace_layout *const tables[] = {
		trace_topics,		 trace_properties,	  trace_thread_states,
		trace_vcpu_states,	 trace_policies,	  trace_clock_create_args,
		trace_clock_update_args, trace_clock_details,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct trace_layout *row = tables[i]; row->members; row++) {
			const struct trace_member *member = row->members;

			assert_in_range(trace_layout__reach(row), 1, TRACE_LAYOUT_MAX);
			assert_true(!row->record || trace_layout__reach(row) <= row->record);
			for (; member->name; member++)
				assert_true(!member->set || trace_set__find(member->set));
		}
	}
}

static void call_about_exceptions(void **state)
{
	zx_exception_report_v2_t report = { .header.type = ZX_EXCP_USER, .context.synth_code = 5 };
	uint64_t args[8] = { 0, ZX_INFO_THREAD_EXCEPTION_REPORT, 0x1000,
			     sizeof(zx_exception_report_v1_t) };
	struct user_window *window;

	(void)state;
	report.context.arch.u.x86_64 = (zx_x86_64_exc_data_t){ 14, 6, 0x1234 };
	window = carry(0x1000, &report, sizeof(zx_exception_report_v1_t), false, true);
	begin_call(ZXCALL_object_get_info, args);
	window->written = window->size;
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_THREAD_EXCEPTION_REPORT, "
	       "{type=ZX_EXCP_USER, vector=14, err_code=0x6, cr2=0x1234}, 32, NULL, NULL)");
	window->size = sizeof(report);
	args[1] = ZX_INFO_THREAD_EXCEPTION_REPORT_V2;
	args[3] = sizeof(report);
	begin_call(ZXCALL_object_get_info, args);
	window->written = window->size;
	end_call(true);
	expect("zx_object_get_info(ZX_HANDLE_INVALID, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, "
	       "{type=ZX_EXCP_USER, vector=14, err_code=0x6, cr2=0x1234, synth_code=5, "
	       "synth_data=0}, 40, NULL, NULL)");
}

static void call_with_registers(void **state)
{
	zx_thread_state_general_regs_t regs = { .rax = 1, .rip = 0x2000, .fs_base = 0x3000 };
	uint64_t args[8] = { 0, ZX_THREAD_STATE_GENERAL_REGS, 0x1000,
			     sizeof(zx_thread_state_general_regs_2018_t) };
	zx_thread_state_debug_regs_t debug = { .dr = { 0x10, 0x20, 0x30, 0x40 }, .dr7 = 0x55 };
	uint32_t step = 1;
	struct user_window *window;

	(void)state;
	process.era = ZXERA_2018_07;
	window = carry(0x1000, &regs, sizeof(zx_thread_state_general_regs_2018_t), true, false);
	begin_call(ZXCALL_thread_write_state, args);
	end_call(true);
	expect("zx_thread_write_state(ZX_HANDLE_INVALID, ZX_THREAD_STATE_GENERAL_REGS, {rax=0x1, "
	       "rbx=0, rcx=0, rdx=0, rsi=0, rdi=0, rbp=0, rsp=0, r8=0, r9=0, r10=0, r11=0, r12=0, "
	       "r13=0, r14=0, r15=0, rip=0x2000, rflags=0}, 144)");
	/* The same number is another state at other dates. */
	*window = (struct user_window){ .addr = 0x1000, .data = (char *)&step, .size = 4,
					.in = true };
	args[1] = ZX_THREAD_STATE_SINGLE_STEP_201807;
	args[3] = 4;
	begin_call(ZXCALL_thread_write_state, args);
	end_call(true);
	expect("zx_thread_write_state(ZX_HANDLE_INVALID, ZX_THREAD_STATE_SINGLE_STEP, 1, 4)");
	process.era = ZXERA_NEWEST;
	*window = (struct user_window){ .addr = 0x1000, .data = (char *)&debug,
					.size = sizeof(debug), .out = true };
	args[1] = ZX_THREAD_STATE_DEBUG_REGS;
	args[3] = sizeof(debug);
	begin_call(ZXCALL_thread_read_state, args);
	window->written = window->size;
	end_call(true);
	expect("zx_thread_read_state(ZX_HANDLE_INVALID, ZX_THREAD_STATE_DEBUG_REGS, {dr0=0x10, "
	       "dr1=0x20, dr2=0x30, dr3=0x40, dr6=0, dr7=0x55}, 48)");
}

/* Only the topic tells how large these are. */
static void call_with_policies(void **state)
{
	zx_policy_basic_v1_t policies[2] = { { ZX_POL_NEW_VMO, ZX_POL_ACTION_KILL_2018 },
					     { ZX_POL_BAD_HANDLE, ZX_POL_ACTION_EXCEPTION_2018 } };
	zx_policy_basic_v2_t newer = { ZX_POL_NEW_PAGER_NEWEST, ZX_POL_ACTION_KILL,
				       ZX_POL_OVERRIDE_DENY };
	uint64_t args[8] = { 0, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC, 0x1000, 2 };

	(void)state;
	process.era = ZXERA_2018_10;
	carry(0x1000, policies, sizeof(policies), true, false);
	begin_call(ZXCALL_job_set_policy, args);
	end_call(true);
	expect("zx_job_set_policy(ZX_HANDLE_INVALID, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC, "
	       "[{condition=ZX_POL_NEW_VMO, policy=ZX_POL_ACTION_KILL}, "
	       "{condition=ZX_POL_BAD_HANDLE, "
	       "policy=ZX_POL_ACTION_ALLOW|ZX_POL_ACTION_EXCEPTION}], 2)");
	process.era = ZXERA_NEWEST;
	thread.windows = 0;
	carry(0x1000, &newer, sizeof(newer), true, false);
	args[2] = ZX_JOB_POL_BASIC_V2;
	args[4] = 1;
	begin_call(ZXCALL_job_set_policy, args);
	end_call(true);
	expect("zx_job_set_policy(ZX_HANDLE_INVALID, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V2, "
	       "[{condition=ZX_POL_NEW_PAGER, action=ZX_POL_ACTION_KILL, "
	       "flags=ZX_POL_OVERRIDE_DENY}], 1)");
	/* More than there are: nothing of it is shown. */
	args[4] = UINT32_MAX;
	begin_call(ZXCALL_job_set_policy, args);
	end_call(false);
	expect("zx_job_set_policy(ZX_HANDLE_INVALID, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V2, "
	       "0x1000, 4294967295)");
}

static void call_about_clocks(void **state)
{
	zx_clock_update_args_v1_t update = { .rate_adjust = -5, .value = 7 };
	uint64_t args[8] = { 0, ZX_CLOCK_ARGS_VERSION(1) | ZX_CLOCK_UPDATE_OPTION_VALUE_VALID,
			     0x1000 };

	(void)state;
	carry(0x1000, &update, sizeof(update), true, false);
	begin_call(ZXCALL_clock_update, args);
	end_call(true);
	expect("zx_clock_update(ZX_HANDLE_INVALID, ZX_CLOCK_UPDATE_OPTION_VALUE_VALID|"
	       "ZX_CLOCK_ARGS_VERSION(1), {rate_adjust=-5, value=7, error_bound=0})");
	args[1] = ZX_CLOCK_ARGS_VERSION(7);
	begin_call(ZXCALL_clock_update, args);
	end_call(false);
	expect("zx_clock_update(ZX_HANDLE_INVALID, 0x1c00000000000000, 0x1000)");
}

static void call_with_profile(void **state)
{
	zx_profile_info_t profile = { .flags = ZX_PROFILE_INFO_FLAG_PRIORITY, .priority = 24 };
	zx_profile_info_2018_t old = { ZX_PROFILE_INFO_SCHEDULER_2018, { { .priority = 16 } } };
	const uint64_t args[8] = { 0, 0, 0x1000 };
	const uint64_t old_args[8] = { 0, 0x2000 };

	(void)state;
	carry(0x1000, &profile, sizeof(profile), true, false);
	carry(0x2000, &old, sizeof(old), true, false);
	begin_call(ZXCALL_profile_create, args);
	end_call(true);
	expect("zx_profile_create(ZX_HANDLE_INVALID, 0, {flags=ZX_PROFILE_INFO_FLAG_PRIORITY, "
	       "priority=24}, NULL)");
	process.era = ZXERA_2018_10;
	begin_call(ZXCALL_profile_create_2018, old_args);
	end_call(true);
	expect("zx_profile_create(ZX_HANDLE_INVALID, {type=1, priority=16}, NULL)");
}

static void call_that_reads_vectors(void **state)
{
	zx_iovec_t vectors[2] = { { (void *)0x2000, 4 }, { (void *)0x3000, 8 } };
	const uint64_t args[8] = { 0, 0, 0x1000, 2, 0x4000 };
	uint64_t actual = 6;

	(void)state;
	carry(0x1000, vectors, sizeof(vectors), true, true);
	carry(0x2000, (char[]){ "abcd" }, 4, true, false);
	carry(0x3000, (char[8]){ "efgh" }, 8, true, false);
	carry(0x4000, &actual, sizeof(actual), false, true)->written = sizeof(actual);
	begin_call(ZXCALL_stream_readv, args);
	end_call(true);
	expect("zx_stream_readv(ZX_HANDLE_INVALID, 0, [{buffer=0x2000, capacity=4}, "
	       "{buffer=0x3000, capacity=8}] => [\"abcd\", \"ef\"], 2, [6])");
}

static void call_with_message_of_vectors(void **state)
{
	zx_channel_iovec_t vectors[2] = { { (void *)0x2000, 2, 0 }, { NULL, 0, 0 } };
	uint64_t args[8] = { 0, ZX_CHANNEL_WRITE_USE_IOVEC, 0x1000, 2, 0, 0 };

	(void)state;
	carry(0x1000, vectors, sizeof(vectors), true, false);
	carry(0x2000, (char[]){ "ab" }, 2, true, false);
	begin_call(ZXCALL_channel_write, args);
	end_call(true);
	expect("zx_channel_write(ZX_HANDLE_INVALID, ZX_CHANNEL_WRITE_USE_IOVEC, [{buffer=\"ab\", "
	       "capacity=2}, {buffer=NULL, capacity=0}], 2, NULL, 0)");
	/* Before there was such an option, it was a mistake. */
	process.era = ZXERA_2020_07;
	args[3] = 1;
	begin_call(ZXCALL_channel_write, args);
	end_call(false);
	expect("zx_channel_write(ZX_HANDLE_INVALID, ZX_CHANNEL_WRITE_USE_IOVEC, \"\\0\", "
	       "1, NULL, 0)");
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
		cmocka_unit_test_setup(call_with_text, reset),
		cmocka_unit_test_setup(call_that_fills, reset),
		cmocka_unit_test_setup(call_that_fails, reset),
		cmocka_unit_test_setup(call_in_both_directions, reset),
		cmocka_unit_test_setup(call_with_packet, reset),
		cmocka_unit_test_setup(call_with_exception_packet, reset),
		cmocka_unit_test_setup(call_about_topics, reset),
		cmocka_unit_test_setup(call_about_properties, reset),
		cmocka_unit_test_setup(tables_of_structures, reset),
		cmocka_unit_test_setup(call_about_lists, reset),
		cmocka_unit_test_setup(call_about_exceptions, reset),
		cmocka_unit_test_setup(call_with_registers, reset),
		cmocka_unit_test_setup(call_with_policies, reset),
		cmocka_unit_test_setup(call_about_clocks, reset),
		cmocka_unit_test_setup(call_with_profile, reset),
		cmocka_unit_test_setup(call_that_reads_vectors, reset),
		cmocka_unit_test_setup(call_with_message_of_vectors, reset),
		cmocka_unit_test_setup(call_with_garbage, reset),
		cmocka_unit_test_setup(call_with_absurd_lengths, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
