/*
 * Threads that are killed, start, and end at the worst moments. zx_task_kill takes threads at the
 * dates before 2019 only: run with --era=2018-12.
 */
#include "check.h"

#include <zircon/errors.h>

#define WORKERS 8
#define ROUNDS 100
#define MAP_SIZE (16 * (size_t)RT_PAGE_SIZE)
/* Longer than any end can take. */
#define PATIENCE ZX_SEC(20)

static struct rt_thread threads[WORKERS];
static volatile uint32_t calls[WORKERS];

/* Waits for the end of a thread that was killed; a thread that lives on is the failure. */
static bool ended(zx_handle_t handle)
{
	return CHECK_OK(zx_object_wait_one(handle, ZX_THREAD_TERMINATED,
					   zx_deadline_after(PATIENCE), NULL));
}

static void await_call(int i)
{
	while (!calls[i])
		zx_nanosleep(0);
}

static void call_on(void *arg)
{
	volatile uint32_t *count = &calls[(uintptr_t)arg];

	for (;;) {
		zx_object_signal(ZX_HANDLE_INVALID, 0, 0);
		(*count)++;
	}
}

static void map_on(void *arg)
{
	volatile uint32_t *count = &calls[(uintptr_t)arg];
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	zx_vaddr_t at;

	zx_vmo_create(MAP_SIZE, 0, &vmo);
	for (;;) {
		zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, MAP_SIZE, &at);
		zx_vmar_unmap(rt_boot.root_vmar, at, MAP_SIZE);
		(*count)++;
	}
}

static void spin_on(void *arg)
{
	for (;;)
		calls[(uintptr_t)arg]++;
}

static void killed_while(void (*run)(void *))
{
	for (int round = 0; round < ROUNDS; round++) {
		calls[0] = 0;
		REQUIRE_OK(rt_thread__start(&threads[0], "victim", run, (void *)0));
		await_call(0);
		CHECK_OK(zx_task_kill(threads[0].handle));
		REQUIRE(ended(threads[0].handle));
		zx_handle_close(threads[0].handle);
	}
}

static void killed_calling(void)
{
	killed_while(call_on);
}

static void killed_computing(void)
{
	killed_while(spin_on);
}

static void killed_starting(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		REQUIRE_OK(rt_thread__start(&threads[0], "victim", call_on, (void *)0));
		CHECK_OK(zx_task_kill(threads[0].handle));
		REQUIRE(ended(threads[0].handle));
		zx_handle_close(threads[0].handle);
	}
}

/* What a thread maps shows the memory that it asked for, whoever is killed beside it. */
static void killed_mapping(void)
{
	zx_handle_t vmos[2];
	uint64_t got;
	zx_vaddr_t at;

	for (uint64_t i = 0; i < 2; i++) {
		REQUIRE_OK(zx_vmo_create(MAP_SIZE, 0, &vmos[i]));
		REQUIRE_OK(zx_vmo_write(vmos[i], &(uint64_t){ i + 1 }, 0, sizeof(i)));
	}
	for (int round = 0; round < ROUNDS; round++) {
		calls[0] = 0;
		REQUIRE_OK(rt_thread__start(&threads[0], "victim", map_on, (void *)0));
		await_call(0);
		CHECK_OK(zx_task_kill(threads[0].handle));
		for (uint64_t i = 0; i < 8; i++) {
			REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmos[i % 2],
					       0, MAP_SIZE, &at));
			got = *(volatile uint64_t *)at;
			REQUIRE(CHECK_EQ(got, i % 2 + 1));
			CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, MAP_SIZE));
		}
		REQUIRE(ended(threads[0].handle));
		zx_handle_close(threads[0].handle);
	}
	zx_handle_close(vmos[0]);
	zx_handle_close(vmos[1]);
}

static void wait_on(void *arg)
{
	zx_object_wait_one((zx_handle_t)(uintptr_t)arg, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static void storm(void)
{
	zx_handle_t event;

	REQUIRE_OK(zx_event_create(0, &event));
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < WORKERS; i++)
			REQUIRE_OK(rt_thread__start(&threads[i], "blocked", wait_on,
						    (void *)(uintptr_t)event));
		for (int i = 0; i < WORKERS; i += 2)
			CHECK_OK(zx_task_kill(threads[i].handle));
		CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
		for (int i = 0; i < WORKERS; i++) {
			REQUIRE(ended(threads[i].handle));
			zx_handle_close(threads[i].handle);
		}
		CHECK_OK(zx_object_signal(event, ZX_EVENT_SIGNALED, 0));
	}
	zx_handle_close(event);
}

static void kill_process(void *arg)
{
	zx_task_kill((zx_handle_t)(uintptr_t)arg);
}

/* What starts a thread finds out that it is too late while the thread's other half is under way. */
static void process_killed_starting(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		zx_handle_t process, vmar, thread, none;

		REQUIRE_OK(zx_process_create(rt_boot.job, "victim", 6, 0, &process, &vmar));
		REQUIRE_OK(zx_thread_create(process, "victim", 6, 0, &thread));
		REQUIRE_OK(zx_event_create(0, &none));
		REQUIRE_OK(rt_thread__start(&threads[0], "killer", kill_process,
					    (void *)(uintptr_t)process));
		zx_process_start(process, thread, RT_PAGE_SIZE, 0, none, 0);
		zx_handle_close(thread);
		CHECK_OK(zx_object_wait_one(process, ZX_PROCESS_TERMINATED,
					    zx_deadline_after(PATIENCE), NULL));
		CHECK_OK(rt_thread__join(&threads[0]));
		zx_handle_close(process);
		zx_handle_close(vmar);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(killed_starting);
	RUN(killed_calling);
	RUN(killed_computing);
	RUN(killed_mapping);
	RUN(storm);
	RUN(process_killed_starting);
	/* The process ends while these are at all of it. */
	for (int i = 0; i < WORKERS; i++)
		CHECK_OK(rt_thread__start(&threads[i], "left", i % 2 ? call_on : map_on,
					  (void *)(uintptr_t)i));
	return rt_check_result();
}
