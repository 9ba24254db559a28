/* The engine on io_uring: whoever has a request submits it, one thread takes the results. */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>

#include "compat/host/io_engine.h"
#include "compat/host/io_thread.h"

/* Requests that wait to be submitted; those under way may be more. */
#define RING_ENTRIES 32u

enum ring_state {
	RING_UNKNOWN,
	RING_UP,
	RING_UNAVAILABLE,
};

static struct {
	pthread_mutex_t lock; /* for the state, and for the submission side of the ring */
	enum ring_state state;
	struct io_uring ring;
	pthread_t thread;
} engine = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The user data of requests that are none: the end of the engine, and cancellations. */
static char end_mark;
static char no_mark;

static void *ring_main(void *arg)
{
	(void)arg;
	for (;;) {
		struct io_uring_cqe *cqe;
		struct io_request *req;
		int64_t result;

		if (io_uring_wait_cqe(&engine.ring, &cqe))
			continue;
		req = io_uring_cqe_get_data(cqe);
		result = cqe->res;
		io_uring_cqe_seen(&engine.ring, cqe);
		if ((void *)req == &end_mark)
			return NULL;
		if ((void *)req != &no_mark)
			req->done(req, result);
	}
}

static enum ring_state bring_up(void)
{
	const char *off = getenv("ZXRUN_NO_IO_URING");

	if (off && !strcmp(off, "1"))
		return RING_UNAVAILABLE;
	if (io_uring_queue_init(RING_ENTRIES, &engine.ring, IORING_SETUP_CLAMP))
		return RING_UNAVAILABLE;
	if (io_thread__start(&engine.thread, ring_main, NULL)) {
		io_uring_queue_exit(&engine.ring);
		return RING_UNAVAILABLE;
	}
	return RING_UP;
}

bool io_ring__start(void)
{
	bool up;

	pthread_mutex_lock(&engine.lock);
	if (engine.state == RING_UNKNOWN)
		engine.state = bring_up();
	up = engine.state == RING_UP;
	pthread_mutex_unlock(&engine.lock);
	return up;
}

/*
 * The queue is flushed with each request, so it is full only while the kernel is short of memory.
 */
static struct io_uring_sqe *next_sqe_locked(void)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(&engine.ring)))
		(void)io_uring_submit(&engine.ring);
	return sqe;
}

static void flush_locked(void)
{
	int err;

	do
		err = io_uring_submit(&engine.ring);
	while (err == -EINTR || err == -EAGAIN || err == -EBUSY);
}

static void prepare(struct io_uring_sqe *sqe, const struct io_request *req)
{
	switch (req->kind) {
	case IO_READV:
		io_uring_prep_readv2(sqe, req->fd, req->iov, (unsigned int)req->iov_count,
				     (uint64_t)req->offset, req->rw_flags);
		break;
	case IO_WRITEV:
		io_uring_prep_writev2(sqe, req->fd, req->iov, (unsigned int)req->iov_count,
				      (uint64_t)req->offset, req->rw_flags);
		break;
	case IO_FSYNC:
		io_uring_prep_fsync(sqe, req->fd, 0);
		break;
	case IO_POLL:
		io_uring_prep_poll_add(sqe, req->fd, (unsigned int)req->events);
		break;
	case IO_CALL: /* never comes here */
		io_uring_prep_nop(sqe);
		break;
	}
}

void io_ring__submit(struct io_request *req)
{
	struct io_uring_sqe *sqe;

	pthread_mutex_lock(&engine.lock);
	sqe = next_sqe_locked();
	prepare(sqe, req);
	io_uring_sqe_set_data(sqe, req);
	flush_locked();
	pthread_mutex_unlock(&engine.lock);
}

void io_ring__cancel(struct io_request *req)
{
	struct io_uring_sqe *sqe;

	pthread_mutex_lock(&engine.lock);
	sqe = next_sqe_locked();
	io_uring_prep_cancel(sqe, req, 0);
	io_uring_sqe_set_data(sqe, &no_mark);
	flush_locked();
	pthread_mutex_unlock(&engine.lock);
}

void io_ring__stop(void)
{
	struct io_uring_sqe *sqe;
	bool up;

	pthread_mutex_lock(&engine.lock);
	up = engine.state == RING_UP;
	engine.state = RING_UNKNOWN;
	if (up) {
		sqe = next_sqe_locked();
		io_uring_prep_nop(sqe);
		io_uring_sqe_set_data(sqe, &end_mark);
		flush_locked();
	}
	pthread_mutex_unlock(&engine.lock);
	if (!up)
		return;
	pthread_join(engine.thread, NULL);
	io_uring_queue_exit(&engine.ring);
}
