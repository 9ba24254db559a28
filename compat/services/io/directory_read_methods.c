/* fuchsia.io.Directory and DirectoryAdmin: what a directory tells. */
#include <string.h>

#include "compat/services/io/connection.h"

#define FS_INFO_SIZE 96u
#define FS_NAME_SIZE 32u

static zx_status_t reply_dirents(struct fidl_conn *fidl, zx_status_t status, const uint8_t *data,
				 size_t size)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(fidl, &writer, 24);
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__bytes(&writer, data, status == ZX_OK ? size : 0);
	return fidl_conn__reply(fidl, &writer);
}

zx_status_t directory__read_dirents(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	uint8_t data[IO_MAX_BUF];
	struct dirents dirents = { .data = data };
	struct fidl_reader reader;
	zx_status_t status;
	uint64_t max;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint64_t));
	max = fidl_reader__u64(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	if (conn->reference)
		status = ZX_ERR_BAD_HANDLE;
	else if (max > IO_MAX_BUF)
		status = fidl->request.era == FIDL_2018 ? ZX_ERR_INVALID_ARGS : ZX_ERR_BAD_HANDLE;
	else if (!conn->vnode->ops->read_dir)
		status = ZX_ERR_NOT_SUPPORTED;
	else {
		dirents.room = (size_t)max;
		status = conn->vnode->ops->read_dir(conn->vnode, &conn->cookie, &dirents);
	}
	return reply_dirents(fidl, status, data, dirents.size);
}

zx_status_t directory__rewind(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	if (conn->reference)
		return fidl_conn__reply_status(fidl, ZX_ERR_BAD_HANDLE);
	memset(&conn->cookie, 0, sizeof(conn->cookie));
	return fidl_conn__reply_status(fidl, ZX_OK);
}

zx_status_t directory__watch(struct fidl_conn *fidl, struct message *message)
{
	struct io_conn *conn = io_conn__of(fidl);
	struct vnode *dir = conn->vnode;
	struct fidl_reader reader;
	struct handle channel;
	uint32_t options;
	uint32_t mask;
	zx_status_t status;

	if (!io_conn__serves(conn, VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 3 * sizeof(uint32_t));
	mask = fidl_reader__u32(&reader);
	options = fidl_reader__u32(&reader);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHT_WRITE, &channel);
	if (!fidl_reader__end(&reader)) {
		handle__close(&channel);
		return ZX_ERR_INVALID_ARGS;
	}
	if (conn->reference && fidl->request.era != FIDL_2018)
		status = ZX_ERR_BAD_HANDLE;
	else if (options)
		status = ZX_ERR_INVALID_ARGS;
	else
		status = dir->ops->watch ? dir->ops->watch(dir, mask, &channel) :
					   ZX_ERR_NOT_SUPPORTED;
	handle__close(&channel);
	return fidl_conn__reply_status(fidl, status);
}

static void write_fs_info(struct fidl_writer *writer, const struct vnode_fs_info *info)
{
	char name[FS_NAME_SIZE] = { 0 };
	uint64_t words[FS_NAME_SIZE / sizeof(uint64_t)];

	strncpy(name, info->name, sizeof(name) - 1);
	memcpy(words, name, sizeof(words));
	fidl_writer__u64(writer, info->total_bytes);
	fidl_writer__u64(writer, info->used_bytes);
	fidl_writer__u64(writer, info->total_nodes);
	fidl_writer__u64(writer, info->used_nodes);
	fidl_writer__u64(writer, 0); /* nothing to be had from a volume manager */
	fidl_writer__u64(writer, info->fs_id);
	fidl_writer__u32(writer, info->block_size);
	fidl_writer__u32(writer, IO_MAX_NAME);
	fidl_writer__u32(writer, info->fs_type);
	fidl_writer__u32(writer, 0);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		fidl_writer__u64(writer, words[i]);
}

zx_status_t admin__query_filesystem(struct fidl_conn *fidl, struct message *message)
{
	struct vnode *vnode = io_conn__of(fidl)->vnode;
	struct vnode_fs_info info = { .name = "" };
	struct fidl_writer writer;
	zx_status_t status;

	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	status = vnode->ops->fs_info ? vnode->ops->fs_info(vnode, &info) : ZX_ERR_NOT_SUPPORTED;
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint64_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	if (status == ZX_OK) {
		fidl_writer__u64(&writer, FIDL_PRESENT_U64);
		fidl_writer__out_of_line(&writer, FS_INFO_SIZE);
		write_fs_info(&writer, &info);
	}
	return fidl_conn__reply(fidl, &writer);
}
