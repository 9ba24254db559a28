#include "compat/services/io/connection.h"

#include <stdlib.h>

#include "compat/core/channel.h"
#include "compat/services/io/token.h"

#define ORDINAL_ON_OPEN_2018_10 0x80000007u
#define ORDINAL_ON_OPEN_2018 0x4700a7bdu
#define ORDINAL_ON_OPEN_2020 0x7fc7bbb1dbfd1972u
/* Set in all ordinals up to 2018-10, which were numbered by hand; hashes have it cleared. */
#define ORDINAL_NUMBERED 0x80000000u

/* NodeInfo: 2018 a union in place, 2020 the ordinal and an envelope. */
#define INFO_SIZE_2018 32u
#define INFO_SIZE_2020 24u
/* FileObject of 2020: two optional handles; the objects of the other nodes are empty. */
#define INFO_CONTENT_SIZE 8u

/*
 * Ordinals of 2018-12: the first 4 bytes of sha256("fuchsia.io.PROTOCOL/METHOD"), top bit cleared;
 * of 2020: the first 8 bytes of sha256("fuchsia.io1/PROTOCOL.METHOD"), likewise.
 */
static const struct fidl_method methods[] = {
	{ 0x17fe6a4c, 0x5a61678f293ce16f, node__clone, true },
	{ 0x52b95687, 0x5309c5bd1c33dc44, node__close, false },
	{ 0x1f62df5e, 0x0ffcec215078dea0, node__describe, false },
	{ 0x62423faa, 0x189d88326c18b519, node__sync, false },
	{ 0x4585e7c8, 0x78985e216314dafd, node__get_attr, false },
	{ 0x0bd5559a, 0x4186c0f40d938f46, node__set_attr, false },
	{ 0x35f3aca7, 0, node__ioctl, false },
	{ 0, 0x5b88fffb8eda3aa1, node__get_flags, false },
	{ 0, 0x5295b76c71fde733, node__set_flags, false },
	{ 0x25f74184, 0x29b2b7074c95208c, file__read, false },
	{ 0x7c724dc4, 0x6527ee3fbc9c5749, file__read_at, false },
	{ 0x0512e7a0, 0x3b6432f57914225b, file__write, false },
	{ 0x3e5522e5, 0x4b29e1582ab379e4, file__write_at, false },
	{ 0x782a7745, 0x324968e9b8a0e394, file__seek, false },
	{ 0x42ab3a3a, 0x5ec8f337359a2ddb, file__truncate, false },
	{ 0x6416a3f6, 0x200be82ca523ab96, file__get_flags, false },
	{ 0x3f23cc76, 0x713f375258671141, file__set_flags, false },
	{ 0x74c30973, 0x4b93b8486666d951, file__get_buffer, false },
	{ 0x7749c9c4, 0, file__get_vmo, false },
	{ 0x77e4cceb, 0x2c5044561d685ec0, directory__open, true },
	{ 0x2cbadb19, 0x5a0ff90760a8bc23, directory__unlink, false },
	{ 0x2ea53c2d, 0x3582806bf27faa0a, directory__read_dirents, false },
	{ 0x7072fd87, 0x16b1202af0f34c71, directory__rewind, false },
	{ 0x3217bced, 0x26ae9d18763c8655, directory__get_token, false },
	{ 0x4a94b0ac, 0x0a8e00a247f3c905, directory__rename, false },
	{ 0x1b8a5e64, 0x740604c0c7c930e7, directory__link, false },
	{ 0x5ac28f34, 0x5717193a59d66d91, directory__watch, false },
	{ 0x7e5f12e6, 0x0fa166d1522c27d0, admin__mount, false },
	{ 0x3225f691, 0x7bc782242022b3b3, admin__mount_and_create, false },
	{ 0x25022754, 0x7da45d654c35c9a4, admin__unmount, false },
	{ 0x16da38a7, 0x26b9d90ebe5f93db, admin__unmount_node, false },
	{ 0x66298d92, 0x4a879480f1d7875d, admin__query_filesystem, false },
	{ 0x2ef70eb8, 0x76f2e3c7331f815b, admin__get_device_path, false },
	/* The numbers that the methods had up to 2018-10, when the form was that of 2018-12. */
	{ 0x80000001, 0, node__clone, true },
	{ 0x80000002, 0, node__close, false },
	{ 0x80000006, 0, node__describe, false },
	{ 0x81000001, 0, node__sync, false },
	{ 0x81000002, 0, node__get_attr, false },
	{ 0x81000003, 0, node__set_attr, false },
	{ 0x81000004, 0, node__ioctl, false },
	{ 0x82000001, 0, file__read, false },
	{ 0x82000002, 0, file__read_at, false },
	{ 0x82000003, 0, file__write, false },
	{ 0x82000004, 0, file__write_at, false },
	{ 0x82000005, 0, file__seek, false },
	{ 0x82000006, 0, file__truncate, false },
	{ 0x82000007, 0, file__get_flags, false },
	{ 0x82000008, 0, file__set_flags, false },
	{ 0x82000009, 0, file__get_vmo, false },
	{ 0x83000001, 0, directory__open, true },
	{ 0x83000002, 0, directory__unlink, false },
	{ 0x83000003, 0, directory__read_dirents, false },
	{ 0x83000004, 0, directory__rewind, false },
	{ 0x83000005, 0, directory__get_token, false },
	{ 0x83000006, 0, directory__rename, false },
	{ 0x83000007, 0, directory__link, false },
	{ 0x83000008, 0, directory__watch, false },
	{ 0x85000001, 0, admin__mount, false },
	{ 0x85000002, 0, admin__mount_and_create, false },
	{ 0x85000003, 0, admin__unmount, false },
	{ 0x85000004, 0, admin__unmount_node, false },
	{ 0x85000005, 0, admin__query_filesystem, false },
	{ 0x85000006, 0, admin__get_device_path, false },
};

static void destroy(struct fidl_conn *fidl)
{
	struct io_conn *conn = io_conn__of(fidl);

	dir_token__drop(conn->token);
	vnode__put(conn->vnode);
	free(conn);
}

static const struct fidl_protocol protocol = {
	.methods = methods,
	.num_methods = sizeof(methods) / sizeof(methods[0]),
	.destroy = destroy,
};

static uint32_t info_tag(const struct vnode *vnode, bool reference)
{
	if (reference || vnode->kind == VNODE_SERVICE)
		return IO_INFO_SERVICE;
	return vnode->kind == VNODE_FILE ? IO_INFO_FILE : IO_INFO_DIRECTORY;
}

/* Writes the union where the writer stands; no node of ours comes with handles. */
static void write_info(struct fidl_writer *writer, uint32_t tag)
{
	if (writer->era == FIDL_2018) {
		fidl_writer__u32(writer, tag);
		return;
	}
	fidl_writer__u64(writer, tag + 1);
	fidl_writer__u32(writer, INFO_CONTENT_SIZE);
	fidl_writer__u32(writer, 0); /* handles in the envelope */
	fidl_writer__u64(writer, FIDL_PRESENT_U64);
	fidl_writer__out_of_line(writer, INFO_CONTENT_SIZE);
}

zx_status_t io_conn__reply_info(struct io_conn *conn)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(&conn->fidl, &writer,
			       conn->fidl.request.era == FIDL_2018 ? INFO_SIZE_2018 :
								     INFO_SIZE_2020);
	write_info(&writer, info_tag(conn->vnode, conn->reference));
	return fidl_conn__reply(&conn->fidl, &writer);
}

/* The ordinal of OnOpen that goes with that of @request. */
static uint64_t on_open_ordinal(const struct fidl_header *request)
{
	if (request->era == FIDL_2020)
		return ORDINAL_ON_OPEN_2020;
	return request->ordinal & ORDINAL_NUMBERED ? ORDINAL_ON_OPEN_2018_10 : ORDINAL_ON_OPEN_2018;
}

/* @vnode NULL: without NodeInfo. */
static zx_status_t send_on_open(struct channel *channel, const struct fidl_header *request,
				zx_status_t status, const struct vnode *vnode, bool reference)
{
	enum fidl_era era = request->era;
	struct fidl_header header = { .era = era, .ordinal = on_open_ordinal(request) };
	struct fidl_writer writer;

	fidl_writer__begin(&writer, &header, 8 + (era == FIDL_2018 ? 8 : INFO_SIZE_2020));
	fidl_writer__u32(&writer, (uint32_t)status);
	if (vnode && era == FIDL_2018) {
		fidl_writer__u64(&writer, FIDL_PRESENT_U64);
		fidl_writer__out_of_line(&writer, INFO_SIZE_2018);
	}
	if (vnode)
		write_info(&writer, info_tag(vnode, reference));
	return fidl_writer__send(&writer, channel);
}

void io_conn__refuse(const struct fidl_header *request, bool describe, zx_status_t status,
		     struct handle *channel)
{
	if (describe)
		(void)send_on_open((struct channel *)channel->object, request, status, NULL, false);
	handle__close(channel);
}

zx_status_t io_conn__serve(struct vnode *vnode, const struct io_conn_options *options,
			   struct handle *channel)
{
	struct io_conn *conn;

	if (options->describe)
		(void)send_on_open((struct channel *)channel->object, &options->request, ZX_OK,
				   vnode, options->reference);
	if (vnode->kind == VNODE_SERVICE && !options->reference)
		return vnode->ops->connect(vnode, channel);
	conn = calloc(1, sizeof(*conn));
	if (!conn) {
		handle__close(channel);
		return ZX_ERR_NO_MEMORY;
	}
	vnode__get(vnode);
	conn->vnode = vnode;
	conn->rights = options->rights;
	conn->max_rights = options->max_rights;
	conn->append = options->append;
	conn->reference = options->reference;
	return fidl_conn__serve(&conn->fidl, &protocol, channel);
}

bool io_conn__serves(const struct io_conn *conn, enum vnode_kind kind)
{
	return conn->fidl.request.era == FIDL_2018 || conn->vnode->kind == kind;
}

bool io_request__is_empty(struct message *message)
{
	struct fidl_reader reader;

	fidl_reader__begin(&reader, message, 0);
	return fidl_reader__end(&reader);
}

zx_status_t io__serve(struct vnode *vnode, uint32_t open_flags, struct handle *channel)
{
	struct io_conn_options options = {
		.rights = open_flags & IO_RIGHTS,
		.max_rights = open_flags & IO_RIGHTS,
	};
	struct vnode *opened;
	zx_status_t status = vfs__open_node(vnode, options.rights, &opened);

	if (status != ZX_OK) {
		handle__close(channel);
		return status;
	}
	status = io_conn__serve(opened, &options, channel);
	vnode__put(opened);
	return status;
}
