/* zx_object_get_child: from a koid to a handle, one level down. */
#include <core/calls.h>

#include "compat/core/core.h"

static struct object *find_thread(struct process *process, zx_koid_t koid)
{
	struct object *found = NULL;
	struct thread *thread;

	object__lock(&process->object);
	list_for_each(thread, &process->threads, process_node) {
		/* One that was never started is nobody's thread yet. */
		if (thread->object.koid == koid && thread__started(thread)) {
			object__get(&thread->object);
			found = &thread->object;
			break;
		}
	}
	object__unlock(&process->object);
	return found;
}

/* Jobs come before processes, though no koid names both. */
static struct object *find_in_job(struct job *job, zx_koid_t koid)
{
	struct process *process;
	struct job *child;

	if (!koid)
		return NULL;
	child = job__next_job(job, koid - 1);
	if (child && child->object.koid == koid)
		return &child->object;
	if (child)
		object__put(&child->object);
	process = job__next_process(job, koid - 1);
	if (process && process->object.koid == koid)
		return &process->object;
	if (process)
		object__put(&process->object);
	return NULL;
}

/* Errors: ZX_ERR_WRONG_TYPE (@parent has no children), ZX_ERR_NOT_FOUND. */
static zx_status_t find(struct object *parent, zx_koid_t koid, struct object **out)
{
	if (parent->type == ZX_OBJ_TYPE_PROCESS)
		*out = find_thread((struct process *)parent, koid);
	else if (parent->type == ZX_OBJ_TYPE_JOB)
		*out = find_in_job((struct job *)parent, koid);
	else
		return ZX_ERR_WRONG_TYPE;
	return *out ? ZX_OK : ZX_ERR_NOT_FOUND;
}

zx_status_t sys_object_get_child(struct thread *self, zx_handle_t handle, uint64_t koid,
				 zx_rights_t rights, user_addr_t out)
{
	struct object *parent;
	struct object *child;
	zx_rights_t have;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_ENUMERATE, &parent,
				    &have);
	if (status != ZX_OK)
		return status;
	if (rights == ZX_RIGHT_SAME_RIGHTS)
		rights = have;
	if ((have & rights) != rights)
		status = ZX_ERR_ACCESS_DENIED;
	else
		status = find(parent, koid, &child);
	object__put(parent);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, child, rights, out);
}
