/* What a socket consists of; only for the files that implement it. */
#ifndef COMPAT_CORE_SOCKET_IMPL_H
#define COMPAT_CORE_SOCKET_IMPL_H

#include "compat/core/socket.h"
#include "compat/core/socket_queue.h"

struct socket {
	struct object object;
	/* Under the shared lock, as all below. Not referenced; NULL once it is gone. */
	struct socket *peer;
	uint32_t options;
	bool read_disabled; /* the other end writes no more */
	size_t read_threshold;
	size_t write_threshold;
	struct socket_queue data; /* waits to be read from this end */
	/* 2018 */
	char *control; /* SOCKET_CONTROL_BYTES, with ZX_SOCKET_HAS_CONTROL_2018 */
	uint32_t control_size; /* of the message in it; 0: none */
	uint32_t control_count; /* messages that ever were in it */
	struct handle accept;  /* waits to be accepted on this end */
};

static inline void socket_signal_locked(struct socket *socket, uint32_t clear, uint32_t set)
{
	object__update_signals_locked(&socket->object, clear, set);
}

#endif
