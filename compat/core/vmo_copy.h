/* Copies between VMOs and the memory of the program that calls. */
#ifndef COMPAT_CORE_VMO_COPY_H
#define COMPAT_CORE_VMO_COPY_H

#include "compat/core/user.h"

struct vmo;

/*
 * All of [offset, offset + size) to @buffer, or from it. Errors: ZX_ERR_OUT_OF_RANGE (not inside
 * the VMO; nothing is copied), ZX_ERR_INVALID_ARGS (@buffer; part may be copied), ZX_ERR_NO_MEMORY.
 * @done (may be NULL) gets the bytes that were copied, also on failure.
 */
zx_status_t vmo__read_to_user(struct thread *self, struct vmo *vmo, uint64_t offset,
			      user_addr_t buffer, size_t size, size_t *done);
zx_status_t vmo__write_from_user(struct thread *self, struct vmo *vmo, uint64_t offset,
				 user_addr_t buffer, size_t size, size_t *done);

#endif
