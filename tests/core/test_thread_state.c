/* The registers of stopped threads. */
#include <zircon/eras.h>

#include "compat/core/thread_context.h"
#include "compat/core/thread_state.h"
#include "tests/core/core_fixture.h"

#define FLAG_TRAP 0x100ull
#define FLAG_CARRY 1ull
#define MXCSR_ROUND_UP 0x5f80u

static _Alignas(64) uint8_t area[8192];
static struct thread_context context;
static zx_handle_t handle;
static char *buffer;

/* The test's own thread is the stopped one, with the machine's registers of this moment. */
static void stop(void)
{
	memset(area, 0, sizeof(area));
	__asm__ volatile("xsave64 %0" : "+m"(area) : "a"(-1), "d"(-1));
	memset(&context, 0, sizeof(context));
	memcpy(context.xstate, area, sizeof(context.xstate));
	context.xstate_size = sizeof(context.xstate);
	context.regs.rip = 0x1000;
	context.regs.rflags = 0x202;
	object__get(&fx.self->object);
	handle = fixture__handle(&fx.self->object, ZX_DEFAULT_THREAD_RIGHTS);
	buffer = user_alloc(4096);
	thread__set_context(fx.self, &context);
}

static zx_status_t read_state(uint32_t kind, size_t size)
{
	return sys_thread_read_state(fx.self, handle, kind, UADDR(buffer), size);
}

static zx_status_t write_state(uint32_t kind, size_t size)
{
	return sys_thread_write_state(fx.self, handle, kind, UADDR(buffer), size);
}

static void general(void **state)
{
	zx_thread_state_general_regs_t *regs;

	(void)state;
	stop();
	regs = (void *)buffer;
	context.regs.rax = 1;
	context.regs.r15 = 15;
	context.regs.gs_base = 0x2000;
	assert_int_equal(read_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)), ZX_OK);
	assert_int_equal(regs->rax, 1);
	assert_int_equal(regs->r15, 15);
	assert_int_equal(regs->rip, 0x1000);
	assert_int_equal(regs->gs_base, 0x2000);
	assert_false(context.changed);
	regs->rbx = 2;
	/* Carry is the program's; interrupts, and what is reserved, are not. */
	regs->rflags = FLAG_CARRY | 8;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)), ZX_OK);
	assert_true(context.changed);
	assert_int_equal(context.regs.rbx, 2);
	assert_int_equal(context.regs.rflags, 0x202 | FLAG_CARRY);
	thread__set_context(fx.self, NULL);
}

static void impossible_values(void **state)
{
	const uint64_t bad = 1ull << 47;
	zx_thread_state_general_regs_t *regs;

	(void)state;
	stop();
	regs = (void *)buffer;
	regs->rip = bad;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)),
			 ZX_ERR_INVALID_ARGS);
	regs->rip = 0;
	regs->fs_base = bad;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)),
			 ZX_ERR_INVALID_ARGS);
	regs->fs_base = 0;
	regs->gs_base = bad;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)),
			 ZX_ERR_INVALID_ARGS);
	assert_false(context.changed);
	assert_int_equal(context.regs.rip, 0x1000);
	*(uint64_t *)buffer = bad;
	assert_int_equal(write_state(ZX_THREAD_X86_REGISTER_FS, 8), ZX_ERR_INVALID_ARGS);
	*(uint32_t *)buffer = 2;
	assert_int_equal(write_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_ERR_INVALID_ARGS);
	thread__set_context(fx.self, NULL);
}

/* In 2018 any instruction pointer would do, but for a thread that is in a call. */
static void any_instruction_pointer(void **state)
{
	const uint64_t bad = 1ull << 47;
	zx_thread_state_general_regs_2018_t *regs;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	stop();
	regs = (void *)buffer;
	regs->rip = bad;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)), ZX_OK);
	assert_int_equal(context.regs.rip, bad);
	context.in_call = true;
	assert_int_equal(write_state(ZX_THREAD_STATE_GENERAL_REGS, sizeof(*regs)),
			 ZX_ERR_INVALID_ARGS);
	thread__set_context(fx.self, NULL);
}

static void bases_and_step(void **state)
{
	uint64_t *base;

	(void)state;
	stop();
	base = (void *)buffer;
	*base = 0x123000;
	assert_int_equal(write_state(ZX_THREAD_X86_REGISTER_FS, 8), ZX_OK);
	assert_int_equal(context.regs.fs_base, 0x123000);
	*base = 0x456000;
	assert_int_equal(write_state(ZX_THREAD_X86_REGISTER_GS, 8), ZX_OK);
	assert_int_equal(context.regs.gs_base, 0x456000);
	assert_int_equal(read_state(ZX_THREAD_X86_REGISTER_FS, 8), ZX_OK);
	assert_int_equal(*base, 0x123000);
	*base = 1;
	assert_int_equal(write_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_OK);
	assert_true(context.regs.rflags & FLAG_TRAP);
	*base = 0;
	assert_int_equal(read_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_OK);
	assert_int_equal(*base, 1);
	*base = 0;
	assert_int_equal(write_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_OK);
	assert_false(context.regs.rflags & FLAG_TRAP);
	thread__set_context(fx.self, NULL);
}

/* What was written is in the machine's registers once the area is loaded. */
static void floating_point(void **state)
{
	zx_thread_state_fp_regs_t *fp;
	uint16_t control;

	(void)state;
	stop();
	fp = (void *)buffer;
	assert_int_equal(read_state(ZX_THREAD_STATE_FP_REGS, sizeof(*fp)), ZX_OK);
	assert_int_equal(fp->fcw, 0x37f);
	fp->fcw = 0x27f;
	assert_int_equal(write_state(ZX_THREAD_STATE_FP_REGS, sizeof(*fp)), ZX_OK);
	memcpy(area, context.xstate, sizeof(context.xstate));
	__asm__ volatile("xrstor64 %1\n\tfnstcw %0\n\tfninit"
			 : "=m"(control)
			 : "m"(area), "a"(-1), "d"(-1));
	assert_int_equal(control, 0x27f);
	memset(fp, 0, sizeof(*fp));
	assert_int_equal(read_state(ZX_THREAD_STATE_FP_REGS, sizeof(*fp)), ZX_OK);
	assert_int_equal(fp->fcw, 0x27f);
	thread__set_context(fx.self, NULL);
}

static void vectors(void **state)
{
	zx_thread_state_vector_regs_t *vector;
	bool wide = __builtin_cpu_supports("avx2");
	uint64_t seen[4] = { 0 };

	(void)state;
	stop();
	vector = (void *)buffer;
	for (uint32_t i = 0; i < 16; i++)
		for (uint32_t j = 0; j < 8; j++)
			vector->zmm[i].v[j] = (uint64_t)i << 32 | j | 0x100;
	vector->mxcsr = MXCSR_ROUND_UP;
	assert_int_equal(write_state(ZX_THREAD_STATE_VECTOR_REGS, sizeof(*vector)), ZX_OK);
	memcpy(area, context.xstate, sizeof(context.xstate));
	if (wide)
		__asm__ volatile("xrstor64 %1\n\tvmovdqu %%ymm15, %0"
				 : "=m"(seen)
				 : "m"(area), "a"(-1), "d"(-1)
				 : "xmm15");
	memset(vector, 0, sizeof(*vector));
	assert_int_equal(read_state(ZX_THREAD_STATE_VECTOR_REGS, sizeof(*vector)), ZX_OK);
	assert_int_equal(vector->zmm[3].v[1], 3ull << 32 | 0x101);
	assert_int_equal(vector->mxcsr, MXCSR_ROUND_UP);
	if (wide) {
		assert_int_equal(seen[3], 15ull << 32 | 0x103);
		assert_int_equal(vector->zmm[3].v[3], 3ull << 32 | 0x103);
	}
	vector->mxcsr = UINT32_MAX;
	assert_int_equal(write_state(ZX_THREAD_STATE_VECTOR_REGS, sizeof(*vector)),
			 ZX_ERR_INVALID_ARGS);
	thread__set_context(fx.self, NULL);
	vector->mxcsr = 0x1f80;
	__asm__ volatile("ldmxcsr %0" : : "m"(vector->mxcsr));
}

/* Parts that are as after reset are not in the area. */
static void unused_parts(void **state)
{
	zx_thread_state_vector_regs_t *vector;
	zx_thread_state_fp_regs_t *fp;

	(void)state;
	stop();
	vector = (void *)buffer;
	fp = (void *)buffer;
	memset(context.xstate, 0xee, 512);
	memset(context.xstate + 512, 0, 64);
	memset(context.xstate + 24, 0, 8);
	assert_int_equal(read_state(ZX_THREAD_STATE_FP_REGS, sizeof(*fp)), ZX_OK);
	assert_int_equal(fp->fcw, 0x37f);
	assert_int_equal(fp->st[0].low, 0);
	assert_int_equal(read_state(ZX_THREAD_STATE_VECTOR_REGS, sizeof(*vector)), ZX_OK);
	assert_int_equal(vector->zmm[0].v[0], 0);
	thread__set_context(fx.self, NULL);
}

static void debug_registers(void **state)
{
	zx_thread_state_debug_regs_t *debug;

	(void)state;
	stop();
	debug = (void *)buffer;
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr6, 0xffff0ff0);
	assert_int_equal(debug->dr7, 0x700);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS,
				    sizeof(zx_thread_state_debug_regs_2018_t)),
			 ZX_OK);
	assert_int_equal(debug->dr6, 0xffffffffffff1ff0);
	assert_int_equal(debug->dr7, 0xffffffff0000ff00);
	fixture__set_era(ZXERA_NEWEST);
	memset(debug, 0, sizeof(*debug));
	debug->dr[3] = 0x1000;
	debug->dr6 = UINT64_MAX;
	debug->dr7 = 0xf0000000;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	memset(debug, 0, sizeof(*debug));
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr[3], 0x1000);
	assert_int_equal(debug->dr6, 0xffff0ff0);
	assert_int_equal(debug->dr7, 0xf0000700);
	debug->dr[0] = UINT64_MAX;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)),
			 ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS,
				    sizeof(zx_thread_state_debug_regs_2018_t)),
			 ZX_OK);
	assert_int_equal(((uint64_t *)buffer)[7], 0xf0000700);
	thread__set_context(fx.self, NULL);
}

static void breakpoints(void **state)
{
	zx_thread_state_debug_regs_t *debug;

	(void)state;
	stop();
	debug = (void *)buffer;
	/* On execution, on writing two bytes, and on access to eight: all but the last enabled. */
	debug->dr[0] = 0x1001;
	debug->dr[1] = 0x2003;
	debug->dr[3] = 0x4007;
	debug->dr7 = 1 | 8 | 0x5ull << 20 | 0xbull << 28;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(host_test_breakpoints[0].addr, 0x1001);
	assert_int_equal(host_test_breakpoints[0].on, HOST_BREAK_EXECUTE);
	assert_int_equal(host_test_breakpoints[1].addr, 0x2002);
	assert_int_equal(host_test_breakpoints[1].size, 2);
	assert_int_equal(host_test_breakpoints[1].on, HOST_BREAK_WRITE);
	assert_int_equal(host_test_breakpoints[3].size, 0);
	debug->dr7 |= 0x40;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(host_test_breakpoints[3].addr, 0x4000);
	assert_int_equal(host_test_breakpoints[3].size, 8);
	assert_int_equal(host_test_breakpoints[3].on, HOST_BREAK_ACCESS);
	/* What the host refuses changes nothing; nor do ports. */
	host_test_fail = ZX_ERR_NOT_SUPPORTED;
	debug->dr[0] = 0x5000;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)),
			 ZX_ERR_NOT_SUPPORTED);
	host_test_fail = ZX_OK;
	debug->dr7 = 1 | 2ull << 16;
	assert_int_equal(write_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr[0], 0x1001);
	thread__note_breakpoint(fx.self, 3);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr6, 0xffff0ff8);
	thread__note_step(fx.self);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr6, 0xffff4ff0);
	thread__end_step(fx.self);
	assert_int_equal(read_state(ZX_THREAD_STATE_DEBUG_REGS, sizeof(*debug)), ZX_OK);
	assert_int_equal(debug->dr6, 0xffff0ff0);
	thread__set_context(fx.self, NULL);
}

static void order_of_errors(void **state)
{
	zx_handle_t weak;

	(void)state;
	stop();
	weak = fixture__handle(&fx.self->object, 0);
	object__get(&fx.self->object);
	thread__set_context(fx.self, NULL);
	assert_int_equal(sys_thread_read_state(fx.self, weak, 99, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_thread_write_state(fx.self, weak, 99, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(read_state(3, 4096), ZX_ERR_INVALID_ARGS);
	assert_int_equal(read_state(99, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(read_state(0, 159), ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(read_state(0, 160), ZX_ERR_BAD_STATE);
	assert_int_equal(write_state(0, 159), ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(sys_thread_write_state(fx.self, handle, 0, FIXTURE_BAD_ADDR, 160),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(write_state(0, 160), ZX_ERR_BAD_STATE);
	/* Newer systems take what is longer. */
	assert_int_equal(write_state(0, 161), ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(write_state(0, 145), ZX_ERR_INVALID_ARGS);
	assert_int_equal(write_state(0, 144), ZX_ERR_BAD_STATE);
	context.no_registers = true;
	thread__set_context(fx.self, &context);
	assert_int_equal(read_state(0, 144), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(write_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(read_state(ZX_THREAD_STATE_FP_REGS, 4096), ZX_OK);
	assert_int_equal(sys_thread_read_state(fx.self, handle, 1, FIXTURE_BAD_ADDR, 4096),
			 ZX_ERR_INVALID_ARGS);
	thread__set_context(fx.self, NULL);
}

static void topics_by_date(void **state)
{
	(void)state;
	stop();
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(read_state(ZX_THREAD_STATE_SINGLE_STEP_201807, 4), ZX_OK);
	assert_int_equal(read_state(ZX_THREAD_X86_REGISTER_FS_201807, 8), ZX_OK);
	assert_int_equal(read_state(ZX_THREAD_X86_REGISTER_GS_201807, 8), ZX_OK);
	assert_int_equal(read_state(7, 4096), ZX_ERR_INVALID_ARGS);
	assert_int_equal(read_state(UINT32_MAX, 4096), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(read_state(ZX_THREAD_STATE_SINGLE_STEP, 4), ZX_OK);
	assert_int_equal(read_state(ZX_THREAD_X86_REGISTER_FS, 8), ZX_ERR_INVALID_ARGS);
	thread__set_context(fx.self, NULL);
}

#define test_case(name) cmocka_unit_test_setup_teardown(name, fixture__setup, fixture__teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(general),
		test_case(impossible_values),
		test_case(any_instruction_pointer),
		test_case(bases_and_step),
		test_case(floating_point),
		test_case(vectors),
		test_case(unused_parts),
		test_case(debug_registers),
		test_case(breakpoints),
		test_case(order_of_errors),
		test_case(topics_by_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
