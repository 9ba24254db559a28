#include <core/calls.h>
#include <zircon/syscalls/next.h>

#include "compat/core/core.h"
#include "compat/core/interrupt.h"
#include "compat/core/resource.h"

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

/*
 * Virtual interrupts need no resource, but for ones that wake the machine, whose option is refused
 * for them once the resource is there.
 */
zx_status_t sys_interrupt_create(struct thread *self, zx_handle_t src_obj, uint32_t src_num,
				 uint32_t options, user_addr_t out_handle)
{
	bool newest = era_of(self)->interrupt_newest;
	uint32_t known = ZX_INTERRUPT_VIRTUAL | (newest ? ZX_INTERRUPT_TIMESTAMP_MONO : 0);
	bool wakes = newest && options & ZX_INTERRUPT_WAKE_VECTOR;
	struct interrupt *interrupt;
	zx_status_t status;

	if (!(options & ZX_INTERRUPT_VIRTUAL) || wakes) {
		status = resource__check_range(self, src_obj, RESOURCE_IRQ, src_num, 1);
		if (status != ZX_OK)
			return status;
	}
	/* The machine has no interrupts that it could hand on. */
	if (!(options & ZX_INTERRUPT_VIRTUAL) || options & ~known)
		return ZX_ERR_INVALID_ARGS;
	interrupt = interrupt__create(options, newest);
	if (!interrupt)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, &interrupt->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_INTERRUPT),
				out_handle);
}

zx_status_t sys_interrupt_bind(struct thread *self, zx_handle_t handle, zx_handle_t port_handle,
			       uint64_t key, uint32_t options)
{
	uint32_t last = era_of(self)->interrupt_unbind ? ZX_INTERRUPT_UNBIND : ZX_INTERRUPT_BIND;
	struct interrupt *interrupt;
	struct port *port;
	zx_status_t status;

	if (options > last)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_READ, &interrupt);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status == ZX_OK) {
		if (!(port->options & ZX_PORT_BIND_TO_INTERRUPT))
			status = ZX_ERR_WRONG_TYPE;
		else if (options == ZX_INTERRUPT_UNBIND)
			status = interrupt__unbind(interrupt, port);
		else
			status = interrupt__bind(interrupt, port, key);
		object__put(&port->object);
	}
	object__put(&interrupt->object);
	return status;
}

zx_status_t sys_interrupt_wait(struct thread *self, zx_handle_t handle, user_addr_t out_timestamp)
{
	struct interrupt *interrupt;
	zx_time_t timestamp = 0;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_WAIT, &interrupt);
	if (status != ZX_OK)
		return status;
	status = interrupt__wait(self, interrupt, &timestamp);
	object__put(&interrupt->object);
	if (status == ZX_OK && out_timestamp)
		status = user__put(self, out_timestamp, &timestamp);
	return status;
}

zx_status_t sys_interrupt_destroy(struct thread *self, zx_handle_t handle)
{
	struct interrupt *interrupt;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_NONE, &interrupt);
	if (status != ZX_OK)
		return status;
	status = interrupt__destroy(interrupt);
	object__put(&interrupt->object);
	return status;
}

zx_status_t sys_interrupt_ack(struct thread *self, zx_handle_t handle)
{
	struct interrupt *interrupt;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_WRITE, &interrupt);
	if (status != ZX_OK)
		return status;
	status = interrupt__ack(interrupt);
	object__put(&interrupt->object);
	return status;
}

zx_status_t sys_interrupt_trigger(struct thread *self, zx_handle_t handle, uint32_t options,
				  zx_time_t timestamp)
{
	struct interrupt *interrupt;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_SIGNAL, &interrupt);
	if (status != ZX_OK)
		return status;
	status = interrupt__trigger(interrupt, timestamp);
	object__put(&interrupt->object);
	return status;
}
