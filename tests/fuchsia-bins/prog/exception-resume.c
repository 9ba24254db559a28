/* How a thread goes on after an exception: where, and with which registers. */
#include "check.h"
#include "exception.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define PAGE ((size_t)RT_PAGE_SIZE)

static struct rt_thread thread;
static zx_handle_t channel;

static zx_handle_t next(uint32_t type)
{
	return rt_exception__next(channel, type, thread.handle);
}

static zx_vaddr_t make_memory(uint32_t options, size_t size)
{
	zx_vaddr_t addr = 0;
	zx_handle_t vmo;

	CHECK_OK(zx_vmo_create(size, 0, &vmo));
	if (options & ZX_VM_PERM_EXECUTE)
		CHECK_OK(zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo));
	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, options, 0, vmo, 0, size, &addr));
	zx_handle_close(vmo);
	return addr;
}

static volatile uint32_t passed;

static void store_and_tell(void *arg)
{
	__asm__ volatile("movb $7, (%0)" : : "r"(arg) : "memory");
	passed++;
}

/* The access is made again, and may fault again. */
static void repaired_access(void)
{
	zx_vaddr_t addr = make_memory(ZX_VM_PERM_READ, PAGE);
	zx_handle_t exception;

	passed = 0;
	REQUIRE_OK(rt_thread__start(&thread, "writer", store_and_tell, (void *)addr));
	rt_exception__resume(next(ZX_EXCP_FATAL_PAGE_FAULT));
	exception = next(ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_EQ(passed, 0);
	CHECK_OK(zx_vmar_protect(rt_boot.root_vmar,
				 ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, addr, PAGE));
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, 1);
	CHECK_EQ(*(uint8_t *)addr, 7);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, PAGE));
}

#define BREAKPOINTS 10000u

static void many_breakpoints(void *arg)
{
	(void)arg;
	for (uint32_t i = 0; i < BREAKPOINTS; i++) {
		__asm__ volatile("int3");
		passed++;
	}
}

/* Behind a breakpoint the thread goes on without more ado. */
static void breakpoints(void)
{
	passed = 0;
	REQUIRE_OK(rt_thread__start(&thread, "breaker", many_breakpoints, NULL));
	for (uint32_t i = 0; i < BREAKPOINTS; i++) {
		zx_handle_t exception = next(ZX_EXCP_SW_BREAKPOINT);

		if (!CHECK_EQ(passed, i))
			break;
		rt_exception__resume(exception);
	}
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, BREAKPOINTS);
}

static void call(void *arg)
{
	((void (*)(void))arg)();
	passed++;
}

/* Code that cannot be written by the program is written all the same, as debuggers do. */
static void patched_code(void)
{
	static const uint8_t nops[] = { 0x90, 0x90 };
	zx_vaddr_t code = make_memory(ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, PAGE);
	static const uint8_t undefined_and_return[] = { 0x0f, 0x0b, 0xc3 };
	zx_handle_t exception;
	size_t actual = 0;

	CHECK_OK(zx_process_write_memory(rt_boot.process, code, undefined_and_return,
					 sizeof(undefined_and_return), &actual));
	CHECK_EQ(actual, sizeof(undefined_and_return));
	passed = 0;
	REQUIRE_OK(rt_thread__start(&thread, "patched", call, (void *)code));
	exception = next(ZX_EXCP_UNDEFINED_INSTRUCTION);
	CHECK_OK(zx_process_write_memory(rt_boot.process, code, nops, sizeof(nops), &actual));
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, 1);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, code, PAGE));
}

static int64_t answer_of_call;

static void call_and_tell(void *arg)
{
	int64_t result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(arg) : "rcx", "r11", "memory");
	answer_of_call = result;
}

/* It was no call: the thread is told so when it goes on. */
static void resumed_stray_call(void)
{
	answer_of_call = 0;
	REQUIRE_OK(rt_thread__start(&thread, "stray", call_and_tell, (void *)39));
	rt_exception__resume(next(ZX_EXCP_POLICY_ERROR));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_STATUS((zx_status_t)answer_of_call, ZX_ERR_BAD_SYSCALL);
}

/* Registers survive an exception, the vector ones too. */
static void kept_registers(void *arg)
{
	uint64_t *sum = arg;
	uint64_t low;
	uint64_t ten;

	__asm__ volatile("movq $0x1234, %%r12\n\t"
			 "movq $10, %%r10\n\t"
			 "movq %%r12, %%xmm9\n\t"
			 "xorq %%rax, %%rax\n\t"
			 "stc\n\t"
			 "int3\n\t"
			 "adcq $0, %%rax\n\t"
			 "movq %%xmm9, %%r11\n\t"
			 "addq %%rax, %%r11\n\t"
			 "movq %%r11, %0\n\t"
			 "movq %%r10, %1"
			 : "=r"(low), "=r"(ten)
			 :
			 : "rax", "r10", "r11", "r12", "xmm9", "cc");
	*sum = low + ten;
}

static void registers(void)
{
	uint64_t sum = 0;

	REQUIRE_OK(rt_thread__start(&thread, "keeper", kept_registers, &sum));
	rt_exception__resume(next(ZX_EXCP_SW_BREAKPOINT));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(sum, 0x1234 + 1 + 10);
}

/* Returns what the handler puts into rax and xmm3, and goes on where it says. */
static void changed_by_handler(void *arg)
{
	uint64_t *results = arg;
	uint64_t rax;
	uint64_t vector;

	__asm__ volatile("movq $0x11, %%rax\n\t"
			 "movq %%rax, %%xmm3\n\t"
			 "movq $0x22, %%rbx\n\t"
			 "ud2\n\t"
			 "movq %%xmm3, %%rcx\n\t"
			 "movq %%rax, %0\n\t"
			 "movq %%rcx, %1"
			 : "=m"(rax), "=m"(vector)
			 :
			 : "rax", "rbx", "rcx", "xmm3", "memory");
	results[0] = rax;
	results[1] = vector;
}

static void changed_registers(void)
{
	static const uint8_t ud2[] = { 0x0f, 0x0b };
	zx_thread_state_general_regs_t regs = { 0 };
	zx_thread_state_vector_regs_t vectors = { 0 };
	uint64_t results[2] = { 0 };
	zx_handle_t exception;

	REQUIRE_OK(rt_thread__start(&thread, "changed", changed_by_handler, results));
	exception = next(ZX_EXCP_UNDEFINED_INSTRUCTION);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vectors,
				      sizeof(vectors)));
	CHECK_EQ(regs.rax, 0x11);
	CHECK_EQ(regs.rbx, 0x22);
	CHECK_EQ(vectors.zmm[3].v[0], 0x11);
	CHECK(!memcmp((const void *)regs.rip, ud2, sizeof(ud2)));
	regs.rip += sizeof(ud2);
	regs.rax = 0x33;
	vectors.zmm[3].v[0] = 0x44;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vectors,
				       sizeof(vectors)));
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(results[0], 0x33);
	CHECK_EQ(results[1], 0x44);
}

static void break_and_tell(void *arg)
{
	(void)arg;
	__asm__ volatile("int3");
	passed++;
}

static void privileged(void *arg)
{
	(void)arg;
	__asm__ volatile("hlt");
}

/* A breakpoint is behind the thread when it is told of it, a faulting instruction before it. */
static void places(void)
{
	zx_thread_state_general_regs_t regs = { 0 };
	zx_handle_t exception;

	REQUIRE_OK(rt_thread__start(&thread, "placed", break_and_tell, NULL));
	exception = next(ZX_EXCP_SW_BREAKPOINT);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK_EQ(*(const uint8_t *)(regs.rip - 1), 0xcc);
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	REQUIRE_OK(rt_thread__start(&thread, "placed", privileged, NULL));
	exception = next(ZX_EXCP_GENERAL);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK_EQ(*(const uint8_t *)regs.rip, 0xf4);
	rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_STATUS(zx_thread_read_state(rt_boot.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs)),
		     ZX_ERR_BAD_STATE);
}

/* Suspended and in an exception: both have to end, in either order. */
static void suspended_too(void)
{
	for (int first = 0; first < 2; first++) {
		zx_handle_t exception;
		zx_info_thread_t info;
		zx_handle_t token;

		passed = 0;
		REQUIRE_OK(rt_thread__start(&thread, "stopped", break_and_tell, NULL));
		exception = next(ZX_EXCP_SW_BREAKPOINT);
		REQUIRE_OK(zx_task_suspend(thread.handle, &token));
		CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD, &info, sizeof(info),
					    NULL, NULL));
		CHECK_EQ(info.state, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
		if (first) {
			CHECK_OK(zx_handle_close(token));
			CHECK_EQ(passed, 0);
			rt_exception__resume(exception);
		} else {
			rt_exception__resume(exception);
			CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_SUSPENDED,
						    ZX_TIME_INFINITE, NULL));
			CHECK_EQ(passed, 0);
			CHECK_OK(zx_handle_close(token));
		}
		CHECK_OK(rt_thread__join(&thread));
		CHECK_EQ(passed, 1);
	}
}

int main(void)
{
	channel = rt_exception__channel(rt_boot.process, 0);
	if (!channel)
		return 1;
	RUN(repaired_access);
	RUN(breakpoints);
	RUN(patched_code);
	RUN(resumed_stray_call);
	RUN(registers);
	RUN(changed_registers);
	RUN(places);
	RUN(suspended_too);
	return rt_check_result();
}
