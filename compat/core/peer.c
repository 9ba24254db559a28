#include "compat/core/peer.h"

zx_status_t peer__create_pair(size_t size, uint32_t type, struct object **out0,
			      struct object **out1)
{
	struct peer_lock *lock = peer_lock__create();
	struct object *object0;
	struct object *object1;

	if (!lock)
		return ZX_ERR_NO_MEMORY;
	object0 = object__alloc_peered(size, type, lock);
	object1 = object__alloc_peered(size, type, lock);
	peer_lock__put(lock);
	if (!object0 || !object1) {
		if (object0)
			object__put(object0);
		if (object1)
			object__put(object1);
		return ZX_ERR_NO_MEMORY;
	}
	object0->related_koid = object1->koid;
	object1->related_koid = object0->koid;
	*out0 = object0;
	*out1 = object1;
	return ZX_OK;
}
