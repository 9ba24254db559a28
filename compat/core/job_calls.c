/* zx_job_create, zx_job_set_critical, and zx_task_kill, which takes jobs, processes and threads. */
#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_job_create(struct thread *self, zx_handle_t parent_job, uint32_t options,
			   user_addr_t out)
{
	uint32_t era = self->process->era;
	struct job *parent;
	struct job *job;
	zx_rights_t rights;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get_rights(self, parent_job, ZX_OBJ_TYPE_JOB, ZX_RIGHT_NONE, &parent,
				    &rights);
	if (status != ZX_OK)
		return status;
	if (rights & era__of(era)->right_job_create)
		status = job__create(parent, era, &job);
	else
		status = ZX_ERR_ACCESS_DENIED;
	object__put(&parent->object);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &job->object, era__default_rights(era, ZX_OBJ_TYPE_JOB), out);
}

/* Is @job the job of @process, or above it? Parents never change. */
static bool is_ancestor(const struct job *job, const struct process *process)
{
	for (const struct job *at = process->job; at; at = at->parent) {
		if (at == job)
			return true;
	}
	return false;
}

static zx_status_t set_critical(struct process *process, struct job *job, bool retcode_nonzero)
{
	zx_status_t status = ZX_OK;

	object__lock(&process->object);
	if (process->critical_job) {
		status = ZX_ERR_ALREADY_BOUND;
	} else if (!is_ancestor(job, process)) {
		status = ZX_ERR_INVALID_ARGS;
	} else {
		object__get(&job->object);
		process->critical_job = job;
		process->critical_retcode_nonzero = retcode_nonzero;
	}
	object__unlock(&process->object);
	return status;
}

zx_status_t sys_job_set_critical(struct thread *self, zx_handle_t job_handle, uint32_t options,
				 zx_handle_t process_handle)
{
	struct process *process;
	struct job *job;
	zx_status_t status;

	if (options & ~ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, job_handle, ZX_OBJ_TYPE_JOB, ZX_RIGHT_DESTROY, &job);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, process_handle, ZX_OBJ_TYPE_PROCESS, ZX_RIGHT_WAIT, &process);
	if (status == ZX_OK) {
		status = set_critical(process, job, options != 0);
		object__put(&process->object);
	}
	object__put(&job->object);
	return status;
}

static zx_status_t kill_object(struct thread *self, struct object *object)
{
	const struct era_traits *era = era__of(self->process->era);

	switch (object->type) {
	case ZX_OBJ_TYPE_PROCESS:
		process__kill((struct process *)object, era->retcode_kill);
		return ZX_OK;
	case ZX_OBJ_TYPE_JOB:
		job__kill((struct job *)object, era->retcode_kill);
		return ZX_OK;
	case ZX_OBJ_TYPE_THREAD:
		if (!era->task_kill_thread)
			return ZX_ERR_WRONG_TYPE;
		thread__kill_started((struct thread *)object);
		return ZX_OK;
	default:
		return ZX_ERR_WRONG_TYPE;
	}
}

zx_status_t sys_task_kill(struct thread *self, zx_handle_t handle)
{
	struct object *object;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_DESTROY, &object);
	if (status != ZX_OK)
		return status;
	status = kill_object(self, object);
	object__put(object);
	return status;
}
