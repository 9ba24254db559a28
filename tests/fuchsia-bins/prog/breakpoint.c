/*
 * Breakpoints of the machine, set by the debug registers of a suspended thread. A system may have
 * none: then it says so, and nothing else is checked.
 */
#include "check.h"
#include "exception.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define SECOND 1000000000ll
#define WRITES_4 0xdull /* of dr7: on writes, four bytes */
#define WRITES_8 0x9ull

static struct rt_thread thread;
static zx_handle_t channel;
static volatile uint32_t watched;
static volatile uint64_t stored_by_call __attribute__((aligned(8)));
static volatile uint32_t passes;
static bool supported = true;

static zx_thread_state_debug_regs_t debug_registers(void)
{
	zx_thread_state_debug_regs_t regs = { 0 };

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

static bool set_registers(const zx_thread_state_debug_regs_t *regs)
{
	zx_status_t status = zx_thread_write_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, regs,
						   sizeof(*regs));

	CHECK_EITHER(status, ZX_OK, ZX_ERR_NOT_SUPPORTED);
	if (status != ZX_OK)
		supported = false;
	return status == ZX_OK;
}

/* Begins a thread with these registers; false where there are no breakpoints. */
static bool begin(void (*run)(void *arg), const zx_thread_state_debug_regs_t *regs)
{
	zx_handle_t token;
	bool set;

	CHECK_OK(rt_thread__create(&thread, "watched", run, NULL));
	CHECK_OK(zx_task_create_exception_channel(thread.handle, 0, &channel));
	CHECK_OK(zx_task_suspend(thread.handle, &token));
	CHECK_OK(rt_thread__resume(&thread));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_SUSPENDED,
				    zx_deadline_after(60 * SECOND), NULL));
	set = set_registers(regs);
	zx_handle_close(token);
	if (!set)
		CHECK_OK(rt_thread__join(&thread));
	return set;
}

/* The next exception, which must be of a breakpoint; its registers. */
static zx_handle_t next(zx_thread_state_general_regs_t *regs)
{
	zx_handle_t exception = rt_exception__next(channel, ZX_EXCP_HW_BREAKPOINT, thread.handle);

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, regs,
				      sizeof(*regs)));
	return exception;
}

/* It ends without another one. */
static void join(void)
{
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED,
				    zx_deadline_after(60 * SECOND), NULL));
	CHECK_STATUS(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, 0, NULL), ZX_ERR_TIMED_OUT);
	zx_handle_close(channel);
	zx_handle_close(thread.handle);
}

static void store(void *arg)
{
	(void)arg;
	watched = 5;
	watched++;
}

static void writes(void)
{
	const zx_thread_state_debug_regs_t regs = {
		.dr = { 0, 0, (uint64_t)&watched, 0 },
		.dr7 = 1ull << 4 | WRITES_4 << 24,
	};
	zx_thread_state_general_regs_t general;
	zx_handle_t exception;

	watched = 0;
	if (!begin(store, &regs))
		return;
	exception = next(&general);
	/* The instruction is done. */
	CHECK_EQ(watched, 5);
	CHECK_EQ(debug_registers().dr[2], (uint64_t)&watched);
	CHECK_EQ(debug_registers().dr7, 0x700 | regs.dr7);
	CHECK_EQ(debug_registers().dr6 & 0xf, 4);
	rt_exception__resume(exception);
	exception = next(&general);
	CHECK_EQ(watched, 6);
	rt_exception__resume(exception);
	join();
}

static __attribute__((noinline)) void pass(void)
{
	passes++;
}

static void pass_thrice(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		pass();
}

/* Before the instruction, which is done when the thread goes on. */
static void execution(void)
{
	const zx_thread_state_debug_regs_t regs = { .dr = { (uint64_t)pass, 0, 0, 0 }, .dr7 = 1 };
	const zx_thread_state_debug_regs_t none = { 0 };
	zx_thread_state_general_regs_t general;
	zx_handle_t exception;

	passes = 0;
	if (!begin(pass_thrice, &regs))
		return;
	for (uint32_t i = 0; i < 2; i++) {
		exception = next(&general);
		CHECK_EQ(general.rip, (uint64_t)pass);
		CHECK_EQ(passes, i);
		CHECK_EQ(debug_registers().dr6 & 0xf, 1);
		if (i == 1)
			CHECK(set_registers(&none));
		rt_exception__resume(exception);
	}
	join();
	CHECK_EQ(passes, 3);
}

static void call(void *arg)
{
	(void)arg;
	zx_object_get_info(rt_boot.thread, ZX_INFO_HANDLE_VALID, NULL, 0, NULL, NULL);
	zx_clock_get_monotonic();
	zx_event_create(0, (zx_handle_t *)&stored_by_call);
	zx_handle_close((zx_handle_t)stored_by_call);
}

/* What the system stores is no instruction of the program. */
static void stores_of_calls(void)
{
	const zx_thread_state_debug_regs_t regs = {
		.dr = { (uint64_t)&stored_by_call, 0, 0, 0 },
		.dr7 = 1 | WRITES_8 << 16,
	};

	if (!begin(call, &regs))
		return;
	join();
	CHECK(stored_by_call);
}

static void errors(void)
{
	zx_thread_state_debug_regs_t regs = { .dr = { UINT64_MAX } };
	zx_handle_t token;

	CHECK_OK(rt_thread__create(&thread, "errors", pass_thrice, NULL));
	CHECK_OK(zx_task_suspend(thread.handle, &token));
	CHECK_OK(rt_thread__resume(&thread));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_SUSPENDED,
				    zx_deadline_after(60 * SECOND), NULL));
	CHECK_STATUS(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, &regs,
					   sizeof(regs)),
		     ZX_ERR_INVALID_ARGS);
	/* Nothing enabled is nothing to support. */
	regs = (zx_thread_state_debug_regs_t){ .dr = { 0x1000, 0x2000, 0x3000, 0x4000 } };
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, &regs,
				       sizeof(regs)));
	CHECK_EQ(debug_registers().dr[3], 0x4000);
	CHECK_EQ(debug_registers().dr6, 0xffff0ff0);
	CHECK_EQ(debug_registers().dr7, 0x700);
	zx_handle_close(token);
	CHECK_OK(rt_thread__join(&thread));
}

int main(void)
{
	RUN(writes);
	RUN(execution);
	RUN(stores_of_calls);
	RUN(errors);
	if (!supported)
		rt_print("no breakpoints here\n");
	return rt_check_result();
}
