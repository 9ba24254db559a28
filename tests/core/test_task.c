/* The calls that make, start and end jobs, processes and threads. */
#include <zircon/eras.h>

#include "compat/core/event.h"
#include "compat/core/vmar.h"
#include "tests/core/core_fixture.h"

static zx_handle_t handle_to(void *object, zx_rights_t rights)
{
	object__get(object);
	return fixture__handle(object, rights);
}

static zx_koid_t koid_of(zx_handle_t handle)
{
	struct object *object = fixture__object(handle);

	return object->koid;
}

static zx_handle_t root_job(void)
{
	return handle_to(core_root->root_job, ZX_DEFAULT_JOB_RIGHTS);
}

static user_addr_t text(const char *value)
{
	char *copy = user_alloc(strlen(value) + 1);

	memcpy(copy, value, strlen(value));
	return UADDR(copy);
}

struct made {
	zx_handle_t process;
	zx_handle_t vmar;
	zx_handle_t thread;
};

static struct made make_process(zx_handle_t job)
{
	zx_handle_t *out = user_alloc(3 * sizeof(*out));
	struct made made;

	assert_int_equal(sys_process_create(fx.self, job, text("child"), 5, 0, UADDR(&out[0]),
					    UADDR(&out[1])),
			 ZX_OK);
	made.process = out[0];
	made.vmar = out[1];
	assert_int_equal(sys_thread_create(fx.self, made.process, text("main"), 4, 0,
					   UADDR(&out[2])),
			 ZX_OK);
	made.thread = out[2];
	return made;
}

/* What the host does once a process was told to end. */
static void finish(const struct made *made)
{
	thread__host_gone(fixture__object(made->thread));
}

static void process_create(void **state)
{
	struct made made = make_process(root_job());
	struct process *process = fixture__object(made.process);
	struct thread *thread = fixture__object(made.thread);
	struct vmar *vmar = fixture__object(made.vmar);

	(void)state;
	assert_string_equal(process->name, "child");
	assert_string_equal(thread->name, "main");
	assert_ptr_equal(vmar, process->root_vmar);
	assert_int_equal(process->era, fx.process->era);
	assert_int_equal(fixture__rights(made.process), ZX_DEFAULT_PROCESS_RIGHTS);
	assert_int_equal(fixture__rights(made.thread), ZX_DEFAULT_THREAD_RIGHTS);
	assert_int_equal(fixture__rights(made.vmar), ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHT_READ |
						       ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE);
	assert_int_equal(process->object.related_koid, core_root->root_job->object.koid);
	assert_int_equal(thread->object.related_koid, process->object.koid);
}

static void process_create_errors(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	zx_handle_t job = root_job();
	uint32_t handles;

	(void)state;
	assert_int_equal(sys_process_create(fx.self, job, text("x"), 1, 1, UADDR(out),
					    UADDR(out + 1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create(fx.self, job, 0, 0, 0, UADDR(out), UADDR(out + 1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create(fx.self, job, FIXTURE_BAD_ADDR, 1, 0, UADDR(out),
					    UADDR(out + 1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create(fx.self, 3, text("x"), 1, 0, UADDR(out),
					    UADDR(out + 1)),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_process_create(fx.self, handle_to(core_root->root_job, ZX_RIGHT_READ),
					    text("x"), 1, 0, UADDR(out), UADDR(out + 1)),
			 ZX_ERR_ACCESS_DENIED);
	handles = fx.process->handles.count;
	assert_int_equal(sys_process_create(fx.self, job, text("x"), 1, 0, UADDR(out),
					    FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create(fx.self, job, text("x"), 1, 0, FIXTURE_BAD_ADDR,
					    UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, handles);
	/* Only the test's own is left. */
	assert_int_equal(core_root->root_job->process_count, 1);
}

static void names_are_cut(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	struct process *process;

	(void)state;
	assert_int_equal(sys_process_create(fx.self, root_job(),
					    text("0123456789012345678901234567890123456789"), 40, 0,
					    UADDR(out), UADDR(out + 1)),
			 ZX_OK);
	process = fixture__object(*out);
	assert_string_equal(process->name, "0123456789012345678901234567890");
	assert_int_equal(sys_process_create(fx.self, root_job(), text(""), 0, 0, UADDR(out),
					    UADDR(out + 1)),
			 ZX_OK);
	process = fixture__object(*out);
	assert_string_equal(process->name, "");
}

/* Which right lets one make what has changed more than once. */
static void creation_rights(void **state)
{
	static const struct {
		uint32_t era;
		zx_rights_t rights;
		zx_status_t process;
		zx_status_t job;
	} rows[] = {
		{ ZXERA_2018_10, ZX_RIGHT_WRITE, ZX_OK, ZX_OK },
		{ ZXERA_2018_10, ZX_RIGHT_MANAGE_PROCESS, ZX_ERR_ACCESS_DENIED,
		  ZX_ERR_ACCESS_DENIED },
		{ ZXERA_2020_07, ZX_RIGHT_WRITE, ZX_OK, ZX_OK },
		{ ZXERA_2020_07, ZX_RIGHT_MANAGE_PROCESS, ZX_OK, ZX_ERR_ACCESS_DENIED },
		{ ZXERA_2020_07, ZX_RIGHT_MANAGE_JOB, ZX_ERR_ACCESS_DENIED, ZX_OK },
		{ ZXERA_NEWEST, ZX_RIGHT_WRITE, ZX_ERR_ACCESS_DENIED, ZX_ERR_ACCESS_DENIED },
		{ ZXERA_NEWEST, ZX_RIGHT_MANAGE_PROCESS, ZX_OK, ZX_ERR_ACCESS_DENIED },
		{ ZXERA_NEWEST, ZX_RIGHT_MANAGE_JOB, ZX_ERR_ACCESS_DENIED, ZX_OK },
	};
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	user_addr_t name = text("x");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		zx_handle_t job = handle_to(core_root->root_job, rows[i].rights);

		fixture__set_era(rows[i].era);
		assert_int_equal(sys_process_create(fx.self, job, name, 1, 0, UADDR(out),
						    UADDR(out + 1)),
				 rows[i].process);
		assert_int_equal(sys_job_create(fx.self, job, 0, UADDR(out)), rows[i].job);
	}
}

static void thread_create_errors(void **state)
{
	struct made made = make_process(root_job());
	struct process *process = fixture__object(made.process);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_thread_create(fx.self, made.process, text("x"), 1, 1, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_create(fx.self, made.process, 0, 0, 0, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_create(fx.self, root_job(), text("x"), 1, 0, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_thread_create(fx.self, handle_to(process, ZX_RIGHT_WRITE), text("x"),
					   1, 0, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_thread_create(fx.self, made.process, text("x"), 1, 0,
					   FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_thread_create(fx.self, handle_to(process, ZX_RIGHT_WRITE), text("x"),
					   1, 0, UADDR(out)),
			 ZX_OK);
}

static void start(void **state)
{
	struct made made = make_process(root_job());
	struct process *process = fixture__object(made.process);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t arg = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	struct object *event = fixture__object(arg);

	(void)state;
	/* A process begins with its first thread, not with any. */
	assert_int_equal(sys_thread_start(fx.self, made.thread, 0x1000000, 0, 0, 0),
			 ZX_ERR_BAD_STATE);
	/* Where no program can begin is an error that leaves all as it was. */
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0x800000000000, 0,
					   fixture__handle(event__create(), ZX_RIGHTS_BASIC), 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0x1000000, 0, arg,
					   0),
			 ZX_OK);
	assert_int_equal(sys_handle_check_valid(fx.self, arg), ZX_ERR_NOT_FOUND);
	assert_int_equal(process->handles.count, 1);
	assert_int_equal(event->handles, 1);
	assert_int_equal(process->state, PROCESS_RUNNING);
	/* It begins once. */
	arg = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0x1000000, 0, arg,
					   0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_handle_check_valid(fx.self, arg), ZX_ERR_NOT_FOUND);
	assert_int_equal(process->handles.count, 1);
	assert_int_equal(sys_thread_create(fx.self, made.process, text("x"), 1, 0, UADDR(out)),
			 ZX_OK);
	assert_int_equal(sys_thread_start(fx.self, *out, 0x1000000, 0, 0, 0), ZX_OK);
	assert_int_equal(sys_thread_start(fx.self, *out, 0x1000000, 0, 0, 0), ZX_ERR_BAD_STATE);
	thread__host_gone(fixture__object(*out));
	finish(&made);
	assert_int_equal(fixture__signals(&process->object), ZX_PROCESS_TERMINATED);
}

/* Whatever goes wrong, the argument is used up. */
static void start_errors(void **state)
{
	struct made made = make_process(root_job());
	struct process *process = fixture__object(made.process);
	struct thread *thread = fixture__object(made.thread);
	zx_handle_t args[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		args[i] = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	assert_int_equal(sys_process_start(fx.self, 3, made.thread, 0, 0, args[0], 0),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_process_start(fx.self, made.process, 3, 0, 0, args[1], 0),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_process_start(fx.self, handle_to(process, 0), made.thread, 0, 0,
					   args[2], 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_process_start(fx.self, made.process, handle_to(thread, 0), 0, 0,
					   args[3], 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_process_start(fx.self, handle_to(fx.process, ZX_RIGHT_WRITE),
					   made.thread, 0, 0, args[4], 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0, 0,
					   fixture__handle(event__create(), ZX_RIGHT_WAIT), 0),
			 ZX_ERR_ACCESS_DENIED);
	host_test_fail = ZX_ERR_NO_RESOURCES;
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0, 0, args[5], 0),
			 ZX_ERR_NO_RESOURCES);
	host_test_fail = ZX_OK;
	made = make_process(root_job());
	process = fixture__object(made.process);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 1ull << 47, 0,
					   args[6], 0),
			 ZX_ERR_INVALID_ARGS);
	for (int i = 0; i < 7; i++)
		assert_int_equal(sys_handle_check_valid(fx.self, args[i]), ZX_ERR_NOT_FOUND);
	assert_int_equal(process->handles.count, 0);
}

static void start_with_more_registers(void **state)
{
	zx_handle_t process = handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS);
	zx_handle_t *out = user_new(zx_handle_t);
	struct thread *thread;

	(void)state;
	assert_int_equal(sys_thread_create(fx.self, process, text("new"), 3, 0, UADDR(out)), ZX_OK);
	thread = fixture__object(*out);
	assert_int_equal(sys_thread_start_regs(fx.self, handle_to(thread, 0), 1, 2, 3, 4, 5, 6),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_thread_start_regs(fx.self, *out, 1ull << 47, 2, 3, 4, 5, 6),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_start_regs(fx.self, *out, 1, 2, 3, 4, 1ull << 47, 6),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_start_regs(fx.self, *out, 1, 2, 3, 4, 5, 6), ZX_OK);
	assert_int_equal(host_test_entry.pc, 1);
	assert_int_equal(host_test_entry.sp, 2);
	assert_int_equal(host_test_entry.arg1, 3);
	assert_int_equal(host_test_entry.arg2, 4);
	assert_int_equal(host_test_entry.tp, 5);
	assert_int_equal(host_test_entry.abi_reg, 6);
	assert_int_equal(sys_thread_start_regs(fx.self, *out, 1, 2, 3, 4, 5, 6), ZX_ERR_BAD_STATE);
	thread__kill(thread);
	object__get(&thread->object);
	thread__host_gone(thread);
	object__put(&thread->object);
}

static void start_without_argument(void **state)
{
	struct made made = make_process(root_job());

	(void)state;
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0, 0,
					   ZX_HANDLE_INVALID, 0),
			 ZX_ERR_BAD_HANDLE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0, 0,
					   ZX_HANDLE_INVALID, 0),
			 ZX_OK);
	assert_int_equal(sys_task_kill(fx.self, made.process), ZX_OK);
	finish(&made);
}

static void kill_tasks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct process *process;
	struct job *job;
	struct made made;

	(void)state;
	assert_int_equal(sys_job_create(fx.self, root_job(), 1, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_create(fx.self, root_job(), 0, UADDR(out)), ZX_OK);
	assert_int_equal(fixture__rights(*out), ZX_DEFAULT_JOB_RIGHTS);
	job = fixture__object(*out);
	made = make_process(*out);
	process = fixture__object(made.process);
	assert_int_equal(sys_task_kill(fx.self, handle_to(job, ZX_RIGHTS_BASIC)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_task_kill(fx.self, fixture__handle(event__create(), ZX_RIGHT_DESTROY)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_task_kill(fx.self, *out), ZX_OK);
	assert_int_equal(process->return_code, ZX_TASK_RETCODE_SYSCALL_KILL);
	assert_int_equal(fixture__signals(&process->object), ZX_PROCESS_TERMINATED);
	/* Nothing new can be made in it. */
	assert_int_equal(sys_process_create(fx.self, *out, text("x"), 1, 0, UADDR(out),
					    UADDR(user_scratch())),
			 ZX_ERR_BAD_STATE);
}

static void kill_threads(void **state)
{
	struct made made = make_process(root_job());
	struct thread *thread = fixture__object(made.thread);

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_task_kill(fx.self, made.thread), ZX_ERR_WRONG_TYPE);
	assert_int_equal(thread->killed, 0);
	fixture__set_era(ZXERA_2020_07);
	/* One that has not started stays as it is, and may be started later. */
	assert_int_equal(sys_task_kill(fx.self, made.thread), ZX_OK);
	assert_int_equal(thread->killed, 0);
	assert_int_equal(sys_process_start(fx.self, made.process, made.thread, 0x1000000, 0,
					   fixture__handle(event__create(), ZX_RIGHTS_BASIC), 0),
			 ZX_OK);
	assert_int_equal(sys_task_kill(fx.self, made.thread), ZX_OK);
	assert_int_equal(thread->killed, 1);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_task_kill(fx.self, made.process), ZX_OK);
	assert_int_equal(((struct process *)fixture__object(made.process))->return_code, -1);
}

static void unstarted_threads(void **state)
{
	struct made made = make_process(root_job());
	struct thread *thread = fixture__object(made.thread);
	struct process *process = fixture__object(made.process);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	process__kill(process, 0);
	assert_int_equal(process->state, PROCESS_DEAD);
	/* The end of its process does not reach it; it is nobody's thread, and cannot run. */
	assert_int_equal(thread->state, THREAD_NEW);
	assert_int_equal(fixture__signals(&thread->object), 0);
	assert_int_equal(sys_thread_start(fx.self, made.thread, 0x1000000, 0, 0, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_thread_create(fx.self, made.process, text("late"), 4, 0, UADDR(out)),
			 ZX_OK);
	assert_int_equal(sys_thread_start(fx.self, *out, 0x1000000, 0, 0, 0), ZX_ERR_BAD_STATE);
}

static void exits(void **state)
{
	(void)state;
	sys_process_exit(fx.self, -7);
	assert_true(fx.process->state >= PROCESS_DYING);
	assert_int_equal(fx.process->return_code, -7);
	/* The first one counts. */
	sys_process_exit(fx.self, 0);
	assert_int_equal(fx.process->return_code, -7);
	sys_thread_exit(fx.self);
	assert_int_equal(fx.self->killed, 1);
}

static void critical_processes(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t outer;
	zx_handle_t inner;
	struct made made;
	struct job *job;

	(void)state;
	assert_int_equal(sys_job_create(fx.self, root_job(), 0, UADDR(out)), ZX_OK);
	outer = *out;
	job = fixture__object(outer);
	assert_int_equal(sys_job_create(fx.self, outer, 0, UADDR(out)), ZX_OK);
	inner = *out;
	made = make_process(inner);
	assert_int_equal(sys_job_set_critical(fx.self, outer, 2, made.process),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_critical(fx.self, handle_to(job, ZX_RIGHTS_BASIC), 0,
					      made.process),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_job_set_critical(fx.self, outer, 0,
					      handle_to(fixture__object(made.process), 0)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_job_set_critical(fx.self, outer, 0,
					      handle_to(fx.process, ZX_RIGHT_WAIT)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_set_critical(fx.self, outer, 0, made.process), ZX_OK);
	assert_int_equal(sys_job_set_critical(fx.self, inner, 0, made.process),
			 ZX_ERR_ALREADY_BOUND);
	assert_false(job->killed);
	assert_int_equal(sys_task_kill(fx.self, made.process), ZX_OK);
	assert_true(job->killed);
	assert_int_equal(job->return_code, ZX_TASK_RETCODE_CRITICAL_PROCESS_KILL);
}

static void yields_and_priorities(void **state)
{
	(void)state;
	assert_int_equal(sys_thread_legacy_yield(fx.self, 0), ZX_OK);
	assert_int_equal(sys_thread_legacy_yield(fx.self, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_set_priority(fx.self, 31), ZX_OK);
	assert_int_equal(fx.self->priority, 31);
	assert_int_equal(sys_thread_set_priority(fx.self, 32), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_set_priority(fx.self, -1), ZX_ERR_INVALID_ARGS);
}

static void children(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t root = root_job();
	struct made made;
	zx_handle_t job;

	(void)state;
	assert_int_equal(sys_job_create(fx.self, root, 0, UADDR(out)), ZX_OK);
	job = *out;
	made = make_process(job);
	assert_int_equal(sys_object_get_child(fx.self, root, koid_of(job), ZX_RIGHT_SAME_RIGHTS,
					      UADDR(out)),
			 ZX_OK);
	assert_ptr_equal(fixture__object(*out), fixture__object(job));
	assert_int_equal(fixture__rights(*out), ZX_DEFAULT_JOB_RIGHTS);
	assert_int_equal(sys_object_get_child(fx.self, job, koid_of(made.process), ZX_RIGHT_READ,
					      UADDR(out)),
			 ZX_OK);
	assert_ptr_equal(fixture__object(*out), fixture__object(made.process));
	assert_int_equal(fixture__rights(*out), ZX_RIGHT_READ);
	assert_int_equal(sys_object_get_child(fx.self, *out, 1, 0, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	/* Only one level down, and only what exists. */
	assert_int_equal(sys_object_get_child(fx.self, root, koid_of(made.process), 0, UADDR(out)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_object_get_child(fx.self, root, 0, 0, UADDR(out)), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_object_get_child(fx.self, root, fx.process->object.koid,
					      ZX_RIGHT_EXECUTE, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_child(fx.self,
					      fixture__handle(event__create(), ZX_RIGHT_ENUMERATE),
					      1, 0, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	/* A thread is to be found once it was started. */
	assert_int_equal(sys_object_get_child(fx.self, made.process, koid_of(made.thread), 0,
					      UADDR(out)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_object_get_child(fx.self,
					      handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS),
					      fx.self->object.koid, ZX_RIGHT_SAME_RIGHTS,
					      UADDR(out)),
			 ZX_OK);
	assert_ptr_equal(fixture__object(*out), fx.self);
}

static void system_events(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t root = root_job();

	(void)state;
	assert_int_equal(sys_system_get_event(fx.self, root, ZX_SYSTEM_EVENT_MEMORY_PRESSURE_NORMAL,
					      UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__rights(*out), ZX_DEFAULT_SYSTEM_EVENT_LOW_MEMORY_RIGHTS);
	assert_int_equal(fixture__signals(fixture__object(*out)), ZX_EVENT_SIGNALED);
	assert_int_equal(sys_system_get_event(fx.self, root, ZX_SYSTEM_EVENT_OUT_OF_MEMORY,
					      UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(*out)), 0);
	/* The newest interface asks for a right only where memory has run out. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_system_get_event(fx.self, handle_to(core_root->root_job, 0),
					      ZX_SYSTEM_EVENT_OUT_OF_MEMORY, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_system_get_event(fx.self, handle_to(core_root->root_job, 0),
					      ZX_SYSTEM_EVENT_MEMORY_PRESSURE_WARNING, UADDR(out)),
			 ZX_OK);
	fixture__set_era(ZXERA_2020_07);
	assert_int_equal(sys_system_get_event(fx.self, root, 0, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_get_event(fx.self, root,
					      ZX_SYSTEM_EVENT_IMMINENT_OUT_OF_MEMORY, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_job_create(fx.self, root, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_system_get_event(fx.self, *out, ZX_SYSTEM_EVENT_OUT_OF_MEMORY,
					      UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_system_get_event(fx.self, handle_to(core_root->root_job, 0),
					      ZX_SYSTEM_EVENT_OUT_OF_MEMORY, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(process_create),
		test_case(process_create_errors),
		test_case(names_are_cut),
		test_case(creation_rights),
		test_case(thread_create_errors),
		test_case(start),
		test_case(start_errors),
		test_case(start_with_more_registers),
		test_case(start_without_argument),
		test_case(kill_tasks),
		test_case(kill_threads),
		test_case(unstarted_threads),
		test_case(exits),
		test_case(critical_processes),
		test_case(yields_and_priorities),
		test_case(children),
		test_case(system_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
