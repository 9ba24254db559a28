/* zx_object_get_info: its rules, and the topics one by one, but for those of memory. */
#include "compat/core/event.h"
#include "compat/core/eventpair.h"
#include "compat/core/port.h"
#include "compat/core/socket.h"
#include "compat/core/stream.h"
#include "compat/core/timer.h"
#include "compat/core/vmo.h"
#include "tests/core/info_tools.h"

static void argument_rules(void **state)
{
	zx_handle_t event = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	size_t size = sizeof(zx_info_handle_basic_t);
	void *buffer = user_alloc(size);

	(void)state;
	assert_int_equal(sys_object_get_info(fx.self, event, ZX_INFO_HANDLE_BASIC, UADDR(buffer),
					     size, 0, 0),
			 ZX_OK);
	assert_int_equal(sys_object_get_info(fx.self, event, ZX_INFO_HANDLE_BASIC, 0, 0, 0, 0),
			 ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(sys_object_get_info(fx.self, event, ZX_INFO_HANDLE_BASIC, 0, size, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_get_info(fx.self, event, ZX_INFO_HANDLE_BASIC, UADDR(buffer),
					     size, FIXTURE_BAD_ADDR, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_get_info(fx.self, event, ZX_INFO_HANDLE_BASIC, UADDR(buffer),
					     size, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(info(3, ZX_INFO_HANDLE_BASIC, size), ZX_ERR_BAD_HANDLE);
	assert_int_equal(info(event, ZX_INFO_NONE, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(info(event, 5, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(info(event, 1000, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(info(event, 0xffffffff, 0), ZX_ERR_NOT_SUPPORTED);
}

/* Topics and versions of a date are unknown before it. */
static void topics_by_era(void **state)
{
	zx_handle_t vmo = make_vmo(1, false, "");

	(void)state;
	assert_int_equal(info(vmo, ZX_INFO_VMO_V2, 1000), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(info(vmo, ZX_INFO_VMAR_MAPS, 1000), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(info(vmo, ZX_INFO_VMO_V2, 1000), ZX_OK);
	assert_int_equal(info(vmo, ZX_INFO_VMO_V3, 1000), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(info(vmo, ZX_INFO_VMO_V4, 1000), ZX_OK);
	assert_int_equal(info(vmo, __ZX_INFO_TOPIC(23u, 4u), 1000), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(info(vmo, ZX_INFO_JOB, 1000), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(info(vmo, ZX_INFO_VMO, 1000), ZX_ERR_NOT_SUPPORTED);
}

static void handle_topics(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	zx_info_handle_basic_t *basic;
	zx_info_handle_count_t *count;
	struct object *ends[2];
	struct port *port;

	(void)state;
	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	ends[0] = fixture__object(out[0]);
	ends[1] = fixture__object(out[1]);
	assert_int_equal(info(out[0], ZX_INFO_HANDLE_VALID, 0), ZX_OK);
	assert_int_equal(actual, 77);
	assert_int_equal(info(3, ZX_INFO_HANDLE_VALID, 0), ZX_ERR_BAD_HANDLE);
	basic = one(out[0], ZX_INFO_HANDLE_BASIC, sizeof(*basic));
	assert_int_equal(basic->koid, ends[0]->koid);
	assert_int_equal(basic->related_koid, ends[1]->koid);
	assert_int_equal(basic->type, ZX_OBJ_TYPE_EVENTPAIR);
	assert_int_equal(basic->rights, ZX_DEFAULT_EVENTPAIR_RIGHTS);
	assert_int_equal(basic->props, ZX_OBJ_PROP_WAITABLE);
	count = one(out[0], ZX_INFO_HANDLE_COUNT, sizeof(*count));
	assert_int_equal(count->handle_count, 1);
	handle_to(ends[0], 0);
	count = one(out[0], ZX_INFO_HANDLE_COUNT, sizeof(*count));
	assert_int_equal(count->handle_count, 2);
	assert_int_equal(info(handle_to(ends[0], 0), ZX_INFO_HANDLE_COUNT, 100),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(port__create(0, &port), ZX_OK);
	basic = one(fixture__handle(&port->object, 0), ZX_INFO_HANDLE_BASIC, sizeof(*basic));
	assert_int_equal(basic->props, ZX_OBJ_PROP_NONE);
}

static void handle_stats(void **state)
{
	zx_info_process_handle_stats_t *stats;
	zx_info_handle_extended_t *table;
	zx_handle_t process = self_process();
	zx_handle_t event = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	size_t *count = user_new(size_t);

	(void)state;
	fixture__handle(event__create(), 0);
	stats = one(process, ZX_INFO_PROCESS_HANDLE_STATS, sizeof(*stats));
	assert_int_equal(stats->handle_count[ZX_OBJ_TYPE_EVENT], 2);
	assert_int_equal(stats->handle_count[ZX_OBJ_TYPE_PROCESS], 1);
	assert_int_equal(stats->handle_count[ZX_OBJ_TYPE_VMO], 0);
	assert_int_equal(info(process, ZX_INFO_HANDLE_TABLE, 100 * sizeof(*table)), ZX_OK);
	assert_int_equal(actual, 3);
	assert_int_equal(avail, 3);
	table = user_scratch();
	assert_int_equal(table[1].handle_value, event);
	assert_int_equal(table[1].type, ZX_OBJ_TYPE_EVENT);
	assert_int_equal(table[1].rights, ZX_RIGHTS_BASIC);
	assert_int_equal(table[1].koid, ((struct object *)fixture__object(event))->koid);
	assert_int_equal(info(process, ZX_INFO_HANDLE_TABLE, 2 * sizeof(*table) + 1), ZX_OK);
	assert_int_equal(actual, 2);
	assert_int_equal(avail, 3);
	assert_int_equal(sys_object_get_info(fx.self, process, ZX_INFO_HANDLE_TABLE, 0, 0,
					     UADDR(count), 0),
			 ZX_OK);
	assert_int_equal(*count, 3);
	assert_int_equal(info(handle_to(fx.process, ZX_RIGHT_INSPECT), ZX_INFO_HANDLE_TABLE, 0),
			 ZX_ERR_ACCESS_DENIED);
}

static void process_topics(void **state)
{
	struct thread *other = fixture__other_process();
	zx_handle_t process = handle_to(other->process, ZX_RIGHT_INSPECT);
	zx_info_process_v2_t *v2;
	zx_info_process_t *v1;

	(void)state;
	v1 = one(process, ZX_INFO_PROCESS, sizeof(*v1));
	assert_true(v1->started);
	assert_false(v1->exited);
	process__kill(other->process, 5);
	v1 = one(process, ZX_INFO_PROCESS, sizeof(*v1));
	assert_true(v1->started && v1->exited);
	assert_int_equal(v1->return_code, 5);
	assert_int_equal(info(handle_to(other, ZX_RIGHT_INSPECT), ZX_INFO_PROCESS, 100),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(info(handle_to(other->process, 0), ZX_INFO_PROCESS, 100),
			 ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_NEWEST);
	v2 = one(process, ZX_INFO_PROCESS_V2, sizeof(*v2));
	assert_int_equal(v2->flags, ZX_INFO_PROCESS_FLAG_STARTED | ZX_INFO_PROCESS_FLAG_EXITED);
	assert_true(v2->start_time > 0);
	assert_int_equal(v2->return_code, 5);
}

/* The right that lets one look at a task was another one at first. */
static void rights_of_2018_07(void **state)
{
	zx_handle_t reader = handle_to(fx.process, ZX_RIGHT_READ);
	zx_handle_t inspector = handle_to(fx.process, ZX_RIGHT_INSPECT);

	(void)state;
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(info(reader, ZX_INFO_PROCESS, 100), ZX_OK);
	assert_int_equal(info(inspector, ZX_INFO_PROCESS, 100), ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(info(reader, ZX_INFO_PROCESS, 100), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(info(inspector, ZX_INFO_PROCESS, 100), ZX_OK);
}

static void lists_of_koids(void **state)
{
	zx_handle_t root = handle_to(core_root->root_job, ZX_DEFAULT_JOB_RIGHTS);
	struct thread *other = fixture__other_process();
	zx_handle_t *out = user_new(zx_handle_t);
	zx_koid_t *koids = user_scratch();
	struct thread *unstarted;

	(void)state;
	assert_int_equal(info(root, ZX_INFO_JOB_PROCESSES, 100), ZX_OK);
	assert_int_equal(actual, 2);
	assert_int_equal(koids[0], fx.process->object.koid);
	assert_int_equal(koids[1], other->process->object.koid);
	assert_int_equal(info(root, ZX_INFO_JOB_PROCESSES, 15), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(avail, 2);
	assert_int_equal(info(root, ZX_INFO_JOB_PROCESSES, 0), ZX_OK);
	assert_int_equal(actual, 0);
	assert_int_equal(avail, 2);
	assert_int_equal(sys_object_get_info(fx.self, root, ZX_INFO_JOB_PROCESSES, 0, 0, 0, 0),
			 ZX_OK);
	assert_int_equal(sys_object_get_info(fx.self, root, ZX_INFO_JOB_PROCESSES, 0, 8, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(info(root, ZX_INFO_JOB_CHILDREN, 100), ZX_OK);
	assert_int_equal(avail, 0);
	assert_int_equal(sys_job_create(fx.self, root, 0, UADDR(out)), ZX_OK);
	assert_int_equal(info(root, ZX_INFO_JOB_CHILDREN, 100), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(koids[0], ((struct object *)fixture__object(*out))->koid);
	assert_int_equal(thread__create(fx.process, "new", &unstarted), ZX_OK);
	assert_int_equal(info(self_process(), ZX_INFO_PROCESS_THREADS, 100), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(koids[0], fx.self->object.koid);
	object__put(&unstarted->object);
	assert_int_equal(info(handle_to(fx.process, ZX_RIGHT_INSPECT), ZX_INFO_PROCESS_THREADS,
			      100),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(info(root, ZX_INFO_PROCESS_THREADS, 100), ZX_ERR_WRONG_TYPE);
}

static void job_topic(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_info_job_t *job;
	zx_handle_t handle;

	(void)state;
	assert_int_equal(sys_job_create(fx.self,
					handle_to(core_root->root_job, ZX_DEFAULT_JOB_RIGHTS), 0,
					UADDR(out)),
			 ZX_OK);
	handle = *out;
	job = one(handle, ZX_INFO_JOB, sizeof(*job));
	assert_false(job->exited || job->kill_on_oom || job->debugger_attached);
	((struct job *)fixture__object(handle))->kill_on_oom = true;
	assert_int_equal(sys_task_kill(fx.self, handle), ZX_OK);
	job = one(handle, ZX_INFO_JOB, sizeof(*job));
	assert_true(job->exited && job->kill_on_oom);
	assert_int_equal(job->return_code, ZX_TASK_RETCODE_SYSCALL_KILL);
}

static void wait_long(struct thread *self, void *data)
{
	(void)object__wait_one(self, data, NULL, 0, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static void thread_topics(void **state)
{
	zx_handle_t self = handle_to(fx.self, ZX_RIGHT_INSPECT);
	struct object *event = event__create();
	zx_info_thread_2018_t *old;
	zx_info_thread_t *thread;
	struct runner runner;
	zx_handle_t waiter;
	struct thread *unstarted;

	(void)state;
	thread = one(self, ZX_INFO_THREAD, sizeof(*thread));
	assert_int_equal(thread->state, ZX_THREAD_STATE_RUNNING);
	fixture__run(&runner, wait_long, event);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	waiter = handle_to(runner.thread, ZX_RIGHT_INSPECT);
	thread = one(waiter, ZX_INFO_THREAD, sizeof(*thread));
	assert_int_equal(thread->state, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	thread__kill(runner.thread);
	thread = one(waiter, ZX_INFO_THREAD, sizeof(*thread));
	assert_int_equal(thread->state, ZX_THREAD_STATE_DYING);
	fixture__join(&runner);
	thread = one(waiter, ZX_INFO_THREAD, sizeof(*thread));
	assert_int_equal(thread->state, ZX_THREAD_STATE_DEAD);
	object__put(event);
	assert_int_equal(thread__create(fx.process, "new", &unstarted), ZX_OK);
	thread = one(handle_to(unstarted, ZX_RIGHT_INSPECT), ZX_INFO_THREAD, sizeof(*thread));
	assert_int_equal(thread->state, ZX_THREAD_STATE_NEW);
	object__put(&unstarted->object);
	assert_int_equal(info(self, ZX_INFO_THREAD_EXCEPTION_REPORT, 1000), ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_2018_12);
	old = one(self, ZX_INFO_THREAD, sizeof(*old));
	assert_int_equal(old->state, ZX_THREAD_STATE_RUNNING);
}

static void runtimes(void **state)
{
	zx_handle_t thread = handle_to(fx.self, ZX_RIGHT_INSPECT);
	zx_handle_t job = handle_to(core_root->root_job, ZX_RIGHT_INSPECT);
	zx_info_thread_stats_2018_t *old;
	zx_info_thread_stats_t *stats;
	zx_info_task_runtime_t *runtime;
	zx_duration_t process_time;

	(void)state;
	stats = one(thread, ZX_INFO_THREAD_STATS, sizeof(*stats));
	assert_true(stats->total_runtime > 0);
	runtime = one(thread, ZX_INFO_TASK_RUNTIME, sizeof(*runtime));
	assert_true(runtime->cpu_time > 0);
	runtime = one(handle_to(fx.process, ZX_RIGHT_INSPECT), ZX_INFO_TASK_RUNTIME,
		      sizeof(*runtime));
	process_time = runtime->cpu_time;
	runtime = one(job, ZX_INFO_TASK_RUNTIME, sizeof(*runtime));
	assert_true(runtime->cpu_time >= process_time);
	assert_int_equal(info(fixture__handle(event__create(), ZX_RIGHT_INSPECT),
			      ZX_INFO_TASK_RUNTIME, 100),
			 ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_2018_12);
	old = one(thread, ZX_INFO_THREAD_STATS, sizeof(*old));
	assert_true(old->total_runtime > 0);
	fixture__set_era(ZXERA_NEWEST);
	one(thread, ZX_INFO_TASK_RUNTIME_V2, sizeof(zx_info_task_runtime_v2_t));
}

static void socket_topic(void **state)
{
	struct socket *sockets[2];
	zx_info_socket_201810_t *old;
	zx_info_socket_t *socket;
	zx_handle_t handle;
	size_t done;

	(void)state;
	assert_int_equal(socket__create(ZX_SOCKET_DATAGRAM, &sockets[0], &sockets[1]), ZX_OK);
	handle = fixture__handle(socket__object(sockets[0]), ZX_RIGHT_INSPECT);
	fixture__handle(socket__object(sockets[1]), 0);
	assert_int_equal(socket__write(sockets[1], "hello", 5, &done), ZX_OK);
	socket = one(handle, ZX_INFO_SOCKET, sizeof(*socket));
	assert_int_equal(socket->options, ZX_SOCKET_DATAGRAM);
	assert_int_equal(socket->rx_buf_size, 5);
	assert_int_equal(socket->rx_buf_available, 5);
	assert_int_equal(socket->tx_buf_size, 0);
	assert_true(socket->rx_buf_max >= 5 && socket->tx_buf_max == socket->rx_buf_max);
	fixture__set_era(ZXERA_2018_10);
	old = one(handle, ZX_INFO_SOCKET, sizeof(*old));
	assert_int_equal(old->rx_buf_size, 5);
	assert_int_equal(old->tx_buf_size, 0);
}

static void timer_and_stream_topics(void **state)
{
	zx_info_stream_t *stream_info;
	zx_info_timer_t *timer_info;
	struct stream *stream;
	struct timer *timer;
	struct vmo *vmo;
	zx_handle_t handle;

	(void)state;
	assert_int_equal(timer__create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC, &timer), ZX_OK);
	handle = fixture__handle(&timer->object, ZX_RIGHT_INSPECT);
	timer_info = one(handle, ZX_INFO_TIMER, sizeof(*timer_info));
	assert_int_equal(timer_info->options, ZX_TIMER_SLACK_LATE);
	assert_int_equal(timer_info->deadline, 0);
	timer__set(timer, ZX_TIME_INFINITE, 9);
	timer_info = one(handle, ZX_INFO_TIMER, sizeof(*timer_info));
	assert_int_equal(timer_info->deadline, ZX_TIME_INFINITE);
	assert_int_equal(timer_info->slack, 9);
	assert_int_equal(timer_info->padding1[0], ZX_CLOCK_MONOTONIC);
	assert_int_equal(timer__create(0, ZX_CLOCK_BOOT, &timer), ZX_OK);
	timer_info = one(fixture__handle(&timer->object, ZX_RIGHT_INSPECT), ZX_INFO_TIMER,
			 sizeof(*timer_info));
	assert_int_equal(((zx_info_timer_newest_t *)timer_info)->clock_id, ZX_CLOCK_BOOT);
	assert_int_equal(vmo__create(100, false, &vmo), ZX_OK);
	assert_int_equal(stream__create(ZX_STREAM_MODE_READ, vmo, false, 7, &stream), ZX_OK);
	object__put(&vmo->object);
	stream_info = one(fixture__handle(&stream->object, ZX_RIGHT_INSPECT), ZX_INFO_STREAM,
			  sizeof(*stream_info));
	assert_int_equal(stream_info->options, ZX_STREAM_MODE_READ);
	assert_int_equal(stream_info->seek, 7);
	assert_int_equal(stream_info->content_size, 100);
}

static void what_nobody_may_ask(void **state)
{
	static const uint32_t topics[] = { ZX_INFO_CPU_STATS, ZX_INFO_KMEM_STATS, ZX_INFO_RESOURCE,
					   ZX_INFO_BTI, ZX_INFO_MSI, ZX_INFO_GUEST_STATS };
	zx_handle_t process = self_process();

	(void)state;
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		assert_int_equal(info(process, topics[i], 1000), ZX_ERR_WRONG_TYPE);
		assert_int_equal(info(3, topics[i], 1000), ZX_ERR_BAD_HANDLE);
	}
}

static void ask_everything(void)
{
	zx_handle_t process = self_process();

	for (uint32_t topic = 0; topic <= ZX_INFO_TASK_RUNTIME; topic++)
		(void)sys_object_get_info(fx.self, process, topic, UADDR(user_scratch()),
					  FIXTURE_SCRATCH_SIZE, 0, 0);
	for (uint32_t topic = 0; topic <= ZX_INFO_TASK_RUNTIME; topic++)
		(void)sys_object_get_info(fx.self, process, topic, FIXTURE_BAD_ADDR, 4096, 0, 0);
	fixture__close(process);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(ask_everything);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(argument_rules),
		test_case(topics_by_era),
		test_case(handle_topics),
		test_case(handle_stats),
		test_case(process_topics),
		test_case(rights_of_2018_07),
		test_case(lists_of_koids),
		test_case(job_topic),
		test_case(thread_topics),
		test_case(runtimes),
		test_case(socket_topic),
		test_case(timer_and_stream_topics),
		test_case(what_nobody_may_ask),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
