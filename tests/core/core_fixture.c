#include "tests/core/core_fixture.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "compat/core/timer.h"
#include "compat/core/vmar.h"

struct fixture fx;

#define AWAIT_ROUNDS 5000 /* of a millisecond */

static struct thread *timer_thread;
static pthread_t timer_pthread;
static struct thread *others[8];
static uint32_t num_others;

static void *serve_timers(void *data)
{
	timer__thread(data);
	return NULL;
}

static void map_arena(void)
{
	void *at = mmap((void *)ARENA_BASE, ARENA_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	assert_ptr_equal(at, (void *)ARENA_BASE);
}

static struct thread *start_thread(struct process *process, bool first)
{
	struct thread *thread;

	assert_int_equal(thread__create(process, "test", &thread), ZX_OK);
	assert_int_equal(thread__start(NULL, thread, &(struct thread_entry){ 0 }, first), ZX_OK);
	return thread;
}

static void map_memory(void)
{
	struct vmo *memory;
	uint64_t addr;

	assert_int_equal(vmo__create(FIXTURE_USER_SIZE, false, &memory), ZX_OK);
	assert_int_equal(vmar__map(fx.self, fx.process->root_vmar,
				   ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_SPECIFIC,
				   FIXTURE_USER_BASE - fx.process->root_vmar->region.base, memory,
				   HOST_PROT_READ | HOST_PROT_WRITE, 0, FIXTURE_USER_SIZE, &addr),
			 ZX_OK);
	assert_int_equal(addr, FIXTURE_USER_BASE);
	object__put(&memory->object);
}

int fixture__setup(void **state)
{
	(void)state;
	map_arena();
	memset(&fx, 0, sizeof(fx));
	host_test_fail = ZX_OK;
	host_test_slept = HOST_TEST_SLEPT;
	host_test_logged = 0;
	num_others = 0;
	assert_int_equal(core__init(), ZX_OK);
	timer_thread = thread__create_internal("timers");
	assert_non_null(timer_thread);
	assert_int_equal(pthread_create(&timer_pthread, NULL, serve_timers, timer_thread), 0);
	assert_int_equal(process__create(core_root->root_job, "test", ZXERA_2020_07, &fx.process),
			 ZX_OK);
	fx.self = start_thread(fx.process, true);
	map_memory();
	return 0;
}

static void end_process(struct thread *first)
{
	struct process *process = first->process;

	process__kill(process, 0);
	thread__host_gone(first);
	object__put(&first->object);
	object__put(&process->object);
}

int fixture__teardown(void **state)
{
	(void)state;
	while (num_others)
		end_process(others[--num_others]);
	end_process(fx.self);
	thread__kill(timer_thread);
	pthread_join(timer_pthread, NULL);
	object__put(&timer_thread->object);
	munmap((void *)FIXTURE_USER_BASE, FIXTURE_USER_SIZE);
	return 0;
}

void fixture__set_era(uint32_t era)
{
	fx.process->era = era;
}

void *user_alloc(size_t size)
{
	void *memory = (void *)(FIXTURE_USER_BASE + fx.user_used);

	fx.user_used += (size + 15) & ~(size_t)15;
	assert_true(fx.user_used <= FIXTURE_USER_SIZE - FIXTURE_SCRATCH_SIZE);
	return memory;
}

void *user_scratch(void)
{
	return (void *)(FIXTURE_USER_BASE + FIXTURE_USER_SIZE - FIXTURE_SCRATCH_SIZE);
}

zx_handle_t fixture__handle(struct object *object, zx_rights_t rights)
{
	struct handle handle = handle__make(object, rights);
	zx_handle_t value;

	assert_int_equal(handle__add(fx.process, &handle, &value), ZX_OK);
	return value;
}

zx_rights_t fixture__rights(zx_handle_t handle)
{
	struct object *object;
	zx_rights_t rights;

	assert_int_equal(handle__get_rights(fx.self, handle, ZX_OBJ_TYPE_NONE, 0, &object, &rights),
			 ZX_OK);
	object__put(object);
	return rights;
}

void *fixture__object(zx_handle_t handle)
{
	struct object *object;

	assert_int_equal(handle__get(fx.self, handle, ZX_OBJ_TYPE_NONE, 0, &object), ZX_OK);
	object__put(object);
	return object;
}

void fixture__close(zx_handle_t value)
{
	struct handle handle;

	assert_int_equal(handle__remove(fx.process, value, 0, &handle), ZX_OK);
	handle__close(&handle);
}

uint32_t fixture__signals(struct object *object)
{
	uint32_t signals;

	object__lock(object);
	signals = object->signals;
	object__unlock(object);
	return signals;
}

struct thread *fixture__other_process(void)
{
	struct process *process;

	assert_true(num_others < sizeof(others) / sizeof(others[0]));
	assert_int_equal(process__create(core_root->root_job, "other", ZXERA_2020_07, &process),
			 ZX_OK);
	others[num_others] = start_thread(process, true);
	return others[num_others++];
}

static void *run_body(void *data)
{
	struct runner *runner = data;

	runner->body(runner->thread, runner->data);
	return NULL;
}

void fixture__run(struct runner *runner, void (*body)(struct thread *self, void *data), void *data)
{
	runner->thread = start_thread(fx.process, false);
	runner->body = body;
	runner->data = data;
	assert_int_equal(pthread_create(&runner->pthread, NULL, run_body, runner), 0);
}

void fixture__await_blocked(struct runner *runner, uint32_t state)
{
	struct timespec ms = { .tv_nsec = FIXTURE_MS };

	for (int i = 0; i < AWAIT_ROUNDS; i++) {
		if (__atomic_load_n(&runner->thread->blocked, __ATOMIC_SEQ_CST) == state)
			return;
		nanosleep(&ms, NULL);
	}
	fail_msg("the thread never blocked in state %#x", state);
}

void fixture__join(struct runner *runner)
{
	pthread_join(runner->pthread, NULL);
	thread__host_gone(runner->thread);
	object__put(&runner->thread->object);
}

void fixture__check_leaks(void (*body)(void))
{
	uint64_t in_use;

	body();
	in_use = arena__in_use();
	for (int i = 0; i < 100; i++)
		body();
	assert_int_equal(arena__in_use(), in_use);
}

zx_time_t fixture__after_ms(int ms)
{
	return core_host.clock_monotonic() + ms * FIXTURE_MS;
}
