/*
 * What stands behind the calls is nowhere seen: whatever a call comes upon, handlers of exceptions
 * find the thread in the program or in the vDSO, with registers as they are there.
 */
#include "check.h"
#include "exception.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define SECOND 1000000000ll
/* The end of what a program can have mapped. */
#define ADDRESSES 0x7fe000000000ull
#define MARK 0x1122334455667788ull

static struct rt_thread thread;
static zx_handle_t channel;

/* Two pages of which the lower one comes and goes. */
static zx_handle_t stack_vmar;
static zx_handle_t stack_vmo;
static zx_vaddr_t stack;

static void map_page(size_t index)
{
	zx_vaddr_t at;

	CHECK_OK(zx_vmar_map(stack_vmar, READ_WRITE | ZX_VM_SPECIFIC, index * PAGE, stack_vmo,
			     index * PAGE, PAGE, &at));
}

static void unmap_page(size_t index)
{
	CHECK_OK(zx_vmar_unmap(stack_vmar, stack + index * PAGE, PAGE));
}

static bool make_stack(void)
{
	return CHECK_OK(zx_vmar_allocate(rt_boot.root_vmar,
					 ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
						 ZX_VM_CAN_MAP_SPECIFIC,
					 0, 2 * PAGE, &stack_vmar, &stack)) &&
	       CHECK_OK(zx_vmo_create(2 * PAGE, 0, &stack_vmo));
}

static zx_thread_state_general_regs_t registers(void)
{
	zx_thread_state_general_regs_t regs = { 0 };

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

/* The next exception, or 0 where the thread has ended. */
static zx_handle_t next(zx_exception_report_v2_t *report)
{
	zx_wait_item_t items[] = { { channel, ZX_CHANNEL_READABLE, 0 },
				   { thread.handle, ZX_THREAD_TERMINATED, 0 } };
	zx_handle_t exception = ZX_HANDLE_INVALID;
	zx_exception_info_t info;

	CHECK_OK(zx_object_wait_many(items, 2, zx_deadline_after(60 * SECOND)));
	if (!(items[0].pending & ZX_CHANNEL_READABLE))
		return ZX_HANDLE_INVALID;
	CHECK_OK(zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL));
	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, report,
				    sizeof(*report), NULL, NULL));
	return exception;
}

/* --- calls on a stack with little room --- */

/* What the thread calls; args[6] lies on the stack. */
static volatile uint64_t call_args[7] __attribute__((used));
static volatile uint64_t call_function __attribute__((used));
static volatile uint64_t call_stack __attribute__((used));
static volatile uint64_t call_result;
static volatile uint64_t call_kept[2];

/* Makes the call with rsp at call_stack, which has a seventh argument there. */
void call_on_stack(void *arg);
extern const char call_returns[];
__asm__(".text\n"
	".type call_on_stack, @function\n"
	"call_on_stack:\n"
	"pushq %rbx\n"
	"pushq %rbp\n"
	"pushq %r12\n"
	"movq %rsp, %r12\n"
	"movabsq $0x1122334455667788, %rbx\n"
	"movq %rbx, %rbp\n"
	"movq call_args(%rip), %rdi\n"
	"movq 8+call_args(%rip), %rsi\n"
	"movq 16+call_args(%rip), %rdx\n"
	"movq 24+call_args(%rip), %rcx\n"
	"movq 32+call_args(%rip), %r8\n"
	"movq 40+call_args(%rip), %r9\n"
	"movq call_stack(%rip), %rsp\n"
	"call *call_function(%rip)\n"
	"call_returns: movq %r12, %rsp\n"
	"movq %rax, call_result(%rip)\n"
	"movq %rbx, call_kept(%rip)\n"
	"movq %rbp, 8+call_kept(%rip)\n"
	"popq %r12\n"
	"popq %rbp\n"
	"popq %rbx\n"
	"ret\n");

static void prepare(const void *function, zx_vaddr_t at)
{
	call_function = (uint64_t)function;
	call_stack = at;
	call_result = 99;
	call_kept[0] = call_kept[1] = 0;
	*(uint64_t *)at = call_args[6];
}

/* rax and r11 are what the vDSO goes to the kernel with, and its own. */
static void check_place(const zx_thread_state_general_regs_t *regs)
{
	const uint64_t seen[] = {
		regs->rip, regs->rsp, regs->rbx, regs->rcx, regs->rdx, regs->rsi, regs->rdi,
		regs->rbp, regs->r8,  regs->r9,	 regs->r10, regs->r12, regs->r13, regs->r14,
		regs->r15,
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(seen); i++)
		CHECK(seen[i] < ADDRESSES || seen[i] >= 1ull << 47);
	CHECK(regs->rip < ADDRESSES);
	CHECK(regs->rsp < ADDRESSES);
}

static bool in_vdso(uint64_t rip)
{
	return rip >= (uint64_t)rt_boot.vdso && rip < (uint64_t)rt_boot.vdso + 64 * PAGE;
}

/* What finds the thread's place by the gs base has a longer way then. */
static bool own_gs;

static void call_with_gs(void *arg)
{
	static uint64_t word;

	if (own_gs)
		__asm__ volatile("wrgsbase %0" : : "r"(&word));
	call_on_stack(arg);
}

/* Calls @function with @room bytes; the handler gives it more as it needs it. */
static void call_with_room(const void *function, size_t room)
{
	zx_exception_report_v2_t report;
	zx_handle_t exception;
	uint32_t faults = 0;

	prepare(function, stack + PAGE + room);
	REQUIRE_OK(rt_thread__start(&thread, "full", call_with_gs, NULL));
	while ((exception = next(&report)) != ZX_HANDLE_INVALID) {
		zx_thread_state_general_regs_t regs = registers();
		uint64_t address = report.context.arch.u.x86_64.cr2;

		faults++;
		CHECK_EQ(report.header.type, ZX_EXCP_FATAL_PAGE_FAULT);
		CHECK(address >= stack && address < stack + PAGE);
		check_place(&regs);
		CHECK(regs.rsp >= stack && regs.rsp <= stack + PAGE + room);
		CHECK(in_vdso(regs.rip) || !room);
		CHECK_EQ(regs.rip == call_function ? regs.rbp : MARK, MARK);
		map_page(0);
		rt_exception__resume(exception);
	}
	CHECK_OK(rt_thread__join(&thread));
	CHECK(faults <= 1);
	CHECK_EQ(call_kept[0], MARK);
	CHECK_EQ(call_kept[1], MARK);
	if (faults)
		unmap_page(0);
}

static void set_args(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	call_args[0] = a;
	call_args[1] = b;
	call_args[2] = c;
	call_args[3] = d;
	call_args[4] = call_args[5] = 0;
	call_args[6] = 0;
}

static void little_room(void)
{
	static const size_t rooms[] = { 0, 8, 16, 24, 32, 64, 128, 256, 384, 512 };
	static uint8_t bytes[300];
	static zx_info_handle_basic_t basic;
	zx_time_t before = zx_clock_get_monotonic();

	map_page(1);
	for (size_t i = 0; i < RT_ARRAY_SIZE(rooms); i++) {
		set_args(0, 0, 0, 0);
		call_with_room((const void *)zx_handle_close, rooms[i]);
		CHECK_EQ(call_result, ZX_OK);
		call_with_room((const void *)zx_clock_get_monotonic, rooms[i]);
		CHECK((zx_time_t)call_result >= before);
		call_with_room((const void *)zx_deadline_after, rooms[i]);
		CHECK((zx_time_t)call_result >= before);
		set_args(rt_boot.process, ZX_INFO_HANDLE_BASIC, (uint64_t)&basic, sizeof(basic));
		call_with_room((const void *)zx_object_get_info, rooms[i]);
		CHECK_EQ((zx_status_t)call_result, ZX_OK);
		set_args((uint64_t)bytes, sizeof(bytes), 0, 0);
		call_with_room((const void *)zx_cprng_draw, rooms[i]);
		set_args((uint64_t)bytes, 16, 0, 0);
		call_with_room((const void *)zx_cprng_draw, rooms[i]);
		/* Seven arguments: nothing is to be mapped. */
		set_args(rt_boot.root_vmar, READ_WRITE, 0, ZX_HANDLE_INVALID);
		call_with_room((const void *)zx_vmar_map, rooms[i]);
		CHECK_EQ((zx_status_t)call_result, ZX_ERR_BAD_HANDLE);
	}
	unmap_page(1);
}

static void little_room_with_own_gs(void)
{
	own_gs = true;
	little_room();
}

/* As much as a test of Zircon's has. */
static void clocks_need_little(void)
{
	zx_exception_report_v2_t report;

	map_page(1);
	set_args(0, 0, 0, 0);
	prepare((const void *)zx_clock_get_monotonic, stack + PAGE + 64);
	REQUIRE_OK(rt_thread__start(&thread, "clock", call_on_stack, NULL));
	CHECK_EQ(next(&report), ZX_HANDLE_INVALID);
	CHECK_OK(rt_thread__join(&thread));
	unmap_page(1);
}

/* One that is stepped is stepped on after the fault, from where it is seen. */
static void stepped_into_little_room(void)
{
	uint64_t entry = (uint64_t)zx_handle_close;
	zx_exception_report_v2_t report;
	const uint32_t on = 1;
	zx_handle_t exception;
	zx_handle_t token;
	uint32_t faults = 0;
	bool after_fault = false;

	map_page(1);
	set_args(0, 0, 0, 0);
	prepare((const void *)entry, stack + PAGE + 16);
	REQUIRE_OK(rt_thread__create(&thread, "stepped", call_on_stack, NULL));
	REQUIRE_OK(zx_task_suspend(thread.handle, &token));
	REQUIRE_OK(rt_thread__resume(&thread));
	REQUIRE_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_SINGLE_STEP, &on,
				       sizeof(on)));
	zx_handle_close(token);
	while ((exception = next(&report)) != ZX_HANDLE_INVALID) {
		zx_thread_state_general_regs_t regs = registers();

		check_place(&regs);
		CHECK_EQ(regs.rflags & 0x100, 0x100);
		if (after_fault)
			CHECK(regs.rip > entry && regs.rip < entry + 16);
		after_fault = report.header.type == ZX_EXCP_FATAL_PAGE_FAULT;
		if (after_fault) {
			faults++;
			CHECK_EQ(regs.rip, entry);
			map_page(0);
		}
		rt_exception__resume(exception);
	}
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(faults, 1);
	CHECK_EQ(call_result, ZX_OK);
	unmap_page(0);
	unmap_page(1);
}

/* --- the stack is gone when the call is over --- */

static void expect_no_stack(zx_status_t result, zx_vaddr_t sp)
{
	zx_exception_report_v2_t report;
	zx_thread_state_general_regs_t regs;
	zx_handle_t exception = next(&report);

	REQUIRE(exception != ZX_HANDLE_INVALID);
	regs = registers();
	CHECK_EQ(report.header.type, ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, sp);
	CHECK_EQ(regs.rsp, sp);
	CHECK(in_vdso(regs.rip));
	CHECK_EQ(*(const uint8_t *)regs.rip, 0xc3);
	CHECK_EQ((zx_status_t)regs.rax, result);
	CHECK_EQ(regs.rbx, MARK);
	CHECK_EQ(regs.rbp, MARK);
	check_place(&regs);
	map_page(1);
	*(uint64_t *)sp = (uint64_t)call_returns;
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ((zx_status_t)call_result, result);
	CHECK_EQ(call_kept[0], MARK);
	CHECK_EQ(call_kept[1], MARK);
}

static void stack_that_goes(void)
{
	map_page(1);
	set_args(stack_vmar, stack + PAGE, PAGE, 0);
	prepare((const void *)zx_vmar_unmap, stack + 2 * PAGE - 64);
	REQUIRE_OK(rt_thread__start(&thread, "own", call_on_stack, NULL));
	expect_no_stack(ZX_OK, stack + 2 * PAGE - 72);
	unmap_page(1);
}

static void stack_that_goes_while_it_waits(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t event;
	zx_handle_t token;

	REQUIRE_OK(zx_event_create(0, &event));
	map_page(1);
	set_args(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, 0);
	prepare((const void *)zx_object_wait_one, stack + 2 * PAGE - 64);
	REQUIRE_OK(rt_thread__start(&thread, "waits", call_on_stack, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	unmap_page(1);
	token = rt_suspend(thread.handle);
	regs = registers();
	check_place(&regs);
	CHECK(in_vdso(regs.rip));
	CHECK_EQ(regs.rsp, stack + 2 * PAGE - 72);
	CHECK_EQ(regs.rbp, MARK);
	map_page(1);
	zx_handle_close(token);
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	unmap_page(1);
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	expect_no_stack(ZX_OK, stack + 2 * PAGE - 72);
	unmap_page(1);
	zx_handle_close(event);
}

/* --- alignment --- */

static void set_alignment_check(bool on)
{
	__asm__ volatile("pushfq\n\t"
			 "andq $~0x40000, (%%rsp)\n\t"
			 "orq %0, (%%rsp)\n\t"
			 "popfq"
			 :
			 : "r"(on ? 0x40000ull : 0ull)
			 : "cc", "memory");
}

static uint64_t flags(void)
{
	uint64_t value;

	__asm__ volatile("pushfq\n\t"
			 "popq %0"
			 : "=r"(value));
	return value;
}

/* Calls take bytes from anywhere, whatever the program has checked for its own accesses. */
static void unaligned_buffers(void)
{
	static char out[64] __attribute__((aligned(8)));
	static char in[64] __attribute__((aligned(8)));
	zx_status_t wrote, read;
	uint32_t bytes = 0;
	uint64_t after;
	zx_handle_t a, b;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i + 1);
	for (uint32_t size = 1; size < 40; size += 6) {
		memset(in, 0, sizeof(in));
		set_alignment_check(true);
		wrote = zx_channel_write(a, 0, out + 3, size, NULL, 0);
		read = zx_channel_read(b, 0, in + 5, NULL, size, 0, &bytes, NULL);
		after = flags();
		set_alignment_check(false);
		CHECK_OK(wrote);
		CHECK_OK(read);
		CHECK_EQ(after & 0x40000, 0x40000);
		CHECK(!memcmp(in + 5, out + 3, size));
		CHECK_EQ(in[5 + size], 0);
	}
	zx_handle_close(a);
	zx_handle_close(b);
}

int main(void)
{
	channel = rt_exception__channel(rt_boot.process, 0);
	if (!make_stack())
		return rt_check_result();
	RUN(little_room);
	RUN(little_room_with_own_gs);
	RUN(clocks_need_little);
	RUN(stepped_into_little_room);
	RUN(stack_that_goes);
	RUN(stack_that_goes_while_it_waits);
	RUN(unaligned_buffers);
	return rt_check_result();
}
