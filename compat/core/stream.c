#include "compat/core/stream.h"

#include "compat/core/core.h"
#include "compat/core/pager.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_copy.h"
#include "compat/core/vmo_pages.h"

static void stream_destroy(struct object *object)
{
	struct stream *stream = (struct stream *)object;

	vmo__retire(stream->vmo);
	object__put(&stream->vmo->object);
}

const struct object_ops stream_ops = {
	.name = "stream",
	.default_rights = ZX_DEFAULT_STREAM_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = stream_destroy,
};

zx_status_t stream__create(uint32_t options, struct vmo *vmo, bool may_resize, uint64_t seek,
			   struct stream **out)
{
	struct stream *stream = object__alloc(sizeof(*stream), ZX_OBJ_TYPE_STREAM);

	if (!stream)
		return ZX_ERR_NO_MEMORY;
	object__get(&vmo->object);
	stream->vmo = vmo;
	stream->may_resize = may_resize;
	stream->options = options;
	stream->seek = seek;
	*out = stream;
	return ZX_OK;
}

/* What a read or write was given: [offset, offset + length) of the VMO. */
struct claim {
	uint64_t offset;
	uint64_t length;
};

typedef zx_status_t copy_fn(struct thread *self, struct vmo *vmo, uint64_t offset,
			    user_addr_t buffer, size_t size, size_t *done);

/*
 * Goes through the buffers, accessed with @prot, in order until @claim is used up. Of it *copied
 * bytes have been copied before.
 */
static zx_status_t copy_vectors(struct thread *self, struct vmo *vmo, const struct claim *claim,
				const zx_iovec_t *vectors, size_t count, copy_fn *copy,
				uint32_t prot, size_t *copied)
{
	zx_status_t status = ZX_OK;
	uint64_t end = 0;

	for (size_t i = 0; i < count && status == ZX_OK && *copied < claim->length; i++) {
		uint64_t run = claim->length - *copied;
		user_addr_t addr;
		size_t done;

		end += vectors[i].capacity;
		if (end <= *copied)
			continue;
		if (run > end - *copied)
			run = end - *copied;
		addr = (uintptr_t)vectors[i].buffer + vectors[i].capacity - (end - *copied);
		status = copy(self, vmo, claim->offset + *copied, addr, run, &done);
		*copied += done;
		/* The VMO has the range, so it is the buffer: here a call tells what is wrong. */
		if (status == ZX_ERR_INVALID_ARGS)
			status = user__fault(self, addr, run, prot);
	}
	return status;
}

/* Where a thread waits for a pager in it, it is not suspended. */
static zx_status_t copy_unstoppably(struct thread *self, struct vmo *vmo,
				    const struct claim *claim, const zx_iovec_t *vectors,
				    size_t count, copy_fn *copy, uint32_t prot, size_t *copied)
{
	bool unstoppable = self->unstoppable;
	zx_status_t status;

	self->unstoppable = true;
	status = copy_vectors(self, vmo, claim, vectors, count, copy, prot, copied);
	self->unstoppable = unstoppable;
	return status;
}

/* After a copy that fell short: the place goes back, unless somebody else has moved it since. */
static bool settle_seek(struct stream *stream, const struct claim *claim, size_t actual)
{
	bool mine;

	object__lock(&stream->object);
	mine = stream->seek == claim->offset + claim->length;
	if (mine)
		stream->seek = claim->offset + actual;
	object__unlock(&stream->object);
	return mine;
}

zx_status_t stream__read(struct thread *self, struct stream *stream, enum stream_place place,
			 uint64_t offset, const zx_iovec_t *vectors, size_t count, size_t total,
			 size_t *actual)
{
	uint64_t content = vmo__stream_size(stream->vmo);
	struct claim claim = { .offset = offset };
	zx_status_t status;

	object__lock(&stream->object);
	if (place == STREAM_SEEK)
		claim.offset = stream->seek;
	if (claim.offset < content) {
		claim.length = content - claim.offset;
		if (claim.length > total)
			claim.length = total;
	}
	if (place == STREAM_SEEK)
		stream->seek += claim.length;
	object__unlock(&stream->object);
	*actual = 0;
	status = copy_vectors(self, stream->vmo, &claim, vectors, count, vmo__read_to_user,
			      HOST_PROT_WRITE, actual);
	/* Who is to be suspended gets the rest with another call; or now, if others read on. */
	if (place == STREAM_SEEK && *actual < claim.length &&
	    !settle_seek(stream, &claim, *actual) && status == ZX_ERR_INTERNAL_INTR_RETRY)
		status = copy_unstoppably(self, stream->vmo, &claim, vectors, count,
					  vmo__read_to_user, HOST_PROT_WRITE, actual);
	return *actual ? ZX_OK : status;
}

/* Grows the VMO towards @end where that is possible; a failure shows in its size, too. */
static zx_status_t extend_locked(struct vmo *vmo, bool may_resize, uint64_t end)
{
	uint64_t rounded;

	if (vmo__round_size(end, &rounded) != ZX_OK)
		return ZX_ERR_OUT_OF_RANGE;
	if (!may_resize || !vmo->resizable || end <= vmo->size)
		return ZX_OK;
	return vmo__resize_locked(vmo, rounded);
}

/*
 * Claims what a write of @total bytes at @claim->offset (or at the end of the content) will fill,
 * and makes it content, so that no other append gets the same bytes. *old gets the size that the
 * content had.
 */
static zx_status_t claim_locked(const struct era_traits *era, struct stream *stream, bool append,
				size_t total, struct claim *claim, uint64_t *old)
{
	struct vmo *vmo = vmo__sized(stream->vmo);
	zx_status_t status;
	uint64_t end;

	*old = vmo->stream_size;
	if (append)
		claim->offset = *old;
	if (__builtin_add_overflow(claim->offset, total, &end))
		return append && era->stream_ends_told ? ZX_ERR_OUT_OF_RANGE : ZX_ERR_FILE_BIG;
	status = extend_locked(vmo, stream->may_resize, end);
	if (claim->offset >= vmo->size)
		return status == ZX_ERR_OUT_OF_RANGE && era->stream_ends_told ? status :
										ZX_ERR_NO_SPACE;
	if (end > vmo->size)
		end = vmo->size;
	claim->length = end - claim->offset;
	if (vmo->stream_size < end)
		vmo->stream_size = end;
	return ZX_OK;
}

/* A write fell short: what it claimed beyond that is content only if others have added to it. */
static void settle_content(struct vmo *vmo, const struct claim *claim, uint64_t old, size_t actual)
{
	uint64_t end = claim->offset + actual;

	object__lock(&vmo->object);
	if (vmo->stream_size == claim->offset + claim->length && vmo->stream_size > old)
		vmo->stream_size = actual && end > old ? end : old;
	object__unlock(&vmo->object);
}

/* What lay between the old end and the write reads as zero, whatever the pages hold. */
static zx_status_t zero_gap(struct thread *self, struct vmo *vmo, uint64_t from, uint64_t to)
{
	bool unstoppable = self->unstoppable;
	zx_status_t status;

	self->unstoppable = true;
	do {
		status = vmo__op_range(vmo, ZX_VMO_OP_ZERO, from, to - from);
	} while (pager__again_zero(self, vmo, from, to - from, &status));
	self->unstoppable = unstoppable;
	return status;
}

zx_status_t stream__write(struct thread *self, struct stream *stream, enum stream_place place,
			  uint64_t offset, const zx_iovec_t *vectors, size_t count, size_t total,
			  size_t *actual)
{
	struct claim claim = { .offset = offset };
	struct vmo *vmo = vmo__sized(stream->vmo);
	zx_status_t status;
	uint64_t old = 0;

	*actual = 0;
	if (!total)
		return ZX_OK;
	object__lock(&stream->object);
	if (place == STREAM_SEEK && stream->options & ZX_STREAM_MODE_APPEND)
		place = STREAM_APPEND;
	if (place == STREAM_SEEK)
		claim.offset = stream->seek;
	object__lock(&vmo->object);
	status = claim_locked(era__of(self->process->era), stream, place == STREAM_APPEND, total,
			      &claim, &old);
	object__unlock(&vmo->object);
	if (status == ZX_OK && place != STREAM_OFFSET)
		stream->seek = claim.offset + claim.length;
	object__unlock(&stream->object);
	if (status != ZX_OK)
		return status;
	if (old < claim.offset)
		status = zero_gap(self, vmo, old, claim.offset);
	/* What it has claimed it could not claim again. */
	if (status == ZX_OK)
		status = copy_unstoppably(self, vmo, &claim, vectors, count, vmo__write_from_user,
					  HOST_PROT_READ, actual);
	if (*actual < claim.length) {
		settle_content(vmo, &claim, old, *actual);
		if (place != STREAM_OFFSET)
			settle_seek(stream, &claim, *actual);
	}
	return *actual ? ZX_OK : status;
}

zx_status_t stream__seek(struct stream *stream, zx_stream_seek_origin_t whence, int64_t offset,
			 uint64_t *out)
{
	uint64_t content = vmo__stream_size(stream->vmo);
	zx_status_t status = ZX_OK;
	uint64_t target;

	object__lock(&stream->object);
	switch (whence) {
	case ZX_STREAM_SEEK_ORIGIN_START:
		if (offset < 0)
			status = ZX_ERR_INVALID_ARGS;
		target = (uint64_t)offset;
		break;
	case ZX_STREAM_SEEK_ORIGIN_CURRENT:
		if (__builtin_add_overflow(stream->seek, offset, &target))
			status = ZX_ERR_INVALID_ARGS;
		break;
	case ZX_STREAM_SEEK_ORIGIN_END:
		if (__builtin_add_overflow(content, offset, &target))
			status = ZX_ERR_INVALID_ARGS;
		break;
	default:
		status = ZX_ERR_INVALID_ARGS;
	}
	if (status == ZX_OK) {
		stream->seek = target;
		*out = target;
	}
	object__unlock(&stream->object);
	return status;
}
