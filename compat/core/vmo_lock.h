/* Locks on discardable VMOs: while there are none, the system might take the pages back. */
#ifndef COMPAT_CORE_VMO_LOCK_H
#define COMPAT_CORE_VMO_LOCK_H

#include "compat/core/user.h"

struct vmo;

/* Is @op one of ZX_VMO_OP_LOCK, ZX_VMO_OP_TRY_LOCK and ZX_VMO_OP_UNLOCK? */
bool vmo_lock__is_op(uint32_t op);
/*
 * Does it; for ZX_VMO_OP_LOCK @buffer is where the caller wants a zx_vmo_lock_state_t. Errors:
 * ZX_ERR_NOT_SUPPORTED (not discardable), ZX_ERR_OUT_OF_RANGE (not all of the VMO),
 * ZX_ERR_INVALID_ARGS (@buffer), ZX_ERR_BAD_STATE (unlocked more often than locked).
 */
zx_status_t vmo_lock__op(struct thread *self, struct vmo *vmo, uint32_t op, uint64_t offset,
			 uint64_t size, user_addr_t buffer, size_t buffer_size);

#endif
