/* The control plane and the accept queue that sockets had to 2019-01. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/socket_impl.h"

zx_status_t socket__write_control(struct thread *self, struct socket *socket, user_addr_t addr,
				  size_t size)
{
	char message[SOCKET_CONTROL_BYTES];
	zx_status_t status;
	struct socket *peer;

	if (!(socket->options & ZX_SOCKET_HAS_CONTROL_2018))
		return ZX_ERR_BAD_STATE;
	if (!size)
		return ZX_ERR_INVALID_ARGS;
	if (size > SOCKET_CONTROL_BYTES)
		return ZX_ERR_OUT_OF_RANGE;
	status = user__copy_in(self, message, addr, size);
	object__lock(&socket->object);
	peer = socket->peer;
	if (!peer) {
		status = ZX_ERR_PEER_CLOSED;
	} else if (peer->control_size) {
		status = ZX_ERR_SHOULD_WAIT;
	} else if (status == ZX_OK) {
		memcpy(peer->control, message, size);
		peer->control_size = (uint32_t)size;
		peer->control_count++;
		socket_signal_locked(peer, 0, ZX_SOCKET_CONTROL_READABLE_2018);
		socket_signal_locked(socket, ZX_SOCKET_CONTROL_WRITABLE_2018, 0);
	}
	object__unlock(&socket->object);
	return status;
}

/* Copies the message, or its first *size bytes, without taking it; @count names it. */
static zx_status_t peek_control(struct socket *socket, char *message, size_t *size,
				uint32_t *count)
{
	zx_status_t status = ZX_ERR_SHOULD_WAIT;

	object__lock(&socket->object);
	if (socket->control_size) {
		if (*size > socket->control_size)
			*size = socket->control_size;
		memcpy(message, socket->control, *size);
		*count = socket->control_count;
		status = ZX_OK;
	}
	object__unlock(&socket->object);
	return status;
}

/* Takes the message that @count names; false where it is gone. */
static bool take_control(struct socket *socket, uint32_t count)
{
	bool there;

	object__lock(&socket->object);
	there = socket->control_size && socket->control_count == count;
	if (there) {
		socket->control_size = 0;
		socket_signal_locked(socket, ZX_SOCKET_CONTROL_READABLE_2018, 0);
		if (socket->peer)
			socket_signal_locked(socket->peer, 0, ZX_SOCKET_CONTROL_WRITABLE_2018);
	}
	object__unlock(&socket->object);
	return there;
}

zx_status_t socket__read_control(struct thread *self, struct socket *socket, user_addr_t addr,
				 size_t size, bool peek, size_t *actual)
{
	char message[SOCKET_CONTROL_BYTES];
	zx_status_t status;
	uint32_t count;

	if (!(socket->options & ZX_SOCKET_HAS_CONTROL_2018))
		return ZX_ERR_BAD_STATE;
	/* It is taken after it was handed out, so that a bad buffer loses nothing. */
	do {
		*actual = size;
		status = peek_control(socket, message, actual, &count);
		if (status == ZX_OK)
			status = user__copy_out(self, addr, message, *actual);
		if (status != ZX_OK || peek)
			return status;
	} while (!take_control(socket, count));
	return ZX_OK;
}

/* One that has an accept queue itself, or is an end of the socket it would travel on, may not. */
static bool shareable_locked(struct socket *socket, struct socket *other)
{
	return !(other->options & ZX_SOCKET_HAS_ACCEPT_2018) && other != socket &&
	       other != socket->peer;
}

zx_status_t socket__share(struct socket *socket, struct handle *handle)
{
	zx_status_t status = ZX_OK;
	struct socket *peer;

	object__lock(&socket->object);
	peer = socket->peer;
	if (!shareable_locked(socket, (struct socket *)handle->object)) {
		status = ZX_ERR_BAD_STATE;
	} else if (!(socket->options & ZX_SOCKET_HAS_ACCEPT_2018)) {
		status = ZX_ERR_NOT_SUPPORTED;
	} else if (!peer) {
		status = ZX_ERR_PEER_CLOSED;
	} else if (peer->accept.object) {
		status = ZX_ERR_SHOULD_WAIT;
	} else {
		peer->accept = *handle;
		handle->object = NULL;
		socket_signal_locked(peer, 0, ZX_SOCKET_ACCEPT_2018);
		socket_signal_locked(socket, ZX_SOCKET_SHARE_2018, 0);
	}
	object__unlock(&socket->object);
	handle__close(handle);
	return status;
}

zx_status_t socket__accept(struct socket *socket, struct handle *out)
{
	zx_status_t status = ZX_OK;

	if (!(socket->options & ZX_SOCKET_HAS_ACCEPT_2018))
		return ZX_ERR_NOT_SUPPORTED;
	object__lock(&socket->object);
	if (socket->accept.object) {
		*out = socket->accept;
		socket->accept.object = NULL;
		socket_signal_locked(socket, ZX_SOCKET_ACCEPT_2018, 0);
		if (socket->peer)
			socket_signal_locked(socket->peer, 0, ZX_SOCKET_SHARE_2018);
	} else {
		status = ZX_ERR_SHOULD_WAIT;
	}
	object__unlock(&socket->object);
	return status;
}
