#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/futex.h"

/*
 * The thread that @handle says shall own a futex: a started one of the calling process, referenced,
 * or NULL for no handle, and for one that has ended. An error is for later: the value of the futex
 * counts first.
 */
static zx_status_t find_owner(struct thread *self, zx_handle_t handle, struct thread **out)
{
	struct thread *thread;
	uint32_t state;
	zx_status_t status;

	*out = NULL;
	if (handle == ZX_HANDLE_INVALID)
		return ZX_OK;
	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_NONE, &thread);
	if (status != ZX_OK)
		return status;
	state = __atomic_load_n(&thread->state, __ATOMIC_RELAXED);
	if (thread->process != self->process || state == THREAD_NEW)
		status = ZX_ERR_INVALID_ARGS;
	else if (thread_state__alive(state))
		*out = thread;
	if (!*out)
		object__put(&thread->object);
	return status;
}

/* Before owners worked, to name one was an error before all others. */
static bool names_owner_too_early(struct thread *self, zx_handle_t owner)
{
	return owner != ZX_HANDLE_INVALID && era__of(self->process->era)->futex_2018;
}

static void put_owner(struct thread *owner)
{
	if (owner)
		object__put(&owner->object);
}

zx_status_t sys_futex_wait(struct thread *self, user_addr_t value_ptr, zx_futex_t current_value,
			   zx_handle_t new_futex_owner, zx_time_t deadline)
{
	struct thread *owner;
	zx_status_t status;

	if (names_owner_too_early(self, new_futex_owner))
		return ZX_ERR_INVALID_ARGS;
	status = find_owner(self, new_futex_owner, &owner);
	status = futex__wait(self, value_ptr, current_value, owner, status, deadline);
	put_owner(owner);
	return status;
}

zx_status_t sys_futex_wait_2018(struct thread *self, user_addr_t value_ptr, int32_t current_value,
				zx_time_t deadline)
{
	return futex__wait(self, value_ptr, current_value, NULL, ZX_OK, deadline);
}

zx_status_t sys_futex_wait_deprecated(struct thread *self, user_addr_t value_ptr,
				      int32_t current_value, zx_time_t deadline)
{
	return futex__wait(self, value_ptr, current_value, NULL, ZX_OK, deadline);
}

/* Where nobody can wait, nobody was woken: it was no error then to have no address. */
static bool wakes_nobody(struct thread *self, user_addr_t value_ptr, uint32_t wake_count)
{
	return (!value_ptr || !wake_count) && era__of(self->process->era)->futex_2018;
}

zx_status_t sys_futex_wake(struct thread *self, user_addr_t value_ptr, uint32_t wake_count)
{
	if (wakes_nobody(self, value_ptr, wake_count))
		return ZX_OK;
	return futex__wake(self->process, value_ptr, wake_count, FUTEX_RELEASE);
}

static enum futex_owner_action assign_woken(struct thread *self)
{
	return era__of(self->process->era)->futex_2018 ? FUTEX_RELEASE : FUTEX_ASSIGN_WOKEN;
}

zx_status_t sys_futex_wake_single_owner(struct thread *self, user_addr_t value_ptr)
{
	if (wakes_nobody(self, value_ptr, 1))
		return ZX_OK;
	return futex__wake(self->process, value_ptr, 1, assign_woken(self));
}

static zx_status_t requeue_to_owner(struct thread *self, struct futex_requeue *requeue,
				    zx_handle_t new_owner)
{
	zx_status_t status;

	if (names_owner_too_early(self, new_owner))
		return ZX_ERR_INVALID_ARGS;
	requeue->value_first = era__of(self->process->era)->futex_2018;
	requeue->owner_status = find_owner(self, new_owner, &requeue->owner);
	status = futex__requeue(self, requeue);
	put_owner(requeue->owner);
	return status;
}

zx_status_t sys_futex_requeue(struct thread *self, user_addr_t value_ptr, uint32_t wake_count,
			      zx_futex_t current_value, user_addr_t requeue_ptr,
			      uint32_t requeue_count, zx_handle_t new_requeue_owner)
{
	struct futex_requeue requeue = { .wake_addr = value_ptr,
					 .wake_count = wake_count,
					 .current_value = current_value,
					 .action = FUTEX_RELEASE,
					 .requeue_addr = requeue_ptr,
					 .requeue_count = requeue_count };

	return requeue_to_owner(self, &requeue, new_requeue_owner);
}

zx_status_t sys_futex_requeue_single_owner(struct thread *self, user_addr_t value_ptr,
					   zx_futex_t current_value, user_addr_t requeue_ptr,
					   uint32_t requeue_count, zx_handle_t new_requeue_owner)
{
	struct futex_requeue requeue = { .wake_addr = value_ptr,
					 .wake_count = 1,
					 .current_value = current_value,
					 .action = assign_woken(self),
					 .requeue_addr = requeue_ptr,
					 .requeue_count = requeue_count };

	return requeue_to_owner(self, &requeue, new_requeue_owner);
}

zx_status_t sys_futex_requeue_2018(struct thread *self, user_addr_t value_ptr, uint32_t wake_count,
				   int32_t current_value, user_addr_t requeue_ptr,
				   uint32_t requeue_count)
{
	return sys_futex_requeue(self, value_ptr, wake_count, current_value, requeue_ptr,
				 requeue_count, ZX_HANDLE_INVALID);
}

zx_status_t sys_futex_requeue_deprecated(struct thread *self, user_addr_t value_ptr,
					 uint32_t wake_count, int32_t current_value,
					 user_addr_t requeue_ptr, uint32_t requeue_count)
{
	return sys_futex_requeue(self, value_ptr, wake_count, current_value, requeue_ptr,
				 requeue_count, ZX_HANDLE_INVALID);
}

zx_status_t sys_futex_get_owner(struct thread *self, user_addr_t value_ptr, user_addr_t koid)
{
	zx_koid_t owner = ZX_KOID_INVALID;
	zx_status_t status = ZX_OK;

	if (!era__of(self->process->era)->futex_2018)
		status = futex__owner(self->process, value_ptr, &owner);
	return status == ZX_OK ? user__put(self, koid, &owner) : status;
}

/* Bits of a page fault's error code on x86-64, and its vector. */
#define FAULT_WRITE 2u
#define FAULT_USER 4u
#define VECTOR_PAGE_FAULT 14u

/*
 * Writes what the thread itself stores on Zircon, where it faults as any other store would. False
 * where the thread is to end of that.
 */
static bool store(struct thread *self, user_addr_t addr, int32_t value)
{
	zx_exception_report_v2_t report;
	zx_status_t status;

	exception__init_report(&report, ZX_EXCP_FATAL_PAGE_FAULT);
	report.context.arch.u.x86_64.vector = VECTOR_PAGE_FAULT;
	report.context.arch.u.x86_64.err_code = FAULT_WRITE | FAULT_USER;
	report.context.arch.u.x86_64.cr2 = addr;
	for (;;) {
		do {
			status = user__write_process(self->process, addr, &value, sizeof(value), NULL);
		} while (user__again(self, addr, sizeof(value), true, &status));
		if (status == ZX_OK)
			return true;
		switch (exception__raise(self, &report)) {
		case EXCEPTION_RESUME:
			continue;
		case EXCEPTION_UNHANDLED:
			process__crash(self, "write to an address that is not mapped");
			return false;
		case EXCEPTION_KILLED:
			return false;
		}
	}
}

/*
 * How a detached thread ends that can no longer use its stack: gives the word its new value, wakes
 * who waits for it, closes its own handle, and exits. Nothing travels back to the thread, so the
 * value goes straight into the process's memory.
 */
void sys_futex_wake_handle_close_thread_exit(struct thread *self, user_addr_t value_ptr,
					     uint32_t wake_count, int32_t new_value,
					     zx_handle_t close_handle)
{
	struct handle handle;

	if (!store(self, value_ptr, new_value))
		return;
	(void)futex__wake(self->process, value_ptr, wake_count, FUTEX_RELEASE);
	if (handle__remove(self->process, close_handle, ZX_RIGHT_NONE, &handle) == ZX_OK)
		handle__close(&handle);
	else if (close_handle != ZX_HANDLE_INVALID)
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
	thread__exit(self);
}
