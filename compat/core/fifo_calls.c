#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/fifo.h"

zx_status_t sys_fifo_create(struct thread *self, size_t elem_count, size_t elem_size,
			    uint32_t options, user_addr_t out0, user_addr_t out1)
{
	bool newest = era__of(self->process->era)->fifo_newest;
	struct fifo *fifo0;
	struct fifo *fifo1;
	zx_status_t status;

	/* There are no options; only the newest Zircon looks at them, and at the sizes before. */
	if (options && newest && fifo__size_fits(elem_count, elem_size))
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_FIFO);
	if (status != ZX_OK)
		return status;
	if (elem_count & (elem_count - 1) && !newest)
		return ZX_ERR_OUT_OF_RANGE;
	status = fifo__create(elem_count, elem_size, &fifo0, &fifo1);
	if (status != ZX_OK)
		return status;
	return handle__make_out_pair(self, &fifo0->object, &fifo1->object,
				     era__default_rights(self->process->era, ZX_OBJ_TYPE_FIFO),
				     out0, out1);
}

zx_status_t sys_fifo_write(struct thread *self, zx_handle_t handle, size_t elem_size,
			   user_addr_t user_data, size_t count, user_addr_t actual_count)
{
	char data[ZX_FIFO_MAX_SIZE_BYTES];
	struct fifo *fifo;
	size_t actual;
	size_t room;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_FIFO, ZX_RIGHT_WRITE, &fifo);
	if (status != ZX_OK)
		return status;
	status = fifo__can_write(fifo, elem_size, count, &room);
	if (status == ZX_OK)
		status = user__copy_in(self, data, user_data, room * elem_size);
	if (status == ZX_OK)
		status = fifo__write(fifo, elem_size, data, room, &actual);
	object__put(&fifo->object);
	if (status == ZX_OK && actual_count)
		status = user__put(self, actual_count, &actual);
	return status;
}

zx_status_t sys_fifo_read(struct thread *self, zx_handle_t handle, size_t elem_size,
			  user_addr_t data, size_t count, user_addr_t actual_count)
{
	struct fifo *fifo;
	size_t actual;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_FIFO, ZX_RIGHT_READ, &fifo);
	if (status != ZX_OK)
		return status;
	status = fifo__read_user(self, fifo, elem_size, data, count, &actual);
	object__put(&fifo->object);
	if (status == ZX_OK && actual_count)
		status = user__put(self, actual_count, &actual);
	return status;
}
