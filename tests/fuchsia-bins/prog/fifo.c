/* Fifos: fixed-size elements, between two ends. */
#include "check.h"

#include <zircon/errors.h>

struct element {
	uint64_t words[2];
};

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void elements(void)
{
	struct element in[6] = { 0 }, out[6] = { 0 };
	zx_handle_t a, b;
	size_t actual = 0;
	uint64_t i;

	for (i = 0; i < 6; i++)
		in[i].words[1] = i;
	REQUIRE_OK(zx_fifo_create(4, sizeof(struct element), 0, &a, &b));
	CHECK_STATUS(zx_fifo_read(b, sizeof(struct element), out, 1, &actual), ZX_ERR_SHOULD_WAIT);
	CHECK_EQ(signals_of(a), ZX_FIFO_WRITABLE);
	CHECK_OK(zx_fifo_write(a, sizeof(struct element), in, 1, NULL));
	CHECK_EQ(signals_of(b), ZX_FIFO_WRITABLE | ZX_FIFO_READABLE);
	/* Three more fit; the rest is for the caller to send again. */
	CHECK_OK(zx_fifo_write(a, sizeof(struct element), in + 1, 5, &actual));
	CHECK_EQ(actual, 3);
	CHECK_EQ(signals_of(a), ZX_SIGNAL_NONE);
	CHECK_STATUS(zx_fifo_write(a, sizeof(struct element), in, 1, &actual), ZX_ERR_SHOULD_WAIT);
	CHECK_OK(zx_fifo_read(b, sizeof(struct element), out, 2, &actual));
	CHECK_EQ(actual, 2);
	CHECK_EQ(signals_of(a), ZX_FIFO_WRITABLE);
	CHECK_OK(zx_fifo_write(a, sizeof(struct element), in + 4, 2, &actual));
	CHECK_EQ(actual, 2);
	CHECK_OK(zx_fifo_read(b, sizeof(struct element), out + 2, 4, &actual));
	CHECK_EQ(actual, 4);
	for (i = 0; i < 6; i++)
		CHECK_EQ(out[i].words[1], i);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void both_ways(void)
{
	uint32_t value = 7, got = 0;
	zx_handle_t a, b;

	REQUIRE_OK(zx_fifo_create(2, sizeof(value), 0, &a, &b));
	CHECK_OK(zx_fifo_write(a, sizeof(value), &value, 1, NULL));
	value = 8;
	CHECK_OK(zx_fifo_write(b, sizeof(value), &value, 1, NULL));
	CHECK_OK(zx_fifo_read(b, sizeof(got), &got, 1, NULL));
	CHECK_EQ(got, 7);
	CHECK_OK(zx_fifo_read(a, sizeof(got), &got, 1, NULL));
	CHECK_EQ(got, 8);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void bad_arguments(void)
{
	uint64_t value = 0;
	zx_handle_t a, b;
	size_t actual;

	CHECK_STATUS(zx_fifo_create(0, 8, 0, &a, &b), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_fifo_create(8, 0, 0, &a, &b), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_fifo_create(1024, 8, 0, &a, &b), ZX_ERR_OUT_OF_RANGE);
	REQUIRE_OK(zx_fifo_create(512, 8, 0, &a, &b));
	CHECK_STATUS(zx_fifo_write(a, 4, &value, 1, &actual), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_fifo_write(a, 8, &value, 0, &actual), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_fifo_read(b, 16, &value, 1, &actual), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_fifo_read(b, 8, &value, 0, &actual), ZX_ERR_OUT_OF_RANGE);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void peer_closed(void)
{
	uint64_t value = 5;
	zx_handle_t a, b;

	REQUIRE_OK(zx_fifo_create(4, 8, 0, &a, &b));
	CHECK_OK(zx_fifo_write(a, 8, &value, 1, NULL));
	zx_handle_close(a);
	CHECK_EQ(signals_of(b), ZX_FIFO_READABLE | ZX_FIFO_PEER_CLOSED);
	CHECK_STATUS(zx_fifo_write(b, 8, &value, 1, NULL), ZX_ERR_PEER_CLOSED);
	value = 0;
	CHECK_OK(zx_fifo_read(b, 8, &value, 1, NULL));
	CHECK_EQ(value, 5);
	CHECK_STATUS(zx_fifo_read(b, 8, &value, 1, NULL), ZX_ERR_PEER_CLOSED);
	zx_handle_close(b);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(elements);
	RUN(both_ways);
	RUN(bad_arguments);
	RUN(peer_closed);
	return rt_check_result();
}
