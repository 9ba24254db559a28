/* Streams: a place in a VMO's content, moved on by each read and write. */
#ifndef COMPAT_CORE_STREAM_H
#define COMPAT_CORE_STREAM_H

#include "compat/core/object.h"
#include "compat/core/user.h"

struct vmo;

struct stream {
	struct object object;
	struct vmo *vmo; /* referenced */
	bool may_resize; /* writes beyond the VMO's size grow it, where it is resizable */
	uint32_t options; /* ZX_STREAM_MODE_*, under the object's lock */
	uint64_t seek;    /* bytes, under the object's lock */
};

extern const struct object_ops stream_ops;

/* Where a read or write begins. */
enum stream_place {
	STREAM_SEEK,   /* at the stream's own place, which moves */
	STREAM_OFFSET, /* at an offset that the caller gives; the place stays */
	STREAM_APPEND, /* at the end of the content; the place moves behind what was written */
};

/* Errors: ZX_ERR_NO_MEMORY. */
zx_status_t stream__create(uint32_t options, struct vmo *vmo, bool may_resize, uint64_t seek,
			   struct stream **out);

/*
 * Copy between the content and the buffers of @vectors, of together @total bytes. @actual gets
 * what was copied; a short copy is a success. @offset counts for STREAM_OFFSET. Errors: those of
 * the copy where nothing was copied at all; writing also ZX_ERR_FILE_BIG (offsets overflow) and
 * ZX_ERR_NO_SPACE (nothing fits any more).
 */
zx_status_t stream__read(struct thread *self, struct stream *stream, enum stream_place place,
			 uint64_t offset, const zx_iovec_t *vectors, size_t count, size_t total,
			 size_t *actual);
zx_status_t stream__write(struct thread *self, struct stream *stream, enum stream_place place,
			  uint64_t offset, const zx_iovec_t *vectors, size_t count, size_t total,
			  size_t *actual);

/* Errors: ZX_ERR_INVALID_ARGS (unknown origin, or a place that no number tells). */
zx_status_t stream__seek(struct stream *stream, zx_stream_seek_origin_t whence, int64_t offset,
			 uint64_t *out);

#endif
