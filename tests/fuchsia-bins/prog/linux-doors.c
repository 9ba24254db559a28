/* Where Linux can be entered, or answers by itself, there is nothing for a Fuchsia program. */
#include "check.h"
#include "exception.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define LINUX_PAGE 0xffffffffff600000u
#define GATE_SIZE 2

/* The error code of a gate that programs may not use. */
#define GATE_ERROR(vector) ((vector) * 8u + 2)

static struct rt_thread thread;
static zx_handle_t channel;
static volatile uint32_t passed;

/* Where the instructions are, and where a call returns to. */
extern const char gate_of_calls[];
extern const char gate_of_overflow[];
extern const char behind_the_call[];

/* What the doors are given: a call's number, or an argument with which it does something or fails. */
static uintptr_t argument;

static void calls(void *arg)
{
	uintptr_t number = argument;

	(void)arg;
	__asm__ volatile("gate_of_calls: int $0x80" : "+a"(number) : "b"(0) : "memory");
	passed++;
}

static void overflow(void *arg)
{
	(void)arg;
	__asm__ volatile("gate_of_overflow: int $4" : : : "memory");
	passed++;
}

static void call_page(void *arg)
{
	__asm__ volatile("call *%0\n"
			 "behind_the_call:"
			 :
			 : "b"(arg), "D"(argument), "S"(0), "d"(0)
			 : "rax", "rcx", "r11", "memory");
	passed++;
}

static zx_thread_state_general_regs_t registers(void)
{
	zx_thread_state_general_regs_t regs = { 0 };

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

/* The thread goes on behind it. */
static void go_on_at(zx_handle_t exception, zx_thread_state_general_regs_t *regs, uint64_t rip)
{
	regs->rip = rip;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, regs,
				       sizeof(*regs)));
	passed = 0;
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, 1);
}

static zx_handle_t meet(void (*run)(void *arg), uintptr_t arg, uint32_t type, uint32_t vector,
			uint32_t error)
{
	zx_exception_report_v2_t report = { 0 };
	zx_handle_t exception;

	CHECK_OK(rt_thread__start(&thread, "knocks", run, (void *)arg));
	exception = rt_exception__next(channel, type, thread.handle);
	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.context.arch.u.x86_64.vector, vector);
	CHECK_EQ(report.context.arch.u.x86_64.err_code, error);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, arg);
	CHECK_EQ(report.context.synth_data, 0);
	return exception;
}

static void gates(void)
{
	static const struct {
		void (*run)(void *arg);
		const char *at;
		uint32_t gate;
		uint32_t number;
	} rows[] = {
		/* exit() and getpid() of 32-bit Linux */
		{ calls, gate_of_calls, 0x80, 1 },
		{ calls, gate_of_calls, 0x80, 20 },
		{ overflow, gate_of_overflow, 4, 0 },
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(rows); i++) {
		zx_thread_state_general_regs_t regs;
		zx_handle_t exception;

		argument = rows[i].number;
		exception = meet(rows[i].run, 0, ZX_EXCP_GENERAL, 13, GATE_ERROR(rows[i].gate));
		regs = registers();

		CHECK_EQ(regs.rip, (uintptr_t)rows[i].at);
		if (rows[i].run == calls)
			CHECK_EQ(regs.rax, rows[i].number);
		go_on_at(exception, &regs, (uintptr_t)rows[i].at + GATE_SIZE);
	}
}

/* The functions at fixed addresses that Linux has for old programs. */
static void page(void)
{
	for (uint32_t i = 0; i < 6; i++) {
		uintptr_t at = LINUX_PAGE + i / 2 * 0x400;
		zx_thread_state_general_regs_t regs;
		zx_handle_t exception;

		argument = i % 2 ? 0 : at;
		/* A fetch from the kernel's half. */
		exception = meet(call_page, at, ZX_EXCP_FATAL_PAGE_FAULT, 14, 0x15);
		regs = registers();
		CHECK_EQ(regs.rip, at);
		CHECK_EQ(*(uint64_t *)regs.rsp, (uintptr_t)behind_the_call);
		regs.rsp += sizeof(uint64_t);
		go_on_at(exception, &regs, (uintptr_t)behind_the_call);
	}
}

int main(void)
{
	channel = rt_exception__channel(rt_boot.process, 0);
	RUN(gates);
	RUN(page);
	return rt_check_result();
}
