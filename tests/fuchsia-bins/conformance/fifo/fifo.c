/* zx_fifo_create, _read, _write. */
#include "conformance.h"

static zx_handle_t fifo_end(void)
{
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	return a;
}

static zx_handle_t lonely_end(void)
{
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(zx_handle_close(a));
	return b;
}

static zx_status_t create(size_t count, size_t size, uint32_t options)
{
	zx_handle_t a, b;
	zx_status_t status = zx_fifo_create(count, size, options, &a, &b);

	if (status == ZX_OK) {
		own(a);
		own(b);
	}
	return status;
}

static zx_status_t read_one(zx_handle_t end)
{
	uint32_t element;

	return zx_fifo_read(end, sizeof(element), &element, 1, NULL);
}

static zx_status_t write_one(zx_handle_t end)
{
	uint32_t element = 1;

	return zx_fifo_write(end, sizeof(element), &element, 1, NULL);
}

/* --- fifo_create --- */

REFUSES(fifo_create, ZX_ERR_INVALID_ARGS, options,
	create(8, 4, 1), .line = "options", .from = ERA_NEWEST)
REFUSES(fifo_create, ZX_ERR_OUT_OF_RANGE, no_elements, create(0, 4, 0), .line = "is 0")
REFUSES(fifo_create, ZX_ERR_OUT_OF_RANGE, empty_elements, create(8, 0, 0), .line = "is 0")

CHECK_ERROR(fifo_create, ZX_ERR_OUT_OF_RANGE, no_power_of_two, .line = "power of two",
	    .to = ERA_2021_01)
{
	EXPECT_STATUS(create(3, 4, 0), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(create(100, 4, 0), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(fifo_create, ZX_ERR_OUT_OF_RANGE, too_large, .line = "more than 4096")
{
	EXPECT_STATUS(create(128, 33, 0), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(create(8192, 1, 0), ZX_ERR_OUT_OF_RANGE);
}

/* The product overflows. */
CHECK_ERROR(fifo_create, ZX_ERR_OUT_OF_RANGE, far_too_large, .line = "more than 4096")
{
	EXPECT_STATUS(create((size_t)1 << 63, 2, 0), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(create(2, (size_t)1 << 63, 0), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(fifo_create, ZX_ERR_INVALID_ARGS, bad_out, .line = "bad pointer")
{
	zx_handle_t other;

	EXPECT_STATUS(zx_fifo_create(8, 4, 0, BAD_OUT, &other), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_fifo_create(8, 4, 0, &other, BAD_OUT), ZX_ERR_INVALID_ARGS);
}

REFUSES(fifo_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_FIFO, zx_fifo_create, 8, 4, 0, CHILD_OUT, CHILD_OUT),
	.from = ERA_2020_07)

CHECK(fifo_create, largest)
{
	EXPECT_OK(create(4096, 1, 0));
	EXPECT_OK(create(1, 4096, 0));
	EXPECT_OK(create(128, 32, 0));
}

CHECK(fifo_create, rights)
{
	EXPECT_EQ(rights_of(fifo_end()), ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT |
						 ZX_RIGHT_INSPECT | ZX_RIGHT_READ | ZX_RIGHT_WRITE |
						 ZX_RIGHT_SIGNAL | ZX_RIGHT_SIGNAL_PEER);
}

CHECK(fifo_create, ends_know_each_other)
{
	zx_info_handle_basic_t info;
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.type, ZX_OBJ_TYPE_FIFO);
	EXPECT_EQ(info.related_koid, rt_koid(b));
	EXPECT_SIGNALS(a, ZX_FIFO_WRITABLE);
	EXPECT_SIGNALS(b, ZX_FIFO_WRITABLE);
}

/* --- fifo_read --- */

CHECK_HANDLE(fifo_read, handle, READ, fifo_end(), read_one(h))

CHECK_ERROR(fifo_read, ZX_ERR_OUT_OF_RANGE, element_size)
{
	uint64_t element;

	EXPECT_STATUS(zx_fifo_read(fifo_end(), 8, &element, 1, NULL), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(zx_fifo_read(fifo_end(), 2, &element, 1, NULL), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(fifo_read, ZX_ERR_OUT_OF_RANGE, none)
{
	uint32_t element;

	EXPECT_STATUS(zx_fifo_read(fifo_end(), 4, &element, 0, NULL), ZX_ERR_OUT_OF_RANGE);
}

REFUSES(fifo_read, ZX_ERR_SHOULD_WAIT, empty, read_one(fifo_end()))
REFUSES(fifo_read, ZX_ERR_PEER_CLOSED, empty, read_one(lonely_end()))

CHECK_ERROR(fifo_read, ZX_ERR_INVALID_ARGS, bad_data, .line = "data is")
{
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(write_one(a));
	EXPECT_STATUS(zx_fifo_read(b, 4, BAD_POINTER, 1, NULL), ZX_ERR_INVALID_ARGS);
	/* Nothing was taken. */
	EXPECT_OK(read_one(b));
}

CHECK_ERROR(fifo_read, ZX_ERR_INVALID_ARGS, bad_actual, .line = "actual_count")
{
	zx_handle_t a, b;
	uint32_t element;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(write_one(a));
	EXPECT_STATUS(zx_fifo_read(b, 4, &element, 1, BAD_POINTER), ZX_ERR_INVALID_ARGS);
}

CHECK(fifo_read, size_before_emptiness)
{
	uint64_t element;

	EXPECT_STATUS(zx_fifo_read(lonely_end(), 8, &element, 1, NULL), ZX_ERR_OUT_OF_RANGE);
}

CHECK(fifo_read, as_many_as_there_are)
{
	uint32_t elements[5] = { 1, 2, 3 }, got[5] = { 0 };
	size_t actual;
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(zx_fifo_write(a, 4, elements, 3, NULL));
	EXPECT_OK(zx_fifo_read(b, 4, got, 2, &actual));
	EXPECT_EQ(actual, 2);
	EXPECT_EQ(got[0], 1);
	EXPECT_EQ(got[1], 2);
	EXPECT_OK(zx_fifo_read(b, 4, got, 5, &actual));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(got[0], 3);
}

CHECK(fifo_read, after_peer_closed)
{
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(write_one(a));
	EXPECT_OK(zx_handle_close(a));
	EXPECT_SIGNALS(b, ZX_FIFO_READABLE | ZX_FIFO_PEER_CLOSED);
	EXPECT_OK(read_one(b));
	EXPECT_SIGNALS(b, ZX_FIFO_PEER_CLOSED);
}

/* --- fifo_write --- */

CHECK_HANDLE(fifo_write, handle, WRITE, fifo_end(), write_one(h))

CHECK_ERROR(fifo_write, ZX_ERR_OUT_OF_RANGE, element_size)
{
	uint64_t element = 0;

	EXPECT_STATUS(zx_fifo_write(fifo_end(), 8, &element, 1, NULL), ZX_ERR_OUT_OF_RANGE);
}

REFUSES(fifo_write, ZX_ERR_OUT_OF_RANGE, none, zx_fifo_write(fifo_end(), 4, NULL, 0, NULL))
REFUSES(fifo_write, ZX_ERR_PEER_CLOSED, other_end_gone, write_one(lonely_end()))

CHECK_ERROR(fifo_write, ZX_ERR_SHOULD_WAIT, full)
{
	zx_handle_t end = fifo_end();
	uint32_t i;

	for (i = 0; i < 8; i++)
		EXPECT_OK(write_one(end));
	EXPECT_STATUS(write_one(end), ZX_ERR_SHOULD_WAIT);
}

CHECK_ERROR(fifo_write, ZX_ERR_INVALID_ARGS, bad_data, .line = "data is")
{
	zx_handle_t a, b;

	make_fifo(8, 4, &a, &b);
	EXPECT_STATUS(zx_fifo_write(a, 4, BAD_POINTER, 1, NULL), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(read_one(b), ZX_ERR_SHOULD_WAIT);
}

CHECK_ERROR(fifo_write, ZX_ERR_INVALID_ARGS, bad_actual, .line = "actual_count")
{
	uint32_t element = 1;

	EXPECT_STATUS(zx_fifo_write(fifo_end(), 4, &element, 1, BAD_POINTER), ZX_ERR_INVALID_ARGS);
}

CHECK(fifo_write, peer_before_size)
{
	uint64_t element = 0;

	EXPECT_STATUS(zx_fifo_write(lonely_end(), 8, &element, 1, NULL), ZX_ERR_PEER_CLOSED);
}

CHECK(fifo_write, as_many_as_fit)
{
	uint32_t elements[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, got[10];
	zx_handle_t a, b;
	size_t actual;

	make_fifo(8, 4, &a, &b);
	EXPECT_OK(zx_fifo_write(a, 4, elements, 10, &actual));
	EXPECT_EQ(actual, 8);
	EXPECT_OK(zx_fifo_read(b, 4, got, 10, &actual));
	EXPECT_EQ(actual, 8);
	EXPECT_BYTES(got, elements, 32);
}

/* The queue goes around its end. */
CHECK(fifo_write, goes_around)
{
	uint32_t element, got;
	zx_handle_t a, b;

	make_fifo(4, 4, &a, &b);
	for (element = 0; element < 20; element++) {
		EXPECT_OK(zx_fifo_write(a, 4, &element, 1, NULL));
		if (element % 3)
			continue;
		while (zx_fifo_read(b, 4, &got, 1, NULL) == ZX_OK)
			EXPECT(got <= element);
	}
}

CHECK(fifo_write, signals)
{
	zx_handle_t a, b;
	uint32_t i;

	make_fifo(2, 4, &a, &b);
	EXPECT_OK(write_one(a));
	EXPECT_SIGNALS(b, ZX_FIFO_READABLE | ZX_FIFO_WRITABLE);
	EXPECT_SIGNALS(a, ZX_FIFO_WRITABLE);
	EXPECT_OK(write_one(a));
	EXPECT_SIGNALS(a, 0);
	for (i = 0; i < 2; i++) {
		EXPECT_OK(read_one(b));
		EXPECT_SIGNALS(a, ZX_FIFO_WRITABLE);
	}
	EXPECT_SIGNALS(b, ZX_FIFO_WRITABLE);
}
