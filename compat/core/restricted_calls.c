/*
 * Restricted mode is not there: no thread has a state of it, nor gets one, and no process is made to
 * share its address space. The calls look at their arguments and find no more than that.
 */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/task_name.h"
#include "compat/core/vmar.h"

zx_status_t sys_restricted_enter(struct thread *self, uint32_t options,
				 user_addr_t vector_table_ptr, uintptr_t context)
{
	(void)self;
	(void)context;
	if (options || vector_table_ptr >= USER_END)
		return ZX_ERR_INVALID_ARGS;
	return ZX_ERR_BAD_STATE;
}

zx_status_t sys_restricted_bind_state(struct thread *self, uint32_t options, user_addr_t out,
				      user_addr_t out_exception)
{
	zx_status_t status;

	(void)out;
	(void)out_exception;
	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_VMO);
	return status == ZX_OK ? ZX_ERR_NOT_SUPPORTED : status;
}

zx_status_t sys_process_create_shared(struct thread *self, zx_handle_t shared_proc,
				      uint32_t options, user_addr_t name, size_t name_size,
				      user_addr_t proc_handle, user_addr_t restricted_vmar_handle)
{
	char name_copy[ZX_MAX_NAME_LEN];
	struct process *process;
	zx_status_t status;

	(void)proc_handle;
	(void)restricted_vmar_handle;
	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_PROCESS);
	if (status == ZX_OK)
		status = task_name__read(self, name, name_size, name_copy);
	if (status == ZX_OK)
		status = handle__get(self, shared_proc, ZX_OBJ_TYPE_PROCESS,
				     ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_GET_PROPERTY, &process);
	if (status != ZX_OK)
		return status;
	object__put(&process->object);
	return ZX_ERR_INVALID_ARGS;
}

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
	if (thread->state >= THREAD_DYING || thread__killed(thread))
		status = ZX_ERR_BAD_STATE;
	object__unlock(&thread->object);
	object__put(&thread->object);
	return status;
}
