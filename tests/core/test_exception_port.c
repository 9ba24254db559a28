/* Exceptions whose handlers were bound by zx_task_bind_exception_port, to 2019-01. */
#include "compat/core/event.h"
#include "compat/core/exception_place.h"
#include "compat/core/port.h"
#include "tests/core/exception_helpers.h"

#define KEY 99u
#define DEBUGGER ZX_EXCEPTION_PORT_DEBUGGER_202002
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002
#define QUIETLY ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810

static zx_handle_t make_port(void)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	return *out;
}

static zx_status_t bind(void *task, zx_handle_t port, uint32_t options)
{
	zx_handle_t handle = handle_to(task, ZX_RIGHT_NONE);
	zx_status_t status = sys_task_bind_exception_port(fx.self, handle, port, KEY, options);

	fixture__close(handle);
	return status;
}

static zx_handle_t port_of(void *task, uint32_t options)
{
	zx_handle_t port = make_port();

	assert_int_equal(bind(task, port, options), ZX_OK);
	return port;
}

static void next_packet(zx_handle_t port, struct thread *thread, uint32_t type)
{
	zx_port_packet_t *packet = user_scratch();
	zx_packet_exception_202002_t body;

	assert_int_equal(sys_port_wait(fx.self, port, fixture__after_ms(30000), UADDR(packet)),
			 ZX_OK);
	memcpy(&body, &packet->user, sizeof(body));
	assert_int_equal(packet->key, KEY);
	assert_int_equal(packet->type, type);
	assert_int_equal(packet->status, ZX_OK);
	assert_int_equal(body.pid, thread->process->object.koid);
	assert_int_equal(body.tid, thread->object.koid);
	assert_int_equal(body.reserved0 | body.reserved1, 0);
}

static zx_status_t resume(struct thread *thread, zx_handle_t port, uint32_t options)
{
	zx_handle_t handle = handle_to(thread, ZX_RIGHT_NONE);
	zx_status_t status = sys_task_resume_from_exception(fx.self, handle, port, options);

	fixture__close(handle);
	return status;
}

static uint32_t wait_type(struct thread *thread)
{
	zx_info_thread_2018_t *user = user_scratch();
	zx_handle_t handle = handle_to(thread, ZX_RIGHT_INSPECT);

	assert_int_equal(sys_object_get_info(fx.self, handle, ZX_INFO_THREAD, UADDR(user),
					     sizeof(*user), 0, 0),
			 ZX_OK);
	fixture__close(handle);
	assert_int_equal(user->state, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	return user->wait_exception_port_type;
}

static void order(void **state)
{
	static const uint32_t types[] = {
		ZX_EXCEPTION_PORT_TYPE_DEBUGGER_202002,
		ZX_EXCEPTION_PORT_TYPE_THREAD_202002,
		ZX_EXCEPTION_PORT_TYPE_PROCESS_202002,
		ZX_EXCEPTION_PORT_TYPE_JOB_202002,
	};
	zx_handle_t ports[4];
	struct raiser raiser;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	ports[0] = port_of(fx.process, DEBUGGER);
	ports[2] = port_of(fx.process, 0);
	ports[3] = port_of(core_root->root_job, 0);
	port_of(core_root->root_job, DEBUGGER);
	raise_one(&raiser, ZX_EXCP_SW_BREAKPOINT);
	for (int i = 0; i < 4; i++) {
		struct thread *thread = raiser.runner.thread;

		if (i == 1)
			next_packet(ports[1], thread, ZX_EXCP_SW_BREAKPOINT);
		else
			next_packet(ports[i], thread, ZX_EXCP_SW_BREAKPOINT);
		assert_int_equal(wait_type(thread), types[i]);
		if (i == 0)
			ports[1] = port_of(thread, 0);
		assert_int_equal(resume(thread, ports[i], i < 3 ? TRY_NEXT : 0), ZX_OK);
	}
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
}

static void answers(void **state)
{
	struct raiser raiser;
	struct thread *thread;
	zx_handle_t port;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	port = port_of(fx.process, 0);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	thread = raiser.runner.thread;
	next_packet(port, thread, ZX_EXCP_GENERAL);
	assert_int_equal(resume(thread, make_port(), 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(resume(thread, port, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(resume(thread, port, 3), ZX_ERR_INVALID_ARGS);
	assert_int_equal(resume(thread, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_task_resume_from_exception(fx.self, port, port, 0),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(resume(fx.self, port, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(resume(thread, port, TRY_NEXT), ZX_OK);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

/* Of an exception that came by channel no port can be the proof, nor can it do without. */
static void both_interfaces(void **state)
{
	zx_handle_t channel = channel_of(fx.process, 0);
	zx_handle_t exception;
	struct raiser raiser;
	zx_handle_t port;

	(void)state;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	exception = next_exception(channel, raiser.runner.thread, ZX_EXCP_GENERAL);
	port = make_port();
	assert_int_equal(bind(fx.process, port, 0), ZX_ERR_ALREADY_BOUND);
	assert_int_equal(bind(fx.process, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(resume(raiser.runner.thread, port, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(exception__resume(raiser.runner.thread, 0), ZX_ERR_BAD_STATE);
	fixture__close(exception);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

static void bind_errors(void **state)
{
	zx_handle_t event = fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
	zx_handle_t port = make_port();

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_task_bind_exception_port(fx.self, 0, 0, 0, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_task_bind_exception_port(fx.self, 0, 0, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_task_bind_exception_port(fx.self, 0, event, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_task_bind_exception_port(fx.self, 0, port, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_task_bind_exception_port(fx.self, event, port, 0, 0),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(bind(fx.self, port, DEBUGGER), ZX_ERR_INVALID_ARGS);
	assert_int_equal(bind(fx.self, 0, DEBUGGER), ZX_ERR_INVALID_ARGS);
	assert_int_equal(bind(fx.self, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(bind(fx.self, port, 0), ZX_OK);
	assert_int_equal(bind(fx.self, port, 0), ZX_ERR_ALREADY_BOUND);
	assert_int_equal(bind(fx.self, 0, 0), ZX_OK);
	assert_int_equal(bind(fx.self, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(bind(core_root->root_job, port, DEBUGGER), ZX_OK);
	/* In July 2018 jobs had no debuggers, and what was bound was a bad state. */
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(bind(core_root->root_job, port, DEBUGGER), ZX_ERR_INVALID_ARGS);
	assert_int_equal(bind(fx.process, port, QUIETLY), ZX_ERR_INVALID_ARGS);
	assert_int_equal(bind(fx.process, port, 0), ZX_OK);
	assert_int_equal(bind(fx.process, port, 0), ZX_ERR_BAD_STATE);
}

static void dead_tasks(void **state)
{
	struct thread *thread = fixture__other_process();
	zx_handle_t port = make_port();
	struct job *job;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	object__get(&thread->object);
	process__kill(thread->process, 0);
	thread__host_gone(thread);
	assert_int_equal(bind(thread, port, 0), ZX_ERR_NOT_FOUND);
	assert_int_equal(bind(thread->process, port, 0), ZX_ERR_NOT_FOUND);
	assert_int_equal(job__create(core_root->root_job, ZXERA_2019_01, &job), ZX_OK);
	job__kill(job, 0);
	assert_int_equal(bind(job, port, 0), ZX_OK);
	object__put(&job->object);
}

/* What was bound stays so when the task ends, until it is unbound. */
static void ports_of_the_dead(void **state)
{
	struct thread *thread = fixture__other_process();
	struct process *process = thread->process;
	zx_handle_t port = make_port();

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	object__get(&thread->object);
	assert_int_equal(bind(thread, port, 0), ZX_OK);
	assert_int_equal(bind(process, port, 0), ZX_OK);
	assert_int_equal(bind(process, port, DEBUGGER), ZX_OK);
	process__kill(process, 0);
	thread__host_gone(thread);
	assert_int_equal(bind(thread, 0, 0), ZX_OK);
	assert_int_equal(bind(thread, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(bind(process, 0, 0), ZX_OK);
	assert_int_equal(bind(process, 0, 0), ZX_ERR_BAD_STATE);
	assert_true(exception_place__bound(&process->debugger));
	fixture__close(port);
	assert_false(exception_place__bound(&process->debugger));
	assert_int_equal(bind(process, 0, DEBUGGER), ZX_ERR_BAD_STATE);
}

/* Unbinding, and closing the port, count as "try next". */
static void handlers_that_go(void **state)
{
	struct raiser raiser;
	struct thread *thread;
	zx_handle_t ports[3];

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	ports[0] = port_of(fx.process, DEBUGGER);
	ports[1] = port_of(fx.process, 0);
	ports[2] = port_of(core_root->root_job, 0);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	thread = raiser.runner.thread;
	next_packet(ports[0], thread, ZX_EXCP_GENERAL);
	assert_int_equal(bind(fx.process, 0, DEBUGGER), ZX_OK);
	next_packet(ports[1], thread, ZX_EXCP_GENERAL);
	assert_int_equal(resume(thread, ports[0], 0), ZX_ERR_ACCESS_DENIED);
	fixture__close(ports[1]);
	next_packet(ports[2], thread, ZX_EXCP_GENERAL);
	assert_int_equal(bind(fx.process, 0, 0), ZX_ERR_BAD_STATE);
	fixture__close(ports[2]);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
	port_of(fx.process, 0);
}

/* Until October 2018 a handler could go and leave the thread waiting. */
static void unbound_quietly(void **state)
{
	struct raiser raiser;
	struct thread *thread;
	zx_handle_t port;

	(void)state;
	fixture__set_era(ZXERA_2018_10);
	port = port_of(fx.process, 0);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	thread = raiser.runner.thread;
	next_packet(port, thread, ZX_EXCP_GENERAL);
	assert_int_equal(bind(fx.process, 0, QUIETLY), ZX_OK);
	assert_int_equal(resume(thread, port, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(wait_type(thread), ZX_EXCEPTION_PORT_TYPE_PROCESS_202002);
	fixture__close(port);
	port_of(fx.process, 0);
	assert_int_equal(wait_type(thread), ZX_EXCEPTION_PORT_TYPE_PROCESS_202002);
	assert_int_equal(exception__resume(thread, ZX_RESUME_EXCEPTION_201810), ZX_OK);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
}

/* With a full port nobody is told, nor asked instead. */
static void full_port(void **state)
{
	zx_port_packet_t *packet = user_alloc(sizeof(*packet));
	zx_port_packet_t *next = user_alloc(sizeof(*next));
	struct raiser raiser;
	zx_handle_t ports[2];

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	ports[0] = port_of(fx.process, 0);
	ports[1] = port_of(core_root->root_job, 0);
	memset(packet, 0, sizeof(*packet));
	while (sys_port_queue(fx.self, ports[0], UADDR(packet)) == ZX_OK)
		continue;
	raise_one(&raiser, ZX_EXCP_GENERAL);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
	assert_int_equal(sys_port_wait(fx.self, ports[1], 0, UADDR(next)), ZX_ERR_TIMED_OUT);
	while (sys_port_wait(fx.self, ports[0], 0, UADDR(next)) == ZX_OK)
		assert_int_equal(next->type, ZX_PKT_TYPE_USER);
}

static void killed(void **state)
{
	struct raiser raiser;
	zx_handle_t port;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	port = port_of(fx.process, 0);
	raise_one(&raiser, ZX_EXCP_GENERAL);
	next_packet(port, raiser.runner.thread, ZX_EXCP_GENERAL);
	thread__kill(raiser.runner.thread);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_KILLED);
	fixture__close(port);
}

static void handle_one(void)
{
	zx_handle_t port = port_of(fx.process, 0);
	struct raiser raiser;

	raise_one(&raiser, ZX_EXCP_GENERAL);
	next_packet(port, raiser.runner.thread, ZX_EXCP_GENERAL);
	assert_int_equal(resume(raiser.runner.thread, port, 0), ZX_OK);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_RESUME);
	fixture__close(port);
}

/* By its port, by the one who bound it, and with its task. */
static void bind_and_go(void)
{
	zx_handle_t ports[3];
	struct job *job;

	assert_int_equal(job__create(core_root->root_job, ZXERA_2019_01, &job), ZX_OK);
	ports[0] = port_of(fx.process, 0);
	ports[1] = port_of(fx.process, DEBUGGER);
	ports[2] = port_of(job, 0);
	object__put(&job->object);
	assert_int_equal(bind(fx.process, 0, 0), ZX_OK);
	for (int i = 0; i < 3; i++)
		fixture__close(ports[i]);
}

/* --- Ports that come and go while threads wait for them --- */

#define BINDERS 3
#define RAISERS 2
#define TURNS 600

static uint32_t raisers_left;

static void bind_in_turns(struct thread *self, void *data)
{
	struct exception_place *places[] = {
		&fx.process->debugger,
		&fx.process->handler,
		&core_root->root_job->handler,
	};
	uintptr_t first = (uintptr_t)data;

	(void)self;
	for (uintptr_t i = first; i < first + TURNS; i++) {
		struct exception_place *place = places[i % 3];
		struct handle handle;
		struct port *port;

		assert_int_equal(port__create(0, &port), ZX_OK);
		handle = handle__make(&port->object, ZX_RIGHT_NONE);
		(void)exception_place__bind_port(place, port, i, false);
		(void)exception_place__bound(place);
		if (i % 4 < 2)
			(void)exception_place__unbind_port(place, i % 8 == 0);
		handle__close(&handle);
	}
}

static void raise_in_turns(struct thread *self, void *data)
{
	zx_exception_report_v2_t report;

	(void)data;
	exception__init_report(&report, ZX_EXCP_GENERAL);
	for (int i = 0; i < TURNS; i++)
		assert_int_not_equal(exception__raise(self, &report), EXCEPTION_KILLED);
	__atomic_fetch_sub(&raisers_left, 1, __ATOMIC_RELAXED);
}

/* Those whose port was unbound quietly have nobody else. */
static void answer_until_they_end(struct runner *raisers)
{
	for (uint32_t i = 0; __atomic_load_n(&raisers_left, __ATOMIC_RELAXED); i++) {
		struct thread *thread = raisers[i % RAISERS].thread;

		(void)exception__wait_type(thread);
		(void)exception__answer(thread, NULL, i % 3);
	}
}

static void bind_and_raise(void)
{
	struct runner binders[BINDERS];
	struct runner raisers[RAISERS];

	raisers_left = RAISERS;
	for (uintptr_t i = 0; i < BINDERS; i++)
		fixture__run(&binders[i], bind_in_turns, (void *)i);
	for (int i = 0; i < RAISERS; i++)
		fixture__run(&raisers[i], raise_in_turns, NULL);
	answer_until_they_end(raisers);
	for (int i = 0; i < RAISERS; i++)
		fixture__join(&raisers[i]);
	for (int i = 0; i < BINDERS; i++)
		fixture__join(&binders[i]);
	assert_false(exception_place__bound(&fx.process->debugger));
	assert_false(exception_place__bound(&fx.process->handler));
	assert_false(exception_place__bound(&core_root->root_job->handler));
}

static void races(void **state)
{
	uint64_t in_use;

	(void)state;
	fixture__set_era(ZXERA_2018_10);
	bind_and_raise();
	in_use = arena__in_use();
	bind_and_raise();
	assert_int_equal(arena__in_use(), in_use);
}

/* Unbound quietly, and then killed while it waits for an answer that cannot come. */
static void kill_one(void)
{
	zx_handle_t port = port_of(fx.process, 0);
	struct raiser raiser;

	raise_one(&raiser, ZX_EXCP_GENERAL);
	next_packet(port, raiser.runner.thread, ZX_EXCP_GENERAL);
	assert_int_equal(bind(fx.process, 0, QUIETLY), ZX_OK);
	thread__kill(raiser.runner.thread);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_KILLED);
	fixture__close(port);
}

/* A report that nobody reads, and a port that goes before its thread. */
static void leave_one(void)
{
	zx_handle_t port = port_of(fx.process, 0);
	struct raiser raiser;

	raise_one(&raiser, ZX_EXCP_GENERAL);
	while (exception__wait_type(raiser.runner.thread) == ZX_EXCEPTION_CHANNEL_TYPE_NONE)
		continue;
	fixture__close(port);
	assert_int_equal(outcome_of(&raiser), EXCEPTION_UNHANDLED);
}

static void bind_in_vain(void)
{
	zx_handle_t port = port_of(fx.process, 0);

	assert_int_equal(bind(fx.process, port, 0), ZX_ERR_ALREADY_BOUND);
	fixture__close(port);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__set_era(ZXERA_2019_01);
	fixture__check_leaks(handle_one);
	fixture__check_leaks(bind_and_go);
	fixture__check_leaks(bind_in_vain);
	fixture__check_leaks(leave_one);
	fixture__set_era(ZXERA_2018_10);
	fixture__check_leaks(kill_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(order),
		test_case(answers),
		test_case(both_interfaces),
		test_case(bind_errors),
		test_case(dead_tasks),
		test_case(ports_of_the_dead),
		test_case(handlers_that_go),
		test_case(unbound_quietly),
		test_case(full_port),
		test_case(killed),
		test_case(no_leaks),
		test_case(races),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
