/* zx_system_get_event: the events by which the system tells how much memory is left. */
#include <core/calls.h>
#include <zircon/rights.h>

#include "compat/core/core.h"
#include "compat/core/event.h"

/*
 * How Linux fares with its memory is kept from programs: for them there is always enough. So no
 * event ever changes, and everybody who asks may have one of their own.
 */
zx_status_t sys_system_get_event(struct thread *self, zx_handle_t root_job, uint32_t kind,
				 user_addr_t event)
{
	struct object *object;
	struct job *job;
	zx_status_t status;
	bool is_root;

	status = handle__get(self, root_job, ZX_OBJ_TYPE_JOB, ZX_RIGHT_MANAGE_PROCESS, &job);
	if (status != ZX_OK)
		return status;
	is_root = job == core_root->root_job;
	object__put(&job->object);
	if (!is_root)
		return ZX_ERR_ACCESS_DENIED;
	if (kind < ZX_SYSTEM_EVENT_OUT_OF_MEMORY || kind > era__of(self->process->era)->event_last)
		return ZX_ERR_INVALID_ARGS;
	object = event__create();
	if (!object)
		return ZX_ERR_NO_MEMORY;
	if (kind == ZX_SYSTEM_EVENT_MEMORY_PRESSURE_NORMAL)
		object__update_signals(object, 0, ZX_EVENT_SIGNALED);
	return handle__make_out(self, object, ZX_DEFAULT_SYSTEM_EVENT_LOW_MEMORY_RIGHTS, event);
}
