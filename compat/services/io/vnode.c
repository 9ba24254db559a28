#include "compat/services/io/vnode.h"

#include <string.h>
#include <time.h>

/* Inode number, length of the name, type; the name follows. */
#define DIRENT_HEADER (sizeof(uint64_t) + 2)

void vnode__init(struct vnode *vnode, const struct vnode_ops *ops, enum vnode_kind kind,
		 const void *tree)
{
	vnode->ops = ops;
	vnode->refs = 1;
	vnode->kind = kind;
	vnode->tree = tree;
}

void vnode__get(struct vnode *vnode)
{
	__atomic_fetch_add(&vnode->refs, 1, __ATOMIC_RELAXED);
}

void vnode__put(struct vnode *vnode)
{
	if (vnode && __atomic_fetch_sub(&vnode->refs, 1, __ATOMIC_ACQ_REL) == 1)
		vnode->ops->destroy(vnode);
}

void file_op__finish(struct file_op *op, zx_status_t status)
{
	struct vnode *vnode = op->vnode;

	op->status = status;
	op->vnode = NULL;
	op->done(op);
	vnode__put(vnode);
}

void file_op__start(struct file_op *op, struct vnode *vnode,
		    void (*operation)(struct vnode *vnode, struct file_op *op))
{
	vnode__get(vnode);
	op->vnode = vnode;
	if (operation)
		operation(vnode, op);
	else
		file_op__finish(op, ZX_ERR_NOT_SUPPORTED);
}

bool dirents__add(struct dirents *dirents, const char *name, uint32_t type, uint64_t ino)
{
	size_t length = strlen(name);
	uint8_t *entry = dirents->data + dirents->size;

	if (length > IO_MAX_NAME || DIRENT_HEADER + length > dirents->room - dirents->size)
		return false;
	memcpy(entry, &ino, sizeof(ino));
	entry[8] = (uint8_t)length;
	entry[9] = (uint8_t)type;
	memcpy(entry + DIRENT_HEADER, name, length);
	dirents->size += DIRENT_HEADER + length;
	return true;
}

uint32_t vnode_kind__dirent(enum vnode_kind kind)
{
	switch (kind) {
	case VNODE_FILE:
		return IO_DIRENT_FILE;
	case VNODE_DIRECTORY:
		return IO_DIRENT_DIRECTORY;
	case VNODE_SERVICE:
		return IO_DIRENT_SERVICE;
	}
	return IO_DIRENT_UNKNOWN;
}

uint64_t vnode__now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
