/* fuchsia.io.Directory: opening and changing entries. */
#include "compat/services/io/connection.h"
#include "compat/services/io/token.h"

static bool is_2018(const struct io_conn *conn)
{
	return conn->fidl.request.era == FIDL_2018;
}

static struct vfs_access access_of(const struct io_conn *conn)
{
	return (struct vfs_access){
		.era = conn->fidl.request.era,
		.rights = conn->rights,
		.max_rights = conn->max_rights,
	};
}

/* In 2018 any connection to a directory could change it. */
static zx_status_t check_change(const struct io_conn *conn)
{
	struct vfs_access access = access_of(conn);

	if (!is_2018(conn) && conn->reference)
		return ZX_ERR_BAD_HANDLE;
	if (vfs_access__effective(&access) & IO_RIGHT_WRITABLE)
		return ZX_OK;
	return is_2018(conn) ? ZX_ERR_ACCESS_DENIED : ZX_ERR_BAD_HANDLE;
}

/* --- Open --- */

static zx_status_t check_open(const struct io_conn *conn, uint32_t flags, size_t path_size)
{
	if (is_2018(conn)) {
		if (!path_size)
			return ZX_ERR_INVALID_ARGS;
		return flags & IO_RIGHT_ADMIN & ~conn->max_rights ? ZX_ERR_ACCESS_DENIED : ZX_OK;
	}
	if (flags & IO_RIGHTS_SPACE & ~IO_RIGHTS)
		return ZX_ERR_INVALID_ARGS;
	if (flags & IO_FLAG_NODE_REFERENCE && flags & ~IO_FLAGS_WITH_REFERENCE)
		return ZX_ERR_INVALID_ARGS;
	if (conn->reference)
		return ZX_ERR_BAD_HANDLE;
	if (flags & IO_FLAG_CLONE_SAME_RIGHTS)
		return ZX_ERR_INVALID_ARGS;
	if (!(flags & (IO_FLAG_NODE_REFERENCE | IO_RIGHTS | IO_FLAG_POSIX)))
		return ZX_ERR_INVALID_ARGS;
	return path_size ? ZX_OK : ZX_ERR_BAD_PATH;
}

static zx_status_t open_and_serve(struct io_conn *conn, uint32_t flags, uint32_t mode,
				  const uint8_t *path, size_t size, struct handle *channel)
{
	struct vfs_access access = access_of(conn);
	struct io_conn_options options = {
		.request = conn->fidl.request,
		.append = flags & IO_FLAG_APPEND,
		.reference = flags & IO_FLAG_NODE_REFERENCE,
		.describe = flags & IO_FLAG_DESCRIBE,
	};
	struct vnode *vnode;
	zx_status_t status = check_open(conn, flags, size);

	/* What 2018 passes along with a reference and can't mean, it ignores. */
	if (is_2018(conn) && options.reference)
		flags &= IO_FLAG_NODE_REFERENCE | IO_FLAG_DIRECTORY;
	if (status == ZX_OK)
		status = vfs__open(conn->vnode, path, size, flags, mode, &access, &vnode,
				   &options.rights);
	if (status != ZX_OK)
		return status;
	options.max_rights = is_2018(conn) ? conn->max_rights : options.rights;
	(void)io_conn__serve(vnode, &options, channel);
	vnode__put(vnode);
	return ZX_OK;
}

zx_status_t directory__open(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	struct handle channel;
	const uint8_t *path;
	zx_status_t status;
	uint32_t flags;
	uint32_t mode;
	size_t size;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 28);
	flags = fidl_reader__u32(&reader);
	mode = fidl_reader__u32(&reader);
	path = fidl_reader__bytes(&reader, IO_MAX_PATH, &size);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHTS_IO, &channel);
	if (!fidl_reader__end(&reader)) {
		handle__close(&channel);
		return ZX_ERR_INVALID_ARGS;
	}
	status = open_and_serve(conn, flags, mode, path, size, &channel);
	if (status != ZX_OK)
		io_conn__refuse(&fidl->request, flags & IO_FLAG_DESCRIBE, status, &channel);
	return FIDL_CONTINUE;
}

/* --- changes --- */

zx_status_t directory__unlink(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	const uint8_t *path;
	zx_status_t status;
	size_t size;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t));
	path = fidl_reader__bytes(&reader, IO_MAX_PATH, &size);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	status = check_change(conn);
	if (status == ZX_OK)
		status = vfs__unlink(conn->vnode, path, size);
	return fidl_conn__reply_status(fidl, status);
}

static zx_status_t get_token(struct io_conn *conn, struct handle *out)
{
	zx_status_t status = check_change(conn);

	if (conn->vnode->kind != VNODE_DIRECTORY)
		return ZX_ERR_NOT_SUPPORTED;
	if (status == ZX_OK && !conn->token)
		status = dir_token__create(conn->vnode, &conn->token);
	if (status == ZX_OK)
		*out = dir_token__handle(conn->token);
	return status;
}

zx_status_t directory__get_token(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct handle token = { .object = NULL };
	struct fidl_writer writer;
	zx_status_t status;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	status = get_token(conn, &token);
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__handle(&writer, &token);
	return fidl_conn__reply(fidl, &writer);
}

/* Rename and Link: two names, and the token of the directory that the second is in. */
static zx_status_t change_two(struct fidl_conn *fidl, struct message *message,
			      zx_status_t (*change)(struct vnode *dir, const uint8_t *src,
						    size_t src_size, struct vnode *new_dir,
						    const uint8_t *dst, size_t dst_size))
{
	struct io_conn *conn = io_conn__of(fidl);
	struct fidl_reader reader;
	struct handle token;
	const uint8_t *src;
	const uint8_t *dst;
	zx_status_t status;
	size_t src_size;
	size_t dst_size;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 40);
	src = fidl_reader__bytes(&reader, IO_MAX_PATH, &src_size);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_NONE, 0, &token);
	dst = fidl_reader__bytes(&reader, IO_MAX_PATH, &dst_size);
	if (!fidl_reader__end(&reader)) {
		handle__close(&token);
		return ZX_ERR_INVALID_ARGS;
	}
	status = src_size && dst_size ? check_change(conn) : ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK)
		status = change(conn->vnode, src, src_size, dir_token__find(&token), dst,
				dst_size);
	handle__close(&token);
	return fidl_conn__reply_status(fidl, status);
}

zx_status_t directory__rename(struct fidl_conn *fidl, struct message *message)
{
	return change_two(fidl, message, vfs__rename);
}

zx_status_t directory__link(struct fidl_conn *fidl, struct message *message)
{
	return change_two(fidl, message, vfs__link);
}
