/* Registers of suspended threads: read, changed, and what the thread goes on with. */
#include "check.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define SECOND 1000000000ll
#define FLAG_CARRY 1ull
#define FLAGS_RARE 0x204000ull /* nested task, identification */
#define MARK 0x1234567890abcdefull

static struct rt_thread thread;

/* What a thread finds in its registers, stored by itself. */
static struct seen {
	uint64_t rbx, r12, r13, rax, fs, gs;
	uint64_t xmm[2];
	uint32_t done;
	uint64_t mxcsr;
} seen;

static zx_thread_state_general_regs_t read_registers(void)
{
	zx_thread_state_general_regs_t regs = { 0 };

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

static void write_registers(const zx_thread_state_general_regs_t *regs)
{
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, regs,
				       sizeof(*regs)));
}

/*
 * spin(arg): known values in registers, until rbx is 0; then what they are goes to `seen`, and the
 * thread ends.
 */
void spin(void *arg);
void spin_loop(void);
void spin_end(void);
void store(void);
void arrived(void);
__asm__(".text\n"
	".type spin, @function\n"
	"spin:\n"
	"movq $1, %rbx\n"
	"movq $12, %r12\n"
	"movq $13, %r13\n"
	"pcmpeqd %xmm3, %xmm3\n"
	"movl $1, 0(%rdi)\n"
	".globl spin_loop\n"
	"spin_loop:\n"
	"pause\n"
	"testq %rbx, %rbx\n"
	"jnz spin_loop\n"
	".globl spin_end\n"
	"spin_end:\n"
	".globl store\n"
	"store:\n"
	"movq %rbx, seen(%rip)\n"
	"movq %r12, 8+seen(%rip)\n"
	"movq %r13, 16+seen(%rip)\n"
	"movq %rax, 24+seen(%rip)\n"
	"rdfsbase %rcx\n"
	"movq %rcx, 32+seen(%rip)\n"
	"movdqu %xmm3, 48+seen(%rip)\n"
	"stmxcsr 72+seen(%rip)\n"
	"movl $1, 64+seen(%rip)\n"
	"andq $-16, %rsp\n"
	"call zx_thread_exit\n"
	"ud2\n");

static volatile uint32_t spinning;

static void start_spinning(void)
{
	spinning = 0;
	memset(&seen, 0, sizeof(seen));
	CHECK_OK(rt_thread__start(&thread, "spin", spin, (void *)&spinning));
	while (!spinning)
		zx_nanosleep(0);
}

/* It ends by its own call, with the runtime's function left behind. */
static void join(void)
{
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED,
				    zx_deadline_after(60 * SECOND), NULL));
	CHECK_EQ(seen.done, 1);
	zx_handle_close(thread.handle);
}

static void in_program_code(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	start_spinning();
	token = rt_suspend(thread.handle);
	regs = read_registers();
	CHECK(regs.rip >= (uint64_t)spin_loop && regs.rip < (uint64_t)spin_end);
	CHECK_EQ(regs.rbx, 1);
	CHECK_EQ(regs.r12, 12);
	CHECK_EQ(regs.r13, 13);
	CHECK(regs.rsp > (uint64_t)thread.stack &&
	      regs.rsp < (uint64_t)thread.stack + sizeof(thread.stack));
	CHECK_EQ(regs.gs_base, 0);
	regs.rbx = 0;
	regs.r12 = MARK;
	write_registers(&regs);
	/* What was written reads back. */
	regs = read_registers();
	CHECK_EQ(regs.r12, MARK);
	zx_handle_close(token);
	join();
	CHECK_EQ(seen.rbx, 0);
	CHECK_EQ(seen.r12, MARK);
	CHECK_EQ(seen.r13, 13);
	CHECK_EQ(seen.xmm[1], UINT64_MAX);
}

static void instruction_pointer(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	start_spinning();
	token = rt_suspend(thread.handle);
	regs = read_registers();
	regs.rip = (uint64_t)store;
	regs.rax = MARK;
	regs.fs_base = (uint64_t)&seen;
	write_registers(&regs);
	zx_handle_close(token);
	join();
	CHECK_EQ(seen.rbx, 1);
	CHECK_EQ(seen.rax, MARK);
	CHECK_EQ(seen.fs, (uint64_t)&seen);
}

/* Flags that nothing in the program changes stay as they were written. */
static void rare_flags(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	start_spinning();
	for (uint64_t flags = FLAGS_RARE; flags; flags &= flags - 1) {
		token = rt_suspend(thread.handle);
		regs = read_registers();
		regs.rflags = (regs.rflags & ~FLAGS_RARE) | flags;
		write_registers(&regs);
		zx_handle_close(token);
		CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_RUNNING,
					    zx_deadline_after(60 * SECOND), NULL));
		token = rt_suspend(thread.handle);
		regs = read_registers();
		CHECK_EQ(regs.rflags & FLAGS_RARE, flags);
		zx_handle_close(token);
	}
	token = rt_suspend(thread.handle);
	regs = read_registers();
	regs.rflags &= ~FLAGS_RARE;
	regs.rbx = 0;
	write_registers(&regs);
	zx_handle_close(token);
	join();
}

static void vectors(void)
{
	zx_thread_state_vector_regs_t vector;
	zx_thread_state_general_regs_t regs;
	zx_thread_state_fp_regs_t fp;
	zx_handle_t token;

	start_spinning();
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vector,
				      sizeof(vector)));
	CHECK_EQ(vector.zmm[3].v[0], UINT64_MAX);
	CHECK_EQ(vector.zmm[3].v[1], UINT64_MAX);
	CHECK_EQ(vector.mxcsr, 0x1f80);
	vector.zmm[3].v[0] = 3;
	vector.zmm[3].v[1] = 4;
	vector.mxcsr = 0x5f80;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vector,
				       sizeof(vector)));
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_FP_REGS, &fp, sizeof(fp)));
	CHECK_EQ(fp.fcw, 0x37f);
	regs = read_registers();
	regs.rbx = 0;
	write_registers(&regs);
	zx_handle_close(token);
	join();
	CHECK_EQ(seen.xmm[0], 3);
	CHECK_EQ(seen.xmm[1], 4);
	CHECK_EQ(seen.mxcsr, 0x5f80);
}

/* --- in a call --- */

static zx_handle_t event;

/* wait_in_call(event): waits with known values in the registers that a call keeps. */
void wait_in_call(void *event);
void after_call(void);
__asm__(".text\n"
	".type wait_in_call, @function\n"
	"wait_in_call:\n"
	"andq $-16, %rsp\n"
	"movq $1, %rbx\n"
	"movq $12, %r12\n"
	"movq $13, %r13\n"
	"movl $0x1000000, %esi\n"		/* ZX_USER_SIGNAL_0 */
	"movq $0x7fffffffffffffff, %rdx\n"	/* ZX_TIME_INFINITE */
	"xorl %ecx, %ecx\n"
	"call zx_object_wait_one\n"
	".globl after_call\n"
	"after_call:\n"
	"jmp store\n");

static void start_waiting(void)
{
	memset(&seen, 0, sizeof(seen));
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&thread, "wait", wait_in_call, (void *)(uintptr_t)event));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
}

static void in_a_call(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	start_waiting();
	token = rt_suspend(thread.handle);
	regs = read_registers();
	CHECK_EQ(regs.rbx, 1);
	CHECK_EQ(regs.r12, 12);
	CHECK_EQ(regs.r13, 13);
	CHECK_EQ(*(const uint64_t *)regs.rsp, (uint64_t)after_call);
	CHECK(regs.rip > (uint64_t)rt_boot.vdso);
	regs.r12 = MARK;
	write_registers(&regs);
	zx_handle_close(token);
	/* It goes on waiting. */
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	join();
	CHECK_EQ(seen.rax, ZX_OK);
	CHECK_EQ(seen.rbx, 1);
	CHECK_EQ(seen.r12, MARK);
	CHECK_EQ(seen.r13, 13);
	zx_handle_close(event);
}

/* The thread is made to leave the call. */
static void out_of_a_call(void)
{
	zx_thread_state_general_regs_t regs;
	zx_thread_state_vector_regs_t vector;
	zx_handle_t token;

	start_waiting();
	token = rt_suspend(thread.handle);
	regs = read_registers();
	regs.rip = (uint64_t)store;
	regs.rax = MARK;
	regs.r13 = 31;
	write_registers(&regs);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vector,
				      sizeof(vector)));
	vector.zmm[3].v[1] = MARK;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &vector,
				       sizeof(vector)));
	zx_handle_close(token);
	join();
	CHECK_EQ(seen.rax, MARK);
	CHECK_EQ(seen.r13, 31);
	CHECK_EQ(seen.xmm[1], MARK);
	zx_handle_close(event);
}

static void before_the_start(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	memset(&seen, 0, sizeof(seen));
	REQUIRE_OK(rt_thread__create(&thread, "new", spin, NULL));
	REQUIRE_OK(zx_task_suspend(thread.handle, &token));
	CHECK_STATUS(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs)),
		     ZX_ERR_BAD_STATE);
	REQUIRE_OK(zx_thread_start(thread.handle, (uint64_t)spin, 0x1000, 3, 4));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_SUSPENDED,
				    zx_deadline_after(60 * SECOND), NULL));
	regs = read_registers();
	CHECK_EQ(regs.rip, (uint64_t)spin);
	CHECK_EQ(regs.rsp, 0x1000);
	CHECK_EQ(regs.rdi, 3);
	CHECK_EQ(regs.rsi, 4);
	CHECK_EQ(regs.rax | regs.rbx | regs.rcx | regs.rdx | regs.rbp | regs.fs_base, 0);
	regs.rip = (uint64_t)store;
	regs.rbx = MARK;
	regs.rsp = (uint64_t)thread.stack + sizeof(thread.stack);
	write_registers(&regs);
	zx_handle_close(token);
	join();
	CHECK_EQ(seen.rbx, MARK);
}

/* Of the flags a program has its own. */
static void flags(void)
{
	zx_thread_state_general_regs_t regs, now;
	zx_handle_t token;

	start_spinning();
	token = rt_suspend(thread.handle);
	regs = read_registers();
	regs.rflags = FLAG_CARRY | 1ull << 9 | 3ull << 12 | 1ull << 19;
	write_registers(&regs);
	now = read_registers();
	CHECK_EQ(now.rflags, 1ull << 9 | FLAG_CARRY | 2);
	regs.rip = 1ull << 47;
	CHECK_STATUS(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					   sizeof(regs)),
		     ZX_ERR_INVALID_ARGS);
	regs = now;
	regs.rbx = 0;
	write_registers(&regs);
	zx_handle_close(token);
	join();
}

static void running(void)
{
	zx_thread_state_general_regs_t regs = { 0 };
	zx_handle_t token;

	start_spinning();
	CHECK_STATUS(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs)),
		     ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					   sizeof(regs)),
		     ZX_ERR_BAD_STATE);
	token = rt_suspend(thread.handle);
	regs = read_registers();
	regs.rbx = 0;
	write_registers(&regs);
	zx_handle_close(token);
	join();
}

int main(void)
{
	RUN(in_program_code);
	RUN(instruction_pointer);
	RUN(rare_flags);
	RUN(vectors);
	RUN(in_a_call);
	RUN(out_of_a_call);
	RUN(before_the_start);
	RUN(flags);
	RUN(running);
	return rt_check_result();
}
