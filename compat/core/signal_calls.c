#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_object_signal(struct thread *self, zx_handle_t handle, uint32_t clear_mask,
			      uint32_t set_mask)
{
	struct object *object;
	uint32_t allowed;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SIGNAL, &object);
	if (status != ZX_OK)
		return status;
	allowed = object__ops(object->type)->user_signals;
	if (!allowed)
		status = ZX_ERR_NOT_SUPPORTED;
	else if ((clear_mask | set_mask) & ~allowed)
		status = ZX_ERR_INVALID_ARGS;
	else
		object__update_signals(object, clear_mask, set_mask);
	object__put(object);
	return status;
}

zx_status_t sys_object_signal_peer(struct thread *self, zx_handle_t handle, uint32_t clear_mask,
				   uint32_t set_mask)
{
	const struct object_ops *ops;
	struct object *object;
	struct object *peer = NULL;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SIGNAL_PEER, &object);
	if (status != ZX_OK)
		return status;
	ops = object__ops(object->type);
	if (!ops->peer_locked) {
		status = ZX_ERR_NOT_SUPPORTED;
	} else if ((clear_mask | set_mask) & ~ops->user_signals) {
		status = ZX_ERR_INVALID_ARGS;
	} else {
		object__lock(object);
		peer = ops->peer_locked(object);
		if (peer)
			object__update_signals_locked(peer, clear_mask, set_mask);
		else
			status = ZX_ERR_PEER_CLOSED;
		object__unlock(object);
		if (peer)
			object__put(peer);
	}
	object__put(object);
	return status;
}
