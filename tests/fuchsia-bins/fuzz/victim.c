/*
 * Threads and processes that are there to have things done to them: they count, call, crash and
 * end, until somebody ends them. Whoever crashes meets the handler, a thread that takes the
 * exceptions of the job and answers them in some way.
 */
#include <zircon/syscalls/exception.h>

#include "fuzz.h"

#define STACKS 16
#define STACK_SIZE 8192u

/* Taken in turn: victims that share one trample on each other. */
static uint8_t stacks[STACKS][STACK_SIZE] __attribute__((aligned(16)));
static uint32_t next_stack;
static uint8_t code[] __attribute__((aligned(4096))) = { 0x90, 0xc3 };

static void crash(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 10) {
	case 0:
		__asm__ volatile("ud2");
		break;
	case 1:
		__asm__ volatile("int3");
		break;
	case 2:
		__asm__ volatile("hlt");
		break;
	case 3:
		__asm__ volatile("xor %%ecx, %%ecx\n\tdiv %%ecx" ::: "rax", "rcx", "rdx", "cc");
		break;
	case 4:
		*(volatile uint32_t *)(uintptr_t)fuzz__next(fuzz) = 1;
		break;
	case 5:
		((void (*)(void))(uintptr_t)(fuzz__next(fuzz) & 1 ? (uintptr_t)code : fuzz__next(fuzz)))();
		break;
	case 6: /* a step, into whatever follows */
		__asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tnop" ::: "cc", "memory");
		break;
	case 7: /* of Linux: no call of Zircon */
		__asm__ volatile("syscall" : : "a"(fuzz__next(fuzz) % 512) : "rcx", "r11", "memory");
		break;
	case 8: /* bases of segments that are nobody's */
		__asm__ volatile("wrgsbase %0" : : "r"(fuzz__next(fuzz) >> 17));
		break;
	default:
		__asm__ volatile("mov %0, %%rsp\n\tpush %%rax\n\tud2" : : "r"(fuzz__next(fuzz)));
	}
}

static void one_step(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 8) {
	case 0:
		zx_nanosleep(zx_deadline_after((zx_duration_t)(fuzz__next(fuzz) % ZX_USEC(300))));
		break;
	case 1:
		if (fuzz__one_in(fuzz, 8))
			crash(fuzz);
		break;
	case 2:
		if (fuzz__one_in(fuzz, 64))
			zx_thread_exit();
		break;
	case 3:
		zx_object_wait_one(pool__find(fuzz, ZX_OBJ_TYPE_NONE), (zx_signals_t)fuzz__next(fuzz),
				   zx_deadline_after(ZX_USEC(100)), NULL);
		break;
	case 4:
		scene__play_with_tasks(fuzz);
		break;
	case 5:
		zx_futex_wake((zx_futex_t *)&next_stack, 1);
		break;
	default:
		for (volatile uint64_t spin = fuzz__next(fuzz) % 2048; spin; spin--)
			;
	}
}

static _Noreturn void run(uint64_t seed, uint64_t row)
{
	struct fuzz fuzz = *fuzzer__stream(row);

	fuzz.seed = seed | 1;
	for (;;)
		one_step(&fuzz);
}

static void run_process(zx_handle_t channel, uintptr_t arg)
{
	(void)arg;
	run(channel * 0x9e3779b97f4a7c15, FUZZ_THREADS);
}

static void start_process(struct fuzz *fuzz)
{
	struct clone clone;

	if (clone__start(&clone, rt_boot.job, "victim", run_process) != ZX_OK)
		return;
	pool__adopt(fuzz, clone.process);
	pool__adopt(fuzz, clone.vmar);
	pool__adopt(fuzz, clone.channel);
}

void victim__start(struct fuzz *fuzz)
{
	uint32_t at = __atomic_fetch_add(&next_stack, 1, __ATOMIC_RELAXED) % STACKS;
	zx_handle_t process = pool__find(fuzz, ZX_OBJ_TYPE_PROCESS);
	zx_handle_t thread = ZX_HANDLE_INVALID;

	if (fuzz__one_in(fuzz, 12)) {
		start_process(fuzz);
		return;
	}
	/* What has no program yet is no place for them. */
	if (fuzz__next(fuzz) & 1)
		process = rt_boot.process;
	if (call__exact(fuzz, ZXCALL_thread_create, process, (uintptr_t) "victim", 6, 0,
			(uintptr_t)&thread) != ZX_OK)
		return;
	call__exact(fuzz, ZXCALL_thread_start, thread, (uintptr_t)run,
		    (uintptr_t)stacks[at] + STACK_SIZE - 8, fuzz__next(fuzz), FUZZ_THREADS);
	pool__adopt(fuzz, thread);
}

uint64_t victim__address(struct fuzz *fuzz)
{
	return fuzz__next(fuzz) & 1 ? (uintptr_t)code :
				      (uintptr_t)stacks + fuzz__next(fuzz) % sizeof(stacks);
}

/* Mostly such that the thread is gone: what nobody handles is reported at length. */
static uint32_t some_answer(struct fuzz *fuzz)
{
	if (fuzz__one_in(fuzz, 400))
		return (uint32_t)fuzz__next(fuzz) % 4;
	return fuzz__one_in(fuzz, 3) ? ZX_EXCEPTION_STATE_HANDLED : ZX_EXCEPTION_STATE_THREAD_EXIT;
}

static void handle(struct fuzz *fuzz, zx_handle_t exception)
{
	uint32_t answer = some_answer(fuzz);
	zx_handle_t thread = ZX_HANDLE_INVALID;
	zx_handle_t process = ZX_HANDLE_INVALID;

	call__exact(fuzz, ZXCALL_exception_get_thread, exception, (uintptr_t)&thread);
	if (leak__met(thread))
		answer = ZX_EXCEPTION_STATE_HANDLED;
	if (fuzz__next(fuzz) & 1)
		scene__touch_state(fuzz, thread);
	if (fuzz__one_in(fuzz, 4) && !zx_exception_get_process(exception, &process))
		pool__adopt(fuzz, process);
	call__exact(fuzz, ZXCALL_object_set_property, exception, ZX_PROP_EXCEPTION_STATE,
		    (uintptr_t)&answer, sizeof(answer));
	/* Some stay for a while, for others to deal with. */
	if (fuzz__next(fuzz) & 3)
		zx_handle_close(exception);
	else
		pool__adopt(fuzz, exception);
	if (fuzz__next(fuzz) & 1)
		pool__adopt(fuzz, thread);
	else
		zx_handle_close(thread);
}

void victim__handle_all(struct fuzz *fuzz)
{
	zx_handle_t channel = ZX_HANDLE_INVALID;
	zx_exception_info_t info;
	zx_handle_t exception;
	uint32_t size;
	uint32_t count;

	if (call__exact(fuzz, ZXCALL_task_create_exception_channel, rt_boot.job, 0,
			(uintptr_t)&channel) != ZX_OK)
		return;
	while (zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL) == ZX_OK)
		if (zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, &size, &count) ==
			    ZX_OK &&
		    count == 1)
			handle(fuzz, exception);
}
