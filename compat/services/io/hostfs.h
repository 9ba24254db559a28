/*
 * Inside of the trees on the host. Every step of a path is one component, opened relative to the
 * descriptor of its directory without following a link; links are resolved by the kernel, beneath
 * the root of the tree (openat2 with RESOLVE_BENEATH).
 */
#ifndef COMPAT_SERVICES_IO_HOSTFS_H
#define COMPAT_SERVICES_IO_HOSTFS_H

#include <sys/stat.h>

#include "compat/services/io/vnode.h"

/* What all nodes of one tree share; lives as long as one of them. */
struct hostfs {
	uint32_t refs; /* atomic */
	bool read_only;
	int root; /* O_PATH */
};

struct host_node {
	struct vnode vnode;
	struct hostfs *fs;
	/*
	 * O_PATH where the node was only found; where it was opened, what the rights of the
	 * connection allow.
	 */
	int fd;
	bool opened;
};

static inline struct host_node *host_node__of(struct vnode *vnode)
{
	return (struct host_node *)vnode;
}

extern const struct vnode_ops host_dir_ops;
extern const struct vnode_ops host_file_ops;

/* A node for @fd, which it takes over, also on failure. */
zx_status_t host_node__create(struct hostfs *fs, int fd, bool opened, struct vnode **out);
/* Finds @name in @dir, through links inside the tree. Returns an O_PATH descriptor or -errno. */
int hostfs__find(struct host_node *dir, const char *name);
/* A path of the host that leads to @fd, for calls that take no descriptor. */
#define HOSTFS_PROC_PATH_SIZE 32
void hostfs__proc_path(int fd, char out[HOSTFS_PROC_PATH_SIZE]);

/* What files and directories have in common. */
void host_node__destroy(struct vnode *vnode);
zx_status_t host_node__get_attr(struct vnode *vnode, struct vnode_attr *out);
zx_status_t host_node__set_attr(struct vnode *vnode, uint32_t valid, const struct vnode_attr *attr);
void host_node__sync(struct vnode *vnode, struct file_op *op);
zx_status_t host_node__fs_info(struct vnode *vnode, struct vnode_fs_info *out);
/* Has @op finish on the dispatcher's thread with what op->result says; for io_request.done. */
void host_op__finish_later(struct io_request *req, int64_t result);

/* Watches the host directory @dir (hostfs_watch.c). */
zx_status_t host_dir__watch(struct vnode *dir, uint32_t mask, struct handle *channel);
/* Ends all watching; on the dispatcher's thread. */
void hostfs_watch__shut_down(void);

#endif
