/*
 * Operations on ranges as the newest system has them: they reach into the regions below, with
 * ZX_RIGHT_OP_CHILDREN. For vmar_calls.c.
 */
#ifndef COMPAT_CORE_VMAR_DEEP_H
#define COMPAT_CORE_VMAR_DEEP_H

#include "compat/core/vmar.h"

/* As vmar__protect(). What lies in regions below can only lose access, and only with @children. */
zx_status_t vmar__protect_deep(struct thread *caller, struct vmar *vmar, uint32_t options,
			       uint64_t addr, uint64_t size, bool children);
/*
 * ZX_VMAR_OP_*, one that the caller knows, on whole pages. Errors: ZX_ERR_OUT_OF_RANGE,
 * ZX_ERR_BAD_STATE, ZX_ERR_ACCESS_DENIED, ZX_ERR_INVALID_ARGS, and the VMO's.
 */
zx_status_t vmar__op_deep(struct vmar *vmar, uint32_t op, uint64_t addr, uint64_t size,
			  bool children);

#endif
