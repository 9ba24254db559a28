#include "compat/core/event.h"

#include <core/calls.h>

#include "compat/core/core.h"

const struct object_ops event_ops = {
	.name = "event",
	.default_rights = ZX_DEFAULT_EVENT_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL | ZX_EVENT_SIGNALED,
};

struct object *event__create(void)
{
	return object__alloc(sizeof(struct object), ZX_OBJ_TYPE_EVENT);
}

zx_status_t sys_event_create(struct thread *self, uint32_t options, user_addr_t out)
{
	struct object *event;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_EVENT);
	if (status != ZX_OK)
		return status;
	event = event__create();
	if (!event)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, event,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_EVENT), out);
}
