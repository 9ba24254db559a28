#include "tasks.h"

#include <stdatomic.h>

#include "memory.h"

#define SPINNER_LIMIT ((zx_duration_t)10 * 1000 * MILLISECOND)
#define THREAD_STACK_PAGES 4

static atomic_uint_fast64_t spinner_turns;
static atomic_bool spinner_ends;
static zx_handle_t spinner;
static uint8_t spinner_stack[RT_STACK_SIZE] __attribute__((aligned(16)));

zx_handle_t suspend(zx_handle_t task)
{
	zx_handle_t token;

	EXPECT_OK(zx_task_suspend_token(task, &token));
	return own(token);
}

zx_handle_t suspend_and_wait(zx_handle_t thread)
{
	zx_handle_t token = suspend(thread);

	until_signal(thread, ZX_THREAD_SUSPENDED);
	return token;
}

void until_signal(zx_handle_t handle, zx_signals_t signal)
{
	EXPECT_OK(zx_object_wait_one(handle, signal, LATE, NULL));
}

static _Noreturn void spin(uintptr_t first, uintptr_t second)
{
	zx_time_t limit = zx_clock_get_monotonic() + SPINNER_LIMIT;

	(void)first;
	(void)second;
	while (!atomic_load(&spinner_ends) && zx_clock_get_monotonic() < limit)
		atomic_fetch_add(&spinner_turns, 1);
	zx_thread_exit();
}

zx_handle_t make_spinner(void)
{
	EXPECT_OK(zx_thread_create(rt_boot.process, "spinner", 7, 0, &spinner));
	atomic_store(&spinner_ends, false);
	atomic_store(&spinner_turns, 0);
	return own(spinner);
}

void run_spinner(void)
{
	EXPECT_OK(zx_thread_start(spinner, (zx_vaddr_t)spin,
				  (zx_vaddr_t)spinner_stack + sizeof(spinner_stack) - 8, 0, 0));
}

zx_handle_t start_spinner(void)
{
	make_spinner();
	run_spinner();
	EXPECT(spinner_runs());
	return spinner;
}

void end_spinner(void)
{
	atomic_store(&spinner_ends, true);
	until_signal(spinner, ZX_THREAD_TERMINATED);
}

bool spinner_runs(void)
{
	zx_time_t limit = LATE;
	uint64_t before = atomic_load(&spinner_turns);

	while (atomic_load(&spinner_turns) == before && zx_clock_get_monotonic() < limit)
		zx_nanosleep(zx_deadline_after(MILLISECOND));
	return atomic_load(&spinner_turns) != before;
}

bool spinner_stands(void)
{
	uint64_t before = atomic_load(&spinner_turns);

	EXPECT_OK(zx_nanosleep(SOON));
	return atomic_load(&spinner_turns) == before;
}

zx_handle_t twin__make_thread(struct twin *twin, zx_vaddr_t *stack)
{
	zx_handle_t vmo = vmo_with(THREAD_STACK_PAGES * PAGE, 0);
	zx_vaddr_t base;
	zx_handle_t thread;

	EXPECT_OK(vmar_map(twin->root_vmar, READ_WRITE, 0, vmo, 0, THREAD_STACK_PAGES * PAGE,
			   &base));
	EXPECT_OK(zx_thread_create(twin->process, "thread", 6, 0, &thread));
	*stack = base + THREAD_STACK_PAGES * PAGE - 8;
	return own(thread);
}

zx_handle_t twin__add_thread(struct twin *twin, void (*fn)(uintptr_t arg), uintptr_t arg)
{
	zx_vaddr_t stack;
	zx_handle_t thread = twin__make_thread(twin, &stack);

	EXPECT_OK(zx_thread_start(thread, (zx_vaddr_t)fn, stack, arg, 0));
	return thread;
}

uint64_t twin__peek(const struct twin *twin, const volatile uint64_t *variable)
{
	uint64_t value;
	size_t actual;

	EXPECT_OK(zx_process_read_memory(twin->process, (zx_vaddr_t)variable, &value,
					 sizeof(value), &actual));
	EXPECT_EQ(actual, sizeof(value));
	return value;
}

void twin__poke(const struct twin *twin, volatile uint64_t *variable, uint64_t value)
{
	size_t actual;

	EXPECT_OK(zx_process_write_memory(twin->process, (zx_vaddr_t)variable, &value,
					  sizeof(value), &actual));
	EXPECT_EQ(actual, sizeof(value));
}

void kill_and_wait(zx_handle_t task)
{
	EXPECT_OK(zx_task_kill(task));
	until_signal(task, ZX_TASK_TERMINATED);
}

static void do_nothing(void *arg)
{
	(void)arg;
}

zx_handle_t dead_thread(void)
{
	zx_handle_t thread = start_thread(do_nothing, NULL);

	until_signal(thread, ZX_THREAD_TERMINATED);
	return thread;
}

zx_handle_t idle_process(zx_handle_t job)
{
	zx_handle_t process, vmar;

	EXPECT_OK(zx_process_create(job, "idle", 4, 0, &process, &vmar));
	own(vmar);
	return own(process);
}

zx_handle_t dead_process(void)
{
	zx_handle_t process = idle_process(rt_boot.job);

	kill_and_wait(process);
	return process;
}

zx_handle_t idle_thread(void)
{
	zx_handle_t thread;

	EXPECT_OK(zx_thread_create(rt_boot.process, "idle", 4, 0, &thread));
	return own(thread);
}
