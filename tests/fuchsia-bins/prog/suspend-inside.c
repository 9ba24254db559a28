/*
 * Suspending a thread while it is in what a call does without the kernel: it stops all the same, and
 * its registers show the program, or the vDSO that the program knows.
 */
#include "check.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define ROUNDS 100
/* Above it lies nothing of a program's. */
#define USER_END 0x7fe000000000ull
#define FLAG_TRAP 0x100u

static struct rt_thread thread;
static volatile uint32_t stop_calling;
static volatile uint64_t calls;
static char small[32];
static char large[256];

static void read_clock(void *arg)
{
	(void)arg;
	for (; !stop_calling; calls++)
		zx_clock_get_monotonic();
}

static void read_ticks(void *arg)
{
	(void)arg;
	for (; !stop_calling; calls++)
		zx_ticks_get();
}

static void draw_small(void *arg)
{
	(void)arg;
	for (; !stop_calling; calls++)
		zx_cprng_draw(small, sizeof(small));
}

static void draw_large(void *arg)
{
	(void)arg;
	for (; !stop_calling; calls++)
		zx_cprng_draw(large, sizeof(large));
}

/* The call that has most ways in and out. */
static void call_kernel(void *arg)
{
	(void)arg;
	for (; !stop_calling; calls++)
		zx_handle_close(ZX_HANDLE_INVALID);
}

static void await_calls(void)
{
	uint64_t seen = calls;

	while (calls < seen + 3)
		;
}

static void suspended_in(const char *name, void (*body)(void *))
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t token;

	stop_calling = 0;
	CHECK_OK(rt_thread__start(&thread, name, body, NULL));
	for (int i = 0; i < ROUNDS; i++) {
		await_calls();
		token = rt_suspend(thread.handle);
		CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					      sizeof(regs)));
		CHECK(regs.rip < USER_END);
		CHECK(regs.rsp < USER_END);
		CHECK(!(regs.rflags & FLAG_TRAP));
		CHECK_OK(zx_handle_close(token));
	}
	stop_calling = 1;
	CHECK_OK(rt_thread__join(&thread));
}

static void clock(void)
{
	suspended_in("clock", read_clock);
}

static void ticks(void)
{
	suspended_in("ticks", read_ticks);
}

static void random_of_the_pool(void)
{
	suspended_in("small", draw_small);
}

static void random_of_linux(void)
{
	suspended_in("large", draw_large);
}

static void call_of_the_core(void)
{
	suspended_in("call", call_kernel);
}

int main(void)
{
	RUN(clock);
	RUN(ticks);
	RUN(random_of_the_pool);
	RUN(random_of_linux);
	RUN(call_of_the_core);
	return rt_check_result();
}
