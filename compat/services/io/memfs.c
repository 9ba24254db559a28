#include "compat/services/io/memfs.h"

#include <stdlib.h>

#define FS_TYPE_MEMFS 0x3e694d21u

zx_status_t mem_node__init(struct mem_node *node, struct memfs *fs, const struct vnode_ops *ops,
			   enum vnode_kind kind)
{
	if (fs->nodes >= fs->max_nodes)
		return ZX_ERR_NO_SPACE;
	vnode__init(&node->vnode, ops, kind, fs);
	node->fs = fs;
	fs->refs++;
	fs->nodes++;
	node->ino = fs->next_ino++;
	node->creation_time = vnode__now();
	node->modification_time = node->creation_time;
	return ZX_OK;
}

void mem_node__free(struct mem_node *node)
{
	struct memfs *fs = node->fs;

	fs->nodes--;
	if (!--fs->refs)
		free(fs);
	free(node);
}

zx_status_t mem_node__set_attr(struct vnode *vnode, uint32_t valid, const struct vnode_attr *attr)
{
	if (valid & ~IO_ATTR_MODIFICATION_TIME)
		return ZX_ERR_INVALID_ARGS;
	if (valid & IO_ATTR_MODIFICATION_TIME)
		mem_node__of(vnode)->modification_time = attr->modification_time;
	return ZX_OK;
}

void mem_node__sync(struct vnode *vnode, struct file_op *op)
{
	(void)vnode;
	file_op__finish(op, ZX_OK);
}

zx_status_t mem_node__fs_info(struct vnode *vnode, struct vnode_fs_info *out)
{
	struct memfs *fs = mem_node__of(vnode)->fs;

	out->total_bytes = fs->limit;
	out->used_bytes = fs->used;
	out->total_nodes = fs->max_nodes;
	out->used_nodes = fs->nodes;
	out->fs_id = (uintptr_t)fs >> 4; /* tells trees apart while they live */
	out->block_size = MEMFS_PAGE;
	out->fs_type = FS_TYPE_MEMFS;
	out->name = "memfs";
	return ZX_OK;
}

void mem_node__attr(const struct mem_node *node, struct vnode_attr *out)
{
	out->id = node->ino;
	out->link_count = node->link_count;
	out->creation_time = node->creation_time;
	out->modification_time = node->modification_time;
}

struct vnode *memfs__create(uint64_t limit_bytes)
{
	struct memfs *fs = calloc(1, sizeof(*fs));
	struct mem_node *root;

	if (!fs)
		return NULL;
	fs->limit = limit_bytes & ~(uint64_t)(MEMFS_PAGE - 1);
	fs->max_nodes = 1024 + limit_bytes / 1024;
	list__init(&fs->doomed);
	fs->refs = 1;
	if (mem_dir__create(fs, &root) != ZX_OK)
		root = NULL;
	if (!--fs->refs)
		free(fs);
	return root ? &root->vnode : NULL;
}
