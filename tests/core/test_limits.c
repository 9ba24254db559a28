/* What programs can do without end must cost the core nothing lasting, and no stack. */
#include <stdio.h>

#include "compat/core/event.h"
#include "compat/core/vmo.h"
#include "tests/core/channel_helpers.h"

#define MANY 100000
#define CHAIN 200000
#define MESSAGES 1000000
#define SMALL_STACK (256u << 10)

/* Makes an object (or a pair) by a call that writes handles to @out; returns how many. */
typedef uint32_t make_fn(zx_handle_t *out);

static uint32_t make_event_pair(zx_handle_t *out)
{
	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	return 2;
}

static uint32_t make_lone_event(zx_handle_t *out)
{
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	return 1;
}

static uint32_t make_channel_pair(zx_handle_t *out)
{
	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	return 2;
}

static uint32_t make_sockets(zx_handle_t *out)
{
	assert_int_equal(sys_socket_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	return 2;
}

static uint32_t make_fifos(zx_handle_t *out)
{
	assert_int_equal(sys_fifo_create(fx.self, 8, 8, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	return 2;
}

static uint32_t make_port(zx_handle_t *out)
{
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	return 1;
}

/* A wait on an event whose handle is closed first, then the port's. */
static uint32_t make_async_wait(zx_handle_t *out)
{
	make_lone_event(&out[0]);
	make_port(&out[1]);
	assert_int_equal(sys_object_wait_async(fx.self, out[0], out[1], 7, ZX_USER_SIGNAL_0, 0),
			 ZX_OK);
	return 2;
}

static uint32_t make_timer(zx_handle_t *out)
{
	assert_int_equal(sys_timer_create(fx.self, 0, ZX_CLOCK_MONOTONIC, UADDR(out)), ZX_OK);
	assert_int_equal(sys_timer_set(fx.self, *out, ZX_TIME_INFINITE, 0), ZX_OK);
	return 1;
}

static uint32_t make_vmo(zx_handle_t *out)
{
	assert_int_equal(sys_vmo_create(fx.self, 4096, 0, UADDR(out)), ZX_OK);
	return 1;
}

static uint32_t make_log(zx_handle_t *out)
{
	assert_int_equal(sys_debuglog_create(fx.self, ZX_HANDLE_INVALID, 0, UADDR(out)), ZX_OK);
	return 1;
}

static zx_handle_t root_job(void)
{
	object__get(&core_root->root_job->object);
	return fixture__handle(&core_root->root_job->object,
			       era__default_rights(fx.process->era, ZX_OBJ_TYPE_JOB));
}

static uint32_t make_job(zx_handle_t *out)
{
	out[1] = root_job();
	assert_int_equal(sys_job_create(fx.self, out[1], 0, UADDR(out)), ZX_OK);
	return 2;
}

static uint32_t make_process(zx_handle_t *out)
{
	out[2] = root_job();
	assert_int_equal(sys_process_create(fx.self, out[2], UADDR(out), 1, 0, UADDR(&out[0]),
					    UADDR(&out[1])),
			 ZX_OK);
	return 3;
}

/* One that is never started. */
static uint32_t make_thread(zx_handle_t *out)
{
	object__get(&fx.process->object);
	out[1] = fixture__handle(&fx.process->object, ZX_DEFAULT_PROCESS_RIGHTS);
	assert_int_equal(sys_thread_create(fx.self, out[1], UADDR(out), 1, 0, UADDR(out)), ZX_OK);
	return 2;
}

static make_fn *const makers[] = {
	make_lone_event, make_event_pair, make_channel_pair, make_sockets, make_fifos,
	make_port,	 make_async_wait, make_timer,	     make_vmo,	   make_log,
	make_job,	 make_process,	  make_thread,
};

static void make_and_close(make_fn *make, uint32_t times)
{
	zx_handle_t *out = user_scratch();

	for (uint32_t i = 0; i < times; i++) {
		uint32_t count = make(out);

		for (uint32_t k = 0; k < count; k++)
			assert_int_equal(sys_handle_close(fx.self, out[k]), ZX_OK);
	}
}

static void objects_come_and_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		uint64_t in_use;

		/* The handle table has to see each of its slots once. */
		make_and_close(makers[i], 2000);
		in_use = arena__in_use();
		make_and_close(makers[i], MANY);
		assert_int_equal(arena__in_use(), in_use);
	}
}

static void *put_object(void *object)
{
	object__put(object);
	return NULL;
}

/* Gives up a reference on a stack as small as those that answer calls. */
static void put_on_small_stack(struct object *object)
{
	pthread_attr_t attributes;
	pthread_t thread;

	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, SMALL_STACK), 0);
	assert_int_equal(pthread_create(&thread, &attributes, put_object, object), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
}

/* Each VMO keeps its parent, and the last one to go takes all of them along. */
static void long_chain_of_vmos(void **state)
{
	uint64_t in_use;
	struct vmo *vmo;

	(void)state;
	assert_int_equal(vmo__create(4096, false, &vmo), ZX_OK);
	object__put(&vmo->object);
	in_use = arena__in_use();
	assert_int_equal(vmo__create(4096, false, &vmo), ZX_OK);
	for (int i = 0; i < CHAIN; i++) {
		struct vmo *child;

		assert_int_equal(vmo__create_slice(vmo, 0, 4096, &child), ZX_OK);
		object__put(&vmo->object);
		vmo = child;
	}
	put_on_small_stack(&vmo->object);
	assert_in_range(arena__in_use(), in_use, in_use + 65536);
}

static uint64_t resident_bytes(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*u %lu", &pages), 1);
	fclose(file);
	return pages * 4096;
}

/* Values of closed handles stay bad ones, also where their part of the table was given back. */
static void many_handles(void **state)
{
	zx_handle_t *values = test_malloc(2 * MANY * sizeof(*values));
	uint64_t in_use;

	(void)state;
	make_and_close(make_lone_event, 1);
	in_use = arena__in_use();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < MANY; i++)
			values[round * MANY + i] = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
		for (int i = 0; i < MANY * round; i++)
			assert_int_equal(sys_handle_check_valid(fx.self, values[i]), ZX_ERR_NOT_FOUND);
		for (int i = 0; i < MANY; i++)
			fixture__close(values[round * MANY + i]);
		assert_in_range(arena__in_use(), 0, in_use + 65536);
	}
	test_free(values);
}

/* A burst that is followed by silence leaves the system's memory as it was, once tidied up. */
static void idle_memory(void **state)
{
	zx_handle_t *values = test_malloc(MANY * sizeof(*values));
	uint64_t resident;
	uint32_t excess;

	(void)state;
	arena__tidy();
	resident = resident_bytes();
	excess = host_test_excess;
	for (int i = 0; i < MANY; i++)
		values[i] = fixture__handle(event__create(), ZX_RIGHTS_BASIC);
	assert_int_equal(host_test_excess, excess);
	assert_true(resident_bytes() > resident + (8u << 20));
	for (int i = 0; i < MANY; i++)
		fixture__close(values[i]);
	assert_int_equal(host_test_excess, excess + 1);
	arena__tidy();
	assert_in_range(resident_bytes(), 0, resident + (512u << 10));
	test_free(values);
}

/* Where the core has all the memory that it may have, calls say so; and go on when there is some. */
static void arena_full(void **state)
{
	zx_handle_t *out = user_scratch();
	char *bytes = user_alloc(65536);
	uint64_t in_use = arena__in_use();
	zx_status_t status = ZX_OK;
	struct ends ends;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	ends = make_channel();
	arena__limit(in_use + (8u << 20));
	for (int i = 0; i < 1000 && status == ZX_OK; i++)
		status = sys_channel_write(fx.self, ends.handle[0], 0, UADDR(bytes), 65536, 0, 0);
	assert_int_equal(status, ZX_ERR_NO_MEMORY);
	status = ZX_OK;
	for (int i = 0; i < MANY && status == ZX_OK; i++)
		status = sys_event_create(fx.self, 0, UADDR(out));
	assert_int_equal(status, ZX_ERR_NO_MEMORY);
	assert_in_range(arena__in_use(), in_use, in_use + (8u << 20));
	fixture__close(ends.handle[1]);
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	arena__limit(ARENA_SIZE);
}

/* In 2018 nothing bounds a channel's backlog. */
static void million_messages(void **state)
{
	uint64_t resident = resident_bytes();
	uint64_t in_use;
	struct ends ends;
	char *bytes = user_alloc(16);
	uint32_t *count = (uint32_t *)(bytes + 8);

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	ends = make_channel();
	in_use = arena__in_use();
	for (uint32_t i = 0; i < MESSAGES; i++) {
		*count = i;
		assert_int_equal(sys_channel_write(fx.self, ends.handle[0], 0, UADDR(bytes), 16, 0,
						   0),
				 ZX_OK);
	}
	/* A message costs its bytes and a header of less than a cache line. */
	assert_in_range(arena__in_use() - in_use, 0, MESSAGES * 96ull);
	for (uint32_t i = 0; i < MESSAGES / 2; i++) {
		assert_int_equal(sys_channel_read(fx.self, ends.handle[1], 0, UADDR(bytes), 0, 16,
						  0, 0, 0),
				 ZX_OK);
		assert_int_equal(*count, i);
	}
	assert_true(resident_bytes() > resident + (32u << 20));
	fixture__close(ends.handle[1]);
	assert_in_range(arena__in_use(), 0, in_use + 65536);
	/* The system has its memory back, but for what the arena keeps for the next burst. */
	assert_in_range(resident_bytes(), 0, resident + (16u << 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(objects_come_and_go),
		test_case(long_chain_of_vmos),
		test_case(many_handles),
		test_case(idle_memory),
		test_case(arena_full),
		test_case(million_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
