/*
 * What a unit test of the core starts from: a fresh core in its arena, one process with memory
 * that both the test and the core's calls can reach, and threads that are pthreads of the test.
 * Include it after the headers that <cmocka.h> wants, or let it do so.
 */
#ifndef TESTS_CORE_FIXTURE_H
#define TESTS_CORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "compat/core/core.h"
#include "core/calls.h"

/* Program memory: at this address in the process, and at the same one in the test. */
#define FIXTURE_USER_BASE 0x510000000000ull
#define FIXTURE_USER_SIZE (4ull << 20)
/* An address of the process where nothing is mapped. */
#define FIXTURE_BAD_ADDR 0x520000000000ull

struct fixture {
	struct process *process; /* of era ZXERA_2020_07, until fixture__set_era() */
	struct thread *self;     /* its first thread: the test itself */
	size_t user_used;
};

extern struct fixture fx;

/* For cmocka_unit_test_setup_teardown(). */
int fixture__setup(void **state);
int fixture__teardown(void **state);

/* Sets what the following calls of the process mean. */
void fixture__set_era(uint32_t era);

/* @size zeroed bytes of program memory, 16-byte aligned; they last until the test ends. */
void *user_alloc(size_t size);
/* One variable there. */
#define user_new(type) ((type *)user_alloc(sizeof(type)))
/* A place for what a call writes and the test looks at once: the same each time, of 64 KiB. */
void *user_scratch(void);
#define FIXTURE_SCRATCH_SIZE (64ull << 10)
/* A pointer of the test as the address that a call takes. */
#define UADDR(pointer) ((user_addr_t)(uintptr_t)(pointer))

/* A handle of the process to @object, whose reference is taken over. */
zx_handle_t fixture__handle(struct object *object, zx_rights_t rights);
zx_rights_t fixture__rights(zx_handle_t handle);
/* The object behind a handle, not referenced. */
void *fixture__object(zx_handle_t handle);
/* Closes a handle of the process, which must be valid. */
void fixture__close(zx_handle_t handle);
uint32_t fixture__signals(struct object *object);

/* Another process, without memory, with one thread; both live until the test ends. */
struct thread *fixture__other_process(void);

/* A second thread of the process, on a pthread of its own, that runs @body. */
struct runner {
	struct thread *thread;
	pthread_t pthread;
	void (*body)(struct thread *self, void *data);
	void *data;
};

void fixture__run(struct runner *runner, void (*body)(struct thread *self, void *data), void *data);
/* Waits until it blocks with @state, ZX_THREAD_STATE_BLOCKED_*; fails after some seconds. */
void fixture__await_blocked(struct runner *runner, uint32_t state);
void fixture__join(struct runner *runner);

/* Runs @body many times and checks that the arena holds no more at the end than after the first. */
void fixture__check_leaks(void (*body)(void));

/* Milliseconds from now, as a deadline. */
zx_time_t fixture__after_ms(int ms);
#define FIXTURE_MS 1000000ll

/* --- what the host table of the tests has seen --- */

/* Records that went to the outside's log. */
extern uint32_t host_test_logged;
/* How often the core said that the arena has idle pages. */
extern uint32_t host_test_excess;
/* What the segment base of a thread was set to last; to read it gives that and the property. */
extern uint64_t host_test_segment_base;
/* How often threads were to be brought in order: by data, and by instructions too. */
extern uint32_t host_test_synced[2];
/* The breakpoints that were set last. */
extern struct host_breakpoint host_test_breakpoints[HOST_BREAKPOINTS];
/* What the last thread was started with. */
extern struct thread_entry host_test_entry;
/* The thread whose priority or affinity changed last. */
extern struct thread *host_test_scheduled;
/* Bytes of the last lot of entropy that was given to the host. */
extern size_t host_test_entropy;
/* How often a thread gave up its processor. */
extern uint32_t host_test_yields;
/* The last range that was mapped, and the size of the last one whose access changed. */
struct host_test_range {
	uint64_t addr;
	uint64_t size;
	uint64_t offset;
};
extern struct host_test_range host_test_map;
extern uint64_t host_test_protected;
/* How far the boot clock is ahead of the monotonic one; HOST_TEST_SLEPT at first. */
extern zx_duration_t host_test_slept;
#define HOST_TEST_SLEPT 3600000000000ll
/* All memory of VMOs that is there, in bytes of pages and in descriptors. */
uint64_t host_test_pages(void);
uint32_t host_test_memories(void);
/* Return code that the next tasks and memory operations fail with; ZX_OK as a rule. */
extern zx_status_t host_test_fail;
/* The same for what maps memory, alone. */
extern zx_status_t host_test_map_fail;

#define test_case(name) \
	cmocka_unit_test_setup_teardown(name, fixture__setup, fixture__teardown)

#endif
