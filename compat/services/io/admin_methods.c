/*
 * fuchsia.io.DirectoryAdmin: mounting and unmounting. No connection of ours has the right for it,
 * so what real servers answer then is the whole of it.
 */
#include "compat/services/io/connection.h"

zx_status_t admin__mount(struct fidl_conn *fidl, struct message *message)
{
	struct fidl_reader reader;
	struct handle remote;

	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, sizeof(uint32_t));
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, 0, &remote);
	handle__close(&remote);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return fidl_conn__reply_status(fidl, ZX_ERR_ACCESS_DENIED);
}

zx_status_t admin__mount_and_create(struct fidl_conn *fidl, struct message *message)
{
	struct fidl_reader reader;
	struct handle remote;
	size_t size;

	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	fidl_reader__begin(&reader, message, 28);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, 0, &remote);
	handle__close(&remote);
	fidl_reader__bytes(&reader, IO_MAX_NAME, &size);
	fidl_reader__u32(&reader);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return fidl_conn__reply_status(fidl, ZX_ERR_ACCESS_DENIED);
}

zx_status_t admin__unmount(struct fidl_conn *fidl, struct message *message)
{
	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	return fidl_conn__reply_status(fidl, ZX_ERR_ACCESS_DENIED);
}

zx_status_t admin__unmount_node(struct fidl_conn *fidl, struct message *message)
{
	struct handle none = { .object = NULL };
	struct fidl_writer writer;

	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)ZX_ERR_ACCESS_DENIED);
	fidl_writer__handle(&writer, &none);
	return fidl_conn__reply(fidl, &writer);
}

zx_status_t admin__get_device_path(struct fidl_conn *fidl, struct message *message)
{
	struct fidl_writer writer;

	if (!io_conn__serves(io_conn__of(fidl), VNODE_DIRECTORY))
		return ZX_ERR_NOT_SUPPORTED;
	if (!io_request__is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	/* A string that is absent: no size, no pointer. */
	fidl_conn__begin_reply(fidl, &writer, 3 * sizeof(uint64_t));
	fidl_writer__u32(&writer, (uint32_t)ZX_ERR_ACCESS_DENIED);
	return fidl_conn__reply(fidl, &writer);
}
