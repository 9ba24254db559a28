#include "compat/core/eventpair.h"

#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/peer.h"

static struct eventpair *as_eventpair(struct object *object)
{
	return (struct eventpair *)object;
}

static void eventpair_leave_peer(struct object *object)
{
	struct eventpair *self = as_eventpair(object);
	struct eventpair *peer;

	object__lock(object);
	peer = self->peer;
	if (peer) {
		self->peer = NULL;
		peer->peer = NULL;
		object__update_signals_locked(&peer->object, 0, ZX_EVENTPAIR_PEER_CLOSED);
	}
	object__unlock(object);
}

static struct object *eventpair_peer_locked(struct object *object)
{
	struct eventpair *peer = as_eventpair(object)->peer;

	return peer && object__try_get(&peer->object) ? &peer->object : NULL;
}

const struct object_ops eventpair_ops = {
	.name = "eventpair",
	.default_rights = ZX_DEFAULT_EVENTPAIR_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL | ZX_EVENTPAIR_SIGNALED,
	.on_zero_handles = eventpair_leave_peer,
	.destroy = eventpair_leave_peer,
	.peer_locked = eventpair_peer_locked,
};

zx_status_t eventpair__create(struct eventpair **out0, struct eventpair **out1)
{
	struct object *object0;
	struct object *object1;
	zx_status_t status;

	status = peer__create_pair(sizeof(struct eventpair), ZX_OBJ_TYPE_EVENTPAIR, &object0,
				   &object1);
	if (status != ZX_OK)
		return status;
	*out0 = as_eventpair(object0);
	*out1 = as_eventpair(object1);
	(*out0)->peer = *out1;
	(*out1)->peer = *out0;
	return ZX_OK;
}

zx_status_t sys_eventpair_create(struct thread *self, uint32_t options, user_addr_t out0,
				 user_addr_t out1)
{
	struct eventpair *pair0;
	struct eventpair *pair1;
	zx_status_t status;

	if (options)
		return ZX_ERR_NOT_SUPPORTED;
	status = policy__check(self, ZX_POL_NEW_EVENTPAIR);
	if (status != ZX_OK)
		return status;
	status = eventpair__create(&pair0, &pair1);
	if (status != ZX_OK)
		return status;
	return handle__make_out_pair(self, &pair0->object, &pair1->object,
				     era__default_rights(self->process->era, ZX_OBJ_TYPE_EVENTPAIR),
				     out0, out1);
}
