/* The calls on handles as such. */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"

/* Values that zx_handle_close_many copies at a time: their number has no bound. */
#define CLOSE_BATCH 64u

static zx_status_t close_one(struct thread *self, zx_handle_t value)
{
	struct handle handle;

	if (value == ZX_HANDLE_INVALID)
		return ZX_OK;
	if (handle__remove(self->process, value, ZX_RIGHT_NONE, &handle) != ZX_OK) {
		/* A policy may want to hear of it; the answer is the same whatever it says. */
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
		return ZX_ERR_BAD_HANDLE;
	}
	handle__close(&handle);
	return ZX_OK;
}

zx_status_t sys_handle_close(struct thread *self, zx_handle_t handle)
{
	return close_one(self, handle);
}

/* Bad ones do not keep the others from being closed. */
zx_status_t sys_handle_close_many(struct thread *self, user_addr_t handles, size_t num_handles)
{
	zx_handle_t values[CLOSE_BATCH];
	zx_status_t result = ZX_OK;

	while (num_handles) {
		size_t count = num_handles < CLOSE_BATCH ? num_handles : CLOSE_BATCH;

		if (user__copy_in(self, values, handles, count * sizeof(values[0])) != ZX_OK)
			return era__of(self->process->era)->close_many_stops ? result :
									       ZX_ERR_INVALID_ARGS;
		for (size_t i = 0; i < count; i++) {
			zx_status_t status = close_one(self, values[i]);

			if (status != ZX_OK)
				result = status;
		}
		handles += count * sizeof(values[0]);
		num_handles -= count;
	}
	return result;
}

zx_status_t sys_handle_duplicate(struct thread *self, zx_handle_t handle, zx_rights_t rights,
				 user_addr_t out)
{
	struct handle copy;
	zx_status_t status = handle__dup_value(self, handle, ZX_RIGHT_DUPLICATE, rights, &copy);

	if (status != ZX_OK)
		return status;
	return handle__give(self, &copy, out);
}

/* The old value is gone in any case. */
zx_status_t sys_handle_replace(struct thread *self, zx_handle_t handle, zx_rights_t rights,
			       user_addr_t out)
{
	struct handle moved;

	if (handle__remove(self->process, handle, ZX_RIGHT_NONE, &moved) != ZX_OK) {
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
		return ZX_ERR_BAD_HANDLE;
	}
	if (rights != ZX_RIGHT_SAME_RIGHTS) {
		if ((moved.rights & rights) != rights) {
			handle__close(&moved);
			return ZX_ERR_INVALID_ARGS;
		}
		moved.rights = rights;
	}
	return handle__give(self, &moved, out);
}

/* Asks no policy about a bad handle: it is what the call is for. */
zx_status_t sys_handle_check_valid(struct thread *self, zx_handle_t handle)
{
	if (handle == ZX_HANDLE_INVALID)
		return ZX_ERR_INVALID_ARGS;
	if ((handle & ZX_HANDLE_FIXED_BITS_MASK) != ZX_HANDLE_FIXED_BITS_MASK)
		return ZX_ERR_OUT_OF_RANGE;
	return handle__valid(self->process, handle) ? ZX_OK : ZX_ERR_NOT_FOUND;
}
