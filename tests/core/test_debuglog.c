/* The debug log and the calls on the console. */
#include <zircon/eras.h>

#include "compat/core/debuglog.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make_log(uint32_t options)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_debuglog_create(fx.self, ZX_HANDLE_INVALID, options, UADDR(out)),
			 ZX_OK);
	return *out;
}

static zx_handle_t make_reader(void)
{
	return make_log(ZX_LOG_FLAG_READABLE);
}

static zx_status_t write_text(zx_handle_t log, uint32_t options, const char *text)
{
	char *copy = user_scratch();

	memcpy(copy, text, strlen(text));
	return sys_debuglog_write(fx.self, log, options, UADDR(copy), strlen(text));
}

/* The record that came, which stays until the next one is read; NULL where there was none. */
static void *read_record(zx_handle_t log, size_t *size)
{
	void *buffer = user_scratch();
	zx_status_t status;

	memset(buffer, 0xaa, ZX_LOG_RECORD_MAX);
	status = sys_debuglog_read(fx.self, log, 0, UADDR(buffer), ZX_LOG_RECORD_MAX);
	if (status == ZX_ERR_SHOULD_WAIT)
		return NULL;
	assert_true(status > 0);
	*size = (size_t)status;
	return buffer;
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t log = make_log(0);

	(void)state;
	assert_int_equal(fixture__signals(fixture__object(log)), ZX_LOG_WRITABLE);
	assert_int_equal(sys_debuglog_create(fx.self, ZX_HANDLE_INVALID, 1, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debuglog_create(fx.self, log, 0, UADDR(out)), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_debuglog_create(fx.self, 3, 0, UADDR(out)), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_debuglog_create(fx.self, 0, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 1);
	/* The newest system lets nobody read who has no resource. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_debuglog_create(fx.self, 0, ZX_LOG_FLAG_READABLE, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_debuglog_create(fx.self, 0, 0, UADDR(out)), ZX_OK);
}

static void records(void **state)
{
	zx_handle_t log = make_log(0);
	zx_handle_t reader = make_reader();
	zx_log_record_t *record;
	size_t size;

	(void)state;
	assert_null(read_record(reader, &size));
	assert_int_equal(write_text(log, ZX_LOG_LOCAL, "hello"), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(reader)),
			 ZX_LOG_READABLE | ZX_LOG_WRITABLE);
	record = read_record(reader, &size);
	assert_int_equal(size, sizeof(*record) + 5);
	assert_int_equal(record->datalen, 5);
	assert_int_equal(record->rollout, 0);
	assert_int_equal(record->severity, ZX_LOG_INFO);
	assert_int_equal(record->flags, ZX_LOG_LOCAL);
	assert_int_equal(record->pid, fx.process->object.koid);
	assert_int_equal(record->tid, fx.self->object.koid);
	assert_in_range(record->timestamp, 1, core_host.clock_monotonic());
	assert_memory_equal(record->data, "hello", 5);
	assert_null(read_record(reader, &size));
	assert_int_equal(fixture__signals(fixture__object(reader)), ZX_LOG_WRITABLE);
	assert_int_equal(host_test_logged, 1);
}

static void errors(void **state)
{
	zx_handle_t log = make_log(0);
	zx_handle_t reader = make_reader();
	char *buffer = user_alloc(ZX_LOG_RECORD_MAX);

	(void)state;
	assert_int_equal(write_text(log, 0x100, "x"), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debuglog_write(fx.self, log, 0, FIXTURE_BAD_ADDR, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debuglog_write(fx.self, 3, 0, UADDR(buffer), 1), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_debuglog_read(fx.self, log, 0, UADDR(buffer), ZX_LOG_RECORD_MAX),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_debuglog_read(fx.self, reader, 1, UADDR(buffer), ZX_LOG_RECORD_MAX),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debuglog_read(fx.self, reader, 0, UADDR(buffer), ZX_LOG_RECORD_MAX),
			 ZX_ERR_SHOULD_WAIT);
	/* The right alone does not make a log readable. */
	object__get(fixture__object(log));
	assert_int_equal(sys_debuglog_read(fx.self,
					   fixture__handle(fixture__object(log), ZX_RIGHT_READ), 0,
					   UADDR(buffer), ZX_LOG_RECORD_MAX),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(write_text(log, 0, "x"), ZX_OK);
	assert_int_equal(sys_debuglog_read(fx.self, reader, 0, FIXTURE_BAD_ADDR, ZX_LOG_RECORD_MAX),
			 ZX_ERR_INVALID_ARGS);
}

static void long_texts(void **state)
{
	char *text = user_alloc(ZX_LOG_RECORD_MAX);
	zx_handle_t log = make_log(0);
	zx_handle_t reader = make_reader();
	zx_log_record_t *record;
	size_t size;

	(void)state;
	memset(text, 'a', ZX_LOG_RECORD_MAX);
	assert_int_equal(sys_debuglog_write(fx.self, log, 0, UADDR(text), ZX_LOG_RECORD_MAX),
			 ZX_OK);
	record = read_record(reader, &size);
	assert_int_equal(size, ZX_LOG_RECORD_MAX);
	assert_int_equal(record->datalen, LOG_DATA_MAX);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_debuglog_write(fx.self, log, 0, UADDR(text), LOG_DATA_MAX + 1),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_debuglog_write(fx.self, log, 0, UADDR(text), LOG_DATA_MAX), ZX_OK);
	/* A buffer that is too small gets the beginning. */
	assert_int_equal(sys_debuglog_read(fx.self, reader, 0, UADDR(text), 40), 40);
}

/* Records of one era are read in another in that one's form. */
static void records_by_era(void **state)
{
	zx_log_record_202002_t *old;
	zx_log_record_newest_t *newest;
	zx_log_record_t *record;
	zx_handle_t reader = make_reader();
	zx_handle_t log = make_log(0);
	size_t size;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(write_text(log, ZX_LOG_ERROR_202002 | ZX_LOG_LOCAL_202002, "old"), ZX_OK);
	fixture__set_era(ZXERA_2020_07);
	assert_int_equal(write_text(log, ZX_LOG_LOCAL, "new"), ZX_OK);
	record = read_record(reader, &size);
	assert_int_equal(record->severity, ZX_LOG_ERROR);
	assert_int_equal(record->flags, ZX_LOG_LOCAL);
	fixture__set_era(ZXERA_2018_12);
	old = read_record(reader, &size);
	assert_int_equal(size, sizeof(*old) + 3);
	assert_int_equal(old->flags, ZX_LOG_INFO_202002 | ZX_LOG_LOCAL_202002);
	assert_memory_equal(old->data, "new", 3);
	assert_int_equal(write_text(log, ZX_LOG_SPEW_202002, "spew"), ZX_OK);
	fixture__set_era(ZXERA_NEWEST);
	newest = read_record(reader, &size);
	assert_int_equal(size, sizeof(*newest) + 4);
	assert_int_equal(newest->sequence, 2);
	assert_int_equal(newest->severity, ZX_LOG_TRACE);
	assert_memory_equal(newest->data, "spew", 4);
}

/* In 2018 the options of a log's creation were part of each record's flags. */
static void flags_of_the_log(void **state)
{
	zx_log_record_202002_t *old;
	zx_handle_t reader = make_reader();
	zx_handle_t log;
	size_t size;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	log = make_log(ZX_LOG_WARN_202002);
	assert_int_equal(write_text(log, 0, "x"), ZX_OK);
	old = read_record(reader, &size);
	assert_int_equal(old->flags, ZX_LOG_WARN_202002);
}

static void slow_readers(void **state)
{
	zx_handle_t log = make_log(0);
	zx_handle_t slow = make_reader();
	zx_handle_t late;
	zx_log_record_t *record;
	uint32_t first;
	size_t size;
	int count;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write_text(log, 0, "x"), ZX_OK);
	record = read_record(slow, &size);
	first = record->rollout;
	assert_in_range(first, 1, 999);
	for (count = 1; (record = read_record(slow, &size)); count++)
		assert_int_equal(record->rollout, 0);
	assert_int_equal(first + (uint32_t)count, 1000);
	/* Who comes late gets what is left, and has missed nothing. */
	late = make_reader();
	assert_int_equal(fixture__signals(fixture__object(late)),
			 ZX_LOG_READABLE | ZX_LOG_WRITABLE);
	record = read_record(late, &size);
	assert_int_equal(record->rollout, 0);
}

static void read_from_another_thread(struct thread *self, void *data)
{
	struct object *log = data;

	assert_int_equal(object__wait_one(self, log, NULL, 0, ZX_LOG_READABLE,
					  fixture__after_ms(10000), NULL),
			 ZX_OK);
}

static void readers_wake(void **state)
{
	zx_handle_t reader = make_reader();
	zx_handle_t log = make_log(0);
	struct runner runner;

	(void)state;
	fixture__run(&runner, read_from_another_thread, fixture__object(reader));
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	assert_int_equal(write_text(log, 0, "x"), ZX_OK);
	fixture__join(&runner);
}

static void console(void **state)
{
	char *text = user_alloc(1000);
	size_t *actual = user_new(size_t);
	zx_handle_t log = make_log(0);

	(void)state;
	memcpy(text, "one\ntwo\nthree", 13);
	assert_int_equal(sys_debug_write(fx.self, UADDR(text), 13), ZX_OK);
	assert_int_equal(host_test_logged, 3);
	/* A line as long as two records; what is over 256 bytes is dropped. */
	memset(text, 'a', 1000);
	assert_int_equal(sys_debug_write(fx.self, UADDR(text), 1000), ZX_OK);
	assert_int_equal(host_test_logged, 5);
	assert_int_equal(sys_debug_write(fx.self, FIXTURE_BAD_ADDR, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debug_write(fx.self, FIXTURE_BAD_ADDR, 0), ZX_OK);
	assert_int_equal(sys_debug_read(fx.self, log, UADDR(text), 1, UADDR(actual)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_debug_send_command(fx.self, log, UADDR(text), 1),
			 ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_debug_read(fx.self, log, UADDR(text), 1, UADDR(actual)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_debug_read_2018(fx.self, 3, UADDR(text), UADDR(actual)),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_debug_send_command(fx.self, 3, UADDR(text), 1), ZX_ERR_BAD_HANDLE);
}

static void use_logs(void)
{
	zx_handle_t reader = make_reader();

	assert_int_equal(write_text(reader, 0, "x"), ZX_OK);
	fixture__close(reader);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(use_logs);
}

/* The names that the calls had first, with their order of arguments. */
static void old_names(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	char *buffer = user_alloc(ZX_LOG_RECORD_MAX);
	zx_log_record_202002_t *record = (void *)buffer;

	(void)state;
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(sys_log_create(fx.self, ZX_LOG_FLAG_READABLE, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_log_create(fx.self, ZX_LOG_FLAG_READABLE, UADDR(out)), ZX_OK);
	assert_int_equal(sys_log_read(fx.self, *out, ZX_LOG_RECORD_MAX, UADDR(buffer), 0),
			 ZX_ERR_SHOULD_WAIT);
	memcpy(buffer, "abc", 3);
	assert_int_equal(sys_log_write(fx.self, *out, 3, UADDR(buffer), ZX_LOG_ERROR_202002),
			 ZX_OK);
	assert_int_equal(sys_log_write(fx.self, *out, 3, UADDR(buffer), 0x80000000u),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_log_read(fx.self, *out, ZX_LOG_RECORD_MAX, UADDR(buffer), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_log_read(fx.self, *out, ZX_LOG_RECORD_MAX, UADDR(buffer), 0),
			 (int)sizeof(*record) + 3);
	assert_int_equal(record->flags, ZX_LOG_ERROR_202002);
	assert_memory_equal(record + 1, "abc", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(records),
		test_case(errors),
		test_case(long_texts),
		test_case(records_by_era),
		test_case(flags_of_the_log),
		test_case(slow_readers),
		test_case(readers_wake),
		test_case(console),
		test_case(old_names),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
