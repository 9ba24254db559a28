/*
 * Cookies, to 2019-01: a number that one program leaves with an object, and that only the holder
 * of the same scope, another object, can read back. They made unforgeable tokens out of events.
 */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/resource.h"

static bool has_cookie(struct thread *self, const struct object *object)
{
	switch (object->type) {
	case ZX_OBJ_TYPE_EVENT:
	case ZX_OBJ_TYPE_EVENTPAIR:
	case ZX_OBJ_TYPE_VMO:
		return true;
	case ZX_OBJ_TYPE_RESOURCE:
		return era__of(self->process->era)->resource_form == RESOURCE_FORM_201807;
	default:
		return false;
	}
}

/* The cookies of an eventpair are void for ever once one end is closed. */
static bool is_void_locked(const struct object *object)
{
	return object->type == ZX_OBJ_TYPE_EVENTPAIR &&
	       object->signals & ZX_EVENTPAIR_PEER_CLOSED;
}

/* The koid of the scope, and a reference to the object. */
static zx_status_t look_up(struct thread *self, zx_handle_t handle, zx_handle_t scope,
			   zx_koid_t *out_scope, struct object **out)
{
	struct object *scope_object;
	zx_status_t status;

	status = handle__get(self, scope, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &scope_object);
	if (status != ZX_OK)
		return status;
	*out_scope = scope_object->koid;
	object__put(scope_object);
	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, out);
	if (status != ZX_OK)
		return status;
	if (!has_cookie(self, *out)) {
		object__put(*out);
		return ZX_ERR_NOT_SUPPORTED;
	}
	return ZX_OK;
}

zx_status_t sys_object_set_cookie(struct thread *self, zx_handle_t handle, zx_handle_t scope,
				  uint64_t cookie)
{
	struct object *object;
	zx_koid_t koid;
	zx_status_t status = look_up(self, handle, scope, &koid, &object);

	if (status != ZX_OK)
		return status;
	object__lock(object);
	if (is_void_locked(object) || (object->cookie_scope && object->cookie_scope != koid)) {
		status = ZX_ERR_ACCESS_DENIED;
	} else {
		object->cookie_scope = koid;
		object->cookie = cookie;
	}
	object__unlock(object);
	object__put(object);
	return status;
}

zx_status_t sys_object_get_cookie(struct thread *self, zx_handle_t handle, zx_handle_t scope,
				  user_addr_t cookie)
{
	struct object *object;
	zx_koid_t koid;
	zx_status_t status = look_up(self, handle, scope, &koid, &object);
	uint64_t value;

	if (status != ZX_OK)
		return status;
	object__lock(object);
	if (is_void_locked(object) || object->cookie_scope != koid)
		status = ZX_ERR_ACCESS_DENIED;
	value = object->cookie;
	object__unlock(object);
	object__put(object);
	if (status != ZX_OK)
		return status;
	return user__put(self, cookie, &value);
}
