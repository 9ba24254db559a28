#include <stdlib.h>
#include <string.h>

#include "compat/services/io/memfs.h"

static struct mem_dir *dir_of(struct vnode *vnode)
{
	return (struct mem_dir *)vnode;
}

static bool is_dir(const struct mem_node *node)
{
	return node->vnode.kind == VNODE_DIRECTORY;
}

static void dir_destroy(struct vnode *vnode)
{
	struct mem_dir *dir = dir_of(vnode);

	mem_dir__remove_all(dir);
	watchers__close(&dir->watchers, dir->unlinked);
	mem_node__free(&dir->node);
}

static zx_status_t dir_get_attr(struct vnode *vnode, struct vnode_attr *out)
{
	mem_node__attr(mem_node__of(vnode), out);
	out->mode = IO_MODE_DIRECTORY | 0400;
	out->content_size = 0;
	out->storage_size = 0;
	return ZX_OK;
}

static zx_status_t dir_lookup(struct vnode *vnode, const char *name, struct vnode **out)
{
	struct mem_entry *entry = mem_dir__find(dir_of(vnode), name);

	if (!entry)
		return ZX_ERR_NOT_FOUND;
	vnode__get(&entry->child->vnode);
	*out = &entry->child->vnode;
	return ZX_OK;
}

static zx_status_t dir_create(struct vnode *vnode, const char *name, uint32_t mode,
			      struct vnode **out)
{
	struct mem_dir *dir = dir_of(vnode);
	struct mem_node *child;
	zx_status_t status;

	if (dir->unlinked)
		return ZX_ERR_INVALID_ARGS;
	if (mem_dir__find(dir, name))
		return ZX_ERR_ALREADY_EXISTS;
	if ((mode & IO_MODE_TYPE_MASK) == IO_MODE_DIRECTORY)
		status = mem_dir__create(dir->node.fs, &child);
	else
		status = mem_file__create(dir->node.fs, &child);
	if (status != ZX_OK)
		return status;
	status = mem_dir__add(dir, name, child);
	if (status != ZX_OK) {
		vnode__put(&child->vnode);
		return status;
	}
	watchers__notify(&dir->watchers, IO_WATCH_ADDED, name);
	*out = &child->vnode;
	return ZX_OK;
}

static zx_status_t check_unlink(const struct mem_entry *entry)
{
	if (is_dir(entry->child) && ((struct mem_dir *)entry->child)->count)
		return ZX_ERR_NOT_EMPTY;
	return ZX_OK;
}

static void take_out(struct mem_dir *dir, struct mem_entry *entry)
{
	if (is_dir(entry->child))
		((struct mem_dir *)entry->child)->unlinked = true;
	mem_dir__remove(dir, entry);
}

static zx_status_t dir_unlink(struct vnode *vnode, const char *name, bool must_be_dir)
{
	struct mem_dir *dir = dir_of(vnode);
	struct mem_entry *entry;
	zx_status_t status;

	if (dir->unlinked)
		return ZX_ERR_BAD_STATE;
	entry = mem_dir__find(dir, name);
	if (!entry)
		return ZX_ERR_NOT_FOUND;
	if (must_be_dir && !is_dir(entry->child))
		return ZX_ERR_NOT_DIR;
	status = check_unlink(entry);
	if (status != ZX_OK)
		return status;
	take_out(dir, entry);
	watchers__notify(&dir->watchers, IO_WATCH_REMOVED, name);
	return ZX_OK;
}

/* True where @dir is @node, or somewhere below it. */
static bool is_below(const struct mem_dir *dir, const struct mem_node *node)
{
	while (dir && &dir->node != node)
		dir = dir->parent;
	return dir;
}

/* What stands in the way of giving @entry's node the name of @target. */
static zx_status_t check_replace(const struct mem_entry *entry, const struct mem_entry *target)
{
	if (!target)
		return ZX_OK;
	if (entry->child == target->child || is_dir(entry->child) != is_dir(target->child))
		return ZX_ERR_INVALID_ARGS;
	return check_unlink(target);
}

static zx_status_t dir_rename(struct vnode *vnode, const char *name, struct vnode *new_vnode,
			      const char *new_name, bool must_be_dir)
{
	struct mem_dir *dir = dir_of(vnode);
	struct mem_dir *new_dir = dir_of(new_vnode);
	struct mem_entry *entry;
	struct mem_entry *target;
	struct mem_node *child;
	zx_status_t status;

	if (new_vnode->kind != VNODE_DIRECTORY || dir->unlinked || new_dir->unlinked)
		return ZX_ERR_BAD_STATE;
	entry = mem_dir__find(dir, name);
	if (!entry)
		return ZX_ERR_NOT_FOUND;
	if (must_be_dir && !is_dir(entry->child))
		return ZX_ERR_NOT_DIR;
	if (dir == new_dir && !strcmp(name, new_name))
		return ZX_OK;
	if (is_dir(entry->child) && is_below(new_dir, entry->child))
		return ZX_ERR_INVALID_ARGS;
	target = mem_dir__find(new_dir, new_name);
	status = check_replace(entry, target);
	if (status != ZX_OK)
		return status;
	child = entry->child;
	status = mem_dir__add(new_dir, new_name, child);
	if (status != ZX_OK)
		return status;
	if (target)
		take_out(new_dir, target);
	mem_dir__remove(dir, entry);
	/* Removing the old name made the directory an orphan. */
	if (is_dir(child))
		((struct mem_dir *)child)->parent = new_dir;
	watchers__notify(&dir->watchers, IO_WATCH_REMOVED, name);
	watchers__notify(&new_dir->watchers, IO_WATCH_ADDED, new_name);
	return ZX_OK;
}

static zx_status_t dir_link(struct vnode *vnode, const char *name, struct vnode *target)
{
	struct mem_dir *dir = dir_of(vnode);
	zx_status_t status;

	if (dir->unlinked)
		return ZX_ERR_BAD_STATE;
	if (target->kind == VNODE_DIRECTORY)
		return ZX_ERR_NOT_FILE;
	if (mem_dir__find(dir, name))
		return ZX_ERR_ALREADY_EXISTS;
	status = mem_dir__add(dir, name, mem_node__of(target));
	if (status == ZX_OK)
		watchers__notify(&dir->watchers, IO_WATCH_ADDED, name);
	return status;
}

/* The cookie is the order of the next entry; orders only grow, so that changes do no harm. */
static zx_status_t dir_read(struct vnode *vnode, struct dir_cookie *cookie, struct dirents *out)
{
	struct mem_dir *dir = dir_of(vnode);
	struct mem_entry *entry;

	if (!cookie->position) {
		if (!dirents__add(out, ".", IO_DIRENT_DIRECTORY, IO_INO_UNKNOWN))
			return ZX_OK;
		cookie->position = 1;
	}
	list_for_each(entry, &dir->entries, node) {
		if (entry->order < cookie->position)
			continue;
		if (!dirents__add(out, entry->name, vnode_kind__dirent(entry->child->vnode.kind),
				  entry->child->ino))
			break;
		cookie->position = entry->order + 1;
	}
	return ZX_OK;
}

static zx_status_t dir_watch(struct vnode *vnode, uint32_t mask, struct handle *channel)
{
	return watchers__add(&dir_of(vnode)->watchers, vnode, mask, channel);
}

static const struct vnode_ops dir_ops = {
	.refuses_write_2018 = true,
	.destroy = dir_destroy,
	.get_attr = dir_get_attr,
	.set_attr = mem_node__set_attr,
	.sync = mem_node__sync,
	.fs_info = mem_node__fs_info,
	.lookup = dir_lookup,
	.create = dir_create,
	.unlink = dir_unlink,
	.rename = dir_rename,
	.link = dir_link,
	.read_dir = dir_read,
	.watch = dir_watch,
};

zx_status_t mem_dir__create(struct memfs *fs, struct mem_node **out)
{
	struct mem_dir *dir = calloc(1, sizeof(*dir));
	zx_status_t status;

	if (!dir)
		return ZX_ERR_NO_MEMORY;
	status = mem_node__init(&dir->node, fs, &dir_ops, VNODE_DIRECTORY);
	if (status != ZX_OK) {
		free(dir);
		return status;
	}
	dir->node.link_count = 1; /* its own "." */
	list__init(&dir->entries);
	watchers__init(&dir->watchers);
	*out = &dir->node;
	return ZX_OK;
}
