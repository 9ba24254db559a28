/* Threads: creating, starting, ending, and what their objects say. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>

static struct rt_thread thread;
static volatile int ran;

static void set_ran(void *arg)
{
	ran = (int)(uintptr_t)arg;
}

static zx_info_thread_t info_of(zx_handle_t handle)
{
	zx_info_thread_t info = { 0 };

	CHECK_OK(zx_object_get_info(handle, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	return info;
}

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void life(void)
{
	char name[ZX_MAX_NAME_LEN] = { 0 };

	REQUIRE_OK(rt_thread__create(&thread, "worker", set_ran, (void *)5));
	CHECK_EQ(info_of(thread.handle).state, ZX_THREAD_STATE_NEW);
	CHECK_EQ(signals_of(thread.handle), ZX_SIGNAL_NONE);
	CHECK_OK(zx_object_get_property(thread.handle, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_STR(name, "worker");
	CHECK_OK(rt_thread__resume(&thread));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_EQ(ran, 5);
	CHECK_EQ(signals_of(thread.handle), ZX_THREAD_TERMINATED);
	CHECK_EQ(info_of(thread.handle).state, ZX_THREAD_STATE_DEAD);
	CHECK_STATUS(rt_thread__resume(&thread), ZX_ERR_BAD_STATE);
	zx_handle_close(thread.handle);
}

static void sleeper(void *arg)
{
	zx_object_wait_one((zx_handle_t)(uintptr_t)arg, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static void blocked(void)
{
	zx_handle_t event;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&thread, "sleeper", sleeper, (void *)(uintptr_t)event));
	CHECK_EQ(signals_of(thread.handle), ZX_THREAD_RUNNING);
	CHECK_STATUS(rt_thread__resume(&thread), ZX_ERR_BAD_STATE);
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_OK(rt_thread__join(&thread));
	zx_handle_close(event);
}

/* The bit that is always set, and that for interrupts. */
#define FLAGS_AT_START 0x202

/* What a thread's registers hold when it starts, stored by its first instructions. */
struct start_registers {
	uint64_t rdi, rsi, rsp, rax, rbx, rcx, rdx, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t flags;
};

void store_registers(void);
__asm__(".text\n"
	".type store_registers, @function\n"
	"store_registers:\n"
	"movq %rdi, 0(%rdi)\n"
	"movq %rsi, 8(%rdi)\n"
	"movq %rsp, 16(%rdi)\n"
	"movq %rax, 24(%rdi)\n"
	"movq %rbx, 32(%rdi)\n"
	"movq %rcx, 40(%rdi)\n"
	"movq %rdx, 48(%rdi)\n"
	"movq %rbp, 56(%rdi)\n"
	"movq %r8, 64(%rdi)\n"
	"movq %r9, 72(%rdi)\n"
	"movq %r10, 80(%rdi)\n"
	"movq %r11, 88(%rdi)\n"
	"movq %r12, 96(%rdi)\n"
	"movq %r13, 104(%rdi)\n"
	"movq %r14, 112(%rdi)\n"
	"movq %r15, 120(%rdi)\n"
	"pushfq\n"
	"popq 128(%rdi)\n"
	"andq $-16, %rsp\n"
	"call zx_thread_exit@PLT\n"
	"ud2\n"
	".size store_registers, . - store_registers\n");

static void registers(void)
{
	static struct start_registers regs;
	static const struct start_registers zero;
	uintptr_t sp = (uintptr_t)thread.stack + sizeof(thread.stack) - 24;

	REQUIRE_OK(zx_thread_create(rt_boot.process, "regs", 4, 0, &thread.handle));
	memset(&regs, 0xff, sizeof(regs));
	REQUIRE_OK(zx_thread_start(thread.handle, (uintptr_t)store_registers, sp, (uintptr_t)&regs,
				   0x1234567890));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(regs.rdi, (uintptr_t)&regs);
	CHECK_EQ(regs.rsi, 0x1234567890);
	/* Passed on as it is: alignment is up to the one who starts the thread. */
	CHECK_EQ(regs.rsp, sp);
	CHECK(!memcmp(&regs.rax, &zero.rax,
		      __builtin_offsetof(struct start_registers, flags) -
			      __builtin_offsetof(struct start_registers, rax)));
	/* Interrupts are on; carry to overflow are clear. */
	CHECK_EQ(regs.flags, FLAGS_AT_START);
}

void store_more_registers(void);
__asm__(".text\n"
	".type store_more_registers, @function\n"
	"store_more_registers:\n"
	"rdfsbase %rax\n"
	"movq %rax, 0(%rdi)\n"
	"movq %r15, 8(%rdi)\n"
	"andq $-16, %rsp\n"
	"call zx_thread_exit@PLT\n"
	"ud2\n"
	".size store_more_registers, . - store_more_registers\n");

static void more_registers(void)
{
	uintptr_t sp = (uintptr_t)thread.stack + sizeof(thread.stack) - 24;
	static volatile uint64_t seen[2];

	REQUIRE_OK(zx_thread_create(rt_boot.process, "regs", 4, 0, &thread.handle));
	CHECK_STATUS(zx_thread_start_regs(thread.handle, (uintptr_t)store_more_registers, sp, 0, 0,
					  1ull << 47, 0),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_thread_start_regs(thread.handle, 1ull << 47, sp, 0, 0, 0, 0),
		     ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_thread_start_regs(thread.handle, (uintptr_t)store_more_registers, sp,
					(uintptr_t)seen, 0, (uintptr_t)&seen[1], 15));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(seen[0], (uintptr_t)&seen[1]);
	CHECK_EQ(seen[1], 15);
}

/* The thread pointer: each thread sets its own, and keeps it over system calls. */
static void set_thread_pointer(void *arg)
{
	uintptr_t area[2] = { 0x5555, (uintptr_t)arg };
	uintptr_t base = (uintptr_t)area;
	uintptr_t seen;
	int i;

	CHECK_OK(zx_object_set_property(thread.handle, ZX_PROP_REGISTER_FS, &base, sizeof(base)));
	for (i = 0; i < 100; i++) {
		__asm__ volatile("movq %%fs:8, %0" : "=r"(seen));
		CHECK_EQ(seen, arg);
		zx_nanosleep(0);
	}
	CHECK_OK(zx_object_get_property(thread.handle, ZX_PROP_REGISTER_FS, &seen, sizeof(seen)));
	CHECK_EQ(seen, base);
	CHECK_OK(zx_object_get_property(thread.handle, ZX_PROP_REGISTER_GS, &seen, sizeof(seen)));
	CHECK_EQ(seen, 0);
	base = (uintptr_t)&area[1];
	CHECK_OK(zx_object_set_property(thread.handle, ZX_PROP_REGISTER_GS, &base, sizeof(base)));
	__asm__ volatile("movq %%gs:0, %0" : "=r"(seen));
	CHECK_EQ(seen, arg);
	CHECK_OK(zx_object_get_property(thread.handle, ZX_PROP_REGISTER_GS, &seen, sizeof(seen)));
	CHECK_EQ(seen, base);
}

static void thread_pointer(void)
{
	uintptr_t base = 0;

	REQUIRE_OK(rt_thread__start(&thread, "pointer", set_thread_pointer, (void *)0x777));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	/* Nobody sets another thread's. */
	CHECK_STATUS(zx_object_set_property(rt_boot.process, ZX_PROP_REGISTER_FS, &base,
					    sizeof(base)),
		     ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_object_set_property(thread.handle, ZX_PROP_REGISTER_FS, &base,
					    sizeof(base)),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_object_get_property(thread.handle, ZX_PROP_REGISTER_FS, &base,
					    sizeof(base)),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(thread.handle);
}

static zx_info_task_runtime_t runtime_of(zx_handle_t task)
{
	zx_info_task_runtime_t runtime = { 0 };

	CHECK_OK(zx_object_get_info(task, ZX_INFO_TASK_RUNTIME, &runtime, sizeof(runtime), NULL,
				    NULL));
	return runtime;
}

static void spin(void *arg)
{
	zx_time_t end = zx_clock_get_monotonic() + ZX_MSEC(20);

	(void)arg;
	while (zx_clock_get_monotonic() < end)
		;
}

/* What a thread has used is told also when it has ended, and it stays with its process. */
static void runtimes(void)
{
	static struct rt_thread thread;
	zx_info_thread_stats_t stats;
	zx_info_task_runtime_t before;

	REQUIRE_OK(rt_thread__create(&thread, "spins", spin, NULL));
	before = runtime_of(thread.handle);
	CHECK_EQ(before.cpu_time, 0);
	CHECK_EQ(before.queue_time, 0);
	REQUIRE_OK(rt_thread__resume(&thread));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK(runtime_of(thread.handle).cpu_time > 0);
	CHECK(runtime_of(rt_boot.process).cpu_time >= runtime_of(thread.handle).cpu_time);
	CHECK(runtime_of(rt_boot.process).queue_time >= runtime_of(thread.handle).queue_time);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(zx_object_get_info(rt_boot.thread, ZX_INFO_THREAD_STATS, &stats, sizeof(stats),
				    NULL, NULL));
	CHECK(stats.total_runtime > 0);
	CHECK(stats.last_scheduled_cpu < ZX_CPU_SET_MAX_CPUS);
}

static void bad_arguments(void)
{
	zx_handle_t handle;

	CHECK_STATUS(zx_thread_create(rt_boot.process, "x", 1, 1, &handle), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_thread_create(rt_boot.job, "x", 1, 0, &handle), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_thread_start(rt_boot.process, 0x1000, 0, 0, 0), ZX_ERR_WRONG_TYPE);
}

static void names_are_cut(void)
{
	static const char name[] = "a-name-of-forty-characters-which-is-more";
	char seen[ZX_MAX_NAME_LEN] = { 0 };
	zx_handle_t handle;

	REQUIRE_OK(zx_thread_create(rt_boot.process, name, sizeof(name) - 1, 0, &handle));
	CHECK_OK(zx_object_get_property(handle, ZX_PROP_NAME, seen, sizeof(seen)));
	CHECK_EQ(strlen(seen), ZX_MAX_NAME_LEN - 1);
	CHECK(!strncmp(seen, name, ZX_MAX_NAME_LEN - 1));
	CHECK_OK(zx_object_set_property(handle, ZX_PROP_NAME, "other", 5));
	CHECK_OK(zx_object_get_property(handle, ZX_PROP_NAME, seen, sizeof(seen)));
	CHECK_STR(seen, "other");
	CHECK_STATUS(zx_object_get_property(handle, ZX_PROP_NAME, seen, 8),
		     ZX_ERR_BUFFER_TOO_SMALL);
	zx_handle_close(handle);
}

/* Many, one after the other: nothing of them may be left. */
static void many(void)
{
	int i;

	for (i = 1; i <= 200; i++) {
		REQUIRE_OK(rt_thread__start(&thread, "one", set_ran, (void *)(uintptr_t)i));
		REQUIRE_OK(rt_thread__join(&thread));
		CHECK_EQ(ran, i);
	}
}

#define SELECTORS 4

static void read_selectors(uint16_t out[SELECTORS])
{
	__asm__ volatile("mov %%ds, %0\n\t"
			 "mov %%es, %1\n\t"
			 "mov %%fs, %2\n\t"
			 "mov %%gs, %3"
			 : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3]));
}

/* Zircon makes selectors zero when it runs another thread. What they were not for stays. */
static void selectors(void)
{
	uint16_t seen[SELECTORS];
	uint64_t before, after;

	__asm__ volatile("rdfsbase %0\n\t"
			 "mov %1, %%ds\n\t"
			 "mov %1, %%es\n\t"
			 "mov %1, %%fs\n\t"
			 "mov %1, %%gs\n\t"
			 "wrfsbase %0"
			 : "=&r"(before)
			 : "r"(3));
	zx_nanosleep(zx_deadline_after(20000000));
	read_selectors(seen);
	__asm__ volatile("rdfsbase %0" : "=r"(after));
	for (size_t i = 0; i < SELECTORS; i++)
		CHECK_EQ(seen[i], 0);
	CHECK_EQ(after, before);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(life);
	RUN(blocked);
	RUN(registers);
	RUN(more_registers);
	RUN(thread_pointer);
	RUN(runtimes);
	RUN(selectors);
	RUN(bad_arguments);
	RUN(names_are_cut);
	RUN(many);
	return rt_check_result();
}
