#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"
#include "compat/core/socket.h"

static bool has_2018(struct thread *self)
{
	return era__of(self->process->era)->sockets_2018;
}

static zx_status_t socket_of(struct thread *self, zx_handle_t handle, zx_rights_t rights,
			     struct socket **out)
{
	return handle__get(self, handle, ZX_OBJ_TYPE_SOCKET, rights, out);
}

zx_status_t sys_socket_create(struct thread *self, uint32_t options, user_addr_t out0,
			      user_addr_t out1)
{
	uint32_t known = has_2018(self) ? ZX_SOCKET_CREATE_MASK_2018 : ZX_SOCKET_CREATE_MASK;
	struct socket *socket0;
	struct socket *socket1;
	zx_status_t status;

	status = policy__check(self, ZX_POL_NEW_SOCKET);
	if (status != ZX_OK)
		return status;
	if (options & ~known)
		return ZX_ERR_INVALID_ARGS;
	status = socket__create(options, &socket0, &socket1);
	if (status != ZX_OK)
		return status;
	return handle__make_out_pair(self, socket__object(socket0), socket__object(socket1),
				     era__default_rights(self->process->era, ZX_OBJ_TYPE_SOCKET),
				     out0, out1);
}

/* ZX_SOCKET_SHUTDOWN_* */
static zx_status_t shut_down(struct thread *self, struct socket *socket, uint32_t how)
{
	uint32_t stop = ZX_SOCKET_DISPOSITION_WRITE_DISABLED;
	uint32_t writing = how & ZX_SOCKET_SHUTDOWN_WRITE ? stop : 0;
	uint32_t reading = how & ZX_SOCKET_SHUTDOWN_READ ? stop : 0;

	if (era__of(self->process->era)->sockets_201807)
		return socket__set_disposition_late(socket, writing, reading);
	return socket__set_disposition(socket, writing, reading);
}

/* The options of zx_socket_write: before zx_socket_shutdown came in 2018-12, it was one of them. */
static uint32_t write_options(struct thread *self)
{
	const struct era_traits *era = era__of(self->process->era);

	return (era->sockets_2018 ? ZX_SOCKET_CONTROL_2018 : 0) |
	       (era->socket_write_shuts ? ZX_SOCKET_SHUTDOWN_MASK : 0);
}

static zx_status_t write_as_told(struct thread *self, struct socket *socket, uint32_t options,
				 user_addr_t buffer, size_t size, size_t *actual)
{
	switch (options) {
	case 0:
		return socket__write_user(self, socket, buffer, size, actual);
	case ZX_SOCKET_CONTROL_2018:
		*actual = size;
		return socket__write_control(self, socket, buffer, size);
	default:
		if (options & ZX_SOCKET_CONTROL_2018 || size)
			return ZX_ERR_INVALID_ARGS;
		return shut_down(self, socket, options);
	}
}

/* Whether unknown options are only noticed when the handle has been looked at. */
static bool options_last(struct thread *self)
{
	return era__of(self->process->era)->socket_options_last;
}

zx_status_t sys_socket_write(struct thread *self, zx_handle_t handle, uint32_t options,
			     user_addr_t buffer, size_t size, user_addr_t out_actual)
{
	bool unknown = options & ~write_options(self);
	struct socket *socket;
	size_t actual = 0;
	zx_status_t status;

	if ((size && !buffer) || (unknown && !options_last(self)))
		return ZX_ERR_INVALID_ARGS;
	status = socket_of(self, handle, ZX_RIGHT_WRITE, &socket);
	if (status != ZX_OK)
		return status;
	status = unknown ? ZX_ERR_INVALID_ARGS :
			   write_as_told(self, socket, options, buffer, size, &actual);
	object__put(socket__object(socket));
	/* A shutdown wrote nothing, and says nothing of it. */
	if (status == ZX_OK && out_actual && !(options & ZX_SOCKET_SHUTDOWN_MASK))
		status = user__put(self, out_actual, &actual);
	return status;
}

static uint32_t read_options(struct thread *self)
{
	const struct era_traits *era = era__of(self->process->era);

	return (era->sockets_2018 ? ZX_SOCKET_CONTROL_2018 : 0) |
	       (era->socket_peek ? ZX_SOCKET_PEEK : 0);
}

/* How many bytes there are to read; of datagrams, those of the next one or of all. */
static size_t waiting(struct thread *self, struct socket *socket)
{
	zx_info_socket_t info;

	socket__info(socket, &info);
	return era__of(self->process->era)->socket_asks_datagram ? info.rx_buf_available :
								   info.rx_buf_size;
}

zx_status_t sys_socket_read(struct thread *self, zx_handle_t handle, uint32_t options,
			    user_addr_t buffer, size_t size, user_addr_t out_actual)
{
	bool peek = options & ZX_SOCKET_PEEK;
	bool unknown = options & ~read_options(self);
	struct socket *socket;
	size_t actual = 0;
	zx_status_t status;

	if ((size && !buffer) || (unknown && !options_last(self)))
		return ZX_ERR_INVALID_ARGS;
	status = socket_of(self, handle, ZX_RIGHT_READ, &socket);
	if (status != ZX_OK)
		return status;
	if (unknown)
		status = ZX_ERR_INVALID_ARGS;
	else if (options & ZX_SOCKET_CONTROL_2018)
		status = socket__read_control(self, socket, buffer, size, peek, &actual);
	else if (!buffer && !size && era__of(self->process->era)->socket_read_asks)
		actual = waiting(self, socket);
	else
		status = socket__read_user(self, socket, buffer, size, peek, &actual);
	object__put(socket__object(socket));
	if (status == ZX_OK && out_actual)
		status = user__put(self, out_actual, &actual);
	return status;
}

zx_status_t sys_socket_set_disposition(struct thread *self, zx_handle_t handle,
				       uint32_t disposition, uint32_t disposition_peer)
{
	uint32_t both = ZX_SOCKET_DISPOSITION_WRITE_DISABLED | ZX_SOCKET_DISPOSITION_WRITE_ENABLED;
	struct socket *socket;
	zx_status_t status;

	if ((disposition | disposition_peer) & ~both ||
	    disposition == both || disposition_peer == both)
		return ZX_ERR_INVALID_ARGS;
	status = socket_of(self, handle, ZX_RIGHT_MANAGE_SOCKET, &socket);
	if (status != ZX_OK)
		return status;
	status = socket__set_disposition(socket, disposition, disposition_peer);
	object__put(socket__object(socket));
	return status;
}

zx_status_t sys_socket_shutdown(struct thread *self, zx_handle_t handle, uint32_t options)
{
	struct socket *socket;
	zx_status_t status;

	if (options & ~ZX_SOCKET_SHUTDOWN_MASK)
		return ZX_ERR_INVALID_ARGS;
	status = socket_of(self, handle, ZX_RIGHT_WRITE, &socket);
	if (status != ZX_OK)
		return status;
	status = shut_down(self, socket, options);
	object__put(socket__object(socket));
	return status;
}

zx_status_t sys_socket_share(struct thread *self, zx_handle_t handle, zx_handle_t socket_to_share)
{
	struct socket *socket = NULL;
	struct handle shared;
	zx_status_t status;
	zx_status_t taken;

	status = socket_of(self, handle, ZX_RIGHT_WRITE, &socket);
	/* It is gone from the caller whatever the result. */
	taken = handle__remove(self->process, socket_to_share, ZX_RIGHT_NONE, &shared);
	if (taken == ZX_ERR_BAD_HANDLE)
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
	if (status == ZX_OK)
		status = taken;
	if (status == ZX_OK && !(shared.rights & ZX_RIGHT_TRANSFER))
		status = ZX_ERR_ACCESS_DENIED;
	if (status == ZX_OK && shared.object->type != ZX_OBJ_TYPE_SOCKET)
		status = ZX_ERR_WRONG_TYPE;
	if (status == ZX_OK)
		status = socket__share(socket, &shared);
	else if (taken == ZX_OK)
		handle__close(&shared);
	if (socket)
		object__put(socket__object(socket));
	return status;
}

zx_status_t sys_socket_accept(struct thread *self, zx_handle_t handle, user_addr_t out)
{
	struct handle accepted;
	struct socket *socket;
	zx_status_t status;

	status = socket_of(self, handle, ZX_RIGHT_READ, &socket);
	if (status != ZX_OK)
		return status;
	status = socket__accept(socket, &accepted);
	object__put(socket__object(socket));
	return status == ZX_OK ? handle__give(self, &accepted, out) : status;
}
