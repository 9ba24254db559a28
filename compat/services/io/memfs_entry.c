/* The entries of a directory in memory: a list for the order, a hash table for the names. */
#include <stdlib.h>
#include <string.h>

#include "compat/services/io/memfs.h"

#define FIRST_BUCKETS 8u

/* FNV-1a */
static size_t hash(const char *name)
{
	uint64_t value = 0xcbf29ce484222325;

	for (; *name; name++)
		value = (value ^ (uint8_t)*name) * 0x100000001b3;
	return (size_t)(value ^ value >> 32);
}

static struct mem_entry **bucket_of(const struct mem_dir *dir, const char *name)
{
	return &dir->buckets[hash(name) & (dir->num_buckets - 1)];
}

struct mem_entry *mem_dir__find(const struct mem_dir *dir, const char *name)
{
	struct mem_entry *entry = dir->num_buckets ? *bucket_of(dir, name) : NULL;

	while (entry && strcmp(entry->name, name))
		entry = entry->hash_next;
	return entry;
}

static void hash_in(struct mem_dir *dir, struct mem_entry *entry)
{
	struct mem_entry **bucket = bucket_of(dir, entry->name);

	entry->hash_next = *bucket;
	*bucket = entry;
}

/* Where there is no memory for a larger table, the old one goes on, with longer chains. */
static bool grow(struct mem_dir *dir)
{
	size_t count = dir->num_buckets ? 2 * dir->num_buckets : FIRST_BUCKETS;
	struct mem_entry **buckets = calloc(count, sizeof(*buckets));
	struct mem_entry *entry;

	if (!buckets)
		return dir->num_buckets != 0;
	free(dir->buckets);
	dir->buckets = buckets;
	dir->num_buckets = count;
	list_for_each(entry, &dir->entries, node)
		hash_in(dir, entry);
	return true;
}

zx_status_t mem_dir__add(struct mem_dir *dir, const char *name, struct mem_node *child)
{
	struct mem_entry *entry;

	if (dir->count >= dir->num_buckets && !grow(dir))
		return ZX_ERR_NO_MEMORY;
	entry = malloc(sizeof(*entry) + strlen(name) + 1);
	if (!entry)
		return ZX_ERR_NO_MEMORY;
	strcpy(entry->name, name);
	vnode__get(&child->vnode);
	entry->child = child;
	/* 0 is the start of a directory, 1 comes after ".". */
	entry->order = list__empty(&dir->entries) ?
			       2 :
			       list_last(&dir->entries, struct mem_entry, node)->order + 1;
	list__add_tail(&dir->entries, &entry->node);
	hash_in(dir, entry);
	dir->count++;
	child->link_count++;
	if (child->vnode.kind == VNODE_DIRECTORY) {
		((struct mem_dir *)child)->parent = dir;
		dir->node.link_count++;
	}
	dir->node.modification_time = vnode__now();
	return ZX_OK;
}

static void unlink_child(struct mem_dir *dir, struct mem_node *child)
{
	child->link_count--;
	if (child->vnode.kind == VNODE_DIRECTORY) {
		((struct mem_dir *)child)->parent = NULL;
		dir->node.link_count--;
	}
}

void mem_dir__remove(struct mem_dir *dir, struct mem_entry *entry)
{
	struct mem_entry **link = bucket_of(dir, entry->name);

	while (*link != entry)
		link = &(*link)->hash_next;
	*link = entry->hash_next;
	list__remove(&entry->node);
	dir->count--;
	unlink_child(dir, entry->child);
	dir->node.modification_time = vnode__now();
	vnode__put(&entry->child->vnode);
	free(entry);
}

/*
 * A directory that goes takes those in it along, to any depth: its entries join a list of the tree,
 * which the outermost call works off.
 */
void mem_dir__remove_all(struct mem_dir *dir)
{
	struct memfs *fs = dir->node.fs;

	free(dir->buckets);
	dir->buckets = NULL;
	dir->num_buckets = 0;
	while (!list__empty(&dir->entries)) {
		struct mem_entry *entry = list_first(&dir->entries, struct mem_entry, node);

		list__remove(&entry->node);
		list__add_tail(&fs->doomed, &entry->node);
		unlink_child(dir, entry->child);
	}
	if (fs->draining)
		return;
	fs->draining = true;
	while (!list__empty(&fs->doomed)) {
		struct mem_entry *entry = list_first(&fs->doomed, struct mem_entry, node);

		list__remove(&entry->node);
		vnode__put(&entry->child->vnode);
		free(entry);
	}
	fs->draining = false;
}
