#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/vcpu.h"

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

zx_status_t sys_vcpu_create(struct thread *self, zx_handle_t guest_handle, uint32_t options,
			    zx_vaddr_t entry, user_addr_t out)
{
	struct guest *guest;
	struct vcpu *vcpu;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, guest_handle, ZX_OBJ_TYPE_GUEST, era_of(self)->right_vcpu_create,
			     &guest);
	if (status != ZX_OK)
		return status;
	status = vcpu__create(self, guest, entry, &vcpu);
	object__put(&guest->object);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &vcpu->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_VCPU), out);
}

zx_status_t sys_vcpu_enter(struct thread *self, zx_handle_t handle, user_addr_t packet_out)
{
	zx_port_packet_t packet = { 0 };
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_EXECUTE, &vcpu);
	if (status != ZX_OK)
		return status;
	status = vcpu__enter(self, vcpu, &packet);
	object__put(&vcpu->object);
	return status == ZX_OK ? user__put(self, packet_out, &packet) : status;
}

zx_status_t sys_vcpu_resume(struct thread *self, zx_handle_t handle, user_addr_t packet)
{
	return sys_vcpu_enter(self, handle, packet);
}

zx_status_t sys_vcpu_kick(struct thread *self, zx_handle_t handle)
{
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_EXECUTE, &vcpu);
	if (status != ZX_OK)
		return status;
	vcpu__kick(vcpu);
	object__put(&vcpu->object);
	return ZX_OK;
}

zx_status_t sys_vcpu_interrupt(struct thread *self, zx_handle_t handle, uint32_t vector)
{
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_SIGNAL, &vcpu);
	if (status != ZX_OK)
		return status;
	if (vector >= VCPU_VECTORS && era_of(self)->vcpu_vector_checked)
		status = ZX_ERR_OUT_OF_RANGE;
	else
		vcpu__interrupt(vcpu, vector);
	object__put(&vcpu->object);
	return status;
}

zx_status_t sys_vcpu_read_state(struct thread *self, zx_handle_t handle, uint32_t kind,
				user_addr_t buffer, size_t buffer_size)
{
	zx_vcpu_state_t state;
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_READ, &vcpu);
	if (status != ZX_OK)
		return status;
	status = kind == ZX_VCPU_STATE && buffer_size == sizeof(state) ?
			 vcpu__read_state(self, vcpu, &state) :
			 ZX_ERR_INVALID_ARGS;
	object__put(&vcpu->object);
	return status == ZX_OK ? user__put(self, buffer, &state) : status;
}

static zx_status_t write_state(struct thread *self, struct vcpu *vcpu, user_addr_t buffer,
			       size_t size)
{
	zx_vcpu_state_t state;

	if (size != sizeof(state) || user__get(self, &state, buffer) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return vcpu__write_state(self, vcpu, &state);
}

static zx_status_t write_io(struct thread *self, struct vcpu *vcpu, user_addr_t buffer, size_t size)
{
	zx_vcpu_io_t io;

	if (size != sizeof(io) || user__get(self, &io, buffer) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	/* Who is not the processor's thread learns that first. */
	if (self == vcpu->thread &&
	    (io.access_size > sizeof(io.data) ||
	     (era_of(self)->guest_newest && io.access_size != 1 && io.access_size != 2 &&
	      io.access_size != 4)))
		return ZX_ERR_INVALID_ARGS;
	return vcpu__write_io(self, vcpu, &io);
}

zx_status_t sys_vcpu_write_state(struct thread *self, zx_handle_t handle, uint32_t kind,
				 user_addr_t buffer, size_t buffer_size)
{
	struct vcpu *vcpu;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_VCPU, ZX_RIGHT_WRITE, &vcpu);
	if (status != ZX_OK)
		return status;
	if (kind == ZX_VCPU_STATE)
		status = write_state(self, vcpu, buffer, buffer_size);
	else if (kind == ZX_VCPU_IO)
		status = write_io(self, vcpu, buffer, buffer_size);
	else
		status = ZX_ERR_INVALID_ARGS;
	object__put(&vcpu->object);
	return status;
}
