/*
 * What fuchsia.io serves: nodes of a tree, each kept by a back-end (memory, host directory, list of
 * the supervisor's own). The rules of paths, flags and rights are not theirs: see vfs.h.
 */
#ifndef COMPAT_SERVICES_IO_VNODE_H
#define COMPAT_SERVICES_IO_VNODE_H

#include <stddef.h>

#include "compat/core/handle.h"
#include "compat/core/list.h"
#include "compat/host/io.h"
#include "compat/services/dispatch.h"
#include "compat/services/io/protocol.h"

struct dirents;
struct vnode;

enum vnode_kind {
	VNODE_FILE,
	VNODE_DIRECTORY,
	VNODE_SERVICE,
};

/* NodeAttributes */
struct vnode_attr {
	uint32_t mode;
	uint64_t id;
	uint64_t content_size;
	uint64_t storage_size;
	uint64_t link_count;
	uint64_t creation_time; /* ns since 1970, UTC */
	uint64_t modification_time;
};

/* FilesystemInfo, as far as it differs between the back-ends. */
struct vnode_fs_info {
	uint64_t total_bytes;
	uint64_t used_bytes;
	uint64_t total_nodes;
	uint64_t used_nodes;
	uint64_t fs_id;
	uint32_t block_size;
	uint32_t fs_type;
	const char *name;
};

/* Where a connection stands in reading a directory; 0 at the start, else the back-end's. */
struct dir_cookie {
	uint64_t position;
};

/* An operation on a file's contents that may finish later. Who starts it owns it until @done. */
struct file_op {
	/*
	 * Called once, on the dispatcher's thread, maybe before the operation's function returns.
	 */
	void (*done)(struct file_op *op);
	zx_status_t status;

	/* read, write */
	uint8_t *data;
	size_t size;
	uint64_t offset;
	bool append;     /* write at the end, wherever that is; @offset then becomes the new end */
	size_t actual;

	/* get_vmo */
	uint32_t vmo_flags;
	struct handle vmo;
	uint64_t vmo_size;

	/* The back-end's, while it works. */
	struct vnode *vnode; /* referenced */
	struct io_request io;
	struct dispatch_work finished;
	int64_t result;
};

/* A slot that is NULL means ZX_ERR_NOT_SUPPORTED, unless said otherwise. */
struct vnode_ops {
	/*
	 * Directories that in 2018 could not be opened with the right to write (they were changed
	 * through connections without it): those of file systems.
	 */
	bool refuses_write_2018;
	/* The last reference is gone: frees the node. Always there. */
	void (*destroy)(struct vnode *vnode);
	/*
	 * A connection with @rights is about to use the node; @out: a node of its own to use
	 * instead (referenced), or left alone. NULL: fine.
	 */
	zx_status_t (*open)(struct vnode *vnode, uint32_t rights, struct vnode **out);
	zx_status_t (*get_attr)(struct vnode *vnode, struct vnode_attr *out);
	/* @valid: IO_ATTR_*; ZX_ERR_INVALID_ARGS for those that can't be set. */
	zx_status_t (*set_attr)(struct vnode *vnode, uint32_t valid, const struct vnode_attr *attr);
	void (*sync)(struct vnode *vnode, struct file_op *op);
	zx_status_t (*fs_info)(struct vnode *vnode, struct vnode_fs_info *out);

	/* --- files --- */
	void (*read)(struct vnode *vnode, struct file_op *op);
	void (*write)(struct vnode *vnode, struct file_op *op);
	zx_status_t (*truncate)(struct vnode *vnode, uint64_t size);
	void (*get_vmo)(struct vnode *vnode, struct file_op *op);

	/* --- directories; names are single, valid ones --- */
	zx_status_t (*lookup)(struct vnode *dir, const char *name, struct vnode **out);
	/* ZX_ERR_ALREADY_EXISTS where the name is taken. @mode: type and permissions. */
	zx_status_t (*create)(struct vnode *dir, const char *name, uint32_t mode,
			      struct vnode **out);
	zx_status_t (*unlink)(struct vnode *dir, const char *name, bool must_be_dir);
	/* Both directories are of the same back-end's same tree. */
	zx_status_t (*rename)(struct vnode *dir, const char *name, struct vnode *new_dir,
			      const char *new_name, bool must_be_dir);
	zx_status_t (*link)(struct vnode *dir, const char *name, struct vnode *target);
	zx_status_t (*read_dir)(struct vnode *dir, struct dir_cookie *cookie, struct dirents *out);
	/* Takes over @channel on success. */
	zx_status_t (*watch)(struct vnode *dir, uint32_t mask, struct handle *channel);

	/* --- services --- */
	zx_status_t (*connect)(struct vnode *vnode, struct handle *channel);
};

struct vnode {
	const struct vnode_ops *ops;
	uint32_t refs; /* atomic */
	enum vnode_kind kind;
	bool read_only; /* nothing of it may be changed, whatever the rights */
	const void *tree; /* nodes with the same one can be linked and renamed to each other */
};

/* Fills in a zeroed @vnode, with one reference. */
void vnode__init(struct vnode *vnode, const struct vnode_ops *ops, enum vnode_kind kind,
		 const void *tree);
void vnode__get(struct vnode *vnode);

/* Ends @op with @status, and drops its reference to the node, if any. */
void file_op__finish(struct file_op *op, zx_status_t status);
/*
 * The operation of the slot, or its end with ZX_ERR_NOT_SUPPORTED. @op->done must be set.
 */
void file_op__start(struct file_op *op, struct vnode *vnode,
		    void (*operation)(struct vnode *vnode, struct file_op *op));

/* Directory entries in the form of Directory.ReadDirents. */
struct dirents {
	uint8_t *data;
	size_t room;
	size_t size;
};

/* Appends an entry; false where it does not fit any more. */
bool dirents__add(struct dirents *dirents, const char *name, uint32_t type, uint64_t ino);

/* What Directory.ReadDirents tells as the type of a node of @kind. */
uint32_t vnode_kind__dirent(enum vnode_kind kind);

/* The time now, as attributes have it. */
uint64_t vnode__now(void);

#endif
