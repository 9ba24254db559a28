#include "compat/core/handle_out.h"

#include <zircon/syscalls/exception.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"

/* Nobody was told the value yet, but a thread of the program may have guessed and closed it. */
static void take_back(struct process *process, zx_handle_t value)
{
	struct handle handle;

	if (handle__remove(process, value, 0, &handle) == ZX_OK)
		handle__close(&handle);
}

/*
 * The value could not be written, for @status. Where the program's pointer is bad the newest system
 * leaves the handle where it is, and tells the program so by an exception.
 */
static void not_told(struct thread *self, zx_handle_t value, zx_status_t status)
{
	if (era__of(self->process->era)->exception_handle_leak && !thread__interrupted(status))
		exception__note_policy(self, ZX_EXCP_POLICY_CODE_HANDLE_LEAK, 0);
	else
		take_back(self->process, value);
}

zx_status_t handle__give(struct thread *self, struct handle *handle, user_addr_t out)
{
	zx_handle_t value;
	zx_status_t status = handle__add(self->process, handle, &value);

	if (status != ZX_OK)
		return status;
	status = user__put(self, out, &value);
	if (status != ZX_OK)
		not_told(self, value, status);
	return status;
}

zx_status_t handle__give_pair(struct thread *self, struct handle *handle0, user_addr_t out0,
			      struct handle *handle1, user_addr_t out1)
{
	zx_handle_t value0;
	zx_handle_t value1;
	zx_status_t status = handle__add(self->process, handle0, &value0);

	if (status != ZX_OK) {
		handle__close(handle1);
		return status;
	}
	status = handle__add(self->process, handle1, &value1);
	if (status != ZX_OK) {
		take_back(self->process, value0);
		return status;
	}
	status = user__put(self, out0, &value0);
	if (status == ZX_OK)
		status = user__put(self, out1, &value1);
	if (status != ZX_OK) {
		not_told(self, value0, status);
		not_told(self, value1, status);
	}
	return status;
}

zx_status_t handle__make_out(struct thread *self, struct object *object, zx_rights_t rights,
			     user_addr_t out)
{
	struct handle handle = handle__make(object, rights);

	return handle__give(self, &handle, out);
}

zx_status_t handle__make_out_pair(struct thread *self, struct object *object0,
				  struct object *object1, zx_rights_t rights, user_addr_t out0,
				  user_addr_t out1)
{
	struct handle first = handle__make(object0, rights);
	struct handle second = handle__make(object1, rights);

	return handle__give_pair(self, &first, out0, &second, out1);
}
