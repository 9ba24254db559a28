/*
 * Asynchronous I/O on host descriptors. Requests go to an io_uring where the kernel grants one, and
 * to a small pool of threads where it does not (or where ZXRUN_NO_IO_URING=1 is in the
 * environment). Threads and rings come into being with the first request that needs them.
 */
#ifndef COMPAT_HOST_IO_H
#define COMPAT_HOST_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* As offset: at, and moving, the descriptor's own position. */
#define IO_STREAM (-1)

enum io_kind {
	IO_READV,
	IO_WRITEV,
	IO_FSYNC,
	IO_POLL,
	IO_CALL,
};

/*
 * One request. The caller owns its memory, and all that it points to, which must stay until @done
 * is called; @done may reuse or free it.
 */
struct io_request {
	/*
	 * Called once, on a thread of this module. @result is what the system call of that name
	 * returns (for IO_POLL the events), or a negative errno.
	 */
	void (*done)(struct io_request *req, int64_t result);

	/* Filled in by the functions below. */
	enum io_kind kind;
	int fd;
	int64_t offset;
	int rw_flags;
	short events;
	bool canceled;
	bool finished;
	const struct iovec *iov;
	int iov_count;
	struct iovec one;
	int64_t (*run)(struct io_request *req);
	struct io_request *next;
};

/*
 * Each starts @req, whose @done must be set. Short counts are possible, as with the system calls.
 */
void io__read(struct io_request *req, int fd, void *buffer, size_t size, int64_t offset);
void io__readv(struct io_request *req, int fd, const struct iovec *iov, int count, int64_t offset);
/* @rw_flags: RWF_* of pwritev2(), such as RWF_APPEND. */
void io__write(struct io_request *req, int fd, const void *buffer, size_t size, int64_t offset,
	       int rw_flags);
void io__fsync(struct io_request *req, int fd);
/* Waits until one of the poll() @events (or an error) is there. */
void io__poll(struct io_request *req, int fd, short events);
/* Has a thread of the pool call @run, which may block; its result goes to @done. */
void io__call(struct io_request *req, int64_t (*run)(struct io_request *req));

/*
 * Asks an IO_POLL to end; @done gets -ECANCELED, or what the poll had just found. Nothing happens
 * where @done was called already; @req must still be there.
 */
void io__cancel(struct io_request *req);

/* Ends all threads. No request may be under way. A later request starts them again. */
void io__stop(void);

#endif
