/* Counters. */
#include "compat/core/counter.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make_counter(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_counter_create(fx.self, 0, UADDR(out)), ZX_OK);
	return *out;
}

static zx_handle_t with_rights(zx_handle_t handle, zx_rights_t rights)
{
	object__get(fixture__object(handle));
	return fixture__handle(fixture__object(handle), rights);
}

static int64_t value_of(zx_handle_t handle)
{
	int64_t *out = user_new(int64_t);

	assert_int_equal(sys_counter_read(fx.self, handle, UADDR(out)), ZX_OK);
	return *out;
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_counter_create(fx.self, 1, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_counter_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

static void value_and_signals(void **state)
{
	zx_handle_t counter = make_counter();
	struct object *object = fixture__object(counter);

	(void)state;
	assert_int_equal(value_of(counter), 0);
	assert_int_equal(fixture__signals(object), ZX_COUNTER_NON_POSITIVE);
	assert_int_equal(sys_counter_add(fx.self, counter, 5), ZX_OK);
	assert_int_equal(value_of(counter), 5);
	assert_int_equal(fixture__signals(object), ZX_COUNTER_POSITIVE);
	assert_int_equal(sys_counter_add(fx.self, counter, -5), ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_COUNTER_NON_POSITIVE);
	assert_int_equal(sys_counter_write(fx.self, counter, 1), ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_COUNTER_POSITIVE);
	assert_int_equal(sys_counter_write(fx.self, counter, INT64_MIN), ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_COUNTER_NON_POSITIVE);
	assert_int_equal(sys_object_signal(fx.self, counter, 0, ZX_COUNTER_SIGNALED), ZX_OK);
	assert_int_equal(sys_object_signal(fx.self, counter, ZX_COUNTER_NON_POSITIVE, 0),
			 ZX_ERR_INVALID_ARGS);
}

static void sums_that_do_not_fit(void **state)
{
	zx_handle_t counter = make_counter();

	(void)state;
	assert_int_equal(sys_counter_write(fx.self, counter, INT64_MAX), ZX_OK);
	assert_int_equal(sys_counter_add(fx.self, counter, 1), ZX_ERR_OUT_OF_RANGE);
	assert_true(value_of(counter) == INT64_MAX);
	assert_int_equal(sys_counter_add(fx.self, counter, INT64_MIN), ZX_OK);
	assert_true(value_of(counter) == -1);
	assert_int_equal(sys_counter_add(fx.self, counter, INT64_MIN), ZX_ERR_OUT_OF_RANGE);
	assert_true(value_of(counter) == -1);
}

static void rights(void **state)
{
	zx_handle_t counter = make_counter();
	zx_handle_t reader = with_rights(counter, ZX_RIGHT_READ);
	zx_handle_t writer = with_rights(counter, ZX_RIGHT_WRITE);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_counter_add(fx.self, reader, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_counter_add(fx.self, writer, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_counter_write(fx.self, reader, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_counter_read(fx.self, writer, UADDR(out)), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_counter_read(fx.self, reader, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_counter_add(fx.self, ZX_HANDLE_INVALID, 1), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_counter_add(fx.self, *out, 1), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_counter_write(fx.self, *out, 1), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_counter_read(fx.self, *out, UADDR(out)), ZX_ERR_WRONG_TYPE);
}

static void cycle(void)
{
	fixture__close(make_counter());
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(value_and_signals),
		test_case(sums_that_do_not_fit),
		test_case(rights),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
