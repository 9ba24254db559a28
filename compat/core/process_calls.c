/* The calls that make, start and end processes. */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"
#include "compat/core/task_name.h"
#include "compat/core/vmar.h"

/* The root VMAR can be mapped in every way; each of them is a right of its first handle. */
#define ROOT_VMAR_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)

/* A reference to the root VMAR, or NULL where the process has ended already: its job was killed. */
static struct vmar *get_root_vmar(struct process *process)
{
	struct vmar *vmar;

	mutex__lock(&process->aspace_lock);
	vmar = process->root_vmar;
	if (vmar)
		object__get(&vmar->object);
	mutex__unlock(&process->aspace_lock);
	return vmar;
}

zx_status_t sys_process_create(struct thread *self, zx_handle_t job, user_addr_t name,
			       size_t name_size, uint32_t options, user_addr_t proc_handle,
			       user_addr_t vmar_handle)
{
	uint32_t era = self->process->era;
	char name_copy[ZX_MAX_NAME_LEN];
	struct process *process;
	struct vmar *vmar;
	struct job *parent;
	struct handle first;
	struct handle second;
	zx_rights_t rights;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	/* The policy of the caller counts; the rights on @job say what may be done with that. */
	status = policy__check(self, ZX_POL_NEW_PROCESS);
	if (status != ZX_OK)
		return status;
	status = task_name__read(self, name, name_size, name_copy);
	if (status != ZX_OK)
		return status;
	status = handle__get_rights(self, job, ZX_OBJ_TYPE_JOB, ZX_RIGHT_NONE, &parent, &rights);
	if (status != ZX_OK)
		return status;
	if (rights & era__of(era)->right_process_create)
		status = process__create(parent, name_copy, era, &process);
	else
		status = ZX_ERR_ACCESS_DENIED;
	object__put(&parent->object);
	if (status != ZX_OK)
		return status;
	first = handle__make(&process->object, era__default_rights(era, ZX_OBJ_TYPE_PROCESS));
	vmar = get_root_vmar(process);
	if (!vmar) {
		handle__close(&first);
		return ZX_ERR_BAD_STATE;
	}
	second = handle__make(&vmar->object,
			      era__default_rights(era, ZX_OBJ_TYPE_VMAR) | ROOT_VMAR_RIGHTS);
	return handle__give_pair(self, &first, proc_handle, &second, vmar_handle);
}

/* Gives @arg to the new process and has its first thread begin. */
static zx_status_t start(struct thread *self, struct process *process, struct thread *thread,
			 zx_vaddr_t entry, zx_vaddr_t stack, struct handle *arg, uintptr_t arg2)
{
	struct thread_entry at = { .pc = entry, .sp = stack, .arg2 = arg2 };
	zx_handle_t value = ZX_HANDLE_INVALID;
	zx_status_t status;

	if (thread->process != process)
		return ZX_ERR_ACCESS_DENIED;
	if (!arg->object && era__of(self->process->era)->process_start_needs_arg)
		return ZX_ERR_BAD_HANDLE;
	if (arg->object) {
		if (!(arg->rights & ZX_RIGHT_TRANSFER))
			return ZX_ERR_ACCESS_DENIED;
		status = handle__add(process, arg, &value);
		if (status != ZX_OK)
			return status;
	}
	at.arg1 = value;
	status = thread__start(self, thread, &at, true);
	/* Back to the caller's hands, who closes it: nobody there will ever know of it. */
	if (status != ZX_OK && value != ZX_HANDLE_INVALID)
		(void)handle__remove(process, value, ZX_RIGHT_NONE, arg);
	return status;
}

/* The first argument is used up in any case, also where it never gets anywhere. */
zx_status_t sys_process_start(struct thread *self, zx_handle_t handle, zx_handle_t thread_handle,
			      zx_vaddr_t entry, zx_vaddr_t stack, zx_handle_t arg1, uintptr_t arg2)
{
	struct handle arg = { .object = NULL };
	struct process *process = NULL;
	struct thread *thread = NULL;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_PROCESS, ZX_RIGHT_WRITE, &process);
	if (status == ZX_OK)
		status = handle__get(self, thread_handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_WRITE,
				     &thread);
	if (handle__remove(self->process, arg1, ZX_RIGHT_NONE, &arg) != ZX_OK &&
	    (arg1 != ZX_HANDLE_INVALID || era__of(self->process->era)->process_start_needs_arg))
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
	if (status == ZX_OK)
		status = start(self, process, thread, entry, stack, &arg, arg2);
	handle__close(&arg);
	if (thread)
		object__put(&thread->object);
	if (process)
		object__put(&process->object);
	return status;
}

void sys_process_exit(struct thread *self, int64_t retcode)
{
	process__kill(self->process, retcode);
}
