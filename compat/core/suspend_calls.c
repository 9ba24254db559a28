/* The calls that suspend tasks and have them go on. */
#include <core/calls.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/suspend.h"

/* A thread can suspend neither itself nor its process: it would never get the token. */
static zx_status_t check_task(struct thread *self, const struct object *task)
{
	bool once = era__of(self->process->era)->suspend_2018;

	if (task->type != ZX_OBJ_TYPE_THREAD && (task->type != ZX_OBJ_TYPE_PROCESS || once))
		return ZX_ERR_WRONG_TYPE;
	if (!once && (task == &self->object || task == &self->process->object))
		return ZX_ERR_NOT_SUPPORTED;
	if (!once)
		return ZX_OK;
	return thread__started((const struct thread *)task) ? ZX_OK : ZX_ERR_BAD_STATE;
}

zx_status_t sys_task_suspend_token(struct thread *self, zx_handle_t handle, user_addr_t out)
{
	/* The type was asked of the handle before the right once, and later of the object. */
	uint32_t type = era__of(self->process->era)->suspend_2018 ? ZX_OBJ_TYPE_THREAD :
								   ZX_OBJ_TYPE_NONE;
	struct suspend_token *token;
	struct object *task;
	zx_status_t status;

	status = handle__get(self, handle, type, ZX_RIGHT_WRITE, &task);
	if (status != ZX_OK)
		return status;
	status = check_task(self, task);
	if (status == ZX_OK)
		status = suspend_token__create(task, &token);
	object__put(task);
	if (status != ZX_OK)
		return status;
	return handle__make_out(
		self, &token->object,
		era__default_rights(self->process->era, ZX_OBJ_TYPE_SUSPEND_TOKEN), out);
}

zx_status_t sys_task_suspend(struct thread *self, zx_handle_t handle, user_addr_t out)
{
	return sys_task_suspend_token(self, handle, out);
}

zx_status_t sys_task_suspend_2018_07(struct thread *self, zx_handle_t handle)
{
	struct thread *thread;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_WRITE, &thread);
	if (status != ZX_OK)
		return status;
	status = thread__suspend(thread);
	object__put(&thread->object);
	return status;
}

zx_status_t sys_task_resume(struct thread *self, zx_handle_t handle, uint32_t options)
{
	struct thread *thread;
	zx_status_t status;

	if (options & ~(ZX_RESUME_EXCEPTION_201810 | ZX_RESUME_TRY_NEXT_202002) ||
	    options == ZX_RESUME_TRY_NEXT_202002)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_NONE, &thread);
	if (status != ZX_OK)
		return status;
	if (options)
		status = exception__resume(thread, options);
	else if (era__of(self->process->era)->resume_2018_07)
		status = thread__resume(thread);
	else
		status = ZX_ERR_BAD_STATE;
	object__put(&thread->object);
	return status;
}
