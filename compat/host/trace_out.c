#include "compat/host/trace_out.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/host/host.h"
#include "compat/host/trace.h"

/* How long text may lie, unless somebody looks on. */
#define TICK_NS 20000000
#define NS_PER_SECOND 1000000000
/* As much of it is written at once, and so much makes those who add more wait. */
#define HURRY_SIZE (64u << 10)
#define LIMIT_SIZE (1u << 20)

struct buffer {
	char *bytes;
	size_t used;
	size_t size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work; /* for the writer */
static pthread_cond_t done = PTHREAD_COND_INITIALIZER; /* from the writer */
/* All under the lock. */
static struct buffer filling;
static struct buffer writing;
static uint64_t put_total; /* bytes */
static uint64_t done_total;
static bool idle; /* the writer sleeps until it is told */
static bool watched;
static bool hurry;
static bool closing;
static bool closed;
static const char *name; /* of the file; NULL: standard error */
static int out_fd = -1;
static bool broken; /* writing failed */
static bool hasty;  /* somebody looks on */

static bool buffer_add(struct buffer *buffer, const char *bytes, size_t size)
{
	if (buffer->used + size > buffer->size) {
		size_t bigger = (buffer->used + size) * 2;
		char *grown = realloc(buffer->bytes, bigger);

		if (!grown)
			return false;
		buffer->bytes = grown;
		buffer->size = bigger;
	}
	memcpy(buffer->bytes + buffer->used, bytes, size);
	buffer->used += size;
	return true;
}

static void give_up(int error)
{
	broken = true;
	/* Where standard error itself is broken nobody would hear it. */
	if (name)
		fprintf(stderr, "zxrun: %s: %s; the rest of the trace is lost\n", name,
			strerror(error));
}

static void write_all(const char *bytes, size_t size)
{
	while (size && !broken) {
		ssize_t written = write(out_fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			give_up(written ? errno : ENOSPC);
			return;
		}
		bytes += written;
		size -= (size_t)written;
	}
}

/* Takes the lock away meanwhile. */
static void drain(void)
{
	struct buffer full = filling;

	filling = writing;
	writing = full;
	pthread_mutex_unlock(&lock);
	write_all(full.bytes, full.used);
	pthread_mutex_lock(&lock);
	done_total += writing.used;
	writing.used = 0;
	if (put_total == done_total)
		hurry = false;
	pthread_cond_broadcast(&done);
}

/* Until there is something to do, and then a little longer: more will come. */
static void wait_tick(void)
{
	struct timespec until;

	while (!filling.used && !watched && !closing) {
		idle = true;
		pthread_cond_wait(&work, &lock);
		idle = false;
	}
	if (hurry || closing || filling.used >= HURRY_SIZE || (hasty && filling.used))
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += TICK_NS;
	if (until.tv_nsec >= NS_PER_SECOND) {
		until.tv_nsec -= NS_PER_SECOND;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&work, &lock, &until);
}

static void *writer_main(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (!closing || filling.used) {
		wait_tick();
		watched = trace__show_overdue();
		if (filling.used)
			drain();
	}
	closed = true;
	pthread_cond_broadcast(&done);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int trace_out__open(const char *path)
{
	pthread_condattr_t attributes;

	name = path;
	out_fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666) :
			STDERR_FILENO;
	if (out_fd < 0)
		return -errno;
	hasty = isatty(out_fd);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&work, &attributes);
	pthread_condattr_destroy(&attributes);
	return host__start_pthread(writer_main, NULL);
}

void trace_out__lock(bool wait)
{
	pthread_mutex_lock(&lock);
	while (wait && filling.used >= LIMIT_SIZE && !closing)
		pthread_cond_wait(&done, &lock);
}

void trace_out__unlock(void)
{
	pthread_mutex_unlock(&lock);
}

void trace_out__put(const char *bytes, size_t size)
{
	size_t before = filling.used;

	if (closing || !buffer_add(&filling, bytes, size))
		return;
	put_total += size;
	if (idle || hasty || (before < HURRY_SIZE && filling.used >= HURRY_SIZE))
		pthread_cond_signal(&work);
}

void trace_out__watch(void)
{
	watched = true;
	if (idle)
		pthread_cond_signal(&work);
}

void trace_out__flush(void)
{
	uint64_t all;

	pthread_mutex_lock(&lock);
	all = put_total;
	while (done_total < all) {
		hurry = true;
		pthread_cond_signal(&work);
		pthread_cond_wait(&done, &lock);
	}
	pthread_mutex_unlock(&lock);
}

void trace_out__close(void)
{
	pthread_mutex_lock(&lock);
	closing = true;
	pthread_cond_signal(&work);
	pthread_cond_broadcast(&done);
	while (!closed)
		pthread_cond_wait(&done, &lock);
	pthread_mutex_unlock(&lock);
}
