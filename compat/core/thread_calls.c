/* The calls that make, start and end threads. */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/task_name.h"

/* Priorities of zx_thread_set_priority, as in Zircon's scheduler of 2018. */
#define PRIORITY_MIN 0
#define PRIORITY_MAX 31

/* As handle__get(), but any one of @rights is enough. */
static zx_status_t get_with_any(struct thread *self, zx_handle_t handle, uint32_t type,
				zx_rights_t rights, void *out_object)
{
	struct object *object;
	zx_rights_t have;
	zx_status_t status;

	status = handle__get_rights(self, handle, type, ZX_RIGHT_NONE, &object, &have);
	if (status != ZX_OK)
		return status;
	if (!(have & rights)) {
		object__put(object);
		return ZX_ERR_ACCESS_DENIED;
	}
	*(struct object **)out_object = object;
	return ZX_OK;
}

zx_status_t sys_thread_create(struct thread *self, zx_handle_t process_handle, user_addr_t name,
			      size_t name_size, uint32_t options, user_addr_t out)
{
	uint32_t era = self->process->era;
	char name_copy[ZX_MAX_NAME_LEN];
	struct process *process;
	struct thread *thread;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = task_name__read(self, name, name_size, name_copy);
	if (status != ZX_OK)
		return status;
	status = get_with_any(self, process_handle, ZX_OBJ_TYPE_PROCESS,
			      era__of(era)->right_thread_create, &process);
	if (status != ZX_OK)
		return status;
	status = thread__create(process, name_copy, &thread);
	object__put(&process->object);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &thread->object, era__default_rights(era, ZX_OBJ_TYPE_THREAD),
				out);
}

static zx_status_t start(struct thread *self, zx_handle_t handle, const struct thread_entry *entry)
{
	struct thread *thread;
	zx_status_t status;

	status = get_with_any(self, handle, ZX_OBJ_TYPE_THREAD,
			      era__of(self->process->era)->right_thread_start, &thread);
	if (status != ZX_OK)
		return status;
	status = thread__start(self, thread, entry, false);
	object__put(&thread->object);
	return status;
}

zx_status_t sys_thread_start(struct thread *self, zx_handle_t handle, zx_vaddr_t thread_entry,
			     zx_vaddr_t stack, uintptr_t arg1, uintptr_t arg2)
{
	const struct thread_entry entry = {
		.pc = thread_entry,
		.sp = stack,
		.arg1 = arg1,
		.arg2 = arg2,
	};

	return start(self, handle, &entry);
}

zx_status_t sys_thread_start_regs(struct thread *self, zx_handle_t handle, uint64_t pc, uint64_t sp,
				  uint64_t arg1, uint64_t arg2, uint64_t tp, uint64_t abi_reg)
{
	const struct thread_entry entry = {
		.pc = pc,
		.sp = sp,
		.arg1 = arg1,
		.arg2 = arg2,
		.tp = tp,
		.abi_reg = abi_reg,
	};

	return start(self, handle, &entry);
}

void sys_thread_exit(struct thread *self)
{
	thread__exit(self);
}

zx_status_t sys_thread_set_priority(struct thread *self, int32_t prio)
{
	if (prio < PRIORITY_MIN || prio > PRIORITY_MAX)
		return ZX_ERR_INVALID_ARGS;
	object__lock(&self->object);
	self->priority = prio;
	object__unlock(&self->object);
	thread__schedule(self);
	return ZX_OK;
}

/* Who runs next is the host's choice: a yield is a hint, and giving it to the host costs much. */
zx_status_t sys_thread_legacy_yield(struct thread *self, uint32_t options)
{
	(void)self;
	return options ? ZX_ERR_INVALID_ARGS : ZX_OK;
}
