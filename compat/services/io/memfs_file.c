#include <stdlib.h>
#include <string.h>

#include "compat/core/vmo.h"
#include "compat/services/io/memfs.h"

static struct mem_file *file_of(struct vnode *vnode)
{
	return (struct mem_file *)vnode;
}

static struct vmo *vmo_of(struct mem_file *file)
{
	return (struct vmo *)file->vmo.object;
}

static uint64_t round_up(uint64_t size)
{
	return (size + MEMFS_PAGE - 1) & ~(uint64_t)(MEMFS_PAGE - 1);
}

/* Moves the contents to a VMO. */
static zx_status_t ensure_vmo(struct mem_file *file)
{
	zx_status_t status;
	struct vmo *vmo;

	if (file->vmo.object)
		return ZX_OK;
	status = vmo__create(file->room, true, &vmo);
	if (status != ZX_OK)
		return status;
	if (file->page) {
		status = vmo__write(vmo, file->page, 0, MEMFS_PAGE);
		if (status != ZX_OK) {
			object__put(&vmo->object);
			return status;
		}
		free(file->page);
		file->page = NULL;
	}
	vmo->executable = true;
	file->vmo = handle__make(&vmo->object, ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE);
	return ZX_OK;
}

static zx_status_t read_contents(struct mem_file *file, void *data, uint64_t offset, size_t size)
{
	if (!file->page)
		return vmo__read(vmo_of(file), data, offset, size);
	memcpy(data, file->page + offset, size);
	return ZX_OK;
}

static zx_status_t write_contents(struct mem_file *file, const void *data, uint64_t offset,
				  size_t size)
{
	if (!file->page)
		return vmo__write(vmo_of(file), data, offset, size);
	memcpy(file->page + offset, data, size);
	return ZX_OK;
}

/* True while nobody else can see the VMO, so that its size is ours alone. */
static bool is_private(struct mem_file *file)
{
	struct vmo *vmo = vmo_of(file);
	bool result;

	object__lock(&vmo->object);
	result = __atomic_load_n(&vmo->object.handles, __ATOMIC_ACQUIRE) == 1 &&
		 !__atomic_load_n(&vmo->children, __ATOMIC_ACQUIRE) && list__empty(&vmo->mappings);
	object__unlock(&vmo->object);
	return result;
}

static zx_status_t set_room(struct mem_file *file, uint64_t room)
{
	zx_status_t status;

	if (!file->vmo.object && room == MEMFS_PAGE) {
		file->page = calloc(1, MEMFS_PAGE);
		return file->page ? ZX_OK : ZX_ERR_NO_MEMORY;
	}
	status = ensure_vmo(file);
	return status == ZX_OK ? vmo__set_size(vmo_of(file), room) : status;
}

/* Makes room for @size bytes, within the tree's limit. */
static zx_status_t grow(struct mem_file *file, uint64_t size)
{
	struct memfs *fs = file->node.fs;
	uint64_t rounded = round_up(size);
	zx_status_t status;

	if (rounded <= file->room)
		return ZX_OK;
	if (rounded - file->room > fs->limit - fs->used)
		return ZX_ERR_NO_SPACE;
	status = set_room(file, rounded);
	if (status != ZX_OK)
		return status;
	fs->used += rounded - file->room;
	file->room = rounded;
	return ZX_OK;
}

/*
 * Zeros from @start up to @end, or to the end of its page where that is later: what a mapping wrote
 * behind the end of the file must not show up when the file grows.
 */
static zx_status_t zero(struct mem_file *file, uint64_t start, uint64_t end)
{
	static const uint8_t zeros[MEMFS_PAGE];
	uint64_t page_end = round_up(start);
	zx_status_t status = ZX_OK;

	if (file->page) {
		memset(file->page + start, 0, MEMFS_PAGE - start);
		return ZX_OK;
	}
	if (page_end > start)
		status = vmo__write(vmo_of(file), zeros, start, page_end - start);
	end = round_up(end);
	if (end > file->room)
		end = file->room;
	if (status == ZX_OK && end > page_end)
		status = vmo__op_range(vmo_of(file), ZX_VMO_OP_DECOMMIT, page_end, end - page_end);
	return status;
}

static void give_back(struct mem_file *file, uint64_t room)
{
	file->node.fs->used -= file->room - room;
	file->room = room;
}

/* What somebody else maps keeps its size; its pages count against the limit until the file goes. */
static zx_status_t shrink(struct mem_file *file, uint64_t size)
{
	uint64_t rounded = round_up(size);
	zx_status_t status = zero(file, size, file->length);

	if (status != ZX_OK || rounded >= file->room)
		return status;
	if (file->page) {
		free(file->page);
		file->page = NULL;
	} else if (is_private(file)) {
		status = vmo__set_size(vmo_of(file), rounded);
	} else {
		return ZX_OK;
	}
	if (status == ZX_OK)
		give_back(file, rounded);
	return status;
}

static zx_status_t resize(struct mem_file *file, uint64_t size)
{
	zx_status_t status = ZX_OK;

	if (size > INT64_MAX)
		return ZX_ERR_INVALID_ARGS;
	if (size > file->length) {
		status = grow(file, size);
		if (status == ZX_OK)
			status = zero(file, file->length, size);
	} else if (file->room) {
		status = shrink(file, size);
	}
	if (status == ZX_OK)
		file->length = size;
	return status;
}

static void file_destroy(struct vnode *vnode)
{
	struct mem_file *file = file_of(vnode);

	give_back(file, 0);
	free(file->page);
	handle__close(&file->vmo);
	mem_node__free(&file->node);
}

static zx_status_t file_get_attr(struct vnode *vnode, struct vnode_attr *out)
{
	struct mem_file *file = file_of(vnode);

	mem_node__attr(&file->node, out);
	out->mode = IO_MODE_FILE | 0644;
	out->content_size = file->length;
	out->storage_size = round_up(file->length);
	return ZX_OK;
}

static void file_read(struct vnode *vnode, struct file_op *op)
{
	struct mem_file *file = file_of(vnode);
	uint64_t left = op->offset < file->length ? file->length - op->offset : 0;
	zx_status_t status = ZX_OK;

	op->actual = op->size < left ? op->size : (size_t)left;
	if (op->actual)
		status = read_contents(file, op->data, op->offset, op->actual);
	file_op__finish(op, status);
}

static zx_status_t write_at(struct mem_file *file, struct file_op *op, uint64_t offset)
{
	uint64_t end = offset + op->size;
	zx_status_t status;

	if (offset > INT64_MAX || end > INT64_MAX)
		return ZX_ERR_FILE_BIG;
	if (!op->size)
		return ZX_OK;
	status = grow(file, end);
	if (status == ZX_OK && offset > file->length)
		status = zero(file, file->length, offset);
	if (status == ZX_OK)
		status = write_contents(file, op->data, offset, op->size);
	if (status != ZX_OK)
		return status;
	if (end > file->length)
		file->length = end;
	file->node.modification_time = vnode__now();
	op->actual = op->size;
	return ZX_OK;
}

static void file_write(struct vnode *vnode, struct file_op *op)
{
	struct mem_file *file = file_of(vnode);
	zx_status_t status = write_at(file, op, op->append ? file->length : op->offset);

	if (op->append)
		op->offset = file->length;
	file_op__finish(op, status);
}

static zx_status_t file_truncate(struct vnode *vnode, uint64_t size)
{
	struct mem_file *file = file_of(vnode);
	zx_status_t status = resize(file, size);

	if (status == ZX_OK)
		file->node.modification_time = vnode__now();
	return status;
}

static zx_status_t snapshot(struct mem_file *file, zx_rights_t rights, struct handle *out)
{
	struct vmo *copy;
	zx_status_t status;

	if (file->length)
		status = vmo__create_snapshot(vmo_of(file), 0, round_up(file->length), false,
					      &copy);
	else
		status = vmo__create(0, false, &copy);
	if (status != ZX_OK)
		return status;
	copy->executable = true;
	*out = handle__make(&copy->object, rights);
	return vmo__set_stream_size(copy, file->length);
}

static zx_status_t get_vmo(struct mem_file *file, uint32_t flags, struct handle *out)
{
	zx_rights_t rights = ZX_RIGHTS_BASIC | ZX_RIGHT_MAP | ZX_RIGHTS_PROPERTY;
	zx_status_t status = ensure_vmo(file);

	if (status != ZX_OK)
		return status;
	rights |= flags & IO_VMO_READ ? ZX_RIGHT_READ : 0;
	rights |= flags & IO_VMO_WRITE ? ZX_RIGHT_WRITE : 0;
	rights |= flags & IO_VMO_EXEC ? ZX_RIGHT_EXECUTE : 0;
	if (flags & IO_VMO_PRIVATE)
		return snapshot(file, rights, out);
	*out = handle__dup(&file->vmo, rights);
	return ZX_OK;
}

static void file_get_vmo(struct vnode *vnode, struct file_op *op)
{
	struct mem_file *file = file_of(vnode);
	zx_status_t status = get_vmo(file, op->vmo_flags, &op->vmo);

	if (status != ZX_OK)
		handle__close(&op->vmo);
	op->vmo_size = file->length;
	file_op__finish(op, status);
}

static const struct vnode_ops file_ops = {
	.destroy = file_destroy,
	.get_attr = file_get_attr,
	.set_attr = mem_node__set_attr,
	.sync = mem_node__sync,
	.fs_info = mem_node__fs_info,
	.read = file_read,
	.write = file_write,
	.truncate = file_truncate,
	.get_vmo = file_get_vmo,
};

zx_status_t mem_file__create(struct memfs *fs, struct mem_node **out)
{
	struct mem_file *file = calloc(1, sizeof(*file));
	zx_status_t status;

	if (!file)
		return ZX_ERR_NO_MEMORY;
	status = mem_node__init(&file->node, fs, &file_ops, VNODE_FILE);
	if (status != ZX_OK) {
		free(file);
		return status;
	}
	*out = &file->node;
	return ZX_OK;
}
