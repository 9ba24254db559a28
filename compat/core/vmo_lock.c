#include "compat/core/vmo_lock.h"

#include <string.h>
#include <zircon/types.h>

#include "compat/core/core.h"
#include "compat/core/vmo.h"

bool vmo_lock__is_op(uint32_t op)
{
	return op == ZX_VMO_OP_LOCK || op == ZX_VMO_OP_TRY_LOCK || op == ZX_VMO_OP_UNLOCK;
}

/* Pages are never taken back here, so that a lock is always to be had and nothing is ever lost. */
static zx_status_t count(struct vmo *vmo, uint32_t op, uint64_t offset, uint64_t size)
{
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	if (!vmo->discardable)
		status = ZX_ERR_NOT_SUPPORTED;
	else if (offset || size != vmo->size)
		status = ZX_ERR_OUT_OF_RANGE;
	else if (op != ZX_VMO_OP_UNLOCK)
		vmo->lock_count++;
	else if (vmo->lock_count)
		vmo->lock_count--;
	else
		status = ZX_ERR_BAD_STATE;
	object__unlock(&vmo->object);
	return status;
}

zx_status_t vmo_lock__op(struct thread *self, struct vmo *vmo, uint32_t op, uint64_t offset,
			 uint64_t size, user_addr_t buffer, size_t buffer_size)
{
	zx_vmo_lock_state_t state;
	zx_status_t status = count(vmo, op, offset, size);

	if (status != ZX_OK || op != ZX_VMO_OP_LOCK)
		return status;
	memset(&state, 0, sizeof(state));
	state.offset = offset;
	state.size = size;
	if (buffer_size < sizeof(state))
		status = ZX_ERR_INVALID_ARGS;
	else
		status = user__put(self, buffer, &state);
	if (status != ZX_OK)
		(void)count(vmo, ZX_VMO_OP_UNLOCK, offset, size); /* the lock just taken */
	return status;
}
