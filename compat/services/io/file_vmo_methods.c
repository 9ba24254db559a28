/* fuchsia.io.File: the contents as a VMO. */
#include <stdlib.h>

#include "compat/services/io/connection.h"

struct vmo_op {
	struct file_op op;
	struct io_conn *conn;
	bool buffer; /* the reply is a fuchsia.mem.Buffer, not the VMO alone */
};

/* Buffer: a VMO and a size; behind a pointer that may be null. */
static zx_status_t reply_buffer(struct fidl_conn *fidl, zx_status_t status, struct handle *vmo,
				uint64_t size)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint64_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	if (status == ZX_OK) {
		fidl_writer__u64(&writer, FIDL_PRESENT_U64);
		fidl_writer__out_of_line(&writer, 2 * sizeof(uint64_t));
		fidl_writer__handle(&writer, vmo);
		fidl_writer__u64(&writer, size);
	}
	return fidl_conn__reply(fidl, &writer);
}

static zx_status_t reply_vmo(struct fidl_conn *fidl, zx_status_t status, struct handle *vmo)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__handle(&writer, vmo);
	return fidl_conn__reply(fidl, &writer);
}

static zx_status_t reply(struct fidl_conn *fidl, bool buffer, zx_status_t status,
			 struct handle *vmo, uint64_t size)
{
	return buffer ? reply_buffer(fidl, status, vmo, size) : reply_vmo(fidl, status, vmo);
}

static void vmo_done(struct file_op *op)
{
	struct vmo_op *vmo_op = (struct vmo_op *)op;
	struct io_conn *conn = vmo_op->conn;
	zx_status_t result = reply(&conn->fidl, vmo_op->buffer, op->status, &op->vmo,
				   op->vmo_size);

	free(vmo_op);
	fidl_conn__resume(&conn->fidl, result);
}

static zx_status_t check(const struct io_conn *conn, uint32_t flags)
{
	if (conn->reference)
		return ZX_ERR_BAD_HANDLE;
	if (flags & IO_VMO_PRIVATE && flags & IO_VMO_EXACT)
		return ZX_ERR_INVALID_ARGS;
	if (flags & IO_VMO_WRITE && (conn->append || !(conn->rights & IO_RIGHT_WRITABLE)))
		return ZX_ERR_ACCESS_DENIED;
	/* In 2018 there was no right to execute. */
	if (flags & IO_VMO_EXEC && conn->fidl.request.era != FIDL_2018 &&
	    !(conn->rights & IO_RIGHT_EXECUTABLE))
		return ZX_ERR_ACCESS_DENIED;
	if (!(conn->rights & IO_RIGHT_READABLE))
		return ZX_ERR_ACCESS_DENIED;
	/* A directory has no contents. */
	return conn->vnode->kind == VNODE_FILE ? ZX_OK : ZX_ERR_ACCESS_DENIED;
}

static zx_status_t get_vmo(struct fidl_conn *fidl, struct message *message, bool buffer)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct handle none = { .object = NULL };
	struct fidl_reader reader;
	struct vmo_op *vmo_op;
	zx_status_t status;
	uint32_t flags;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint32_t));
	flags = fidl_reader__u32(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	status = check(conn, flags);
	if (status != ZX_OK)
		return reply(fidl, buffer, status, &none, 0);
	vmo_op = calloc(1, sizeof(*vmo_op));
	if (!vmo_op)
		return ZX_ERR_NO_MEMORY;
	vmo_op->op.done = vmo_done;
	vmo_op->op.vmo_flags = flags;
	vmo_op->conn = conn;
	vmo_op->buffer = buffer;
	fidl_conn__suspend(fidl);
	file_op__start(&vmo_op->op, conn->vnode, conn->vnode->ops->get_vmo);
	return FIDL_CONTINUE;
}

zx_status_t file__get_buffer(struct fidl_conn *fidl, struct message *message)
{
	return get_vmo(fidl, message, true);
}

zx_status_t file__get_vmo(struct fidl_conn *fidl, struct message *message)
{
	return get_vmo(fidl, message, false);
}
