/* Asynchronous host I/O, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "compat/host/io.h"

/* A request, and a way to wait for it. */
struct waited {
	struct io_request req;
	sem_t finished;
	int64_t result;
	int64_t value; /* for calls */
};

static void finished(struct io_request *req, int64_t result)
{
	struct waited *waited = (struct waited *)req;

	waited->result = result;
	sem_post(&waited->finished);
}

static void prepare(struct waited *waited)
{
	memset(waited, 0, sizeof(*waited));
	sem_init(&waited->finished, 0, 0);
	waited->req.done = finished;
}

static int64_t await(struct waited *waited)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 10;
	assert_int_equal(sem_timedwait(&waited->finished, &until), 0);
	return waited->result;
}

static int make_file(void)
{
	const char *tmp = getenv("TMPDIR");
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/io-XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

static int stop(void **state)
{
	(void)state;
	io__stop();
	return 0;
}

static void test_file(void **state)
{
	int fd = make_file();
	struct waited waited;
	struct iovec iov[2];
	char data[8];

	(void)state;
	prepare(&waited);
	io__write(&waited.req, fd, "0123456789", 10, 0, 0);
	assert_int_equal(await(&waited), 10);
	io__write(&waited.req, fd, "end", 3, 0, RWF_APPEND);
	assert_int_equal(await(&waited), 3);
	io__fsync(&waited.req, fd);
	assert_int_equal(await(&waited), 0);
	io__read(&waited.req, fd, data, 5, 8);
	assert_int_equal(await(&waited), 5);
	assert_memory_equal(data, "89end", 5);
	io__read(&waited.req, fd, data, 5, 100);
	assert_int_equal(await(&waited), 0);
	iov[0] = (struct iovec){ data, 2 };
	iov[1] = (struct iovec){ data + 4, 2 };
	memset(data, '-', sizeof(data));
	io__readv(&waited.req, fd, iov, 2, 1);
	assert_int_equal(await(&waited), 4);
	assert_memory_equal(data, "12--34--", 8);
	close(fd);
}

static void test_stream(void **state)
{
	struct waited reading;
	struct waited writing;
	char data[16];
	int fds[2];

	(void)state;
	prepare(&reading);
	prepare(&writing);
	assert_int_equal(pipe(fds), 0);
	io__read(&reading.req, fds[0], data, sizeof(data), IO_STREAM);
	usleep(20000);
	io__write(&writing.req, fds[1], "hello", 5, IO_STREAM, 0);
	assert_int_equal(await(&writing), 5);
	assert_int_equal(await(&reading), 5);
	assert_memory_equal(data, "hello", 5);
	close(fds[0]);
	close(fds[1]);
}

static void test_errors(void **state)
{
	struct waited waited;
	char data[4];

	(void)state;
	prepare(&waited);
	io__read(&waited.req, -1, data, sizeof(data), 0);
	assert_int_equal(await(&waited), -EBADF);
	io__fsync(&waited.req, -1);
	assert_int_equal(await(&waited), -EBADF);
}

static void test_poll(void **state)
{
	struct waited waited[8];
	struct waited other;
	int fds[2];
	int fd = make_file();

	(void)state;
	assert_int_equal(pipe(fds), 0);
	prepare(&other);
	for (int i = 0; i < 8; i++) {
		prepare(&waited[i]);
		io__poll(&waited[i].req, fds[0], POLLIN);
	}
	/* Many that wait do not keep others from working. */
	io__write(&other.req, fd, "x", 1, 0, 0);
	assert_int_equal(await(&other), 1);
	io__cancel(&waited[3].req);
	assert_int_equal(await(&waited[3]), -ECANCELED);
	assert_int_equal(write(fds[1], "x", 1), 1);
	for (int i = 0; i < 8; i++)
		if (i != 3)
			assert_int_equal(await(&waited[i]), POLLIN);
	io__cancel(&waited[0].req);
	io__poll(&waited[0].req, fds[0], POLLIN);
	assert_int_equal(await(&waited[0]), POLLIN);
	close(fds[0]);
	close(fds[1]);
	close(fd);
}

static int64_t twice(struct io_request *req)
{
	return 2 * ((struct waited *)req)->value;
}

static void test_call(void **state)
{
	struct waited waited[64];

	(void)state;
	for (int i = 0; i < 64; i++) {
		prepare(&waited[i]);
		waited[i].value = i;
		io__call(&waited[i].req, twice);
	}
	for (int i = 0; i < 64; i++)
		assert_int_equal(await(&waited[i]), 2 * i);
}

/* More at once than the ring has places for. */
static void test_many(void **state)
{
	enum { COUNT = 500 };
	struct waited *waited = calloc(COUNT, sizeof(*waited));
	int fd = make_file();
	uint32_t *back = calloc(COUNT, sizeof(*back));
	uint32_t *data = calloc(COUNT, sizeof(*data));

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		data[i] = i * 7;
		prepare(&waited[i]);
		io__write(&waited[i].req, fd, &data[i], sizeof(*data), i * sizeof(*data), 0);
	}
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(await(&waited[i]), sizeof(*data));
	for (uint32_t i = 0; i < COUNT; i++)
		io__read(&waited[i].req, fd, &back[i], sizeof(*back), i * sizeof(*back));
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(await(&waited[i]), sizeof(*back));
		assert_int_equal(back[i], i * 7);
	}
	free(waited);
	free(back);
	free(data);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_file, stop),
		cmocka_unit_test_teardown(test_stream, stop),
		cmocka_unit_test_teardown(test_errors, stop),
		cmocka_unit_test_teardown(test_poll, stop),
		cmocka_unit_test_teardown(test_call, stop),
		cmocka_unit_test_teardown(test_many, stop),
	};
	int failed = cmocka_run_group_tests_name("io", tests, NULL, NULL);

	setenv("ZXRUN_NO_IO_URING", "1", 1);
	return failed + cmocka_run_group_tests_name("io_threads", tests, NULL, NULL);
}
