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

/*
 * Moves whole pages: the source's range is zero afterwards, but for what the destination's covers
 * of it. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NO_MEMORY, and those of vmo__write().
 */
zx_status_t vmo__transfer(struct thread *self, struct vmo *dst, uint64_t offset, uint64_t size,
			  struct vmo *src, uint64_t src_offset);

/* vmo__set_stream_size(), waiting for a pager's pages that the content will end or begin in. */
zx_status_t vmo__set_stream_size_wait(struct thread *self, struct vmo *vmo, uint64_t size);

#endif
