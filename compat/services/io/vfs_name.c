#include "compat/services/io/vfs_name.h"

#include <string.h>

zx_status_t vfs_name__parse(struct vfs_name *name, const uint8_t *text, size_t size)
{
	name->must_be_dir = false;
	while (size && text[size - 1] == '/') {
		size--;
		name->must_be_dir = true;
	}
	if (!size)
		return ZX_ERR_INVALID_ARGS;
	if (size > IO_MAX_NAME)
		return ZX_ERR_BAD_PATH;
	if (memchr(text, '/', size) || memchr(text, '\0', size))
		return ZX_ERR_INVALID_ARGS;
	memcpy(name->text, text, size);
	name->text[size] = '\0';
	return ZX_OK;
}

zx_status_t vfs_name__lookup(struct vnode *dir, const struct vfs_name *name, struct vnode **out)
{
	if (vfs_name__is_dot_dot(name))
		return ZX_ERR_INVALID_ARGS;
	if (vfs_name__is_dot(name)) {
		vnode__get(dir);
		*out = dir;
		return ZX_OK;
	}
	if (!dir->ops->lookup)
		return ZX_ERR_NOT_SUPPORTED;
	return dir->ops->lookup(dir, name->text, out);
}

static zx_status_t step(struct vnode **dir, const uint8_t *component, size_t size)
{
	struct vfs_name name;
	struct vnode *next;
	zx_status_t status = vfs_name__parse(&name, component, size);

	if (status == ZX_OK)
		status = vfs_name__lookup(*dir, &name, &next);
	if (status != ZX_OK)
		return status;
	vnode__put(*dir);
	*dir = next;
	return ZX_OK;
}

/* Takes slashes off both ends; those at the end make the path one of a directory. */
static void trim(const uint8_t **path, size_t *size, bool *must_be_dir)
{
	while (*size && (*path)[*size - 1] == '/') {
		(*size)--;
		*must_be_dir = true;
	}
	while (*size && **path == '/') {
		(*path)++;
		(*size)--;
	}
}

zx_status_t vfs_name__walk(struct vnode *dir, const uint8_t *path, size_t size,
			   struct vnode **out_dir, struct vfs_name *out_name)
{
	bool must_be_dir = false;
	zx_status_t status = ZX_OK;
	const uint8_t *slash;

	trim(&path, &size, &must_be_dir);
	vnode__get(dir);
	while (status == ZX_OK && size && (slash = memchr(path, '/', size))) {
		status = step(&dir, path, (size_t)(slash - path));
		size -= (size_t)(slash + 1 - path);
		path = slash + 1;
		while (size && *path == '/') {
			path++;
			size--;
		}
	}
	if (status == ZX_OK)
		status = vfs_name__parse(out_name, size ? path : (const uint8_t *)".",
					 size ? size : 1);
	if (status == ZX_OK && vfs_name__is_dot_dot(out_name))
		status = ZX_ERR_INVALID_ARGS;
	if (status != ZX_OK) {
		vnode__put(dir);
		return status;
	}
	out_name->must_be_dir = must_be_dir;
	*out_dir = dir;
	return ZX_OK;
}
