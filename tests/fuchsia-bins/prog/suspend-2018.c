/*
 * Suspending as in July 2018: without a token, undone by zx_task_resume. With the argument "2018-10"
 * what was left of it then.
 */
#include "check.h"
#include "string.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/port.h>

#define SECOND 1000000000ll
#define MS 1000000ll

/* The form of the time, under a name of its own: the header declares the newest one. */
zx_status_t task_suspend_201807(zx_handle_t handle) __asm__("zx_task_suspend");

static struct rt_thread thread;
static volatile uint64_t counter;
static volatile uint32_t stop_counting;

static void count(void *arg)
{
	(void)arg;
	while (!stop_counting)
		counter++;
}

static void start_counting(void)
{
	stop_counting = 0;
	counter = 0;
	CHECK_OK(rt_thread__start(&thread, "counter", count, NULL));
	while (!counter)
		zx_nanosleep(zx_clock_get_monotonic() + MS);
}

static void end_counting(void)
{
	stop_counting = 1;
	CHECK_OK(rt_thread__join(&thread));
}

static void await(zx_signals_t signal)
{
	CHECK_OK(zx_object_wait_one(thread.handle, signal, zx_clock_get_monotonic() + 60 * SECOND,
				    NULL));
}

static bool moves(void)
{
	uint64_t seen = counter;

	zx_nanosleep(zx_clock_get_monotonic() + 20 * MS);
	return counter != seen;
}

/* Several resumptions count as one, and so do several suspensions. */
static void pairs(void)
{
	start_counting();
	CHECK_OK(zx_task_resume(thread.handle, 0));
	CHECK_OK(task_suspend_201807(thread.handle));
	CHECK_OK(task_suspend_201807(thread.handle));
	await(ZX_THREAD_SUSPENDED);
	CHECK(!moves());
	CHECK_OK(zx_task_resume(thread.handle, 0));
	CHECK_OK(zx_task_resume(thread.handle, 0));
	await(ZX_THREAD_RUNNING);
	end_counting();
}

/* One that is still on its way is cancelled. */
static void cancelled(void)
{
	start_counting();
	for (int i = 0; i < 1000; i++) {
		CHECK_OK(task_suspend_201807(thread.handle));
		CHECK_OK(zx_task_resume(thread.handle, 0));
	}
	await(ZX_THREAD_RUNNING);
	end_counting();
}

static void with_a_token(void)
{
	zx_info_handle_basic_t info = { 0 };
	zx_handle_t token;

	start_counting();
	REQUIRE_OK(zx_task_suspend_token(thread.handle, &token));
	await(ZX_THREAD_SUSPENDED);
	CHECK_OK(zx_object_get_info(token, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.rights, ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS_201807);
	CHECK_OK(zx_task_resume(thread.handle, 0));
	CHECK(!moves());
	CHECK_OK(zx_handle_close(token));
	await(ZX_THREAD_RUNNING);
	end_counting();
}

static void registers(void)
{
	zx_thread_state_general_regs_2018_t regs = { 0 };
	uint32_t step = 7;
	uint64_t base = 7;

	start_counting();
	CHECK_OK(task_suspend_201807(thread.handle));
	await(ZX_THREAD_SUSPENDED);
	CHECK_STATUS(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs) - 1),
		     ZX_ERR_BUFFER_TOO_SMALL);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK(regs.rip >= (uint64_t)count && regs.rip < (uint64_t)count + 256);
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	CHECK_STATUS(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					   sizeof(regs) + 1),
		     ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_SINGLE_STEP_201807, &step,
				      sizeof(step)));
	CHECK_EQ(step, 0);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_X86_REGISTER_GS_201807, &base,
				      sizeof(base)));
	CHECK_EQ(base, 0);
	CHECK_OK(zx_task_resume(thread.handle, 0));
	end_counting();
}

/* A thread that goes on with an address that is none has an exception, and can be set right. */
static void wild_jump(void)
{
	zx_thread_state_general_regs_2018_t regs = { 0 };
	zx_port_packet_t packet = { 0 };
	zx_handle_t port;
	uint64_t rip;

	REQUIRE_OK(zx_port_create(0, &port));
	start_counting();
	CHECK_OK(zx_task_bind_exception_port(thread.handle, port, 1, 0));
	CHECK_OK(task_suspend_201807(thread.handle));
	await(ZX_THREAD_SUSPENDED);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	rip = regs.rip;
	regs.rip = 0x8887868584838281;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	CHECK_OK(zx_task_resume(thread.handle, 0));
	CHECK_OK(zx_port_wait(port, zx_clock_get_monotonic() + 60 * SECOND, &packet));
	CHECK_EQ(packet.type, ZX_EXCP_GENERAL);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK_EQ(regs.rip, 0x8887868584838281);
	regs.rip = rip;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	CHECK_OK(zx_task_resume(thread.handle, ZX_RESUME_EXCEPTION_201810));
	CHECK_OK(zx_task_bind_exception_port(thread.handle, ZX_HANDLE_INVALID, 1, 0));
	end_counting();
	zx_handle_close(port);
}

/* A thread may be started anywhere: it is its own exception, at that address. */
static void wild_starts(void)
{
	static const uint64_t places[] = { 1ull << 47, 0x8887868584838281 };
	zx_thread_state_general_regs_2018_t regs = { 0 };
	zx_port_packet_t packet = { 0 };
	zx_handle_t port;
	uint64_t sp;

	REQUIRE_OK(zx_port_create(0, &port));
	for (size_t i = 0; i < RT_ARRAY_SIZE(places); i++) {
		stop_counting = 0;
		REQUIRE_OK(rt_thread__create(&thread, "wild", count, NULL));
		sp = (uint64_t)thread.stack + sizeof(thread.stack) - 8;
		CHECK_OK(zx_task_bind_exception_port(thread.handle, port, 1, 0));
		CHECK_OK(zx_thread_start(thread.handle, places[i], sp, 21, 22));
		CHECK_OK(zx_port_wait(port, zx_clock_get_monotonic() + 60 * SECOND, &packet));
		CHECK_EQ(packet.type, ZX_EXCP_GENERAL);
		CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					      sizeof(regs)));
		CHECK_EQ(regs.rip, places[i]);
		CHECK_EQ(regs.rsp, sp);
		CHECK_EQ(regs.rdi, 21);
		CHECK_EQ(regs.rsi, 22);
		CHECK_EQ(regs.rax | regs.rcx | regs.r10 | regs.r11, 0);
		regs.rip = (uint64_t)zx_thread_exit;
		CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					       sizeof(regs)));
		CHECK_OK(zx_task_resume(thread.handle, ZX_RESUME_EXCEPTION_201810));
		CHECK_OK(rt_thread__join(&thread));
	}
	zx_handle_close(port);
}

static void errors(void)
{
	zx_handle_t weak;

	REQUIRE_OK(rt_thread__create(&thread, "new", count, NULL));
	CHECK_STATUS(task_suspend_201807(thread.handle), ZX_ERR_BAD_STATE);
	zx_handle_close(thread.handle);
	start_counting();
	REQUIRE_OK(zx_handle_duplicate(thread.handle, ZX_RIGHT_READ, &weak));
	CHECK_STATUS(task_suspend_201807(weak), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(task_suspend_201807(rt_boot.process), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(task_suspend_201807(ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_task_resume(ZX_HANDLE_INVALID, 0), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_task_resume(rt_boot.process, 0), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_task_resume(weak, 4), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_resume(weak, ZX_RESUME_TRY_NEXT_202002), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_resume(weak, ZX_RESUME_EXCEPTION_201810), ZX_ERR_BAD_STATE);
	CHECK_OK(zx_task_kill(thread.handle));
	await(ZX_THREAD_TERMINATED);
	CHECK_STATUS(zx_task_resume(weak, 0), ZX_ERR_BAD_STATE);
	CHECK_STATUS(task_suspend_201807(thread.handle), ZX_ERR_BAD_STATE);
	zx_handle_close(weak);
	zx_handle_close(thread.handle);
}

/* In October tokens were the only way, for threads alone. */
static void october(void)
{
	zx_handle_t token;

	start_counting();
	CHECK_STATUS(zx_task_resume(thread.handle, 0), ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_task_suspend(rt_boot.process, &token), ZX_ERR_WRONG_TYPE);
	REQUIRE_OK(zx_task_suspend(thread.handle, &token));
	await(ZX_THREAD_SUSPENDED);
	CHECK_OK(zx_handle_close(token));
	await(ZX_THREAD_RUNNING);
	end_counting();
}

int main(void)
{
	if (rt_boot.argc > 1 && !strcmp(rt_boot.argv[1], "2018-10")) {
		RUN(october);
		return rt_check_result();
	}
	RUN(pairs);
	RUN(cancelled);
	RUN(with_a_token);
	RUN(registers);
	RUN(wild_jump);
	RUN(wild_starts);
	RUN(errors);
	return rt_check_result();
}
