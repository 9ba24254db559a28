#include "compat/core/resource.h"

#include "compat/core/handle.h"
#include "compat/core/object.h"

zx_status_t resource__refuse(struct thread *self, zx_handle_t handle)
{
	struct object *object;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &object);
	if (status != ZX_OK)
		return status;
	object__put(object);
	return ZX_ERR_WRONG_TYPE;
}
