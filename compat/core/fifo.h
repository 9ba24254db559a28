/* Fifos: two ends, each with a ring of elements of one size. */
#ifndef COMPAT_CORE_FIFO_H
#define COMPAT_CORE_FIFO_H

#include "compat/core/object.h"
#include "compat/core/user.h"

struct fifo {
	struct object object;
	struct fifo *peer; /* not referenced; NULL once it is gone; under the shared lock */
	uint32_t elem_count;
	uint32_t elem_size;  /* bytes */
	uint64_t head; /* elements ever put in */
	uint64_t tail; /* and taken out */
	char *data; /* what waits to be read from this end */
};

extern const struct object_ops fifo_ops;

/* Whether a FIFO can be that large. */
bool fifo__size_fits(size_t count, size_t elem_size);
/*
 * @count elements of @elem_size bytes, at most ZX_FIFO_MAX_SIZE_BYTES together.
 * Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NO_MEMORY.
 */
zx_status_t fifo__create(size_t count, size_t elem_size, struct fifo **out0, struct fifo **out1);
/* The checks of fifo__write(), and how many of @count elements would be taken now. */
zx_status_t fifo__can_write(struct fifo *fifo, size_t elem_size, size_t count, size_t *room);
/* Moves up to @count elements from or to core memory. Results as zx_fifo_write and zx_fifo_read. */
zx_status_t fifo__write(struct fifo *fifo, size_t elem_size, const void *data, size_t count,
			size_t *actual);
zx_status_t fifo__read(struct fifo *fifo, size_t elem_size, void *data, size_t count,
		       size_t *actual);
/* As fifo__read(), to program memory of @self. A bad address takes nothing. */
zx_status_t fifo__read_user(struct thread *self, struct fifo *fifo, size_t elem_size,
			    user_addr_t addr, size_t count, size_t *actual);

#endif
