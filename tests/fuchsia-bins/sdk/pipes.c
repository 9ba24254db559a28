/* Pipes, and waiting for descriptors with poll() and select(). */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <unistd.h>

#include "check.h"

static char buffer[300000];

static void basics(void)
{
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(write(fds[1], "through", 7), 7);
	CHECK_EQ(read(fds[0], buffer, sizeof(buffer)), 7);
	CHECK(!memcmp(buffer, "through", 7));
	CHECK_EQ(write(fds[1], "rest", 4), 4);
	CHECK_EQ(close(fds[1]), 0);
	CHECK_EQ(read(fds[0], buffer, sizeof(buffer)), 4);
	CHECK_EQ(read(fds[0], buffer, sizeof(buffer)), 0);
	CHECK_EQ(close(fds[0]), 0);
}

static void *drain(void *arg)
{
	static char chunk[7000];
	long total = 0;
	ssize_t got;

	while ((got = read(*(int *)arg, chunk, sizeof(chunk))) > 0)
		total += got;
	CHECK_EQ(got, 0);
	return (void *)total;
}

/* More than a pipe holds: the writer has to wait for the reader. */
static void full(void)
{
	pthread_t thread;
	size_t done = 0;
	void *total;
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(pthread_create(&thread, NULL, drain, &fds[0]), 0);
	while (done < sizeof(buffer)) {
		ssize_t put = write(fds[1], buffer + done, sizeof(buffer) - done);

		if (!CHECK(put > 0))
			break;
		done += (size_t)put;
	}
	CHECK_EQ(close(fds[1]), 0);
	CHECK_EQ(pthread_join(thread, &total), 0);
	CHECK_EQ((long)total, sizeof(buffer));
	CHECK_EQ(close(fds[0]), 0);
}

static void polling(void)
{
	struct pollfd items[2];
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	items[0] = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	items[1] = (struct pollfd){ .fd = fds[1], .events = POLLOUT };
	CHECK_EQ(poll(items, 1, 0), 0);
	CHECK_EQ(poll(items, 1, 20), 0);
	CHECK_EQ(poll(items, 2, -1), 1);
	CHECK_EQ(items[0].revents, 0);
	CHECK_EQ(items[1].revents & POLLOUT, POLLOUT);
	CHECK_EQ(write(fds[1], "x", 1), 1);
	CHECK_EQ(poll(items, 1, -1), 1);
	CHECK_EQ(items[0].revents & POLLIN, POLLIN);
	CHECK_EQ(close(fds[0]), 0);
	CHECK_EQ(close(fds[1]), 0);
}

static void selecting(void)
{
	struct timeval timeout = { 0, 20000 };
	fd_set readable;
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	FD_ZERO(&readable);
	FD_SET(fds[0], &readable);
	CHECK_EQ(select(fds[0] + 1, &readable, NULL, NULL, &timeout), 0);
	CHECK_EQ(write(fds[1], "x", 1), 1);
	FD_ZERO(&readable);
	FD_SET(fds[0], &readable);
	CHECK_EQ(select(fds[0] + 1, &readable, NULL, NULL, NULL), 1);
	CHECK(FD_ISSET(fds[0], &readable));
	CHECK_EQ(close(fds[0]), 0);
	CHECK_EQ(close(fds[1]), 0);
}

static void without_blocking(void)
{
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(fds[0], buffer, 1), EAGAIN);
	CHECK_EQ(close(fds[0]), 0);
	CHECK_EQ(close(fds[1]), 0);
}

int main(void)
{
	RUN(basics);
	RUN(full);
	RUN(polling);
	RUN(selecting);
	RUN(without_blocking);
	return check_result();
}
