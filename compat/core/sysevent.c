/* The events by which the system tells how much memory is left, and who has to wait for it. */
#include <core/calls.h>
#include <zircon/rights.h>

#include "compat/core/core.h"
#include "compat/core/event.h"
#include "compat/core/resource.h"

/*
 * How Linux fares with its memory is kept from programs: for them there is always enough. So no
 * event ever changes, and everybody who asks may have one of their own.
 */
zx_status_t sys_system_get_event(struct thread *self, zx_handle_t root_job, uint32_t kind,
				 user_addr_t event)
{
	const struct era_traits *era = era__of(self->process->era);
	bool any = era->event_any_root_job && kind != ZX_SYSTEM_EVENT_OUT_OF_MEMORY;
	struct object *object;
	struct job *job;
	zx_status_t status;
	bool is_root;

	status = handle__get(self, root_job, ZX_OBJ_TYPE_JOB,
			     any ? ZX_RIGHT_NONE : ZX_RIGHT_MANAGE_PROCESS, &job);
	if (status != ZX_OK)
		return status;
	is_root = job == core_root->root_job;
	object__put(&job->object);
	if (!is_root)
		return ZX_ERR_ACCESS_DENIED;
	if (kind < ZX_SYSTEM_EVENT_OUT_OF_MEMORY || kind > era->event_last)
		return ZX_ERR_INVALID_ARGS;
	object = event__create();
	if (!object)
		return ZX_ERR_NO_MEMORY;
	if (kind == ZX_SYSTEM_EVENT_MEMORY_PRESSURE_NORMAL)
		object__update_signals(object, 0, ZX_EVENT_SIGNALED);
	return handle__make_out(self, object, ZX_DEFAULT_SYSTEM_EVENT_LOW_MEMORY_RIGHTS, event);
}

/* The longest window, in nanoseconds. */
#define STALL_WINDOW_MAX 10000000000ll

/* For the same reason no thread is ever kept waiting by memory. */
zx_status_t sys_system_watch_memory_stall(struct thread *self, zx_handle_t resource, uint32_t kind,
					  zx_duration_t threshold, zx_duration_t window,
					  user_addr_t event)
{
	struct object *object;
	zx_status_t status;

	status = policy__check(self, ZX_POL_NEW_EVENT);
	if (status != ZX_OK)
		return status;
	if (window > STALL_WINDOW_MAX || threshold <= 0 || threshold > window)
		return ZX_ERR_INVALID_ARGS;
	status = resource__check(self, resource, ZX_RSRC_SYSTEM_STALL_BASE);
	if (status != ZX_OK)
		return status;
	if (kind != ZX_SYSTEM_MEMORY_STALL_SOME && kind != ZX_SYSTEM_MEMORY_STALL_FULL)
		return ZX_ERR_INVALID_ARGS;
	object = event__create();
	if (!object)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, object, ZX_DEFAULT_SYSTEM_MEMORY_STALL_EVENT_RIGHTS, event);
}
