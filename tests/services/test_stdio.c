/* Standard streams between sockets of a program and descriptors of the host. */
#include "tests/services/service_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "compat/core/era.h"
#include "compat/core/socket.h"
#include "compat/services/stdio.h"

#define PATIENCE_MS 10000

static struct handle program[3];

static struct socket *end_of(int fd)
{
	return (struct socket *)program[fd].object;
}

static void start(int in, int out, int err)
{
	assert_int_equal(stdio__start(ZXERA_NEWEST, in, out, err, program), ZX_OK);
}

static void close_program(void)
{
	for (int i = 0; i < 3; i++)
		handle__close(&program[i]);
}

static void await(int fd, uint32_t signals)
{
	assert_int_equal(object__wait_one(fx.self, program[fd].object, NULL, 0, signals,
					  fixture__after_ms(PATIENCE_MS), NULL),
			 ZX_OK);
}

/* Writes all, as a program with blocking descriptors would. */
static void program_write(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		size_t done = 0;
		zx_status_t status = socket__write(end_of(fd), at, size, &done);

		if (status == ZX_ERR_SHOULD_WAIT) {
			await(fd, ZX_SOCKET_WRITABLE);
			continue;
		}
		assert_int_equal(status, ZX_OK);
		at += done;
		size -= done;
	}
}

/* Reads until @size bytes are there, or the input ends. */
static size_t program_read(int fd, void *data, size_t size)
{
	size_t have = 0;

	while (have < size) {
		size_t done = 0;
		zx_status_t status = socket__read(end_of(fd), (char *)data + have, size - have,
						  &done);

		if (status == ZX_ERR_SHOULD_WAIT) {
			await(fd, ZX_SOCKET_READABLE | ZX_SOCKET_PEER_WRITE_DISABLED |
					  ZX_SOCKET_PEER_CLOSED);
			continue;
		}
		if (status != ZX_OK)
			break;
		have += done;
	}
	return have;
}

static void make_pipe(int fds[2])
{
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
}

static void *read_slowly(void *arg)
{
	int fd = *(int *)arg;
	static uint8_t data[1 << 16];
	uint64_t total = 0;
	ssize_t got;

	usleep(100000);
	while ((got = read(fd, data, sizeof(data))) > 0) {
		for (ssize_t i = 0; i < got; i++)
			if (data[i] != (uint8_t)((total + (uint64_t)i) % 251))
				return (void *)(uintptr_t)-1;
		total += (uint64_t)got;
	}
	return (void *)(uintptr_t)total;
}

/* All that was written arrives, in order, however late it is read, and after the program's end. */
static void test_flood(void **state)
{
	enum { SIZE = 8 << 20, STEP = 65521 };
	uint8_t *data = malloc(SIZE);
	pthread_t reader;
	void *total;
	int fds[2];

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i % 251);
	make_pipe(fds);
	start(-1, fds[1], -1);
	assert_null(program[0].object);
	assert_null(program[2].object);
	pthread_create(&reader, NULL, read_slowly, &fds[0]);
	for (size_t at = 0; at < SIZE; at += STEP)
		program_write(1, data + at, SIZE - at < STEP ? SIZE - at : STEP);
	close_program();
	assert_int_equal(stdio__drain(), 0);
	stdio__stop();
	close(fds[1]);
	pthread_join(reader, &total);
	assert_int_equal((uintptr_t)total, SIZE);
	close(fds[0]);
	free(data);
}

/* Both streams of one file keep their order, and those of different files do not mix. */
static void test_order(void **state)
{
	char data[8192];
	int fds[2];
	size_t size = 0;

	(void)state;
	make_pipe(fds);
	start(-1, fds[1], fds[1]);
	assert_ptr_equal(program[1].object, program[2].object);
	for (int i = 0; i < 500; i++) {
		program_write(1, "o", 1);
		program_write(2, "e", 1);
	}
	assert_int_equal(stdio__drain(), 0);
	while (size < 1000)
		size += (size_t)read(fds[0], data + size, sizeof(data) - size);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(data[i], i & 1 ? 'e' : 'o');
	close_program();
	stdio__stop();
	close(fds[0]);
	close(fds[1]);
}

static void test_separate_files(void **state)
{
	char data[8];
	int out = open(test_path("out"), O_RDWR | O_CREAT, 0644);
	int err = open(test_path("out"), O_RDWR);

	(void)state;
	/* The same file, opened twice: two positions, hence two streams. */
	start(-1, out, err);
	assert_ptr_not_equal(program[1].object, program[2].object);
	program_write(1, "abcd", 4);
	assert_int_equal(stdio__drain(), 0);
	program_write(2, "X", 1);
	close_program();
	assert_int_equal(stdio__drain(), 0);
	stdio__stop();
	assert_int_equal(test_read_file("out", data, sizeof(data)), 4);
	assert_memory_equal(data, "Xbcd", 4);
	close(out);
	close(err);
}

static void test_duplicated_file(void **state)
{
	char data[8];
	int out = open(test_path("out"), O_RDWR | O_CREAT, 0644);
	int err = dup(out);

	(void)state;
	start(-1, out, err);
	assert_ptr_equal(program[1].object, program[2].object);
	program_write(1, "1", 1);
	program_write(2, "2", 1);
	program_write(1, "3", 1);
	close_program();
	assert_int_equal(stdio__drain(), 0);
	stdio__stop();
	assert_int_equal(test_read_file("out", data, sizeof(data)), 3);
	assert_memory_equal(data, "123", 3);
	close(out);
	close(err);
}

static void test_reader_gone(void **state)
{
	int fds[2];

	(void)state;
	make_pipe(fds);
	close(fds[0]);
	start(-1, fds[1], -1);
	program_write(1, "nobody", 6);
	await(1, ZX_SOCKET_PEER_CLOSED);
	assert_int_equal(stdio__drain(), 0);
	close_program();
	stdio__stop();
	close(fds[1]);
}

static void test_write_error(void **state)
{
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	start(-1, full, -1);
	program_write(1, "lost", 4);
	await(1, ZX_SOCKET_PEER_CLOSED);
	assert_int_equal(stdio__drain(), -ENOSPC);
	close_program();
	stdio__stop();
	close(full);
}

/* A descriptor that was non-blocking stays so, and loses nothing. */
static void test_non_blocking(void **state)
{
	enum { SIZE = 1 << 20 };
	uint8_t *data = malloc(SIZE);
	pthread_t reader;
	void *total;
	int fds[2];

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i % 251);
	make_pipe(fds);
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	start(-1, fds[1], -1);
	pthread_create(&reader, NULL, read_slowly, &fds[0]);
	program_write(1, data, SIZE);
	assert_int_equal(stdio__drain(), 0);
	assert_true(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
	close_program();
	stdio__stop();
	close(fds[1]);
	pthread_join(reader, &total);
	assert_int_equal((uintptr_t)total, SIZE);
	close(fds[0]);
	free(data);
}

static void test_input(void **state)
{
	char data[16];
	int fds[2];

	(void)state;
	make_pipe(fds);
	start(fds[0], -1, -1);
	assert_false(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
	assert_int_equal(write(fds[1], "line 1\n", 7), 7);
	assert_int_equal(program_read(0, data, 7), 7);
	assert_memory_equal(data, "line 1\n", 7);
	assert_int_equal(write(fds[1], "rest", 4), 4);
	close(fds[1]);
	assert_int_equal(program_read(0, data, sizeof(data)), 4);
	assert_memory_equal(data, "rest", 4);
	close_program();
	stdio__stop();
	close(fds[0]);
}

static void *feed(void *arg)
{
	int fd = *(int *)arg;
	uint8_t data[4096];
	uint64_t total = 0;

	while (total < 4 << 20) {
		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t)((total + i) % 251);
		if (write(fd, data, sizeof(data)) != sizeof(data))
			break;
		total += sizeof(data);
	}
	close(fd);
	return NULL;
}

static void test_large_input(void **state)
{
	enum { SIZE = 4 << 20 };
	uint8_t *data = malloc(SIZE + 1);
	pthread_t writer;
	int fds[2];

	(void)state;
	make_pipe(fds);
	start(fds[0], -1, -1);
	pthread_create(&writer, NULL, feed, &fds[1]);
	assert_int_equal(program_read(0, data, SIZE + 1), SIZE);
	for (size_t i = 0; i < SIZE; i++)
		assert_int_equal(data[i], i % 251);
	pthread_join(writer, NULL);
	close_program();
	stdio__stop();
	close(fds[0]);
	free(data);
}

/* What a program leaves unread of a file is left to whoever reads the file next. */
static void test_unread_input(void **state)
{
	char data[16];
	int fd;

	(void)state;
	test_write_file("in", "one\ntwo\nthree\n", 14);
	fd = open(test_path("in"), O_RDONLY);
	start(fd, -1, -1);
	assert_int_equal(program_read(0, data, 4), 4);
	close_program();
	stdio__stop();
	assert_int_equal(read(fd, data, sizeof(data)), 10);
	assert_memory_equal(data, "two\nthree\n", 10);
	close(fd);
}

/* The program's ends have the rights of sockets in its era. */
static void test_rights(void **state)
{
	static const uint32_t eras[] = { ZXERA_2018_07, ZXERA_2018_12, ZXERA_2021_01 };
	int in[2];
	int out[2];

	(void)state;
	make_pipe(in);
	make_pipe(out);
	for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		zx_rights_t rights = era__default_rights(eras[i], ZX_OBJ_TYPE_SOCKET);

		assert_int_equal(stdio__start(eras[i], in[0], out[1], -1, program), ZX_OK);
		assert_int_equal(program[0].rights, rights);
		assert_int_equal(program[1].rights, rights);
		close_program();
		stdio__stop();
	}
	for (int i = 0; i < 2; i++) {
		close(in[i]);
		close(out[i]);
	}
}

static void test_stop_while_waiting(void **state)
{
	int in[2];
	int out[2];
	static char data[1 << 20];

	(void)state;
	make_pipe(in);
	make_pipe(out);
	start(in[0], out[1], -1);
	/* More than socket and pipe hold: the pump is stuck in its write. */
	{
		size_t done;

		while (socket__write(end_of(1), data, sizeof(data), &done) == ZX_OK)
			usleep(10000);
	}
	stdio__stop();
	await(1, ZX_SOCKET_PEER_CLOSED);
	close_program();
	assert_int_equal(stdio__start(ZXERA_NEWEST, -1, -1, -1, program), ZX_OK);
	assert_int_equal(stdio__start(ZXERA_NEWEST, -1, -1, -1, program), ZX_ERR_BAD_STATE);
	stdio__stop();
	for (int i = 0; i < 2; i++) {
		close(in[i]);
		close(out[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		service_test(test_flood),
		service_test(test_order),
		service_test(test_separate_files),
		service_test(test_duplicated_file),
		service_test(test_reader_gone),
		service_test(test_write_error),
		service_test(test_non_blocking),
		service_test(test_input),
		service_test(test_large_input),
		service_test(test_unread_input),
		service_test(test_rights),
		service_test(test_stop_while_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
