/* Inside of the asynchronous I/O: the two engines. */
#ifndef COMPAT_HOST_IO_ENGINE_H
#define COMPAT_HOST_IO_ENGINE_H

#include "compat/host/io.h"

/* True once the ring is up; tries to bring it up on the first call after io_ring__stop(). */
bool io_ring__start(void);
void io_ring__submit(struct io_request *req);
void io_ring__cancel(struct io_request *req);
void io_ring__stop(void);

void io_pool__submit(struct io_request *req);
void io_pool__cancel(struct io_request *req);
void io_pool__stop(void);

#endif
