/* Paths, component by component. */
#ifndef COMPAT_SERVICES_IO_VFS_NAME_H
#define COMPAT_SERVICES_IO_VFS_NAME_H

#include "compat/services/io/vnode.h"

/* One component, terminated. */
struct vfs_name {
	char text[IO_MAX_NAME + 1];
	bool must_be_dir; /* slashes followed it */
};

static inline bool vfs_name__is_dot(const struct vfs_name *name)
{
	return name->text[0] == '.' && !name->text[1];
}

static inline bool vfs_name__is_dot_dot(const struct vfs_name *name)
{
	return name->text[0] == '.' && name->text[1] == '.' && !name->text[2];
}

/*
 * A name that may have slashes at its end, and nowhere else.
 * Errors: ZX_ERR_INVALID_ARGS (empty, slashes inside, NUL), ZX_ERR_BAD_PATH (too long).
 */
zx_status_t vfs_name__parse(struct vfs_name *name, const uint8_t *text, size_t size);

/*
 * Walks @path to its last component: @out_dir is the referenced directory that holds it. A path
 * that ends nowhere else has the last component ".".
 * Errors: ZX_ERR_INVALID_ARGS ("..", NUL), ZX_ERR_BAD_PATH, and those of lookup.
 */
zx_status_t vfs_name__walk(struct vnode *dir, const uint8_t *path, size_t size,
			   struct vnode **out_dir, struct vfs_name *out_name);

/* The referenced node @name in @dir; "." is @dir itself. ZX_ERR_INVALID_ARGS for "..". */
zx_status_t vfs_name__lookup(struct vnode *dir, const struct vfs_name *name, struct vnode **out);

#endif
