#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/services/errno.h"
#include "compat/services/io/hostfs.h"

/* As the kernel fills it in. */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};

/* A directory without permission to be read can still be walked through. */
static zx_status_t dir_open(struct vnode *vnode, uint32_t rights, struct vnode **out)
{
	struct host_node *node = host_node__of(vnode);
	int fd = openat(node->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)rights;
	if (fd < 0)
		return errno == EACCES ? ZX_OK : zx_from_errno(-errno);
	return host_node__create(node->fs, fd, true, out);
}

static zx_status_t dir_lookup(struct vnode *vnode, const char *name, struct vnode **out)
{
	struct host_node *dir = host_node__of(vnode);
	int fd = hostfs__find(dir, name);

	if (fd < 0)
		return zx_from_errno(fd);
	return host_node__create(dir->fs, fd, false, out);
}

/* Permissions are the host's matter; but what was created by a program can be used by it. */
static zx_status_t dir_create(struct vnode *vnode, const char *name, uint32_t mode,
			      struct vnode **out)
{
	struct host_node *dir = host_node__of(vnode);
	mode_t permissions = mode & 0777;
	int err;

	if ((mode & IO_MODE_TYPE_MASK) == IO_MODE_DIRECTORY) {
		err = mkdirat(dir->fd, name, (permissions ? permissions : 0755) | 0700);
	} else {
		err = openat(dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			     (permissions ? permissions : 0644) | 0600);
		if (err >= 0)
			close(err);
	}
	if (err < 0)
		return zx_from_errno(-errno);
	return dir_lookup(vnode, name, out);
}

static zx_status_t type_of(struct host_node *dir, const char *name, bool *is_dir)
{
	struct stat st;

	if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return zx_from_errno(-errno);
	*is_dir = S_ISDIR(st.st_mode);
	return ZX_OK;
}

static zx_status_t dir_unlink(struct vnode *vnode, const char *name, bool must_be_dir)
{
	struct host_node *dir = host_node__of(vnode);
	bool is_dir = false;
	zx_status_t status = type_of(dir, name, &is_dir);

	if (status != ZX_OK)
		return status;
	if (must_be_dir && !is_dir)
		return ZX_ERR_NOT_DIR;
	if (unlinkat(dir->fd, name, is_dir ? AT_REMOVEDIR : 0))
		return zx_from_errno(-errno);
	return ZX_OK;
}

static zx_status_t dir_rename(struct vnode *vnode, const char *name, struct vnode *new_vnode,
			      const char *new_name, bool must_be_dir)
{
	struct host_node *dir = host_node__of(vnode);
	bool is_dir = false;
	zx_status_t status = type_of(dir, name, &is_dir);

	if (status != ZX_OK)
		return status;
	if (must_be_dir && !is_dir)
		return ZX_ERR_NOT_DIR;
	if (!renameat(dir->fd, name, host_node__of(new_vnode)->fd, new_name))
		return ZX_OK;
	/* A file in place of a directory, or the other way round. */
	return errno == EISDIR || errno == ENOTDIR ? ZX_ERR_INVALID_ARGS : zx_from_errno(-errno);
}

static zx_status_t dir_link(struct vnode *vnode, const char *name, struct vnode *target)
{
	char path[HOSTFS_PROC_PATH_SIZE];

	if (target->kind == VNODE_DIRECTORY)
		return ZX_ERR_NOT_FILE;
	hostfs__proc_path(host_node__of(target)->fd, path);
	if (linkat(AT_FDCWD, path, host_node__of(vnode)->fd, name, AT_SYMLINK_FOLLOW))
		return zx_from_errno(-errno);
	return ZX_OK;
}

/* Links are told as what they lead to; those that lead nowhere, and odd files, as unknown. */
static uint32_t dirent_type(struct host_node *dir, const struct linux_dirent64 *entry)
{
	struct stat st;
	int fd;

	switch (entry->d_type) {
	case DT_DIR:
		return IO_DIRENT_DIRECTORY;
	case DT_REG:
		return IO_DIRENT_FILE;
	case DT_LNK:
	case DT_UNKNOWN:
		break;
	default:
		return IO_DIRENT_UNKNOWN;
	}
	fd = hostfs__find(dir, entry->d_name);
	if (fd < 0)
		return IO_DIRENT_UNKNOWN;
	if (fstat(fd, &st))
		st.st_mode = 0;
	close(fd);
	if (S_ISDIR(st.st_mode))
		return IO_DIRENT_DIRECTORY;
	return S_ISREG(st.st_mode) ? IO_DIRENT_FILE : IO_DIRENT_UNKNOWN;
}

/* The cookie is the kernel's own position; the descriptor may be shared with a clone. */
static zx_status_t dir_read(struct vnode *vnode, struct dir_cookie *cookie, struct dirents *out)
{
	struct host_node *dir = host_node__of(vnode);
	_Alignas(struct linux_dirent64) char buffer[IO_MAX_BUF];
	long size;

	if (!dir->opened)
		return ZX_ERR_ACCESS_DENIED;
	if (lseek(dir->fd, (off_t)cookie->position, SEEK_SET) < 0)
		return zx_from_errno(-errno);
	/* A batch of ".." alone would look like the end. */
	while (!out->size) {
		size = syscall(SYS_getdents64, dir->fd, buffer, sizeof(buffer));
		if (size < 0)
			return zx_from_errno(-errno);
		if (!size)
			return ZX_OK;
		for (long at = 0; at < size;) {
			struct linux_dirent64 *entry = (struct linux_dirent64 *)(buffer + at);

			if (strcmp(entry->d_name, "..") &&
			    !dirents__add(out, entry->d_name, dirent_type(dir, entry),
					  entry->d_ino))
				return ZX_OK;
			cookie->position = (uint64_t)entry->d_off;
			at += entry->d_reclen;
		}
	}
	return ZX_OK;
}

const struct vnode_ops host_dir_ops = {
	.refuses_write_2018 = true,
	.destroy = host_node__destroy,
	.open = dir_open,
	.get_attr = host_node__get_attr,
	.set_attr = host_node__set_attr,
	.sync = host_node__sync,
	.fs_info = host_node__fs_info,
	.lookup = dir_lookup,
	.create = dir_create,
	.unlink = dir_unlink,
	.rename = dir_rename,
	.link = dir_link,
	.read_dir = dir_read,
	.watch = host_dir__watch,
};
