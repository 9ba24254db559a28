/* The bytes that wait on one end of a socket: a list of chunks, which a datagram has to itself. */
#ifndef COMPAT_CORE_SOCKET_QUEUE_H
#define COMPAT_CORE_SOCKET_QUEUE_H

#include "compat/core/list.h"
#include "compat/core/user.h"

/* Bytes that one end holds: as Zircon's (mbuf.h: 128 buffers of 2008 bytes). */
#define SOCKET_CAPACITY (128u * 2008u)

struct socket_queue {
	struct list chunks; /* struct socket_chunk, private to socket_queue.c */
	size_t size;        /* bytes in them */
};

void socket_queue__init(struct socket_queue *queue);
void socket_queue__clear(struct socket_queue *queue);

/*
 * Fills the empty @queue with a copy of @size bytes from @addr: program memory of @self, or core
 * memory where @self is NULL. With @datagram they make one chunk. On failure @queue is empty.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_INVALID_ARGS.
 */
zx_status_t socket_queue__fill(struct socket_queue *queue, struct thread *self, uint64_t addr,
			       size_t size, bool datagram);
/* Copies the first @size bytes of @queue, or all, to @addr, likewise. */
zx_status_t socket_queue__copy_out(struct socket_queue *queue, struct thread *self, uint64_t addr,
				   size_t size);

/* Moves the first @size bytes of @from, or all, to the end of @to; joins small chunks. */
zx_status_t socket_queue__move(struct socket_queue *to, struct socket_queue *from, size_t size);
/* Moves everything in @from back to the front of @to, from where it was taken. */
void socket_queue__push_front(struct socket_queue *to, struct socket_queue *from);
/* As socket_queue__move(), but @from keeps them. */
zx_status_t socket_queue__peek(struct socket_queue *to, struct socket_queue *from, size_t size);
/* The size of the first chunk: of the next datagram. 0 where there is none. */
size_t socket_queue__first(const struct socket_queue *queue);
/* Moves the first chunk, a datagram, as it is. */
void socket_queue__move_first(struct socket_queue *to, struct socket_queue *from);

#endif
