/* Inside of the tree in memory. */
#ifndef COMPAT_SERVICES_IO_MEMFS_H
#define COMPAT_SERVICES_IO_MEMFS_H

#include "compat/core/list.h"
#include "compat/services/io/vnode.h"
#include "compat/services/io/watch.h"

#define MEMFS_PAGE 4096u

struct vmo;

/* What all nodes of one tree share; lives as long as one of them. */
struct memfs {
	uint32_t refs; /* nodes */
	uint64_t limit;  /* bytes of file contents, in pages */
	uint64_t used;
	uint64_t max_nodes; /* names cost memory as well */
	uint64_t nodes;
	uint64_t next_ino;
	struct list doomed; /* entries of directories that are gone */
	bool draining;
};

struct mem_node {
	struct vnode vnode;
	struct memfs *fs;
	uint64_t ino;
	uint64_t link_count;
	uint64_t creation_time;
	uint64_t modification_time;
};

struct mem_entry {
	struct list node; /* in the order of making */
	struct mem_entry *hash_next;
	struct mem_node *child; /* referenced */
	uint64_t order;
	char name[];
};

struct mem_dir {
	struct mem_node node;
	struct mem_dir *parent; /* not referenced; NULL at the root, and for what was unlinked */
	bool unlinked;
	struct list entries;
	struct mem_entry **buckets; /* a power of two of them, or none */
	size_t num_buckets;
	size_t count;
	struct watchers watchers;
};

struct mem_file {
	struct mem_node node;
	/*
	 * Where the contents are: nowhere, in a page of our heap, or in a VMO. Each VMO takes a file
	 * descriptor of zxrun, so small files do without until somebody maps them.
	 */
	uint8_t *page;
	struct handle vmo;
	uint64_t room; /* bytes there, in whole pages; what the file uses of the limit */
	uint64_t length;
};

static inline struct mem_node *mem_node__of(struct vnode *vnode)
{
	return (struct mem_node *)vnode;
}

/* Fills in a new node of @fs; ZX_ERR_NO_SPACE where it has too many. */
zx_status_t mem_node__init(struct mem_node *node, struct memfs *fs, const struct vnode_ops *ops,
			   enum vnode_kind kind);
/* The other end of it, for destroy; frees the node. */
void mem_node__free(struct mem_node *node);
zx_status_t mem_node__set_attr(struct vnode *vnode, uint32_t valid, const struct vnode_attr *attr);
/* All is in its final place as soon as it is written. */
void mem_node__sync(struct vnode *vnode, struct file_op *op);
zx_status_t mem_node__fs_info(struct vnode *vnode, struct vnode_fs_info *out);
/* What files and directories have in common of their attributes. */
void mem_node__attr(const struct mem_node *node, struct vnode_attr *out);

zx_status_t mem_file__create(struct memfs *fs, struct mem_node **out);
zx_status_t mem_dir__create(struct memfs *fs, struct mem_node **out);

/* --- entries of a directory (memfs_entry.c) --- */

struct mem_entry *mem_dir__find(const struct mem_dir *dir, const char *name);
/* Takes a reference to @child. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t mem_dir__add(struct mem_dir *dir, const char *name, struct mem_node *child);
void mem_dir__remove(struct mem_dir *dir, struct mem_entry *entry);
/* All of them, whatever is in the directories among them. */
void mem_dir__remove_all(struct mem_dir *dir);

#endif
