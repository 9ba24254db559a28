/* Sockets: byte streams or datagrams. The plain functions copy core memory: services use them. */
#ifndef COMPAT_CORE_SOCKET_H
#define COMPAT_CORE_SOCKET_H

#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/handle.h"
#include "compat/core/object.h"
#include "compat/core/user.h"

struct socket;

extern const struct object_ops socket_ops;

/* @options as zx_socket_create, with those of 2018. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t socket__create(uint32_t options, struct socket **out0, struct socket **out1);
/*
 * Writes what fits (stream) or all (datagram). Errors: ZX_ERR_SHOULD_WAIT, ZX_ERR_PEER_CLOSED,
 * ZX_ERR_BAD_STATE (writing is disabled), ZX_ERR_OUT_OF_RANGE (datagram), ZX_ERR_NO_MEMORY.
 */
zx_status_t socket__write(struct socket *socket, const void *data, size_t size, size_t *actual);
/* Reads up to @size bytes. Errors as zx_socket_read. */
zx_status_t socket__read(struct socket *socket, void *data, size_t size, size_t *actual);
/* Ends the writing side of this end: the peer reads what is left, then gets ZX_ERR_BAD_STATE. */
zx_status_t socket__shutdown_write(struct socket *socket);
/* Bytes that wait to be read from this end. */
size_t socket__readable(struct socket *socket);

/* The same on program memory of @self at @addr. @peek leaves the bytes on the socket. */
zx_status_t socket__write_user(struct thread *self, struct socket *socket, user_addr_t addr,
			       size_t size, size_t *actual);
zx_status_t socket__read_user(struct thread *self, struct socket *socket, user_addr_t addr,
			      size_t size, bool peek, size_t *actual);

/*
 * Forbids or allows writing on this end (@self_mask) and on the other (@peer_mask):
 * ZX_SOCKET_DISPOSITION_*, 0 to leave it as it is. ZX_ERR_BAD_STATE where an end shall write again
 * whose last bytes are not read yet.
 */
zx_status_t socket__set_disposition(struct socket *socket, uint32_t self_mask, uint32_t peer_mask);
/* As until 2018-07: an end that cannot get more is told when it has read what there is. */
zx_status_t socket__set_disposition_late(struct socket *socket, uint32_t self_mask,
					 uint32_t peer_mask);

/* ZX_INFO_SOCKET. */
void socket__info(struct socket *socket, zx_info_socket_t *info);
/*
 * ZX_PROP_SOCKET_RX_THRESHOLD and _TX_THRESHOLD, in bytes; 0 for none. Errors of setting:
 * ZX_ERR_INVALID_ARGS (more than the socket holds), ZX_ERR_PEER_CLOSED (write threshold).
 */
size_t socket__read_threshold(struct socket *socket);
size_t socket__write_threshold(struct socket *socket);
zx_status_t socket__set_read_threshold(struct socket *socket, size_t value);
zx_status_t socket__set_write_threshold(struct socket *socket, size_t value);

/* --- the control plane and the accept queue, to 2019-01 (socket_2018.c) --- */

#define SOCKET_CONTROL_BYTES 1024u

/* One message of at most SOCKET_CONTROL_BYTES bytes each way. */
zx_status_t socket__write_control(struct thread *self, struct socket *socket, user_addr_t addr,
				  size_t size);
zx_status_t socket__read_control(struct thread *self, struct socket *socket, user_addr_t addr,
				 size_t size, bool peek, size_t *actual);
/* Hands the socket @handle, taken over also on failure, to the other end, which accepts it. */
zx_status_t socket__share(struct socket *socket, struct handle *handle);
zx_status_t socket__accept(struct socket *socket, struct handle *out);

static inline struct object *socket__object(struct socket *socket)
{
	return (struct object *)socket;
}

#endif
