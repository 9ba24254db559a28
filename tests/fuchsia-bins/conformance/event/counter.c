/* zx_counter_create, _add, _read, _write. */
#include "conformance.h"

static zx_handle_t make_counter(void)
{
	zx_handle_t counter;

	EXPECT_OK(zx_counter_create(0, &counter));
	return own(counter);
}

static zx_handle_t counter_of(int64_t value)
{
	zx_handle_t counter = make_counter();

	EXPECT_OK(zx_counter_write(counter, value));
	return counter;
}

static int64_t value_of(zx_handle_t counter)
{
	int64_t value;

	EXPECT_OK(zx_counter_read(counter, &value));
	return value;
}

static zx_status_t read_counter(zx_handle_t counter)
{
	int64_t value;

	return zx_counter_read(counter, &value);
}

CHECK_ERROR(counter_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	zx_handle_t counter;

	EXPECT_STATUS(zx_counter_create(1, &counter), ZX_ERR_INVALID_ARGS);
}

REFUSES(counter_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_counter_create(0, BAD_OUT), .line = "bad pointer")

CHECK_HANDLE(counter_add, handle, WRITE, make_counter(), zx_counter_add(h, 1))
CHECK_HANDLE_RIGHT(counter_add, handle, READ, make_counter(), zx_counter_add(h, 1))
CHECK_HANDLE(counter_read, handle, READ, make_counter(), read_counter(h))
CHECK_HANDLE(counter_write, handle, WRITE, make_counter(), zx_counter_write(h, 1))

CHECK_ERROR(counter_add, ZX_ERR_OUT_OF_RANGE, above)
{
	zx_handle_t counter = counter_of(INT64_MAX);

	EXPECT_STATUS(zx_counter_add(counter, 1), ZX_ERR_OUT_OF_RANGE);
	EXPECT_EQ(value_of(counter), INT64_MAX);
}

CHECK_ERROR(counter_add, ZX_ERR_OUT_OF_RANGE, below)
{
	zx_handle_t counter = counter_of(INT64_MIN);

	EXPECT_STATUS(zx_counter_add(counter, -1), ZX_ERR_OUT_OF_RANGE);
	EXPECT_EQ(value_of(counter), INT64_MIN);
}

REFUSES(counter_read, ZX_ERR_INVALID_ARGS, bad_value, zx_counter_read(make_counter(), BAD_POINTER))

CHECK(counter_create, zero)
{
	zx_handle_t counter = make_counter();

	EXPECT_EQ(type_of(counter), ZX_OBJ_TYPE_COUNTER);
	EXPECT_EQ(value_of(counter), 0);
	EXPECT_SIGNALS(counter, ZX_COUNTER_NON_POSITIVE);
}

CHECK(counter_add, adds)
{
	zx_handle_t counter = counter_of(40);

	EXPECT_OK(zx_counter_add(counter, 5));
	EXPECT_OK(zx_counter_add(counter, -3));
	EXPECT_EQ(value_of(counter), 42);
}

CHECK(counter_add, signals_follow_the_sign)
{
	zx_handle_t counter = make_counter();

	EXPECT_OK(zx_counter_add(counter, 1));
	EXPECT_SIGNALS(counter, ZX_COUNTER_POSITIVE);
	EXPECT_OK(zx_counter_add(counter, -1));
	EXPECT_SIGNALS(counter, ZX_COUNTER_NON_POSITIVE);
	EXPECT_OK(zx_counter_add(counter, -1));
	EXPECT_SIGNALS(counter, ZX_COUNTER_NON_POSITIVE);
}

CHECK(counter_write, signals_follow_the_sign)
{
	zx_handle_t counter = counter_of(7);

	EXPECT_SIGNALS(counter, ZX_COUNTER_POSITIVE);
	EXPECT_OK(zx_counter_write(counter, -7));
	EXPECT_SIGNALS(counter, ZX_COUNTER_NON_POSITIVE);
}
