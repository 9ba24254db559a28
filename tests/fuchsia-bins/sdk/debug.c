/*
 * A debugger as somebody with an SDK writes it: finds a process by its job, looks at threads, maps
 * and modules, and has it stop at a breakpoint in a library that both have loaded. The path of the
 * other program, `debuggee`, in the own namespace is the first argument.
 */
#include <lib/fdio/spawn.h>
#include <link.h>
#include <stdlib.h>
#include <unistd.h>
#include <zircon/process.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/object.h>

#include "check.h"
#include "debug_events.h"

#define TRAP 0xcc
#define HITS 100
#define DONE_CODE 7
#define LATE zx_deadline_after(ZX_SEC(60))

/* The first thread reads its input; the others are in the order in which they were started. */
static const uint32_t states[] = {
	ZX_THREAD_STATE_BLOCKED_WAIT_ONE,  ZX_THREAD_STATE_BLOCKED_SLEEPING,
	ZX_THREAD_STATE_BLOCKED_WAIT_ONE,  ZX_THREAD_STATE_BLOCKED_WAIT_MANY,
	ZX_THREAD_STATE_BLOCKED_PORT,	   ZX_THREAD_STATE_BLOCKED_FUTEX,
	ZX_THREAD_STATE_RUNNING,
};

#define THREADS (sizeof(states) / sizeof(states[0]))

static const char *program;
static int control[2];
static zx_handle_t process;
static zx_handle_t threads[THREADS];
static uintptr_t turns_at;

static void starts(void)
{
	const char *argv[] = { "debuggee", NULL };
	char message[FDIO_SPAWN_ERR_MSG_MAX_LENGTH] = "";
	zx_handle_t job = ZX_HANDLE_INVALID, spawned;
	fdio_spawn_action_t actions[3];
	zx_koid_t koid = 0;
	size_t count = 0;
	int answer[2];

	CHECK_EQ(zx_job_create(zx_job_default(), 0, &job), ZX_OK);
	CHECK_EQ(pipe(control), 0);
	CHECK_EQ(pipe(answer), 0);
	actions[0] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_TRANSFER_FD,
					    .fd = { .local_fd = control[0], .target_fd = 0 } };
	actions[1] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_TRANSFER_FD,
					    .fd = { .local_fd = answer[1], .target_fd = 1 } };
	actions[2] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_CLONE_FD,
					    .fd = { .local_fd = 2, .target_fd = 2 } };
	if (!CHECK_EQ(fdio_spawn_etc(job, FDIO_SPAWN_CLONE_ALL & ~FDIO_SPAWN_CLONE_STDIO, program,
				     argv, NULL, 3, actions, &spawned, message), ZX_OK)) {
		printf("%s\n", message);
		exit(1);
	}
	zx_handle_close(spawned);
	CHECK_EQ(read(answer[0], &turns_at, sizeof(turns_at)), sizeof(turns_at));
	CHECK_EQ(zx_object_get_info(job, ZX_INFO_JOB_PROCESSES, &koid, sizeof(koid), &count, NULL),
		 ZX_OK);
	CHECK_EQ(count, 1);
	CHECK_EQ(zx_object_get_child(job, koid, ZX_RIGHT_SAME_RIGHTS, &process), ZX_OK);
}

static uint32_t state_of(zx_handle_t thread)
{
	zx_info_thread_t info = { 0 };

	CHECK_EQ(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL),
		 ZX_OK);
	return info.state;
}

/* A thread may be on its way there yet. */
static void until(zx_handle_t thread, uint32_t state)
{
	zx_time_t late = LATE;

	while (state_of(thread) != state && zx_clock_get_monotonic() < late)
		zx_nanosleep(zx_deadline_after(ZX_MSEC(1)));
	CHECK_EQ(state_of(thread), state);
}

static void states_of_threads(void)
{
	zx_koid_t koids[THREADS + 1];
	size_t count = 0, avail = 0;

	CHECK_EQ(zx_object_get_info(process, ZX_INFO_PROCESS_THREADS, koids, sizeof(koids), &count,
				    &avail), ZX_OK);
	CHECK_EQ(count, THREADS);
	CHECK_EQ(avail, THREADS);
	for (size_t i = 0; i < count && i < THREADS; i++) {
		CHECK_EQ(zx_object_get_child(process, koids[i], ZX_RIGHT_SAME_RIGHTS, &threads[i]),
			 ZX_OK);
		until(threads[i], states[i]);
	}
}

static int peek_in(zx_handle_t of, uintptr_t at, void *data, size_t size)
{
	size_t actual = 0;

	return zx_process_read_memory(of, at, data, size, &actual) == ZX_OK && actual == size;
}

static int peek(uintptr_t at, void *data, size_t size)
{
	return peek_in(process, at, data, size);
}

static int poke(uintptr_t at, uint8_t byte)
{
	size_t actual = 0;

	return zx_process_write_memory(process, at, &byte, 1, &actual) == ZX_OK && actual == 1;
}

static zx_info_maps_t maps[1024];

static const zx_info_maps_t *map_of(uintptr_t at)
{
	size_t count = 0, avail = 0;

	CHECK_EQ(zx_object_get_info(process, ZX_INFO_PROCESS_MAPS, maps, sizeof(maps), &count,
				    &avail), ZX_OK);
	CHECK_EQ(count, avail);
	for (size_t i = 0; i < count; i++)
		if (maps[i].type == ZX_INFO_MAPS_TYPE_MAPPING && at - maps[i].base < maps[i].size)
			return &maps[i];
	return NULL;
}

/* Stopped threads have their instruction in code and their stack in memory that can be written. */
static void all_stop(void)
{
	zx_handle_t tokens[THREADS];
	uint64_t before = 0, after = 0;

	for (size_t i = 0; i < THREADS; i++)
		CHECK_EQ(zx_task_suspend_token(threads[i], &tokens[i]), ZX_OK);
	for (size_t i = 0; i < THREADS; i++) {
		zx_thread_state_general_regs_t regs = { 0 };
		const zx_info_maps_t *map;

		CHECK_EQ(zx_object_wait_one(threads[i], ZX_THREAD_SUSPENDED, LATE, NULL), ZX_OK);
		CHECK_EQ(state_of(threads[i]), ZX_THREAD_STATE_SUSPENDED);
		CHECK_EQ(zx_thread_read_state(threads[i], ZX_THREAD_STATE_GENERAL_REGS, &regs,
					      sizeof(regs)), ZX_OK);
		map = map_of(regs.rip);
		CHECK(map && map->u.mapping.mmu_flags & ZX_VM_PERM_EXECUTE);
		map = map_of(regs.rsp);
		CHECK(map && map->u.mapping.mmu_flags & ZX_VM_PERM_WRITE);
	}
	CHECK(peek(turns_at, &before, sizeof(before)));
	zx_nanosleep(zx_deadline_after(ZX_MSEC(10)));
	CHECK(peek(turns_at, &after, sizeof(after)));
	CHECK_EQ(before, after);
	for (size_t i = 0; i < THREADS; i++)
		zx_handle_close(tokens[i]);
}

/* Where a process has libfdio. */
static uintptr_t find_fdio(zx_handle_t of)
{
	struct link_map map = { 0 };
	struct r_debug debug;
	uintptr_t at = 0, found = 0;
	char name[16];

	CHECK_EQ(zx_object_get_property(of, ZX_PROP_PROCESS_DEBUG_ADDR, &at, sizeof(at)), ZX_OK);
	CHECK(peek_in(of, at, &debug, sizeof(debug)));
	CHECK_EQ(debug.r_state, RT_CONSISTENT);
	for (at = (uintptr_t)debug.r_map; at && !found; at = (uintptr_t)map.l_next) {
		if (!CHECK(peek_in(of, at, &map, sizeof(map))))
			break;
		if (peek_in(of, (uintptr_t)map.l_name, name, sizeof(name)) &&
		    !strncmp(name, "libfdio.so", sizeof(name)))
			found = map.l_addr;
	}
	return found;
}

/* At the breakpoint: puts back what it covers, and steps; after the step: covers it again. */
static void step_over(struct stop *stop, uintptr_t at, uint8_t covered)
{
	zx_thread_state_general_regs_t regs = { 0 };
	uint32_t step = stop->type == ZX_EXCP_SW_BREAKPOINT;

	CHECK(step || stop->type == ZX_EXCP_HW_BREAKPOINT);
	CHECK_EQ(zx_thread_read_state(stop->thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)), ZX_OK);
	if (step) {
		CHECK_EQ(regs.rip, at + 1);
		regs.rip = at;
		CHECK_EQ(zx_thread_write_state(stop->thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					       sizeof(regs)), ZX_OK);
	}
	CHECK(poke(at, step ? covered : TRAP));
	CHECK_EQ(zx_thread_write_state(stop->thread, ZX_THREAD_STATE_SINGLE_STEP, &step,
				       sizeof(step)), ZX_OK);
}

/* The library's code is in memory once, and yet this process does not come upon the breakpoint. */
static void breakpoint_in_a_library(void)
{
	uintptr_t own = find_fdio(zx_process_self());
	uintptr_t at = (uintptr_t)lseek - own + find_fdio(process);
	const volatile uint8_t *here = (const volatile uint8_t *)lseek;
	zx_handle_t handler;
	struct stop stop;
	uint8_t covered = 0;

	CHECK(own && at);
	CHECK_EQ(attach(process, &handler), ZX_OK);
	CHECK(peek(at, &covered, 1));
	CHECK_EQ(covered, *here);
	CHECK(poke(at, TRAP));
	if (!CHECK_EQ(*here, covered))
		exit(1);
	for (int i = 0; i < 2 * HITS; i++) {
		if (!CHECK_EQ(next(process, handler, LATE, &stop), ZX_OK))
			break;
		step_over(&stop, at, covered);
		if (i == 2 * HITS - 1)
			CHECK(poke(at, covered));
		go_on(handler, &stop);
	}
	CHECK_EQ(zx_handle_close(handler), ZX_OK);
}

static void goes_on_alone(void)
{
	zx_info_process_t info = { 0 };
	uint64_t before = 0, after = 0;
	zx_time_t late = LATE;

	CHECK(peek(turns_at, &before, sizeof(before)));
	do
		CHECK(peek(turns_at, &after, sizeof(after)));
	while (after == before && zx_clock_get_monotonic() < late);
	CHECK(after > before);
	CHECK_EQ(close(control[1]), 0);
	CHECK_EQ(zx_object_wait_one(process, ZX_TASK_TERMINATED, LATE, NULL), ZX_OK);
	CHECK_EQ(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL),
		 ZX_OK);
	CHECK_EQ(info.return_code, DONE_CODE);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 1;
	program = argv[1];
	RUN(starts);
	RUN(states_of_threads);
	RUN(all_stop);
	RUN(breakpoint_in_a_library);
	RUN(goes_on_alone);
	return check_result();
}
