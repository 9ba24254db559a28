/* Fifos: rings of elements of one size. */
#include "compat/core/fifo.h"
#include "tests/core/core_fixture.h"

struct ends {
	zx_handle_t handle[2];
	struct fifo *fifo[2];
};

static struct ends make_fifo(size_t count, size_t elem_size)
{
	zx_handle_t *out = user_scratch();
	struct ends ends;

	assert_int_equal(sys_fifo_create(fx.self, count, elem_size, 0, UADDR(&out[0]),
					 UADDR(&out[1])),
			 ZX_OK);
	for (int i = 0; i < 2; i++) {
		ends.handle[i] = out[i];
		ends.fifo[i] = fixture__object(out[i]);
	}
	return ends;
}

static zx_status_t put(zx_handle_t fifo, const uint32_t *values, size_t count, size_t *actual)
{
	uint32_t *data = user_alloc(count * sizeof(*data));
	size_t *moved = user_new(size_t);
	zx_status_t status;

	memcpy(data, values, count * sizeof(*data));
	status = sys_fifo_write(fx.self, fifo, sizeof(*data), UADDR(data), count, UADDR(moved));
	*actual = *moved;
	return status;
}

static zx_status_t get(zx_handle_t fifo, uint32_t *values, size_t count, size_t *actual)
{
	uint32_t *data = user_alloc(count * sizeof(*data));
	size_t *moved = user_new(size_t);
	zx_status_t status;

	status = sys_fifo_read(fx.self, fifo, sizeof(*data), UADDR(data), count, UADDR(moved));
	*actual = *moved;
	memcpy(values, data, count * sizeof(*data));
	return status;
}

static void create_checks(void **state)
{
	static const size_t bad[][2] = { { 0, 4 },	{ 4, 0 },	{ 3, 4 },
					 { 4096, 2 },	{ 8192, 1 },	{ 1, 4097 },
					 { 1ull << 63, 2 }, { 2, 1ull << 63 } };
	zx_handle_t *out = user_alloc(8);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sys_fifo_create(fx.self, bad[i][0], bad[i][1], 0, UADDR(&out[0]),
						 UADDR(&out[1])),
				 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_create(fx.self, 1, 4096, 0, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_OK);
	assert_int_equal(sys_fifo_create(fx.self, 1, 1, 0, UADDR(&out[0]), FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
}

static void options_of_eras(void **state)
{
	zx_handle_t *out = user_alloc(8);

	(void)state;
	assert_int_equal(sys_fifo_create(fx.self, 4, 4, 7, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_fifo_create(fx.self, 4, 4, 7, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_ERR_INVALID_ARGS);
	/* The sizes come first. */
	assert_int_equal(sys_fifo_create(fx.self, 0, 4, 7, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_create(fx.self, 0, 4, 0, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_create(fx.self, 3, 4096, 0, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_ERR_OUT_OF_RANGE);
}

/* Any number of elements will do in the newest era. */
static void three_elements(void **state)
{
	uint32_t values[4] = { 1, 2, 3, 4 };
	uint32_t got[6];
	struct ends ends;
	size_t actual;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	ends = make_fifo(3, sizeof(uint32_t));
	/* Also where counts of 32 bits would have wrapped. */
	ends.fifo[1]->head = UINT32_MAX;
	ends.fifo[1]->tail = UINT32_MAX;
	for (uint32_t i = 0; i < 20; i++) {
		assert_int_equal(put(ends.handle[0], values, 2, &actual), ZX_OK);
		assert_int_equal(actual, 2);
		assert_int_equal(put(ends.handle[0], &values[2], 2, &actual), ZX_OK);
		assert_int_equal(actual, 1);
		assert_int_equal(fixture__signals(&ends.fifo[0]->object), 0);
		assert_int_equal(get(ends.handle[1], got, 1 + i % 3, &actual), ZX_OK);
		if (actual < 3)
			assert_int_equal(get(ends.handle[1], got + actual, 3, &actual), ZX_OK);
		assert_memory_equal(got, values, 3 * sizeof(values[0]));
	}
}

struct reader {
	struct ends *ends;
	uint64_t sum;
	size_t count;
};

#define ROUNDS 20000u

static void read_until_closed(struct thread *self, void *data)
{
	struct reader *reader = data;
	uint32_t *values = user_alloc(3 * sizeof(*values));
	size_t *actual = user_new(size_t);
	zx_status_t status;

	do {
		status = sys_fifo_read(self, reader->ends->handle[1], sizeof(*values),
				       UADDR(values), 3, UADDR(actual));
		for (size_t i = 0; status == ZX_OK && i < *actual; i++)
			reader->sum += values[i];
		if (status == ZX_OK)
			reader->count += *actual;
	} while (status != ZX_ERR_PEER_CLOSED);
}

/* Of two readers each element goes to one. */
static void two_readers(void **state)
{
	struct ends ends = make_fifo(8, sizeof(uint32_t));
	struct reader readers[2] = { { .ends = &ends }, { .ends = &ends } };
	struct runner runners[2];
	uint32_t next = 0;

	(void)state;
	for (int i = 0; i < 2; i++)
		fixture__run(&runners[i], read_until_closed, &readers[i]);
	while (next < ROUNDS) {
		size_t actual;

		if (fifo__write(ends.fifo[0], sizeof(next), &next, 1, &actual) == ZX_OK)
			next++;
	}
	fixture__close(ends.handle[0]);
	for (int i = 0; i < 2; i++)
		fixture__join(&runners[i]);
	assert_int_equal(readers[0].count + readers[1].count, ROUNDS);
	assert_int_equal(readers[0].sum + readers[1].sum, ROUNDS * (uint64_t)(ROUNDS - 1) / 2);
}

static void elements_wrap(void **state)
{
	struct ends ends = make_fifo(4, sizeof(uint32_t));
	uint32_t values[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint32_t got[8];
	size_t actual;

	(void)state;
	assert_int_equal(fixture__signals(&ends.fifo[0]->object), ZX_FIFO_WRITABLE);
	assert_int_equal(get(ends.handle[1], got, 1, &actual), ZX_ERR_SHOULD_WAIT);
	assert_int_equal(put(ends.handle[0], values, 3, &actual), ZX_OK);
	assert_int_equal(fixture__signals(&ends.fifo[1]->object),
			 ZX_FIFO_WRITABLE | ZX_FIFO_READABLE);
	assert_int_equal(get(ends.handle[1], got, 2, &actual), ZX_OK);
	assert_int_equal(actual, 2);
	/* Three of these fit, over the ring's end. */
	assert_int_equal(put(ends.handle[0], values + 3, 5, &actual), ZX_OK);
	assert_int_equal(actual, 3);
	assert_int_equal(fixture__signals(&ends.fifo[0]->object), 0);
	assert_int_equal(put(ends.handle[0], values, 1, &actual), ZX_ERR_SHOULD_WAIT);
	assert_int_equal(get(ends.handle[1], got, 8, &actual), ZX_OK);
	assert_int_equal(actual, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(got[i], i + 3);
	assert_int_equal(fixture__signals(&ends.fifo[0]->object), ZX_FIFO_WRITABLE);
	assert_int_equal(fixture__signals(&ends.fifo[1]->object), ZX_FIFO_WRITABLE);
}

static void call_errors(void **state)
{
	struct ends ends = make_fifo(4, 4);
	uint32_t *data = user_alloc(16);
	size_t actual;
	zx_handle_t weak;

	(void)state;
	assert_int_equal(sys_fifo_write(fx.self, ends.handle[0], 8, UADDR(data), 1, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_write(fx.self, ends.handle[0], 4, UADDR(data), 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_read(fx.self, ends.handle[0], 4, UADDR(data), 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_fifo_write(fx.self, ends.handle[0], 4, FIXTURE_BAD_ADDR, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(put(ends.handle[0], data, 2, &actual), ZX_OK);
	/* A bad buffer takes nothing. */
	assert_int_equal(sys_fifo_read(fx.self, ends.handle[1], 4, FIXTURE_BAD_ADDR, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(ends.handle[1], data, 4, &actual), ZX_OK);
	assert_int_equal(actual, 2);
	object__get(&ends.fifo[0]->object);
	weak = fixture__handle(&ends.fifo[0]->object, ZX_RIGHT_WAIT);
	assert_int_equal(sys_fifo_read(fx.self, weak, 4, 0, 1, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_fifo_write(fx.self, weak, 4, 0, 1, 0), ZX_ERR_ACCESS_DENIED);
}

static void peer_closed(void **state)
{
	struct ends ends = make_fifo(4, 4);
	uint32_t value = 7;
	size_t actual;

	(void)state;
	assert_int_equal(put(ends.handle[0], &value, 1, &actual), ZX_OK);
	fixture__close(ends.handle[0]);
	assert_int_equal(fixture__signals(&ends.fifo[1]->object),
			 ZX_FIFO_READABLE | ZX_FIFO_PEER_CLOSED);
	assert_int_equal(put(ends.handle[1], &value, 1, &actual), ZX_ERR_PEER_CLOSED);
	/* The closed peer counts before the size of an element. */
	assert_int_equal(sys_fifo_write(fx.self, ends.handle[1], 8, 0, 1, 0), ZX_ERR_PEER_CLOSED);
	value = 0;
	assert_int_equal(get(ends.handle[1], &value, 1, &actual), ZX_OK);
	assert_int_equal(value, 7);
	assert_int_equal(get(ends.handle[1], &value, 1, &actual), ZX_ERR_PEER_CLOSED);
	assert_int_equal(fixture__signals(&ends.fifo[1]->object), ZX_FIFO_PEER_CLOSED);
}

#define TOTAL 100000u

static void send_all(struct thread *self, void *data)
{
	struct fifo *fifo = data;
	uint32_t next = 0;

	while (next < TOTAL) {
		uint32_t values[5];
		size_t count = TOTAL - next < 5 ? TOTAL - next : 5;
		size_t actual = 0;
		zx_status_t status;

		for (uint32_t i = 0; i < count; i++)
			values[i] = next + i;
		status = fifo__write(fifo, sizeof(values[0]), values, count, &actual);
		if (status == ZX_ERR_SHOULD_WAIT)
			assert_int_equal(object__wait_one(self, &fifo->object, NULL, 0,
							  ZX_FIFO_WRITABLE, ZX_TIME_INFINITE, NULL),
					 ZX_OK);
		else
			assert_int_equal(status, ZX_OK);
		next += (uint32_t)actual;
	}
}

static void two_threads(void **state)
{
	struct ends ends = make_fifo(16, sizeof(uint32_t));
	struct runner runner;
	uint32_t next = 0;

	(void)state;
	fixture__run(&runner, send_all, ends.fifo[0]);
	while (next < TOTAL) {
		uint32_t values[7];
		size_t actual = 0;
		zx_status_t status;

		status = fifo__read(ends.fifo[1], sizeof(values[0]), values, 7, &actual);
		if (status == ZX_ERR_SHOULD_WAIT)
			assert_int_equal(object__wait_one(fx.self, &ends.fifo[1]->object, NULL, 0,
							  ZX_FIFO_READABLE, ZX_TIME_INFINITE, NULL),
					 ZX_OK);
		for (size_t i = 0; i < actual; i++)
			assert_int_equal(values[i], next++);
	}
	fixture__join(&runner);
}

static void cycle(void)
{
	struct ends ends = make_fifo(16, 16);

	fixture__close(ends.handle[0]);
	fixture__close(ends.handle[1]);
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
		test_case(options_of_eras),
		test_case(three_elements),
		test_case(two_readers),
		test_case(elements_wrap),
		test_case(call_errors),
		test_case(peer_closed),
		test_case(two_threads),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
