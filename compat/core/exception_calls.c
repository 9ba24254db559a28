/* The calls that bind handlers of exceptions, and those that handlers make. */
#include <core/calls.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/port.h"

/*
 * The place of @task that @debugger chooses. Errors: ZX_ERR_WRONG_TYPE, and ZX_ERR_INVALID_ARGS
 * where the task has no such place.
 */
static zx_status_t find_place(const struct era_traits *era, struct object *task, bool debugger,
			      struct exception_place **out)
{
	struct process *process = (struct process *)task;
	struct job *job = (struct job *)task;

	switch (task->type) {
	case ZX_OBJ_TYPE_JOB:
		if (debugger && !era->job_debuggers)
			return ZX_ERR_INVALID_ARGS;
		*out = debugger ? &job->debugger : &job->handler;
		return ZX_OK;
	case ZX_OBJ_TYPE_PROCESS:
		*out = debugger ? &process->debugger : &process->handler;
		return ZX_OK;
	case ZX_OBJ_TYPE_THREAD:
		if (debugger)
			return ZX_ERR_INVALID_ARGS;
		*out = &((struct thread *)task)->handler;
		return ZX_OK;
	default:
		return ZX_ERR_WRONG_TYPE;
	}
}

/* --- ports --- */

static zx_status_t bind_port(const struct era_traits *era, struct object *task, struct port *port,
			     uint64_t key, bool debugger)
{
	struct exception_place *place;
	zx_status_t status = find_place(era, task, debugger, &place);

	if (status != ZX_OK)
		return status;
	status = exception_place__bind_port(place, port, key, task->type == ZX_OBJ_TYPE_JOB);
	if (status == ZX_ERR_BAD_STATE)
		return ZX_ERR_NOT_FOUND;
	if (status == ZX_ERR_ALREADY_BOUND && era->exception_bound_201807)
		return ZX_ERR_BAD_STATE;
	return status;
}

static zx_status_t unbind_port(const struct era_traits *era, struct object *task, bool debugger,
			       bool quietly)
{
	struct exception_place *place;
	zx_status_t status = find_place(era, task, debugger, &place);

	return status == ZX_OK ? exception_place__unbind_port(place, quietly) : status;
}

zx_status_t sys_task_bind_exception_port(struct thread *self, zx_handle_t handle,
					 zx_handle_t port_handle, uint64_t key, uint32_t options)
{
	const struct era_traits *era = era__of(self->process->era);
	bool debugger = options & ZX_EXCEPTION_PORT_DEBUGGER_202002;
	bool quietly = options & ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810;
	struct port *port = NULL;
	struct object *task;
	zx_status_t status;

	options &= ~ZX_EXCEPTION_PORT_DEBUGGER_202002;
	if (port_handle == ZX_HANDLE_INVALID && era->exception_unbind_quietly)
		options &= ~ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810;
	if (options)
		return ZX_ERR_INVALID_ARGS;
	if (port_handle != ZX_HANDLE_INVALID) {
		status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_NONE, &port);
		if (status != ZX_OK)
			return status;
	}
	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &task);
	if (status == ZX_OK) {
		status = port ? bind_port(era, task, port, key, debugger) :
				unbind_port(era, task, debugger, quietly);
		object__put(task);
	}
	if (port)
		object__put(&port->object);
	return status;
}

zx_status_t sys_task_resume_from_exception(struct thread *self, zx_handle_t handle,
					   zx_handle_t port_handle, uint32_t options)
{
	struct thread *thread;
	struct port *port;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_NONE, &thread);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_NONE, &port);
	if (status == ZX_OK) {
		if (options && options != ZX_RESUME_TRY_NEXT_202002)
			status = ZX_ERR_INVALID_ARGS;
		else
			status = exception__answer(thread, port, options != 0);
		object__put(&port->object);
	}
	object__put(&thread->object);
	return status;
}

/* --- channels --- */

static zx_status_t bind_channel(struct thread *self, struct object *task, zx_rights_t rights,
				bool debugger, user_addr_t out)
{
	const struct era_traits *era = era__of(self->process->era);
	bool thread_only = task->type == ZX_OBJ_TYPE_THREAD;
	struct exception_place *place;
	struct channel *theirs;
	struct channel *ours;
	zx_status_t status;

	status = find_place(era, task, debugger, &place);
	if (status != ZX_OK)
		return status;
	/* Threads are found through it. */
	if (!thread_only && !(rights & ZX_RIGHT_ENUMERATE))
		return ZX_ERR_ACCESS_DENIED;
	status = channel__create(&ours, &theirs);
	if (status != ZX_OK)
		return status;
	status = exception_place__bind_channel(
		place, ours, task->type == ZX_OBJ_TYPE_JOB && debugger ? era->job_debuggers : 1,
		rights, thread_only ? 0 : rights);
	if (status != ZX_OK) {
		object__put(&theirs->object);
		return status;
	}
	return handle__make_out(self, &theirs->object,
				ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_READ, out);
}

zx_status_t sys_task_create_exception_channel(struct thread *self, zx_handle_t handle,
					      uint32_t options, user_addr_t out)
{
	struct object *task;
	zx_rights_t rights;
	zx_status_t status;

	if (options & ~ZX_EXCEPTION_CHANNEL_DEBUGGER)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_CHANNEL);
	if (status != ZX_OK)
		return status;
	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_NONE,
				    ZX_RIGHT_INSPECT | ZX_RIGHT_DUPLICATE | ZX_RIGHT_TRANSFER |
					    ZX_RIGHT_MANAGE_THREAD,
				    &task, &rights);
	if (status != ZX_OK)
		return status;
	status = bind_channel(self, task, rights, options != 0, out);
	object__put(task);
	return status;
}

/* A handle to the thread, or process, of an exception, with the rights that its handler has. */
static zx_status_t get_task(struct thread *self, zx_handle_t handle, bool process, user_addr_t out)
{
	struct exception *exception;
	struct object *task;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_EXCEPTION, ZX_RIGHT_NONE, &exception);
	if (status != ZX_OK)
		return status;
	task = process ? &exception->thread->process->object : &exception->thread->object;
	object__lock(&exception->thread->object);
	rights = process ? exception->process_rights : exception->thread_rights;
	object__unlock(&exception->thread->object);
	if (rights) {
		object__get(task);
		status = handle__make_out(self, task, rights, out);
	} else {
		status = ZX_ERR_ACCESS_DENIED;
	}
	object__put(&exception->object);
	return status;
}

zx_status_t sys_exception_get_thread(struct thread *self, zx_handle_t handle, user_addr_t out)
{
	return get_task(self, handle, false, out);
}

zx_status_t sys_exception_get_process(struct thread *self, zx_handle_t handle, user_addr_t out)
{
	return get_task(self, handle, true, out);
}

/* --- exceptions of a program's own --- */

zx_status_t sys_thread_raise_exception(struct thread *self, uint32_t options, uint32_t type,
				       user_addr_t user_context)
{
	zx_exception_context_v2_t context;

	if (options != ZX_EXCEPTION_TARGET_JOB_DEBUGGER || type != ZX_EXCP_USER || !user_context)
		return ZX_ERR_INVALID_ARGS;
	if (user__get(self, &context, user_context) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	exception__note_user(self, context.synth_code, context.synth_data);
	return ZX_OK;
}
