#include "state.h"

#include <stddef.h>

#include "string.h"

struct state state_in;
struct state state_out;
volatile uint32_t state_stop;
volatile uint32_t state_place;
volatile uint32_t state_waits;
uint64_t state_fs_word;
uint64_t state_gs_word;
uint64_t state_fs_seen;
uint64_t state_gs_seen;

static zx_handle_t self;
static uint8_t stack[RT_STACK_SIZE] __attribute__((aligned(16)));

_Static_assert(offsetof(struct state, xmm) == 128, "used by state_run()");
_Static_assert(offsetof(struct state, st0) == 128 + 256, "used by state_run()");
_Static_assert(offsetof(struct state, flags) == 128 + 256 + 16, "used by state_run()");

/* Takes all registers from state_in, waits for state_stop, and leaves them in state_out. */
void state_run(void);
__asm__(
	"\t.text\n"
	"\t.globl state_run, state_loop, state_loop_end, state_second\n"
	"\t.hidden state_run, state_loop, state_loop_end, state_second\n"
	"state_run:\n"
	"\tpush %rbx\n"
	"\tpush %rbp\n"
	"\tpush %r12\n"
	"\tpush %r13\n"
	"\tpush %r14\n"
	"\tpush %r15\n"
	"\tfninit\n"
	"\tfld1\n"
	"\tmovups state_in+128(%rip), %xmm0\n"
	"\tmovups state_in+144(%rip), %xmm1\n"
	"\tmovups state_in+160(%rip), %xmm2\n"
	"\tmovups state_in+176(%rip), %xmm3\n"
	"\tmovups state_in+192(%rip), %xmm4\n"
	"\tmovups state_in+208(%rip), %xmm5\n"
	"\tmovups state_in+224(%rip), %xmm6\n"
	"\tmovups state_in+240(%rip), %xmm7\n"
	"\tmovups state_in+256(%rip), %xmm8\n"
	"\tmovups state_in+272(%rip), %xmm9\n"
	"\tmovups state_in+288(%rip), %xmm10\n"
	"\tmovups state_in+304(%rip), %xmm11\n"
	"\tmovups state_in+320(%rip), %xmm12\n"
	"\tmovups state_in+336(%rip), %xmm13\n"
	"\tmovups state_in+352(%rip), %xmm14\n"
	"\tmovups state_in+368(%rip), %xmm15\n"
	"\tmov state_in+0(%rip), %rax\n"
	"\tmov state_in+8(%rip), %rbx\n"
	"\tmov state_in+16(%rip), %rcx\n"
	"\tmov state_in+24(%rip), %rdx\n"
	"\tmov state_in+32(%rip), %rsi\n"
	"\tmov state_in+40(%rip), %rdi\n"
	"\tmov state_in+48(%rip), %rbp\n"
	"\tmov state_in+64(%rip), %r8\n"
	"\tmov state_in+72(%rip), %r9\n"
	"\tmov state_in+80(%rip), %r10\n"
	"\tmov state_in+88(%rip), %r11\n"
	"\tmov state_in+96(%rip), %r12\n"
	"\tmov state_in+104(%rip), %r13\n"
	"\tmov state_in+112(%rip), %r14\n"
	"\tmov state_in+120(%rip), %r15\n"
	"state_loop:\n"
	"\tmovl $1, state_waits(%rip)\n"
	"\tcmpl $0, state_stop(%rip)\n"
	"\tje state_loop\n"
	"state_loop_end:\n"
	"\tjmp state_finish\n"
	"state_second:\n"
	"\tmovl $2, state_place(%rip)\n"
	"state_finish:\n"
	"\tmov %rax, state_out+0(%rip)\n"
	"\tmov %rbx, state_out+8(%rip)\n"
	"\tmov %rcx, state_out+16(%rip)\n"
	"\tmov %rdx, state_out+24(%rip)\n"
	"\tmov %rsi, state_out+32(%rip)\n"
	"\tmov %rdi, state_out+40(%rip)\n"
	"\tmov %rbp, state_out+48(%rip)\n"
	"\tmov %r8, state_out+64(%rip)\n"
	"\tmov %r9, state_out+72(%rip)\n"
	"\tmov %r10, state_out+80(%rip)\n"
	"\tmov %r11, state_out+88(%rip)\n"
	"\tmov %r12, state_out+96(%rip)\n"
	"\tmov %r13, state_out+104(%rip)\n"
	"\tmov %r14, state_out+112(%rip)\n"
	"\tmov %r15, state_out+120(%rip)\n"
	"\tpushf\n"
	"\tpop state_out+400(%rip)\n"
	"\tcld\n"
	"\tmovups %xmm0, state_out+128(%rip)\n"
	"\tmovups %xmm1, state_out+144(%rip)\n"
	"\tmovups %xmm2, state_out+160(%rip)\n"
	"\tmovups %xmm3, state_out+176(%rip)\n"
	"\tmovups %xmm4, state_out+192(%rip)\n"
	"\tmovups %xmm5, state_out+208(%rip)\n"
	"\tmovups %xmm6, state_out+224(%rip)\n"
	"\tmovups %xmm7, state_out+240(%rip)\n"
	"\tmovups %xmm8, state_out+256(%rip)\n"
	"\tmovups %xmm9, state_out+272(%rip)\n"
	"\tmovups %xmm10, state_out+288(%rip)\n"
	"\tmovups %xmm11, state_out+304(%rip)\n"
	"\tmovups %xmm12, state_out+320(%rip)\n"
	"\tmovups %xmm13, state_out+336(%rip)\n"
	"\tmovups %xmm14, state_out+352(%rip)\n"
	"\tmovups %xmm15, state_out+368(%rip)\n"
	"\tfstpt state_out+384(%rip)\n"
	"\tpop %r15\n"
	"\tpop %r14\n"
	"\tpop %r13\n"
	"\tpop %r12\n"
	"\tpop %rbp\n"
	"\tpop %rbx\n"
	"\tret\n");

static void set_base(uint32_t property, uint64_t *word)
{
	uintptr_t base = (uintptr_t)word;

	EXPECT_OK(zx_object_set_property(self, property, &base, sizeof(base)));
}

static _Noreturn void enter(uintptr_t first, uintptr_t second)
{
	(void)first;
	(void)second;
	set_base(ZX_PROP_REGISTER_FS, &state_fs_word);
	set_base(ZX_PROP_REGISTER_GS, &state_gs_word);
	state_run();
	__asm__ volatile("mov %%fs:0, %0" : "=r"(state_fs_seen));
	__asm__ volatile("mov %%gs:0, %0" : "=r"(state_gs_seen));
	zx_thread_exit();
}

zx_handle_t start_state_thread(void)
{
	state_stop = state_place = state_waits = 0;
	memset(&state_out, 0, sizeof(state_out));
	state_fs_word = 0xf5;
	state_gs_word = 0x65;
	for (size_t i = 0; i < GENERAL_COUNT; i++)
		state_in.general[i] = REGISTER_VALUE(i);
	for (size_t i = 0; i < 16; i++)
		for (size_t half = 0; half < 2; half++)
			state_in.xmm[i][half] = XMM_VALUE(i, half);
	EXPECT_OK(zx_thread_create(rt_boot.process, "state", 5, 0, &self));
	own(self);
	EXPECT_OK(zx_thread_start(self, (zx_vaddr_t)enter, (zx_vaddr_t)stack + sizeof(stack) - 8, 0,
				  0));
	while (!state_waits)
		EXPECT_OK(zx_nanosleep(zx_deadline_after(MILLISECOND)));
	return self;
}

void end_state_thread(zx_handle_t thread)
{
	state_stop = 1;
	until_signal(thread, ZX_THREAD_TERMINATED);
}

size_t general_size(void)
{
	return era() < ERA_2020_07 ? sizeof(zx_thread_state_general_regs_2018_t) :
				     sizeof(zx_thread_state_general_regs_t);
}

zx_thread_state_general_regs_t read_general(zx_handle_t thread)
{
	zx_thread_state_general_regs_t regs = { 0 };

	EXPECT_OK(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       general_size()));
	return regs;
}

zx_status_t write_general(zx_handle_t thread, const zx_thread_state_general_regs_t *regs)
{
	return zx_thread_write_state(thread, ZX_THREAD_STATE_GENERAL_REGS, regs, general_size());
}

uint32_t single_step_topic(void)
{
	return era() == ERA_2018_07 ? ZX_THREAD_STATE_SINGLE_STEP_201807 :
				      ZX_THREAD_STATE_SINGLE_STEP;
}
