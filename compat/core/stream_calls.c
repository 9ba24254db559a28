/* The calls on streams: options, rights, and the vectors that they come with. */
#include <core/calls.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/stream.h"
#include "compat/core/vmo.h"

/* Vectors of up to this many buffers are kept on the stack. */
#define FEW 8u
/* More than that the arena cannot hold. */
#define MANY ((1ull << 30) / sizeof(zx_iovec_t))

struct vectors {
	zx_iovec_t few[FEW];
	zx_iovec_t *list;
	size_t count;
	size_t total; /* bytes in all buffers together */
};

static void vectors__free(struct vectors *vectors)
{
	if (vectors->list != vectors->few)
		arena__free(vectors->list);
}

/* Errors: ZX_ERR_INVALID_ARGS (address, or lengths whose sum overflows), ZX_ERR_NO_MEMORY. */
static zx_status_t vectors__read(struct thread *self, user_addr_t addr, size_t count,
				 struct vectors *out)
{
	zx_status_t status;

	if (count > MANY)
		return ZX_ERR_NO_MEMORY;
	out->list = count <= FEW ? out->few : arena__alloc_raw(count * sizeof(*out->list));
	if (!out->list)
		return ZX_ERR_NO_MEMORY;
	out->count = count;
	out->total = 0;
	status = user__copy_in(self, out->list, addr, count * sizeof(*out->list));
	for (size_t i = 0; status == ZX_OK && i < count; i++) {
		if (__builtin_add_overflow(out->total, out->list[i].capacity, &out->total))
			status = ZX_ERR_INVALID_ARGS;
	}
	if (status != ZX_OK)
		vectors__free(out);
	return status;
}

zx_status_t sys_stream_create(struct thread *self, uint32_t options, zx_handle_t vmo_handle,
			      zx_off_t seek, user_addr_t out_stream)
{
	uint32_t era = self->process->era;
	bool newest = era__of(era)->vm_rights_newest;
	uint32_t known = newest ? ZX_STREAM_CREATE_MASK_NEWEST : ZX_STREAM_CREATE_MASK;
	zx_rights_t rights = (options & ZX_STREAM_MODE_READ ? ZX_RIGHT_READ : 0) |
			     (options & ZX_STREAM_MODE_WRITE ? ZX_RIGHT_WRITE : 0);
	struct stream *stream;
	zx_rights_t vmo_rights;
	struct vmo *vmo;
	zx_status_t status;

	if (options & ~known)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get_rights(self, vmo_handle, ZX_OBJ_TYPE_VMO, rights, &vmo, &vmo_rights);
	if (status != ZX_OK)
		return status;
	status = stream__create(options, vmo, !newest || vmo_rights & ZX_RIGHT_RESIZE, seek,
				&stream);
	object__put(&vmo->object);
	if (status != ZX_OK)
		return status;
	rights |= era__default_rights(era, ZX_OBJ_TYPE_STREAM);
	return handle__make_out(self, &stream->object, rights, out_stream);
}

/* One transfer in either direction; @actual may be 0. */
static zx_status_t transfer(struct thread *self, zx_handle_t handle, bool write,
			    enum stream_place place, uint64_t offset, user_addr_t vectors_addr,
			    size_t num_vectors, user_addr_t actual)
{
	struct vectors vectors;
	struct stream *stream;
	zx_status_t status;
	size_t done = 0;

	if (!vectors_addr)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_STREAM,
			     write ? ZX_RIGHT_WRITE : ZX_RIGHT_READ, &stream);
	if (status != ZX_OK)
		return status;
	status = vectors__read(self, vectors_addr, num_vectors, &vectors);
	if (status == ZX_OK) {
		if (write)
			status = stream__write(self, stream, place, offset, vectors.list,
					       vectors.count, vectors.total, &done);
		else
			status = stream__read(self, stream, place, offset, vectors.list,
					      vectors.count, vectors.total, &done);
		vectors__free(&vectors);
	}
	object__put(&stream->object);
	if (status == ZX_OK && actual)
		status = user__put(self, actual, &done);
	return status;
}

zx_status_t sys_stream_writev(struct thread *self, zx_handle_t handle, uint32_t options,
			      user_addr_t vectors, size_t num_vectors, user_addr_t actual)
{
	enum stream_place place = options & ZX_STREAM_APPEND ? STREAM_APPEND : STREAM_SEEK;

	if (options & ~ZX_STREAM_APPEND)
		return ZX_ERR_INVALID_ARGS;
	return transfer(self, handle, true, place, 0, vectors, num_vectors, actual);
}

zx_status_t sys_stream_writev_at(struct thread *self, zx_handle_t handle, uint32_t options,
				 zx_off_t offset, user_addr_t vectors, size_t num_vectors,
				 user_addr_t actual)
{
	if (options)
		return ZX_ERR_INVALID_ARGS;
	return transfer(self, handle, true, STREAM_OFFSET, offset, vectors, num_vectors, actual);
}

zx_status_t sys_stream_readv(struct thread *self, zx_handle_t handle, uint32_t options,
			     user_addr_t vectors, size_t num_vectors, user_addr_t actual)
{
	if (options)
		return ZX_ERR_INVALID_ARGS;
	return transfer(self, handle, false, STREAM_SEEK, 0, vectors, num_vectors, actual);
}

zx_status_t sys_stream_readv_at(struct thread *self, zx_handle_t handle, uint32_t options,
				zx_off_t offset, user_addr_t vectors, size_t num_vectors,
				user_addr_t actual)
{
	if (options)
		return ZX_ERR_INVALID_ARGS;
	return transfer(self, handle, false, STREAM_OFFSET, offset, vectors, num_vectors, actual);
}

zx_status_t sys_stream_seek(struct thread *self, zx_handle_t handle, zx_stream_seek_origin_t whence,
			    int64_t offset, user_addr_t out_seek)
{
	struct stream *stream;
	zx_rights_t rights;
	zx_status_t status;
	uint64_t seek;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_STREAM, ZX_RIGHT_NONE, &stream,
				    &rights);
	if (status != ZX_OK)
		return status;
	if (rights & ZX_RIGHTS_IO)
		status = stream__seek(stream, whence, offset, &seek);
	else
		status = ZX_ERR_ACCESS_DENIED;
	object__put(&stream->object);
	if (status == ZX_OK && out_seek)
		status = user__put(self, out_seek, &seek);
	return status;
}
