#include "compat/host/io.h"

#include "compat/host/io_engine.h"

static void submit(struct io_request *req, enum io_kind kind, int fd)
{
	req->kind = kind;
	req->fd = fd;
	req->canceled = false;
	req->finished = false;
	req->next = NULL;
	if (kind != IO_CALL && io_ring__start())
		io_ring__submit(req);
	else
		io_pool__submit(req);
}

void io__read(struct io_request *req, int fd, void *buffer, size_t size, int64_t offset)
{
	req->one = (struct iovec){ .iov_base = buffer, .iov_len = size };
	io__readv(req, fd, &req->one, 1, offset);
}

void io__readv(struct io_request *req, int fd, const struct iovec *iov, int count, int64_t offset)
{
	req->iov = iov;
	req->iov_count = count;
	req->offset = offset;
	req->rw_flags = 0;
	submit(req, IO_READV, fd);
}

void io__write(struct io_request *req, int fd, const void *buffer, size_t size, int64_t offset,
	       int rw_flags)
{
	req->one = (struct iovec){ .iov_base = (void *)buffer, .iov_len = size };
	req->iov = &req->one;
	req->iov_count = 1;
	req->offset = offset;
	req->rw_flags = rw_flags;
	submit(req, IO_WRITEV, fd);
}

void io__fsync(struct io_request *req, int fd)
{
	submit(req, IO_FSYNC, fd);
}

void io__poll(struct io_request *req, int fd, short events)
{
	req->events = events;
	submit(req, IO_POLL, fd);
}

void io__call(struct io_request *req, int64_t (*run)(struct io_request *req))
{
	req->run = run;
	submit(req, IO_CALL, -1);
}

void io__cancel(struct io_request *req)
{
	if (io_ring__start())
		io_ring__cancel(req);
	else
		io_pool__cancel(req);
}

void io__stop(void)
{
	io_ring__stop();
	io_pool__stop();
}
