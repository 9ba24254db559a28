/* The engine on threads: for calls that have no other way, and for hosts without io_uring. */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "compat/host/io_engine.h"
#include "compat/host/io_thread.h"

#define POOL_THREADS 4u
/* Requests that wait for the outside (IO_POLL) must not keep the others from running. */
#define POOL_THREADS_MAX 32u

static struct {
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work;
	struct io_request *first;
	struct io_request *last;
	pthread_t threads[POOL_THREADS_MAX];
	unsigned int count;
	unsigned int idle;
	unsigned int polling;
	bool stopping;
	int wake_fd; /* counts the canceled IO_POLLs that have not ended yet; -1: not made */
} pool = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.work = PTHREAD_COND_INITIALIZER,
	.wake_fd = -1,
};

static int64_t result_of(ssize_t value)
{
	return value < 0 ? -errno : value;
}

static int64_t run_poll(struct io_request *req)
{
	struct pollfd fds[2] = {
		{ .fd = req->fd, .events = req->events },
		{ .fd = pool.wake_fd, .events = POLLIN },
	};

	for (;;) {
		if (__atomic_load_n(&req->canceled, __ATOMIC_ACQUIRE))
			return -ECANCELED;
		if (poll(fds, 2, -1) < 0) {
			if (errno != EINTR)
				return -errno;
		} else if (fds[0].revents) {
			return fds[0].revents;
		}
	}
}

static int64_t run_rw(struct io_request *req)
{
	ssize_t done;

	do {
		if (req->kind == IO_READV)
			done = preadv2(req->fd, req->iov, req->iov_count, req->offset,
				       req->rw_flags);
		else
			done = pwritev2(req->fd, req->iov, req->iov_count, req->offset,
					req->rw_flags);
	} while (done < 0 && errno == EINTR);
	return result_of(done);
}

static int64_t run(struct io_request *req)
{
	switch (req->kind) {
	case IO_READV:
	case IO_WRITEV:
		return run_rw(req);
	case IO_FSYNC:
		return result_of(fsync(req->fd));
	case IO_POLL:
		return run_poll(req);
	case IO_CALL:
		return req->run(req);
	}
	return -EINVAL;
}

static struct io_request *next_locked(void)
{
	struct io_request *req;

	while (!pool.first && !pool.stopping) {
		pool.idle++;
		pthread_cond_wait(&pool.work, &pool.lock);
		pool.idle--;
	}
	req = pool.first;
	if (req) {
		pool.first = req->next;
		if (!pool.first)
			pool.last = NULL;
	}
	return req;
}

/* From here on the request cannot be canceled any more; a cancellation that came is taken back. */
static void finish_poll(struct io_request *req)
{
	uint64_t count;

	pthread_mutex_lock(&pool.lock);
	pool.polling--;
	req->finished = true;
	if (req->canceled)
		(void)!read(pool.wake_fd, &count, sizeof(count));
	pthread_mutex_unlock(&pool.lock);
}

static void *pool_main(void *arg)
{
	struct io_request *req;

	(void)arg;
	pthread_mutex_lock(&pool.lock);
	while ((req = next_locked())) {
		int64_t result;

		pthread_mutex_unlock(&pool.lock);
		result = run(req);
		if (req->kind == IO_POLL)
			finish_poll(req);
		req->done(req, result);
		pthread_mutex_lock(&pool.lock);
	}
	pthread_mutex_unlock(&pool.lock);
	return NULL;
}

/* Returns false where a request could never be served: there is no thread, and none can be made. */
static bool add_thread_locked(void)
{
	unsigned int most = POOL_THREADS + pool.polling;

	if (most > POOL_THREADS_MAX)
		most = POOL_THREADS_MAX;
	if (pool.idle || pool.count >= most)
		return true;
	if (!io_thread__start(&pool.threads[pool.count], pool_main, NULL))
		pool.count++;
	return pool.count > 0;
}

void io_pool__submit(struct io_request *req)
{
	bool served;

	pthread_mutex_lock(&pool.lock);
	if (req->kind == IO_POLL) {
		pool.polling++;
		if (pool.wake_fd < 0)
			pool.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK);
	}
	served = add_thread_locked();
	if (served) {
		if (pool.last)
			pool.last->next = req;
		else
			pool.first = req;
		pool.last = req;
		pthread_cond_signal(&pool.work);
	}
	pthread_mutex_unlock(&pool.lock);
	if (!served)
		req->done(req, -EAGAIN);
}

void io_pool__cancel(struct io_request *req)
{
	uint64_t one = 1;

	pthread_mutex_lock(&pool.lock);
	if (!req->finished && !req->canceled) {
		__atomic_store_n(&req->canceled, true, __ATOMIC_RELEASE);
		(void)!write(pool.wake_fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&pool.lock);
}

void io_pool__stop(void)
{
	unsigned int count;

	pthread_mutex_lock(&pool.lock);
	pool.stopping = true;
	count = pool.count;
	pthread_cond_broadcast(&pool.work);
	pthread_mutex_unlock(&pool.lock);
	for (unsigned int i = 0; i < count; i++)
		pthread_join(pool.threads[i], NULL);
	pthread_mutex_lock(&pool.lock);
	pool.count = 0;
	pool.stopping = false;
	if (pool.wake_fd >= 0)
		close(pool.wake_fd);
	pool.wake_fd = -1;
	pthread_mutex_unlock(&pool.lock);
}
