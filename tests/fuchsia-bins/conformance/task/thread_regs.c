/* Starting a thread with more of its registers. */
#include "tasks.h"

static zx_handle_t thread;

static zx_handle_t new_thread(void)
{
	EXPECT_OK(zx_thread_create(rt_boot.process, "test", 4, 0, &thread));
	return own(thread);
}

/* What the thread finds, and the word that its thread pointer shows. */
static uint64_t seen[4];
static uint64_t thread_word = 0x7457;
static uint8_t stack[RT_STACK_SIZE] __attribute__((aligned(16)));

static __attribute__((used)) _Noreturn void see(uint64_t first, uint64_t second, uint64_t abi,
						uint64_t word)
{
	seen[0] = first;
	seen[1] = second;
	seen[2] = abi;
	seen[3] = word;
	zx_thread_exit();
}

static __attribute__((naked)) void see_registers(void)
{
	__asm__("mov %%r15, %%rdx\n\t"
		"mov %%fs:0, %%rcx\n\t"
		"jmp %P0"
		:
		: "i"(see));
}

static zx_status_t start_at(zx_handle_t handle, uint64_t pc, uint64_t tp)
{
	return zx_thread_start_regs(handle, pc, (zx_vaddr_t)stack + sizeof(stack) - 8, 12, 34, tp,
				    56);
}

static zx_status_t start(zx_handle_t handle)
{
	return start_at(handle, (zx_vaddr_t)see_registers, (zx_vaddr_t)&thread_word);
}

static zx_status_t start_again(void)
{
	EXPECT_OK(start(new_thread()));
	until_signal(thread, ZX_THREAD_TERMINATED);
	return start(thread);
}

static zx_handle_t thread_of_idle_process(void)
{
	EXPECT_OK(zx_thread_create(idle_process(rt_boot.job), "test", 4, 0, &thread));
	return own(thread);
}

#define NOT_CANONICAL UINT64_C(0x8000000000000000)

CHECK_HANDLE(thread_start_regs, handle, MANAGE_THREAD, new_thread(), start(h))
REFUSES(thread_start_regs, ZX_ERR_BAD_STATE, again, start_again())
REFUSES(thread_start_regs, ZX_ERR_BAD_STATE, process_not_started, start(thread_of_idle_process()))
REFUSES(thread_start_regs, ZX_ERR_BAD_STATE, the_caller, start(rt_boot.thread))
REFUSES(thread_start_regs, ZX_ERR_INVALID_ARGS, pc_in_the_kernel,
	start_at(new_thread(), UINT64_C(0xffffffff80001000), (zx_vaddr_t)&thread_word))
REFUSES(thread_start_regs, ZX_ERR_INVALID_ARGS, tp_not_canonical,
	start_at(new_thread(), (zx_vaddr_t)see_registers, NOT_CANONICAL))
REFUSES(thread_start_regs, ZX_ERR_INVALID_ARGS, tp_before_state,
	start_at(rt_boot.thread, (zx_vaddr_t)see_registers, NOT_CANONICAL))

CHECK(thread_start_regs, registers)
{
	EXPECT_OK(start(new_thread()));
	until_signal(thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(seen[0], 12);
	EXPECT_EQ(seen[1], 34);
	EXPECT_EQ(seen[2], 56);
	EXPECT_EQ(seen[3], 0x7457);
}
