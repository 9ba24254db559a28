/* Reading and writing the registers of suspended threads. */
#include "state.h"

#include "memory.h"
#include "string.h"

/* Room for the largest set, and more. */
static uint64_t buffer[512];

static zx_status_t read(zx_handle_t thread, uint32_t kind, size_t size)
{
	return zx_thread_read_state(thread, kind, buffer, size);
}

static zx_status_t write(zx_handle_t thread, uint32_t kind, size_t size)
{
	return zx_thread_write_state(thread, kind, buffer, size);
}

/* Stops a thread of known registers; ends_well() lets it go. */
static zx_handle_t stopped;
static zx_handle_t stop_token;

static zx_handle_t stop(void)
{
	stopped = start_state_thread();
	stop_token = suspend_and_wait(stopped);
	return stopped;
}

static void let_go(void)
{
	EXPECT_OK(zx_handle_close(stop_token));
	end_state_thread(stopped);
}

/* Evaluates an access to a stopped thread, and lets that one go on. */
#define STOPPED(expression) \
	({ \
		zx_status_t status_; \
		stop(); \
		status_ = (expression); \
		let_go(); \
		status_; \
	})

/* --- Errors --- */

#define GENERAL ZX_THREAD_STATE_GENERAL_REGS
#define FP ZX_THREAD_STATE_FP_REGS
#define VECTOR ZX_THREAD_STATE_VECTOR_REGS
#define DEBUG ZX_THREAD_STATE_DEBUG_REGS
#define UNKNOWN 1000

#define SIZE_OF_FP sizeof(zx_thread_state_fp_regs_t)
#define SIZE_OF_VECTOR sizeof(zx_thread_state_vector_regs_t)

CHECK_HANDLE(thread_read_state, handle, READ, idle_thread(), read(h, GENERAL, sizeof(buffer)))
CHECK_HANDLE(thread_write_state, handle, WRITE, idle_thread(), write(h, GENERAL, general_size()))

#define BAD_KIND .line = "kind is unknown, or"
#define BAD_VALUE .line = "a value is"

REFUSES(thread_read_state, ZX_ERR_INVALID_ARGS, unknown_kind,
	read(idle_thread(), UNKNOWN, sizeof(buffer)), BAD_KIND)
REFUSES(thread_read_state, ZX_ERR_INVALID_ARGS, third_kind, read(idle_thread(), 3, sizeof(buffer)),
	BAD_KIND)
REFUSES(thread_read_state, ZX_ERR_INVALID_ARGS, bad_buffer,
	STOPPED(zx_thread_read_state(stopped, GENERAL, BAD_POINTER, general_size())), BAD_KIND)
REFUSES(thread_read_state, ZX_ERR_BUFFER_TOO_SMALL, general,
	read(idle_thread(), GENERAL, general_size() - 1))
REFUSES(thread_read_state, ZX_ERR_BUFFER_TOO_SMALL, fp, read(idle_thread(), FP, SIZE_OF_FP - 1))
REFUSES(thread_read_state, ZX_ERR_BUFFER_TOO_SMALL, vector,
	read(idle_thread(), VECTOR, SIZE_OF_VECTOR - 1))
REFUSES(thread_read_state, ZX_ERR_BUFFER_TOO_SMALL, single_step,
	read(idle_thread(), single_step_topic(), 3))
REFUSES(thread_read_state, ZX_ERR_BUFFER_TOO_SMALL, nothing, read(idle_thread(), GENERAL, 0))
REFUSES(thread_read_state, ZX_ERR_BAD_STATE, not_started,
	read(idle_thread(), GENERAL, sizeof(buffer)))
REFUSES(thread_read_state, ZX_ERR_BAD_STATE, running,
	read(rt_boot.thread, GENERAL, sizeof(buffer)))
REFUSES(thread_read_state, ZX_ERR_BAD_STATE, running_fp, read(rt_boot.thread, FP, sizeof(buffer)))
REFUSES(thread_read_state, ZX_ERR_BAD_STATE, running_vector,
	read(rt_boot.thread, VECTOR, sizeof(buffer)))
REFUSES(thread_read_state, ZX_ERR_BAD_STATE, dead, read(dead_thread(), GENERAL, sizeof(buffer)))
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, unknown_kind,
	write(idle_thread(), UNKNOWN, sizeof(buffer)), BAD_KIND)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, bad_buffer,
	STOPPED(zx_thread_write_state(stopped, GENERAL, BAD_POINTER, general_size())), BAD_KIND)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, larger,
	write(idle_thread(), GENERAL, general_size() + 8), .line = "buffer_size is more",
	.to = ERA_2019_01)
REFUSES(thread_write_state, ZX_ERR_BUFFER_TOO_SMALL, general,
	write(idle_thread(), GENERAL, general_size() - 1))
REFUSES(thread_write_state, ZX_ERR_BUFFER_TOO_SMALL, fp, write(idle_thread(), FP, SIZE_OF_FP - 1))
REFUSES(thread_write_state, ZX_ERR_BUFFER_TOO_SMALL, vector,
	write(idle_thread(), VECTOR, SIZE_OF_VECTOR - 1))
REFUSES(thread_write_state, ZX_ERR_BAD_STATE, not_started,
	write(idle_thread(), GENERAL, general_size()))
REFUSES(thread_write_state, ZX_ERR_BAD_STATE, running,
	write(rt_boot.thread, GENERAL, general_size()))
REFUSES(thread_write_state, ZX_ERR_BAD_STATE, dead, write(dead_thread(), GENERAL, general_size()))

/* --- What is read --- */

CHECK(thread_read_state, general)
{
	zx_thread_state_general_regs_t regs;
	const uint64_t *values = (const uint64_t *)&regs;

	regs = read_general(stop());
	for (size_t i = 0; i < GENERAL_COUNT; i++)
		if (i != RSP)
			EXPECT_EQ(values[i], REGISTER_VALUE(i));
	EXPECT(regs.rip >= (uintptr_t)state_loop && regs.rip < (uintptr_t)state_loop_end);
	EXPECT_EQ(regs.rflags & 0x202, 0x202);
	let_go();
	for (size_t i = 0; i < GENERAL_COUNT; i++)
		if (i != RSP)
			EXPECT_EQ(state_out.general[i], REGISTER_VALUE(i));
}

CHECK(thread_read_state, bases, .from = ERA_2020_07)
{
	zx_thread_state_general_regs_t regs = read_general(stop());

	EXPECT_EQ(regs.fs_base, (uintptr_t)&state_fs_word);
	EXPECT_EQ(regs.gs_base, (uintptr_t)&state_gs_word);
	let_go();
	EXPECT_EQ(state_fs_seen, 0xf5);
	EXPECT_EQ(state_gs_seen, 0x65);
}

CHECK(thread_read_state, fs_and_gs, .from = ERA_2020_07, .to = ERA_2021_01)
{
	stop();
	EXPECT_OK(read(stopped, ZX_THREAD_X86_REGISTER_FS, 8));
	EXPECT_EQ(buffer[0], (uintptr_t)&state_fs_word);
	EXPECT_OK(read(stopped, ZX_THREAD_X86_REGISTER_GS, 8));
	EXPECT_EQ(buffer[0], (uintptr_t)&state_gs_word);
	let_go();
}

CHECK(thread_read_state, fp)
{
	const zx_thread_state_fp_regs_t *regs = (const void *)buffer;

	EXPECT_OK(read(stop(), FP, SIZE_OF_FP));
	/* As after FNINIT, and one register with 1.0. */
	EXPECT_EQ(regs->fcw, 0x37f);
	EXPECT_EQ(regs->st[0].low, UINT64_C(1) << 63);
	EXPECT_EQ(regs->st[0].high & 0xffff, 0x3fff);
	let_go();
}

CHECK(thread_read_state, vector)
{
	const zx_thread_state_vector_regs_t *regs = (const void *)buffer;

	EXPECT_OK(read(stop(), VECTOR, SIZE_OF_VECTOR));
	for (size_t i = 0; i < 16; i++)
		for (size_t half = 0; half < 2; half++)
			EXPECT_EQ(regs->zmm[i].v[half], XMM_VALUE(i, half));
	EXPECT_EQ(regs->mxcsr & 0xffc0, 0x1f80);
	let_go();
}

CHECK(thread_read_state, debug, .from = ERA_2018_10)
{
	EXPECT_OK(read(stop(), DEBUG, sizeof(buffer)));
	for (size_t i = 0; i < 4; i++)
		EXPECT_EQ(buffer[i], 0);
	let_go();
}

CHECK(thread_read_state, single_step)
{
	buffer[0] = ~UINT64_C(0);
	EXPECT_OK(read(stop(), single_step_topic(), 4));
	EXPECT_EQ((uint32_t)buffer[0], 0);
	EXPECT_EQ(buffer[0] >> 32, 0xffffffff);
	let_go();
}

CHECK(thread_read_state, larger_buffer)
{
	uint64_t *behind = buffer + general_size() / 8;

	*behind = 5;
	EXPECT_OK(read(stop(), GENERAL, sizeof(buffer)));
	EXPECT_EQ(buffer[RBX], REGISTER_VALUE(RBX));
	EXPECT_EQ(*behind, 5);
	let_go();
}

/* --- What is written --- */

CHECK(thread_write_state, general)
{
	zx_thread_state_general_regs_t regs = read_general(stop());
	uint64_t *values = (uint64_t *)&regs;

	for (size_t i = 0; i < GENERAL_COUNT; i++)
		if (i != RSP)
			values[i] = ~REGISTER_VALUE(i);
	EXPECT_OK(write_general(stopped, &regs));
	memset(&regs, 0, sizeof(regs));
	regs = read_general(stopped);
	EXPECT_EQ(regs.r12, ~REGISTER_VALUE(R12));
	let_go();
	for (size_t i = 0; i < GENERAL_COUNT; i++)
		if (i != RSP)
			EXPECT_EQ(state_out.general[i], ~REGISTER_VALUE(i));
}

CHECK(thread_write_state, instruction_pointer)
{
	zx_thread_state_general_regs_t regs = read_general(stop());

	regs.rip = (uintptr_t)state_second;
	EXPECT_OK(write_general(stopped, &regs));
	EXPECT_OK(zx_handle_close(stop_token));
	until_signal(stopped, ZX_THREAD_TERMINATED);
	EXPECT_EQ(state_place, 2);
	EXPECT_EQ(state_out.general[R15], REGISTER_VALUE(R15));
}

#define FLAG_DIRECTION 0x400
#define FLAG_INTERRUPTS 0x200
#define FLAG_IO_LEVEL 0x3000

CHECK(thread_write_state, flags_of_the_program_only)
{
	zx_thread_state_general_regs_t regs = read_general(stop());

	regs.rflags = (regs.rflags | FLAG_DIRECTION | FLAG_IO_LEVEL) & ~FLAG_INTERRUPTS;
	EXPECT_OK(write_general(stopped, &regs));
	regs = read_general(stopped);
	EXPECT_EQ(regs.rflags & (FLAG_DIRECTION | FLAG_INTERRUPTS | FLAG_IO_LEVEL),
		  FLAG_DIRECTION | FLAG_INTERRUPTS);
	let_go();
	EXPECT_EQ(state_out.flags & FLAG_DIRECTION, FLAG_DIRECTION);
}

CHECK(thread_write_state, fp)
{
	zx_thread_state_fp_regs_t *regs = (void *)buffer;

	EXPECT_OK(read(stop(), FP, SIZE_OF_FP));
	/* 1.5 */
	regs->st[0].low = UINT64_C(3) << 62;
	EXPECT_OK(write(stopped, FP, SIZE_OF_FP));
	let_go();
	EXPECT_EQ(state_out.st0[0], UINT64_C(3) << 62);
	EXPECT_EQ(state_out.st0[1] & 0xffff, 0x3fff);
	for (size_t i = 0; i < 16; i++)
		EXPECT_EQ(state_out.xmm[i][1], XMM_VALUE(i, 1));
}

CHECK(thread_write_state, vector)
{
	zx_thread_state_vector_regs_t *regs = (void *)buffer;

	EXPECT_OK(read(stop(), VECTOR, SIZE_OF_VECTOR));
	for (size_t i = 0; i < 16; i++)
		regs->zmm[i].v[1] = i;
	EXPECT_OK(write(stopped, VECTOR, SIZE_OF_VECTOR));
	let_go();
	for (size_t i = 0; i < 16; i++) {
		EXPECT_EQ(state_out.xmm[i][0], XMM_VALUE(i, 0));
		EXPECT_EQ(state_out.xmm[i][1], i);
	}
	EXPECT_EQ(state_out.st0[0], UINT64_C(1) << 63);
}

CHECK(thread_write_state, bases, .from = ERA_2020_07)
{
	static uint64_t fs = 1, gs = 2;
	zx_thread_state_general_regs_t regs = read_general(stop());

	regs.fs_base = (uintptr_t)&fs;
	regs.gs_base = (uintptr_t)&gs;
	EXPECT_OK(write_general(stopped, &regs));
	let_go();
	EXPECT_EQ(state_fs_seen, 1);
	EXPECT_EQ(state_gs_seen, 2);
}

CHECK(thread_write_state, while_it_does_not_run)
{
	zx_thread_state_general_regs_t regs = read_general(stop());

	regs.r12 = 1;
	EXPECT_OK(write_general(stopped, &regs));
	regs.r12 = 2;
	EXPECT_OK(write_general(stopped, &regs));
	/* A suspension that goes on without an end in between keeps what is written. */
	EXPECT_OK(zx_handle_close(suspend(stopped)));
	EXPECT_EQ(read_general(stopped).r12, 2);
	let_go();
	EXPECT_EQ(state_out.general[R12], 2);
}

CHECK(thread_write_state, larger, .from = ERA_2020_07)
{
	EXPECT_OK(read(stop(), GENERAL, sizeof(buffer)));
	buffer[R12] = 6;
	EXPECT_OK(write(stopped, GENERAL, sizeof(buffer)));
	let_go();
	EXPECT_EQ(state_out.general[R12], 6);
}

/* --- Values that cannot be --- */

static zx_status_t write_bases(uint64_t fs, uint64_t gs)
{
	zx_thread_state_general_regs_t regs = read_general(stop());
	zx_status_t status;

	if (fs)
		regs.fs_base = fs;
	if (gs)
		regs.gs_base = gs;
	regs.r12 = 1;
	status = write_general(stopped, &regs);
	EXPECT_EQ(read_general(stopped).r12, REGISTER_VALUE(R12));
	let_go();
	EXPECT_EQ(state_fs_seen, 0xf5);
	EXPECT_EQ(state_gs_seen, 0x65);
	return status;
}

static zx_status_t write_single_step(uint32_t value)
{
	buffer[0] = value;
	return STOPPED(write(stopped, single_step_topic(), 4));
}

#define NOT_CANONICAL UINT64_C(0x8000000000000000)

REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, fs_not_canonical, write_bases(NOT_CANONICAL, 0),
	BAD_VALUE, .from = ERA_2020_07)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, gs_not_canonical, write_bases(0, NOT_CANONICAL),
	BAD_VALUE, .from = ERA_2020_07)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, single_step_2, write_single_step(2), BAD_VALUE)

/* --- A thread that was stopped in the kernel --- */

static zx_handle_t event;
static zx_status_t wait_result;

static void wait_for_event(void *arg)
{
	(void)arg;
	wait_result = zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static zx_handle_t stop_in_call(void)
{
	event = make_event();
	stopped = start_thread(wait_for_event, NULL);
	until_blocked(stopped, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	stop_token = suspend_and_wait(stopped);
	return stopped;
}

static void let_call_go(void)
{
	EXPECT_OK(zx_handle_close(stop_token));
	EXPECT_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	join_threads();
	EXPECT_OK(wait_result);
}

/* The kernel has told the vDSO to make the call again. */
CHECK(thread_read_state, in_a_call)
{
	zx_thread_state_general_regs_t regs = read_general(stop_in_call());
	uintptr_t vdso = (uintptr_t)rt_boot.vdso;

	EXPECT(regs.rip >= vdso && regs.rip < vdso + 64 * PAGE);
	EXPECT_EQ((zx_status_t)regs.rax, ZX_ERR_INTERNAL_INTR_RETRY);
	EXPECT_EQ(regs.rcx, regs.rip);
	EXPECT_EQ(regs.r11, regs.rflags);
	EXPECT_EQ(regs.rdi | regs.rsi | regs.rdx | regs.r8 | regs.r9 | regs.r10, 0);
	let_call_go();
}

CHECK(thread_write_state, result_of_a_call)
{
	zx_thread_state_general_regs_t regs = read_general(stop_in_call());

	regs.rax = (uint64_t)ZX_ERR_IO;
	EXPECT_OK(write_general(stopped, &regs));
	EXPECT_OK(zx_handle_close(stop_token));
	join_threads();
	EXPECT_EQ(wait_result, ZX_ERR_IO);
}

CHECK(thread_write_state, in_a_call)
{
	zx_thread_state_general_regs_t regs = read_general(stop_in_call());

	EXPECT_OK(write_general(stopped, &regs));
	let_call_go();
}

static zx_status_t write_pointer_in_call(uint64_t rip)
{
	zx_thread_state_general_regs_t regs = read_general(stop_in_call());
	zx_status_t status;

	regs.rip = rip;
	status = write_general(stopped, &regs);
	let_call_go();
	return status;
}

REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, pointer_not_canonical,
	write_pointer_in_call(NOT_CANONICAL), BAD_VALUE)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, pointer_of_the_kernel,
	write_pointer_in_call((uint64_t)KERNEL_ADDRESS), BAD_VALUE)
REFUSES(thread_write_state, ZX_ERR_INVALID_ARGS, pointer_behind_all_programs,
	write_pointer_in_call(UINT64_C(1) << 47), BAD_VALUE)

/* A thread that has not run yet has nothing but what it starts with. */
CHECK(thread_read_state, before_its_first_instruction, .from = ERA_2020_07)
{
	zx_handle_t thread = make_spinner();
	zx_handle_t token = suspend(thread);
	zx_thread_state_general_regs_t regs;

	EXPECT_OK(zx_thread_start(thread, (zx_vaddr_t)state_second, 0x123450, 21, 22));
	until_signal(thread, ZX_THREAD_SUSPENDED);
	regs = read_general(thread);
	EXPECT_EQ(regs.rip, (uintptr_t)state_second);
	EXPECT_EQ(regs.rsp, 0x123450);
	EXPECT_EQ(regs.rdi, 21);
	EXPECT_EQ(regs.rsi, 22);
	EXPECT_EQ(regs.rbx, 0);
	/* What it is given instead it runs with. */
	regs.rip = (uintptr_t)zx_thread_exit;
	regs.rsp = (uintptr_t)(buffer + RT_ARRAY_SIZE(buffer)) - 8;
	EXPECT_OK(write_general(thread, &regs));
	EXPECT_OK(zx_handle_close(token));
	until_signal(thread, ZX_THREAD_TERMINATED);
}
