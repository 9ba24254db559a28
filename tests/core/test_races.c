/*
 * Calls that meet: handles closed under those who use them, and processes that end in the middle.
 */
#include "compat/core/event.h"
#include "compat/core/futex.h"
#include "tests/core/core_fixture.h"

#define ENDS 400
#define PLACES 8
#define TURNS 4000
#define HELPERS 3

/* --- a process that ends while others start it and look into it --- */

struct target {
	zx_handle_t process;
	zx_handle_t thread;
	zx_handle_t event;
	uint32_t go; /* 1 once the others may begin */
	zx_status_t started;
};

static void await_go(struct target *target)
{
	while (!__atomic_load_n(&target->go, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
}

static void start_it(struct thread *self, void *data)
{
	struct target *target = data;

	await_go(target);
	target->started = sys_process_start(self, target->process, target->thread, 0x1000000, 0,
					    target->event, 0);
}

static void look_into_it(struct thread *self, void *data)
{
	struct target *target = data;
	struct process *process;

	assert_int_equal(handle__get(self, target->process, ZX_OBJ_TYPE_PROCESS, 0, &process),
			 ZX_OK);
	await_go(target);
	for (int i = 0; i < 20; i++) {
		struct object *object;
		zx_rights_t rights;
		zx_handle_t value;
		uint32_t cursor = 0;

		while (handle_table__next(process, &cursor, &object, &rights, &value))
			object__put(object);
	}
	object__put(&process->object);
}

static void make_target(struct target *target)
{
	zx_handle_t *out = user_scratch();
	zx_handle_t job;

	memset(target, 0, sizeof(*target));
	object__get(&core_root->root_job->object);
	job = fixture__handle(&core_root->root_job->object, ZX_DEFAULT_JOB_RIGHTS);
	assert_int_equal(sys_process_create(fx.self, job, UADDR(out), 1, 0, UADDR(&out[0]),
					    UADDR(&out[1])),
			 ZX_OK);
	target->process = out[0];
	fixture__close(out[1]);
	assert_int_equal(sys_thread_create(fx.self, target->process, UADDR(out), 1, 0,
					   UADDR(&out[2])),
			 ZX_OK);
	target->thread = out[2];
	target->event = fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
	fixture__close(job);
}

static void end_while_it_starts(void)
{
	struct runner starter;
	struct runner looker;
	struct target target;
	struct thread *thread;

	make_target(&target);
	thread = fixture__object(target.thread);
	fixture__run(&starter, start_it, &target);
	fixture__run(&looker, look_into_it, &target);
	__atomic_store_n(&target.go, 1, __ATOMIC_RELEASE);
	assert_int_equal(sys_task_kill(fx.self, target.process), ZX_OK);
	fixture__join(&starter);
	if (target.started == ZX_OK)
		thread__host_gone(thread);
	else
		assert_int_equal(target.started, ZX_ERR_BAD_STATE);
	fixture__join(&looker);
	assert_int_equal(thread->state, target.started == ZX_OK ? THREAD_DEAD : THREAD_NEW);
	fixture__close(target.thread);
	fixture__close(target.process);
}

static void processes_end_any_time(void **state)
{
	uint64_t in_use = 0;

	(void)state;
	for (int i = 0; i < ENDS; i++) {
		end_while_it_starts();
		if (i == ENDS / 2)
			in_use = arena__in_use();
	}
	assert_in_range(arena__in_use(), 0, in_use + 65536);
}

/* --- threads that use each other's handles, and close them --- */

struct yard {
	zx_handle_t handles[PLACES]; /* atomic */
	zx_handle_t port;
	uint32_t seed; /* of the next helper, atomic */
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Two handles of a new pair, or a single new one, at @out. */
static uint32_t make_any(struct thread *self, uint32_t what, zx_handle_t *out)
{
	zx_status_t status;

	switch (what % 5) {
	case 0:
		status = sys_event_create(self, 0, UADDR(out));
		break;
	case 1:
		status = sys_timer_create(self, 0, ZX_CLOCK_MONOTONIC, UADDR(out));
		break;
	case 2:
		status = sys_socket_create(self, 0, UADDR(&out[0]), UADDR(&out[1]));
		assert_int_equal(status, ZX_OK);
		return 2;
	default:
		status = sys_channel_create(self, 0, UADDR(&out[0]), UADDR(&out[1]));
		assert_int_equal(status, ZX_OK);
		return 2;
	}
	assert_int_equal(status, ZX_OK);
	return 1;
}

/* Puts @handle into a place, and closes what was there. */
static void put_in_place(struct thread *self, struct yard *yard, uint32_t place, zx_handle_t handle)
{
	handle = __atomic_exchange_n(&yard->handles[place % PLACES], handle, __ATOMIC_SEQ_CST);
	assert_int_equal(sys_handle_close(self, handle), ZX_OK);
}

static void call_once(struct thread *self, zx_handle_t channel, char *memory, zx_time_t deadline)
{
	zx_channel_call_args_t *args = (void *)memory;
	uint32_t *actual = (uint32_t *)(memory + sizeof(*args));
	char *bytes = memory + 256;

	*args = (zx_channel_call_args_t){ .wr_bytes = bytes,
					  .rd_bytes = bytes,
					  .wr_num_bytes = 8,
					  .rd_num_bytes = 64 };
	(void)sys_channel_call(self, channel, 0, deadline, UADDR(args), UADDR(&actual[0]),
			       UADDR(&actual[1]));
}

/* Any result will do: what matters is that each call comes back, and what is left at the end. */
static void use_any(struct thread *self, struct yard *yard, uint32_t what, char *memory)
{
	zx_handle_t handle = __atomic_load_n(&yard->handles[(what >> 4) % PLACES],
					     __ATOMIC_SEQ_CST);
	zx_time_t soon = core_host.clock_monotonic() + FIXTURE_MS / 20;
	zx_handle_t *moved = (zx_handle_t *)memory;

	switch (what % 12) {
	case 0:
		(void)sys_object_wait_one(self, handle, ZX_USER_SIGNAL_0, soon, 0);
		break;
	case 1:
		(void)sys_object_wait_async(self, handle, yard->port, what & 64, ZX_USER_SIGNAL_0 |
					    ZX_CHANNEL_READABLE, 0);
		break;
	case 2:
		(void)sys_port_cancel(self, yard->port, handle, what & 64);
		break;
	case 3:
		(void)sys_object_signal(self, handle, 0, ZX_USER_SIGNAL_0);
		(void)sys_object_signal(self, handle, ZX_USER_SIGNAL_0, 0);
		break;
	case 4:
		(void)sys_object_signal_peer(self, handle, 0, ZX_USER_SIGNAL_0);
		break;
	case 5:
		call_once(self, handle, memory, soon);
		break;
	case 6:
		(void)sys_channel_read(self, handle, 1, UADDR(memory), 0, 64, 0, 0, 0);
		break;
	case 7:
		(void)sys_port_wait(self, yard->port, soon, UADDR(memory));
		break;
	case 8:
		(void)sys_timer_set(self, handle, soon, 0);
		break;
	case 9:
		(void)sys_socket_write(self, handle, 0, UADDR(memory), 100, 0);
		break;
	case 10:
		/* An event travels, and is closed with the message if nobody reads it. */
		assert_int_equal(sys_event_create(self, 0, UADDR(moved)), ZX_OK);
		(void)sys_channel_write(self, handle, 0, UADDR(memory), 4, UADDR(moved), 1);
		break;
	default:
		put_in_place(self, yard, what >> 8, ZX_HANDLE_INVALID);
	}
}

static void work_in_yard(struct thread *self, void *data)
{
	struct yard *yard = data;
	uint32_t helper = __atomic_add_fetch(&yard->seed, 1, __ATOMIC_SEQ_CST);
	char *memory = (char *)user_scratch() + helper * 1024;
	uint32_t seed = helper * 77;

	for (int i = 0; i < TURNS; i++) {
		if (next_random(&seed) % 4 == 0) {
			zx_handle_t *out = (zx_handle_t *)memory;
			uint32_t count = make_any(self, next_random(&seed), out);

			for (uint32_t k = 0; k < count; k++)
				put_in_place(self, yard, next_random(&seed), out[k]);
		}
		use_any(self, yard, next_random(&seed), memory);
	}
}

static void use_yard(void)
{
	struct runner helpers[HELPERS];
	zx_handle_t *port = user_scratch();
	struct yard yard = { .seed = 0 };

	assert_int_equal(sys_port_create(fx.self, 0, UADDR(port)), ZX_OK);
	yard.port = *port;
	for (int i = 0; i < HELPERS; i++)
		fixture__run(&helpers[i], work_in_yard, &yard);
	for (int i = 0; i < HELPERS; i++)
		fixture__join(&helpers[i]);
	for (uint32_t i = 0; i < PLACES; i++)
		put_in_place(fx.self, &yard, i, ZX_HANDLE_INVALID);
	fixture__close(yard.port);
	assert_int_equal(fx.process->handles.count, 0);
}

static void handles_closed_in_use(void **state)
{
	uint64_t in_use;

	(void)state;
	use_yard();
	in_use = arena__in_use();
	use_yard();
	/* Empty slabs and the heap of timers may stay. */
	assert_in_range(arena__in_use(), 0, in_use + 262144);
}

/* --- a process that ends while its threads are in each call that waits --- */

struct waiter {
	void (*body)(struct thread *self, void *data);
	uint32_t blocked;
};

static zx_status_t results[8]; /* by the blocked state, for each waiter once */

static void in_nanosleep(struct thread *self, void *data)
{
	*(zx_status_t *)data = sys_nanosleep(self, ZX_TIME_INFINITE);
}

static void in_wait_one(struct thread *self, void *data)
{
	zx_handle_t event = fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);

	*(zx_status_t *)data = sys_object_wait_one(self, event, ZX_USER_SIGNAL_0, ZX_TIME_INFINITE,
						   0);
}

static void in_wait_many(struct thread *self, void *data)
{
	*(zx_status_t *)data = sys_object_wait_many(self, 0, 0, ZX_TIME_INFINITE);
}

static void in_port_wait(struct thread *self, void *data)
{
	zx_handle_t *port = (zx_handle_t *)((char *)user_scratch() + 1024);

	assert_int_equal(sys_port_create(self, 0, UADDR(port)), ZX_OK);
	*(zx_status_t *)data = sys_port_wait(self, *port, ZX_TIME_INFINITE, UADDR(port));
}

static void in_futex_wait(struct thread *self, void *data)
{
	int32_t *word = (int32_t *)((char *)user_scratch() + 2048);

	*(zx_status_t *)data = sys_futex_wait(self, UADDR(word), *word, ZX_HANDLE_INVALID,
					      ZX_TIME_INFINITE);
}

static void in_channel_call(struct thread *self, void *data)
{
	char *memory = (char *)user_scratch() + 4096;
	zx_handle_t *ends = (zx_handle_t *)(memory + 512);
	zx_channel_call_args_t *args = (void *)memory;

	assert_int_equal(sys_channel_create(self, 0, UADDR(&ends[0]), UADDR(&ends[1])), ZX_OK);
	*args = (zx_channel_call_args_t){ .wr_bytes = memory + 256, .wr_num_bytes = 4 };
	*(zx_status_t *)data = sys_channel_call(self, ends[0], 0, ZX_TIME_INFINITE, UADDR(args),
						UADDR(memory + 300), UADDR(memory + 304));
}

static const struct waiter waiters[] = {
	{ in_nanosleep, ZX_THREAD_STATE_BLOCKED_SLEEPING },
	{ in_wait_one, ZX_THREAD_STATE_BLOCKED_WAIT_ONE },
	{ in_wait_many, ZX_THREAD_STATE_BLOCKED_WAIT_MANY },
	{ in_port_wait, ZX_THREAD_STATE_BLOCKED_PORT },
	{ in_futex_wait, ZX_THREAD_STATE_BLOCKED_FUTEX },
	{ in_channel_call, ZX_THREAD_STATE_BLOCKED_CHANNEL },
};

#define WAITERS (sizeof(waiters) / sizeof(waiters[0]))

static void all_waits_end_with_the_process(void **state)
{
	struct runner runners[WAITERS];

	(void)state;
	for (size_t i = 0; i < WAITERS; i++) {
		fixture__run(&runners[i], waiters[i].body, &results[i]);
		fixture__await_blocked(&runners[i], waiters[i].blocked);
	}
	process__kill(fx.process, 3);
	for (size_t i = 0; i < WAITERS; i++) {
		fixture__join(&runners[i]);
		assert_int_equal(results[i], ZX_ERR_INTERNAL_INTR_KILLED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(processes_end_any_time),
		test_case(handles_closed_in_use),
		test_case(all_waits_end_with_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
