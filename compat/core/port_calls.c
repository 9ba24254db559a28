#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/port.h"

zx_status_t sys_port_create(struct thread *self, uint32_t options, user_addr_t out)
{
	struct port *port;
	zx_status_t status;

	status = policy__check(self, ZX_POL_NEW_PORT);
	if (status != ZX_OK)
		return status;
	status = port__create(options, &port);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &port->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_PORT), out);
}

zx_status_t sys_port_queue(struct thread *self, zx_handle_t handle, user_addr_t user_packet)
{
	const struct era_traits *era = era__of(self->process->era);
	zx_port_packet_t packet;
	struct port *port;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status != ZX_OK)
		return status;
	status = user__get(self, &packet, user_packet);
	if (status == ZX_OK)
		status = port__queue_user(port, &packet, era);
	object__put(&port->object);
	if (status == ZX_ERR_SHOULD_WAIT && era->port_full_exception)
		exception__note_policy(self, ZX_EXCP_POLICY_CODE_PORT_TOO_MANY_PACKETS, 0);
	return status;
}

zx_status_t sys_port_wait(struct thread *self, zx_handle_t handle, zx_time_t deadline,
			  user_addr_t user_packet)
{
	zx_port_packet_t packet;
	struct port *port;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_READ, &port);
	if (status != ZX_OK)
		return status;
	status = port__wait(self, port, deadline, &packet);
	if (status == ZX_OK)
		status = user__put(self, user_packet, &packet);
	object__put(&port->object);
	return status;
}

zx_status_t sys_port_cancel(struct thread *self, zx_handle_t handle, zx_handle_t source,
			    uint64_t key)
{
	struct object *object;
	struct port *port;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, source, ZX_OBJ_TYPE_NONE, ZX_RIGHT_WAIT, &object);
	if (status == ZX_OK) {
		status = port__cancel(port, self->process, source, key);
		object__put(object);
	}
	object__put(&port->object);
	return status;
}

zx_status_t sys_port_cancel_key(struct thread *self, zx_handle_t handle, uint32_t options,
				uint64_t key)
{
	struct port *port;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status != ZX_OK)
		return status;
	status = port__cancel_key(port, key);
	object__put(&port->object);
	return status;
}
