/*
 * Threads compute and make calls while others suspend them, write back what they read, and have
 * them step: no result changes by it, and nothing of what stands behind the calls is ever seen.
 */
#include "check.h"
#include "exception.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define SECOND 1000000000ll
#define WORKERS 3
#define BYTES 200
#define STEPS 200
/* The end of what a program can have mapped. */
#define ADDRESSES 0x7fe000000000ull

static struct rt_thread workers[WORKERS];
static struct rt_thread handler, writer, stepper;
static zx_handle_t channels[WORKERS];
static volatile bool over;
static volatile uint64_t rounds, wrong, stops, steps;
static volatile uint32_t steps_left[WORKERS];

static uint64_t mix(uint64_t hash, const uint8_t *bytes)
{
	for (size_t i = 0; i < BYTES; i++)
		hash = hash * 6364136223846793005ull + bytes[i];
	return hash;
}

/* Through a channel, with other calls of all kinds; a number that depends on @seed only. */
static uint64_t compute(uint64_t seed)
{
	uint8_t bytes[BYTES], copy[BYTES];
	uint64_t hash = seed;
	zx_time_t before = zx_clock_get_monotonic();
	zx_handle_t a, b;

	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(seed * 31 + i);
	memcpy(copy, bytes, BYTES);
	zx_cprng_draw(copy, BYTES / 2);
	hash += zx_clock_get_monotonic() < before;
	hash += zx_channel_create(0, &a, &b) != ZX_OK;
	hash += zx_channel_write(a, 0, bytes, BYTES, NULL, 0) != ZX_OK;
	hash += zx_channel_read(b, 0, copy, NULL, BYTES, 0, NULL, NULL) != ZX_OK;
	hash += zx_object_wait_one(b, ZX_CHANNEL_READABLE, zx_deadline_after(50000), NULL) !=
		ZX_ERR_TIMED_OUT;
	hash += zx_nanosleep(0) != ZX_OK;
	zx_handle_close(a);
	zx_handle_close(b);
	return mix(hash, copy);
}

static void work(void *arg)
{
	uint64_t seed = (uint64_t)(uintptr_t)arg;
	uint8_t bytes[BYTES];

	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(seed * 31 + i);
	while (!over) {
		wrong += compute(seed) != mix(seed, bytes);
		rounds++;
	}
}

/* rax and r11 are the vDSO's own. */
static void check_registers(const zx_thread_state_general_regs_t *regs)
{
	const uint64_t seen[] = {
		regs->rip, regs->rsp, regs->rbx, regs->rcx, regs->rdx, regs->rsi, regs->rdi,
		regs->rbp, regs->r8,  regs->r9,	 regs->r10, regs->r12, regs->r13, regs->r14,
		regs->r15,
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(seen); i++)
		CHECK(seen[i] < ADDRESSES || seen[i] >= 1ull << 47);
}

static void write_back(zx_handle_t handle, uint32_t kind, void *buffer, size_t size)
{
	CHECK_OK(zx_thread_read_state(handle, kind, buffer, size));
	CHECK_OK(zx_thread_write_state(handle, kind, buffer, size));
}

static void write_all_back(uint32_t worker)
{
	zx_handle_t handle = workers[worker].handle;
	zx_thread_state_general_regs_t regs;
	zx_thread_state_vector_regs_t vector;
	zx_thread_state_fp_regs_t fp;

	write_back(handle, ZX_THREAD_STATE_VECTOR_REGS, &vector, sizeof(vector));
	write_back(handle, ZX_THREAD_STATE_FP_REGS, &fp, sizeof(fp));
	write_back(handle, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs));
	check_registers(&regs);
}

static void set_step(zx_handle_t handle, uint32_t on)
{
	CHECK_OK(zx_thread_write_state(handle, ZX_THREAD_STATE_SINGLE_STEP, &on, sizeof(on)));
}

static void begin_steps(uint32_t worker)
{
	steps_left[worker] = STEPS;
	set_step(workers[worker].handle, 1);
}

/* Suspends one after the other; in an exception they are not suspended before its end. */
static void meddle(void (*how)(uint32_t worker))
{
	for (uint32_t i = 0; !over; i = (i + 1) % WORKERS) {
		zx_signals_t seen = 0;
		zx_handle_t token;

		if (zx_task_suspend(workers[i].handle, &token) != ZX_OK)
			continue;
		zx_object_wait_one(workers[i].handle, ZX_THREAD_SUSPENDED,
				   zx_deadline_after(SECOND / 100), &seen);
		if (seen & ZX_THREAD_SUSPENDED) {
			how(i);
			stops++;
		}
		zx_handle_close(token);
		zx_nanosleep(zx_deadline_after(i * 100000));
	}
}

static void write_back_always(void *arg)
{
	(void)arg;
	meddle(write_all_back);
}

static void step_always(void *arg)
{
	(void)arg;
	meddle(begin_steps);
}

static void handle_step(uint32_t worker)
{
	zx_handle_t handle = workers[worker].handle;
	zx_handle_t exception;
	zx_exception_info_t info;
	zx_thread_state_general_regs_t regs;

	CHECK_OK(zx_channel_read(channels[worker], 0, &info, &exception, sizeof(info), 1,
				 NULL, NULL));
	CHECK_EQ(info.type, ZX_EXCP_HW_BREAKPOINT);
	CHECK_OK(zx_thread_read_state(handle, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)));
	check_registers(&regs);
	if (over || !steps_left[worker])
		set_step(handle, 0);
	else
		steps_left[worker]--;
	steps++;
	rt_exception__resume(exception);
}

/* Until the threads have ended: then their channels are closed. */
static void handle_steps(void *arg)
{
	uint32_t open = WORKERS;

	(void)arg;
	while (open) {
		zx_wait_item_t items[WORKERS] = { { 0 } };

		for (uint32_t i = 0; i < WORKERS; i++)
			items[i] = (zx_wait_item_t){ channels[i], ZX_CHANNEL_READABLE |
								  ZX_CHANNEL_PEER_CLOSED, 0 };
		CHECK_OK(zx_object_wait_many(items, WORKERS, zx_deadline_after(60 * SECOND)));
		open = 0;
		for (uint32_t i = 0; i < WORKERS; i++) {
			if (items[i].pending & ZX_CHANNEL_READABLE)
				handle_step(i);
			open += !(items[i].pending & ZX_CHANNEL_PEER_CLOSED);
		}
	}
}

static void races(void)
{
	for (uint32_t i = 0; i < WORKERS; i++) {
		REQUIRE_OK(rt_thread__create(&workers[i], "worker", work, (void *)(uintptr_t)i));
		channels[i] = rt_exception__channel(workers[i].handle, 0);
		REQUIRE_OK(rt_thread__resume(&workers[i]));
	}
	REQUIRE_OK(rt_thread__start(&handler, "handler", handle_steps, NULL));
	REQUIRE_OK(rt_thread__start(&writer, "writer", write_back_always, NULL));
	REQUIRE_OK(rt_thread__start(&stepper, "stepper", step_always, NULL));
	while (rounds < 10 || stops < 1000 || steps < 2000)
		zx_nanosleep(zx_deadline_after(SECOND / 20));
	over = true;
	CHECK_OK(rt_thread__join(&writer));
	CHECK_OK(rt_thread__join(&stepper));
	for (uint32_t i = 0; i < WORKERS; i++)
		CHECK_OK(rt_thread__join(&workers[i]));
	CHECK_OK(rt_thread__join(&handler));
	for (uint32_t i = 0; i < WORKERS; i++)
		zx_handle_close(channels[i]);
	CHECK_EQ(wrong, 0);
}

int main(void)
{
	RUN(races);
	return rt_check_result();
}
