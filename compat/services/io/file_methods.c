/* fuchsia.io.File: reading, writing, and what else concerns the contents. */
#include <stdlib.h>
#include <string.h>

#include "compat/services/io/connection.h"

/* An operation on the contents that a connection waits for. */
struct content_op {
	struct file_op op;
	struct io_conn *conn;
	bool moves; /* the seek offset */
	uint8_t data[];
};

static struct content_op *alloc_op(struct io_conn *conn, size_t size,
				   void (*done)(struct file_op *op))
{
	struct content_op *content = malloc(sizeof(*content) + size);

	if (!content)
		return NULL;
	memset(content, 0, sizeof(*content));
	content->op.done = done;
	content->op.data = content->data;
	content->op.size = size;
	content->conn = conn;
	return content;
}

static zx_status_t start(struct content_op *content,
			 void (*operation)(struct vnode *vnode, struct file_op *op))
{
	struct io_conn *conn = content->conn;

	fidl_conn__suspend(&conn->fidl);
	file_op__start(&content->op, conn->vnode, operation);
	return FIDL_CONTINUE;
}

/* --- reading --- */

static zx_status_t reply_data(struct fidl_conn *fidl, zx_status_t status, const uint8_t *data,
			      size_t size)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(fidl, &writer, 24);
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__bytes(&writer, data, status == ZX_OK ? size : 0);
	return fidl_conn__reply(fidl, &writer);
}

static void read_done(struct file_op *op)
{
	struct content_op *content = (struct content_op *)op;
	struct io_conn *conn = content->conn;
	zx_status_t result;

	if (op->status == ZX_OK && content->moves)
		conn->offset += op->actual;
	result = reply_data(&conn->fidl, op->status, op->data, op->actual);
	free(content);
	fidl_conn__resume(&conn->fidl, result);
}

static zx_status_t begin_read(struct io_conn *conn, uint64_t count, uint64_t offset, bool moves)
{
	struct content_op *content;

	if (conn->reference || !(conn->rights & IO_RIGHT_READABLE))
		return reply_data(&conn->fidl, ZX_ERR_BAD_HANDLE, NULL, 0);
	if (count > IO_MAX_BUF)
		return reply_data(&conn->fidl, ZX_ERR_INVALID_ARGS, NULL, 0);
	content = alloc_op(conn, (size_t)count, read_done);
	if (!content)
		return ZX_ERR_NO_MEMORY;
	content->op.offset = offset;
	content->moves = moves;
	return start(content, conn->vnode->ops->read);
}

zx_status_t file__read(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	uint64_t count;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint64_t));
	count = fidl_reader__u64(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return begin_read(conn, count, conn->offset, true);
}

zx_status_t file__read_at(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	uint64_t offset;
	uint64_t count;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t));
	count = fidl_reader__u64(&reader);
	offset = fidl_reader__u64(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return begin_read(conn, count, offset, false);
}

/* --- writing --- */

static zx_status_t reply_u64(struct fidl_conn *fidl, zx_status_t status, uint64_t value)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint64_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__u64(&writer, value);
	return fidl_conn__reply(fidl, &writer);
}

static void write_done(struct file_op *op)
{
	struct content_op *content = (struct content_op *)op;
	struct io_conn *conn = content->conn;
	zx_status_t result;

	if (op->status == ZX_OK && content->moves)
		conn->offset = op->append ? op->offset : conn->offset + op->actual;
	result = reply_u64(&conn->fidl, op->status, op->actual);
	free(content);
	fidl_conn__resume(&conn->fidl, result);
}

static zx_status_t begin_write(struct io_conn *conn, const uint8_t *data, size_t size,
			       uint64_t offset, bool moves)
{
	struct content_op *content;

	if (conn->reference || !(conn->rights & IO_RIGHT_WRITABLE))
		return reply_u64(&conn->fidl, ZX_ERR_BAD_HANDLE, 0);
	if (conn->vnode->read_only)
		return reply_u64(&conn->fidl, ZX_ERR_ACCESS_DENIED, 0);
	content = alloc_op(conn, size, write_done);
	if (!content)
		return ZX_ERR_NO_MEMORY;
	if (size)
		memcpy(content->data, data, size);
	content->op.offset = offset;
	content->op.append = moves && conn->append;
	content->moves = moves;
	return start(content, conn->vnode->ops->write);
}

zx_status_t file__write(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	const uint8_t *data;
	size_t size;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t));
	data = fidl_reader__bytes(&reader, IO_MAX_BUF, &size);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return begin_write(conn, data, size, conn->offset, true);
}

zx_status_t file__write_at(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	const uint8_t *data;
	uint64_t offset;
	size_t size;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 3 * sizeof(uint64_t));
	data = fidl_reader__bytes(&reader, IO_MAX_BUF, &size);
	offset = fidl_reader__u64(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return begin_write(conn, data, size, offset, false);
}

/* --- position and size --- */

static zx_status_t seek_base(struct io_conn *conn, uint32_t origin, uint64_t *base)
{
	struct vnode *vnode = conn->vnode;
	struct vnode_attr attr;
	zx_status_t status;

	switch (origin) {
	case IO_SEEK_START:
		*base = 0;
		return ZX_OK;
	case IO_SEEK_CURRENT:
		*base = conn->offset;
		return ZX_OK;
	case IO_SEEK_END:
		if (!vnode->ops->get_attr)
			return ZX_ERR_NOT_SUPPORTED;
		status = vnode->ops->get_attr(vnode, &attr);
		*base = status == ZX_OK ? attr.content_size : 0;
		return status;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
}

static zx_status_t seek(struct io_conn *conn, int64_t offset, uint32_t origin)
{
	uint64_t base;
	zx_status_t status;

	if (conn->reference)
		return ZX_ERR_BAD_HANDLE;
	status = seek_base(conn, origin, &base);
	if (status != ZX_OK)
		return status;
	if (offset < 0 ? 0 - (uint64_t)offset > base : base + (uint64_t)offset < base)
		return ZX_ERR_INVALID_ARGS;
	conn->offset = base + (uint64_t)offset;
	return ZX_OK;
}

zx_status_t file__seek(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	zx_status_t status;
	uint32_t origin;
	int64_t offset;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint64_t) + sizeof(uint32_t));
	offset = (int64_t)fidl_reader__u64(&reader);
	origin = fidl_reader__u32(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	status = seek(conn, offset, origin);
	return reply_u64(fidl, status, conn->offset);
}

static zx_status_t truncate(struct io_conn *conn, uint64_t size)
{
	struct vnode *vnode = conn->vnode;

	if (conn->reference || !(conn->rights & IO_RIGHT_WRITABLE))
		return ZX_ERR_BAD_HANDLE;
	if (vnode->read_only)
		return ZX_ERR_ACCESS_DENIED;
	return vnode->ops->truncate ? vnode->ops->truncate(vnode, size) : ZX_ERR_NOT_SUPPORTED;
}

zx_status_t file__truncate(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	uint64_t size;

	if (!io_conn__serves(conn, VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint64_t));
	size = fidl_reader__u64(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return fidl_conn__reply_status(fidl, truncate(conn, size));
}
