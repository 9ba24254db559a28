/* Directories whose entries the supervisor gives, and the entries that are services. */
#include <stdlib.h>
#include <string.h>

#include "compat/core/list.h"
#include "compat/services/io/vnode.h"
#include "compat/services/io/watch.h"

struct pseudo_entry {
	struct list node;
	struct vnode *vnode; /* referenced */
	uint64_t id;
	char name[IO_MAX_NAME + 1];
};

struct pseudo_dir {
	struct vnode vnode;
	struct list entries;
	uint64_t next_id; /* 0 is the start of the directory, 1 comes after "." */
	struct watchers watchers;
};

struct service {
	struct vnode vnode;
	zx_status_t (*connect)(void *data, struct handle *channel);
	void *data;
};

static struct pseudo_dir *dir_of(struct vnode *vnode)
{
	return (struct pseudo_dir *)vnode;
}

static void dir_destroy(struct vnode *vnode)
{
	struct pseudo_dir *dir = dir_of(vnode);
	struct pseudo_entry *entry;
	struct pseudo_entry *next;

	list_for_each_safe(entry, next, &dir->entries, node) {
		vnode__put(entry->vnode);
		free(entry);
	}
	watchers__close(&dir->watchers, false);
	free(dir);
}

static zx_status_t dir_get_attr(struct vnode *vnode, struct vnode_attr *out)
{
	(void)vnode;
	memset(out, 0, sizeof(*out));
	out->mode = IO_MODE_DIRECTORY | 0400;
	out->id = IO_INO_UNKNOWN;
	out->link_count = 1;
	return ZX_OK;
}

static struct pseudo_entry *find(struct pseudo_dir *dir, const char *name)
{
	struct pseudo_entry *entry;

	list_for_each(entry, &dir->entries, node)
		if (!strcmp(entry->name, name))
			return entry;
	return NULL;
}

static zx_status_t dir_lookup(struct vnode *vnode, const char *name, struct vnode **out)
{
	struct pseudo_entry *entry = find(dir_of(vnode), name);

	if (!entry)
		return ZX_ERR_NOT_FOUND;
	vnode__get(entry->vnode);
	*out = entry->vnode;
	return ZX_OK;
}

static zx_status_t dir_read(struct vnode *vnode, struct dir_cookie *cookie, struct dirents *out)
{
	struct pseudo_dir *dir = dir_of(vnode);
	struct pseudo_entry *entry;

	if (!cookie->position) {
		if (!dirents__add(out, ".", IO_DIRENT_DIRECTORY, IO_INO_UNKNOWN))
			return ZX_OK;
		cookie->position = 1;
	}
	list_for_each(entry, &dir->entries, node) {
		if (entry->id <= cookie->position)
			continue;
		if (!dirents__add(out, entry->name, vnode_kind__dirent(entry->vnode->kind),
				  IO_INO_UNKNOWN))
			break;
		cookie->position = entry->id;
	}
	return ZX_OK;
}

static zx_status_t dir_watch(struct vnode *vnode, uint32_t mask, struct handle *channel)
{
	return watchers__add(&dir_of(vnode)->watchers, vnode, mask, channel);
}

static const struct vnode_ops dir_ops = {
	.destroy = dir_destroy,
	.get_attr = dir_get_attr,
	.lookup = dir_lookup,
	.read_dir = dir_read,
	.watch = dir_watch,
};

struct vnode *pseudodir__create(void)
{
	struct pseudo_dir *dir = calloc(1, sizeof(*dir));

	if (!dir)
		return NULL;
	vnode__init(&dir->vnode, &dir_ops, VNODE_DIRECTORY, dir);
	list__init(&dir->entries);
	dir->next_id = 2;
	watchers__init(&dir->watchers);
	return &dir->vnode;
}

zx_status_t pseudodir__add(struct vnode *vnode, const char *name, struct vnode *child)
{
	struct pseudo_dir *dir = dir_of(vnode);
	struct pseudo_entry *entry;

	if (!*name || strlen(name) > IO_MAX_NAME || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return ZX_ERR_INVALID_ARGS;
	if (find(dir, name))
		return ZX_ERR_ALREADY_EXISTS;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return ZX_ERR_NO_MEMORY;
	strcpy(entry->name, name);
	vnode__get(child);
	entry->vnode = child;
	entry->id = dir->next_id++;
	list__add_tail(&dir->entries, &entry->node);
	return ZX_OK;
}

static void service_destroy(struct vnode *vnode)
{
	free(vnode);
}

static zx_status_t service_get_attr(struct vnode *vnode, struct vnode_attr *out)
{
	(void)vnode;
	memset(out, 0, sizeof(*out));
	out->mode = IO_MODE_SERVICE;
	out->id = IO_INO_UNKNOWN;
	out->link_count = 1;
	return ZX_OK;
}

static zx_status_t service_connect(struct vnode *vnode, struct handle *channel)
{
	struct service *service = (struct service *)vnode;

	return service->connect(service->data, channel);
}

static const struct vnode_ops service_ops = {
	.destroy = service_destroy,
	.get_attr = service_get_attr,
	.connect = service_connect,
};

struct vnode *service__create(zx_status_t (*connect)(void *data, struct handle *channel),
			      void *data)
{
	struct service *service = calloc(1, sizeof(*service));

	if (!service)
		return NULL;
	vnode__init(&service->vnode, &service_ops, VNODE_SERVICE, service);
	service->connect = connect;
	service->data = data;
	return &service->vnode;
}
