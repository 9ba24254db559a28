/* What instructions raise: its kind, and what the report says of it. */
#include "check.h"
#include "exception.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

/* Bits of a page fault's error code. */
#define PRESENT 1u
#define WRITE 2u
#define USER 4u
#define FETCH 16u

static struct rt_thread thread;
static zx_handle_t channel;

static zx_vaddr_t make_memory(uint32_t options, size_t size)
{
	zx_vaddr_t addr = 0;
	zx_handle_t vmo;

	CHECK_OK(zx_vmo_create(size, 0, &vmo));
	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, options, 0, vmo, 0, size, &addr));
	zx_handle_close(vmo);
	return addr;
}

static zx_handle_t next(uint32_t type)
{
	return rt_exception__next(channel, type, thread.handle);
}

static zx_exception_report_v2_t report_of(uint32_t type)
{
	zx_exception_report_v2_t report = { 0 };

	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.header.size, sizeof(report));
	CHECK_EQ(report.header.type, type);
	return report;
}

/* --- kinds --- */

/* The instructions under test, one function each. */

static void undefined(void *arg)
{
	(void)arg;
	__asm__ volatile("ud2");
}

static void breakpoint(void *arg)
{
	(void)arg;
	__asm__ volatile("int3");
}

static void privileged(void *arg)
{
	(void)arg;
	__asm__ volatile("hlt");
}

static void divide(void *arg)
{
	(void)arg;
	__asm__ volatile("xorl %%ecx, %%ecx\n\t"
			 "movl $1, %%eax\n\t"
			 "xorl %%edx, %%edx\n\t"
			 "divl %%ecx"
			 :
			 :
			 : "eax", "ecx", "edx", "cc");
}

static void step(void *arg)
{
	(void)arg;
	__asm__ volatile("pushfq\n\t"
			 "orq $0x100, (%%rsp)\n\t"
			 "popfq\n\t"
			 "nop"
			 :
			 :
			 : "cc", "memory");
}

static void unaligned(void *arg)
{
	(void)arg;
	__asm__ volatile("pushfq\n\t"
			 "orq $0x40000, (%%rsp)\n\t"
			 "popfq\n\t"
			 "movl 1(%%rsp), %%eax"
			 :
			 :
			 : "eax", "cc", "memory");
}

static void wild_jump(void *arg)
{
	__asm__ volatile("jmp *%0" : : "r"(arg));
}

static void load(void *arg)
{
	__asm__ volatile("movb (%0), %%al" : : "r"(arg) : "eax");
}

static void store(void *arg)
{
	__asm__ volatile("movb $7, (%0)" : : "r"(arg) : "memory");
}

static void stray_call(void *arg)
{
	__asm__ volatile("syscall" : : "a"(arg) : "rcx", "r11", "memory");
}

static void overflow(void *arg)
{
	(void)arg;
	__asm__ volatile("1: pushq %%rax\n\t"
			 "jmp 1b"
			 :
			 :
			 : "memory");
}

/* Runs one of them in a thread, which ends with its exception. */
static zx_exception_report_v2_t provoke(void (*run)(void *arg), uintptr_t arg, uint32_t type)
{
	zx_exception_report_v2_t report;
	zx_handle_t exception;
	zx_info_thread_t info;

	CHECK_OK(rt_thread__start(&thread, "provoker", run, (void *)arg));
	exception = next(type);
	report = report_of(type);
	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD, &info, sizeof(info), NULL,
				    NULL));
	CHECK_EQ(info.state, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	CHECK_EQ(info.wait_exception_channel_type, ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	CHECK_OK(rt_thread__join(&thread));
	return report;
}

/* A single step is a hardware breakpoint, and the debug registers tell which of these it is. */
static void single_step(void)
{
	zx_thread_state_debug_regs_t debug = { 0 };
	zx_handle_t exception;

	REQUIRE_OK(rt_thread__start(&thread, "stepper", step, NULL));
	exception = next(ZX_EXCP_HW_BREAKPOINT);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, &debug,
				      sizeof(debug)));
	CHECK_EQ(debug.dr6 & 0x4000, 0x4000);
	rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	CHECK_OK(rt_thread__join(&thread));
}

static void kinds(void)
{
	static const struct {
		void (*run)(void *arg);
		uintptr_t arg;
		uint32_t type;
		uint32_t vector;
	} rows[] = {
		{ undefined, 0, ZX_EXCP_UNDEFINED_INSTRUCTION, 6 },
		{ breakpoint, 0, ZX_EXCP_SW_BREAKPOINT, 3 },
		{ privileged, 0, ZX_EXCP_GENERAL, 13 },
		{ divide, 0, ZX_EXCP_GENERAL, 0 },
		{ step, 0, ZX_EXCP_HW_BREAKPOINT, 1 },
		{ unaligned, 0, ZX_EXCP_UNALIGNED_ACCESS, 17 },
		{ wild_jump, 0x8000000000000000u, ZX_EXCP_GENERAL, 13 },
		{ load, 0x8000000000000000u, ZX_EXCP_GENERAL, 13 },
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(rows); i++) {
		zx_exception_report_v2_t report = provoke(rows[i].run, rows[i].arg, rows[i].type);

		CHECK_EQ(report.context.arch.u.x86_64.vector, rows[i].vector);
		CHECK_EQ(report.context.arch.u.x86_64.err_code, 0);
		CHECK_EQ(report.context.arch.u.x86_64.cr2, 0);
		CHECK_EQ(report.context.synth_code, 0);
	}
}

static void check_fault(void (*run)(void *arg), zx_vaddr_t addr, uint32_t error,
			zx_status_t why)
{
	zx_exception_report_v2_t report = provoke(run, addr, ZX_EXCP_FATAL_PAGE_FAULT);

	CHECK_EQ(report.context.arch.u.x86_64.vector, 14);
	CHECK_EQ(report.context.arch.u.x86_64.err_code, error);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, addr);
	CHECK_STATUS((zx_status_t)report.context.synth_code, why);
}

static void page_faults(void)
{
	zx_vaddr_t read_only = make_memory(ZX_VM_PERM_READ, PAGE);
	zx_vaddr_t data = make_memory(READ_WRITE, PAGE);
	zx_vaddr_t beyond;
	zx_handle_t vmo;

	/* Pages that were touched are present. */
	CHECK_EQ(*(volatile uint8_t *)read_only, 0);
	*(volatile uint8_t *)data = 0;
	check_fault(load, 0x10, USER, ZX_ERR_NOT_FOUND);
	check_fault(store, 0x18, USER | WRITE, ZX_ERR_NOT_FOUND);
	check_fault(store, read_only + 5, USER | WRITE | PRESENT, ZX_ERR_ACCESS_DENIED);
	check_fault(wild_jump, data + 8, USER | FETCH | PRESENT, ZX_ERR_ACCESS_DENIED);
	REQUIRE_OK(zx_vmo_create(PAGE, ZX_VMO_RESIZABLE, &vmo));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE | ZX_VM_ALLOW_FAULTS, 0, vmo, 0,
			       2 * PAGE, &beyond));
	check_fault(load, beyond + PAGE, USER, ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, beyond, 2 * PAGE));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, read_only, PAGE));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, data, PAGE));
	zx_handle_close(vmo);
}

/* Where no stack is left there is still room for the exception. */
static void stack_overflow(void)
{
	zx_exception_report_v2_t report;
	zx_vaddr_t region;
	zx_handle_t vmar;
	zx_handle_t vmo;
	zx_vaddr_t stack;
	zx_handle_t exception;

	REQUIRE_OK(zx_vmar_allocate(rt_boot.root_vmar,
				    ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
					    ZX_VM_CAN_MAP_SPECIFIC,
				    0, 3 * PAGE, &vmar, &region));
	REQUIRE_OK(zx_vmo_create(PAGE, 0, &vmo));
	REQUIRE_OK(zx_vmar_map(vmar, READ_WRITE | ZX_VM_SPECIFIC, PAGE, vmo, 0, PAGE, &stack));
	REQUIRE_OK(zx_thread_create(rt_boot.process, "deep", 4, 0, &thread.handle));
	REQUIRE_OK(zx_thread_start(thread.handle, (zx_vaddr_t)overflow, stack + PAGE - 8, 0, 0));
	exception = next(ZX_EXCP_FATAL_PAGE_FAULT);
	report = report_of(ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, stack - 8);
	rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(zx_vmar_destroy(vmar));
	zx_handle_close(vmar);
	zx_handle_close(vmo);
}

/* With no room left for what a call needs of the stack. */
static void call_without_stack(void *arg)
{
	__asm__ volatile("movq %0, %%rsp\n\t"
			 "xorl %%edi, %%edi\n\t"
			 "call *%1"
			 :
			 : "r"(arg), "r"(zx_handle_close)
			 : "memory");
}

/* The fault is one at the call's entry point, wherever it comes from in truth. */
static void calls_without_stack(void)
{
	zx_vaddr_t page = make_memory(READ_WRITE, 2 * PAGE);

	/* Nothing is below. */
	REQUIRE_OK(zx_vmar_unmap(rt_boot.root_vmar, page, PAGE));
	page += PAGE;
	for (uintptr_t room = 8; room <= 16; room += 8) {
		zx_thread_state_general_regs_t regs = { 0 };
		zx_handle_t exception;

		REQUIRE_OK(rt_thread__start(&thread, "full", call_without_stack,
					    (void *)(page + room)));
		exception = next(ZX_EXCP_FATAL_PAGE_FAULT);
		CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					      sizeof(regs)));
		CHECK(regs.rip >= (uint64_t)zx_handle_close &&
		      regs.rip < (uint64_t)zx_handle_close + 32);
		CHECK_EQ(regs.rsp, page + room - 8);
		CHECK_EQ(regs.rdi, 0);
		rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
		CHECK_OK(rt_thread__join(&thread));
	}
}

static void stray_calls(void)
{
	zx_exception_report_v2_t report = provoke(stray_call, 39, ZX_EXCP_POLICY_ERROR);

	CHECK_EQ(report.context.synth_code, ZX_EXCP_POLICY_CODE_BAD_SYSCALL);
	CHECK_EQ(report.context.synth_data, 39);
	CHECK_EQ(report.context.arch.u.x86_64.vector, 0);
}

int main(void)
{
	channel = rt_exception__channel(rt_boot.process, 0);
	if (!channel)
		return 1;
	RUN(kinds);
	RUN(single_step);
	RUN(page_faults);
	RUN(stack_overflow);
	RUN(calls_without_stack);
	RUN(stray_calls);
	return rt_check_result();
}
