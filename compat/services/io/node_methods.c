/* fuchsia.io.Node: what all connections have. */
#include <stdlib.h>
#include <string.h>

#include "compat/services/io/connection.h"

#define ATTR_SIZE 56u

static bool is_2018(const struct io_conn *conn)
{
	return conn->fidl.request.era == FIDL_2018;
}

/* What a clone of @conn may be; @flags are the request's. */
static zx_status_t clone_options(struct io_conn *conn, uint32_t flags,
				 struct io_conn_options *options)
{
	uint32_t rights = flags & IO_RIGHTS;

	*options = (struct io_conn_options){
		.request = conn->fidl.request,
		.rights = conn->rights,
		.max_rights = conn->max_rights,
		.append = conn->append,
		.reference = conn->reference,
		.describe = flags & IO_FLAG_DESCRIBE,
	};
	/* In 2018 a clone could do what the original could, whatever it asked for. */
	if (is_2018(conn)) {
		options->append = conn->append || flags & IO_FLAG_APPEND;
		options->reference = conn->reference || flags & IO_FLAG_NODE_REFERENCE;
		return ZX_OK;
	}
	if (flags & IO_RIGHTS_SPACE & ~IO_RIGHTS)
		return ZX_ERR_INVALID_ARGS;
	if (flags & IO_FLAG_NODE_REFERENCE && flags & ~IO_FLAGS_WITH_REFERENCE)
		return ZX_ERR_INVALID_ARGS;
	if (flags & IO_FLAG_CLONE_SAME_RIGHTS)
		return rights ? ZX_ERR_INVALID_ARGS : ZX_OK;
	if (rights & ~conn->rights)
		return ZX_ERR_ACCESS_DENIED;
	options->rights = rights;
	options->max_rights = rights;
	return ZX_OK;
}

zx_status_t node__clone(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct io_conn_options options;
	struct fidl_reader reader;
	struct handle channel;
	zx_status_t status;
	uint32_t flags;

	fidl_reader__begin(&reader, message, 2 * sizeof(uint32_t));
	flags = fidl_reader__u32(&reader);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHTS_IO, &channel);
	if (!fidl_reader__end(&reader)) {
		handle__close(&channel);
		return ZX_ERR_INVALID_ARGS;
	}
	status = clone_options(conn, flags, &options);
	if (status == ZX_OK)
		(void)io_conn__serve(conn->vnode, &options, &channel);
	else
		io_conn__refuse(&options.request, options.describe, status, &channel);
	return FIDL_CONTINUE;
}

zx_status_t node__close(struct fidl_conn *fidl, struct message *message)
{
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	(void)fidl_conn__reply_status(fidl, ZX_OK);
	return FIDL_CLOSE;
}

zx_status_t node__describe(struct fidl_conn *fidl, struct message *message)
{
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	return io_conn__reply_info(io_conn__of(fidl));
}

struct sync_op {
	struct file_op op;
	struct io_conn *conn;
};

static void sync_done(struct file_op *op)
{
	struct io_conn *conn = ((struct sync_op *)op)->conn;
	zx_status_t result = fidl_conn__reply_status(&conn->fidl, op->status);

	free(op);
	fidl_conn__resume(&conn->fidl, result);
}

zx_status_t node__sync(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct sync_op *sync;

	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	if (conn->reference)
		return fidl_conn__reply_status(fidl, ZX_ERR_BAD_HANDLE);
	sync = calloc(1, sizeof(*sync));
	if (!sync)
		return ZX_ERR_NO_MEMORY;
	sync->op.done = sync_done;
	sync->conn = conn;
	fidl_conn__suspend(fidl);
	file_op__start(&sync->op, conn->vnode, conn->vnode->ops->sync);
	return FIDL_CONTINUE;
}

static void write_attr(struct fidl_writer *writer, const struct vnode_attr *attr)
{
	fidl_writer__u64(writer, attr->mode); /* and padding */
	fidl_writer__u64(writer, attr->id);
	fidl_writer__u64(writer, attr->content_size);
	fidl_writer__u64(writer, attr->storage_size);
	fidl_writer__u64(writer, attr->link_count);
	fidl_writer__u64(writer, attr->creation_time);
	fidl_writer__u64(writer, attr->modification_time);
}

static void read_attr(struct fidl_reader *reader, struct vnode_attr *attr)
{
	attr->mode = (uint32_t)fidl_reader__u64(reader);
	attr->id = fidl_reader__u64(reader);
	attr->content_size = fidl_reader__u64(reader);
	attr->storage_size = fidl_reader__u64(reader);
	attr->link_count = fidl_reader__u64(reader);
	attr->creation_time = fidl_reader__u64(reader);
	attr->modification_time = fidl_reader__u64(reader);
}

zx_status_t node__get_attr(struct fidl_conn *fidl, struct message *message)
{
	struct vnode *vnode = io_conn__of(fidl)->vnode;
	struct vnode_attr attr;
	struct fidl_writer writer;
	zx_status_t status;

	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	memset(&attr, 0, sizeof(attr));
	status = vnode->ops->get_attr ? vnode->ops->get_attr(vnode, &attr) : ZX_ERR_NOT_SUPPORTED;
	if (status != ZX_OK)
		memset(&attr, 0, sizeof(attr));
	fidl_conn__begin_reply(fidl, &writer, 8 + ATTR_SIZE);
	fidl_writer__u32(&writer, (uint32_t)status);
	write_attr(&writer, &attr);
	return fidl_conn__reply(fidl, &writer);
}

static zx_status_t set_attr(struct io_conn *conn, uint32_t valid, const struct vnode_attr *attr)
{
	struct vnode *vnode = conn->vnode;
	uint32_t rights = is_2018(conn) ? conn->max_rights : conn->rights;

	if (conn->reference || !(rights & IO_RIGHT_WRITABLE))
		return ZX_ERR_BAD_HANDLE;
	if (vnode->read_only)
		return ZX_ERR_ACCESS_DENIED;
	return vnode->ops->set_attr ? vnode->ops->set_attr(vnode, valid, attr) :
				      ZX_ERR_NOT_SUPPORTED;
}

zx_status_t node__set_attr(struct fidl_conn *fidl, struct message *message)
{
	struct vnode_attr attr;
	struct fidl_reader reader;
	uint32_t valid;

	fidl_reader__begin(&reader, message, 8 + ATTR_SIZE);
	valid = fidl_reader__u32(&reader);
	read_attr(&reader, &attr);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return fidl_conn__reply_status(fidl, set_attr(io_conn__of(fidl), valid, &attr));
}

/* The way of 2018 to devices, which none of our nodes is. */
zx_status_t node__ioctl(struct fidl_conn *fidl, struct message *message)
{
	struct fidl_reader reader;
	struct fidl_writer writer;
	size_t size;

	fidl_reader__begin(&reader, message, 48);
	fidl_reader__u32(&reader); /* operation */
	fidl_reader__u64(&reader); /* most bytes of the answer */
	fidl_reader__drop_handles(&reader, IO_MAX_IOCTL_HANDLES);
	fidl_reader__bytes(&reader, IO_MAX_BUF, &size);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	fidl_conn__begin_reply(fidl, &writer, 40);
	fidl_writer__u32(&writer, (uint32_t)ZX_ERR_NOT_SUPPORTED);
	fidl_writer__bytes(&writer, NULL, 0); /* handles */
	fidl_writer__bytes(&writer, NULL, 0);
	return fidl_conn__reply(fidl, &writer);
}

static zx_status_t get_flags(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_writer writer;

	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, ZX_OK);
	fidl_writer__u32(&writer, conn->rights | (conn->append ? IO_FLAG_APPEND : 0) |
					  (conn->reference ? IO_FLAG_NODE_REFERENCE : 0));
	return fidl_conn__reply(fidl, &writer);
}

static zx_status_t set_flags(struct fidl_conn *fidl, struct message *message)
{
	struct fidl_reader reader;
	uint32_t flags;

	fidl_reader__begin(&reader, message, sizeof(uint32_t));
	flags = fidl_reader__u32(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	io_conn__of(fidl)->append = flags & IO_FLAG_APPEND;
	return fidl_conn__reply_status(fidl, ZX_OK);
}

zx_status_t node__get_flags(struct fidl_conn *fidl, struct message *message)
{
	return get_flags(fidl, message);
}

zx_status_t node__set_flags(struct fidl_conn *fidl, struct message *message)
{
	return set_flags(fidl, message);
}

/* The same under the names that files have for it. */
zx_status_t file__get_flags(struct fidl_conn *fidl, struct message *message)
{
	if (!io_conn__serves(io_conn__of(fidl), VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	return get_flags(fidl, message);
}

zx_status_t file__set_flags(struct fidl_conn *fidl, struct message *message)
{
	if (!io_conn__serves(io_conn__of(fidl), VNODE_FILE))
		return ZX_ERR_NOT_SUPPORTED;
	return set_flags(fidl, message);
}
