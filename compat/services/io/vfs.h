/*
 * The rules of fuchsia.io that do not depend on the back-end: paths, flags, rights, in the forms of
 * both eras. What 2018 and 2020 do differently is told apart by the era of the request.
 * Rules: docs/concepts/filesystems and the comments in the SDKs' io.fidl; order of checks as in
 * Fuchsia's fs library of 2019-01 and 2020.
 */
#ifndef COMPAT_SERVICES_IO_VFS_H
#define COMPAT_SERVICES_IO_VFS_H

#include "compat/services/fidl_wire.h"
#include "compat/services/io/vnode.h"

/* What somebody who opens something may do. */
struct vfs_access {
	enum fidl_era era;
	uint32_t rights;     /* IO_RIGHT_* of the connection */
	/*
	 * What connections opened from it can have at most. In 2018 that was not bound by @rights
	 * (a directory was opened for reading, and files in it for writing); the grant of the
	 * loader binds it here.
	 */
	uint32_t max_rights;
};

/* The rights that count for changing a directory. */
static inline uint32_t vfs_access__effective(const struct vfs_access *access)
{
	return access->era == FIDL_2018 ? access->max_rights : access->rights;
}

/*
 * Opens @path (@size bytes, not terminated) below @dir. On success @out is a referenced node, ready
 * for use, and @out_rights what the connection to it may do.
 * Errors: those of Directory.Open.
 */
zx_status_t vfs__open(struct vnode *dir, const uint8_t *path, size_t size, uint32_t flags,
		      uint32_t mode, const struct vfs_access *access, struct vnode **out,
		      uint32_t *out_rights);

/*
 * The node that a connection with @rights to @vnode uses: @vnode or another one, referenced.
 */
zx_status_t vfs__open_node(struct vnode *vnode, uint32_t rights, struct vnode **out);

/* Directory.Unlink, .Rename, and .Link, without the checks of the connection's rights. */
zx_status_t vfs__unlink(struct vnode *dir, const uint8_t *path, size_t size);
zx_status_t vfs__rename(struct vnode *dir, const uint8_t *src, size_t src_size,
			struct vnode *new_dir, const uint8_t *dst, size_t dst_size);
zx_status_t vfs__link(struct vnode *dir, const uint8_t *src, size_t src_size,
		      struct vnode *new_dir, const uint8_t *dst, size_t dst_size);

#endif
