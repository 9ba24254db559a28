/*
 * Restricted mode is not there: no thread has a state of it, nor gets one. What is left are the
 * calls that say nothing about that.
 */
#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_restricted_unbind_state(struct thread *self, uint32_t options)
{
	(void)self;
	return options ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

/* A thread that is not in restricted mode is to leave it the next time: there is none. */
zx_status_t sys_restricted_kick(struct thread *self, zx_handle_t handle, uint32_t options)
{
	struct thread *thread;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_MANAGE_THREAD, &thread);
	if (status != ZX_OK)
		return status;
	object__lock(&thread->object);
	if (thread->state == THREAD_DYING || thread->state == THREAD_DEAD)
		status = ZX_ERR_BAD_STATE;
	object__unlock(&thread->object);
	object__put(&thread->object);
	return status;
}
