/* A connection to a node: fuchsia.io's Node, File, Directory, and DirectoryAdmin. */
#ifndef COMPAT_SERVICES_IO_CONNECTION_H
#define COMPAT_SERVICES_IO_CONNECTION_H

#include "compat/services/fidl.h"
#include "compat/services/io/vfs.h"

struct dir_token;

struct io_conn {
	struct fidl_conn fidl;
	struct vnode *vnode; /* referenced */
	uint32_t rights;
	uint32_t max_rights; /* see struct vfs_access */
	bool append;
	bool reference; /* stands for the node, without opening it */
	uint64_t offset;
	struct dir_cookie cookie;
	struct dir_token *token;
};

/* What a new connection is to be like. */
struct io_conn_options {
	/* What asked for it: OnOpen, sent before any request of the connection, has its form. */
	struct fidl_header request;
	uint32_t rights;
	uint32_t max_rights;
	bool append;
	bool reference;
	bool describe; /* send OnOpen */
};

static inline struct io_conn *io_conn__of(struct fidl_conn *conn)
{
	return (struct io_conn *)conn;
}

/*
 * Serves @vnode (opened, or not with @options->reference) on @channel; takes over neither the
 * reference nor, on failure, anything but the channel.
 */
zx_status_t io_conn__serve(struct vnode *vnode, const struct io_conn_options *options,
			   struct handle *channel);
/* Tells a client whose open failed, where it asked to be told; takes over @channel. */
void io_conn__refuse(const struct fidl_header *request, bool describe, zx_status_t status,
		     struct handle *channel);

/* True where requests for nodes of @kind are served here; in 2018 every connection served all. */
bool io_conn__serves(const struct io_conn *conn, enum vnode_kind kind);

/* NodeInfo, as the reply to Describe. */
zx_status_t io_conn__reply_info(struct io_conn *conn);

/* The methods, by protocol. */
zx_status_t node__clone(struct fidl_conn *conn, struct message *message);
zx_status_t node__close(struct fidl_conn *conn, struct message *message);
zx_status_t node__describe(struct fidl_conn *conn, struct message *message);
zx_status_t node__sync(struct fidl_conn *conn, struct message *message);
zx_status_t node__get_attr(struct fidl_conn *conn, struct message *message);
zx_status_t node__set_attr(struct fidl_conn *conn, struct message *message);
zx_status_t node__ioctl(struct fidl_conn *conn, struct message *message);
zx_status_t node__get_flags(struct fidl_conn *conn, struct message *message);
zx_status_t node__set_flags(struct fidl_conn *conn, struct message *message);

zx_status_t file__read(struct fidl_conn *conn, struct message *message);
zx_status_t file__read_at(struct fidl_conn *conn, struct message *message);
zx_status_t file__write(struct fidl_conn *conn, struct message *message);
zx_status_t file__write_at(struct fidl_conn *conn, struct message *message);
zx_status_t file__seek(struct fidl_conn *conn, struct message *message);
zx_status_t file__truncate(struct fidl_conn *conn, struct message *message);
zx_status_t file__get_flags(struct fidl_conn *conn, struct message *message);
zx_status_t file__set_flags(struct fidl_conn *conn, struct message *message);
zx_status_t file__get_buffer(struct fidl_conn *conn, struct message *message);
/* The form up to 2018-12: the VMO alone, without the size. */
zx_status_t file__get_vmo(struct fidl_conn *conn, struct message *message);

zx_status_t directory__open(struct fidl_conn *conn, struct message *message);
zx_status_t directory__unlink(struct fidl_conn *conn, struct message *message);
zx_status_t directory__read_dirents(struct fidl_conn *conn, struct message *message);
zx_status_t directory__rewind(struct fidl_conn *conn, struct message *message);
zx_status_t directory__get_token(struct fidl_conn *conn, struct message *message);
zx_status_t directory__rename(struct fidl_conn *conn, struct message *message);
zx_status_t directory__link(struct fidl_conn *conn, struct message *message);
zx_status_t directory__watch(struct fidl_conn *conn, struct message *message);

zx_status_t admin__mount(struct fidl_conn *conn, struct message *message);
zx_status_t admin__mount_and_create(struct fidl_conn *conn, struct message *message);
zx_status_t admin__unmount(struct fidl_conn *conn, struct message *message);
zx_status_t admin__unmount_node(struct fidl_conn *conn, struct message *message);
zx_status_t admin__query_filesystem(struct fidl_conn *conn, struct message *message);
zx_status_t admin__get_device_path(struct fidl_conn *conn, struct message *message);

/* Requests without arguments: false (the connection ends) where the message has some. */
bool io_request__is_empty(struct message *message);

#endif
