#include "compat/services/io/hostfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/host/fd_reserve.h"
void hostfs__proc_path(int fd, char out[HOSTFS_PROC_PATH_SIZE])
{
	snprintf(out, HOSTFS_PROC_PATH_SIZE, "/proc/self/fd/%d", fd);
}

static int read_fd_path(int fd, char *out, size_t size)
{
	char proc[HOSTFS_PROC_PATH_SIZE];
	ssize_t length;

	hostfs__proc_path(fd, proc);
	length = readlink(proc, out, size);
	if (length < 0)
		return -errno;
	if ((size_t)length >= size)
		return -ENAMETOOLONG;
	out[length] = '\0';
	return 0;
}

/*
 * The path of @name in @dir, relative to the root of the tree. It may be stale as soon as it is
 * known: the kernel keeps what is opened with it beneath the root all the same.
 */
static int relative_path(struct host_node *dir, const char *name, char *out, size_t size)
{
	char root[PATH_MAX];
	char path[PATH_MAX];
	size_t root_length;
	const char *rest;
	int err = read_fd_path(dir->fs->root, root, sizeof(root));

	if (!err)
		err = read_fd_path(dir->fd, path, sizeof(path));
	if (err)
		return err;
	root_length = strcmp(root, "/") ? strlen(root) : 0;
	if (strncmp(path, root, root_length) || (path[root_length] && path[root_length] != '/'))
		return -ENOENT;
	rest = path + root_length;
	while (*rest == '/')
		rest++;
	if ((size_t)snprintf(out, size, "%s%s%s", rest, *rest ? "/" : "", name) >= size)
		return -ENAMETOOLONG;
	return 0;
}

static int follow_link(struct host_node *dir, const char *name)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	char path[PATH_MAX];
	int err = relative_path(dir, name, path, sizeof(path));
	long fd;

	if (err)
		return err;
	do
		fd = syscall(SYS_openat2, dir->fs->root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	if (fd >= 0)
		return (int)fd;
	/* The kernel's word for a link that leads out of the tree. */
	return errno == EXDEV ? -EACCES : -errno;
}

int hostfs__find(struct host_node *dir, const char *name)
{
	int fd = openat(dir->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		int err = -errno;

		close(fd);
		return err;
	}
	if (!S_ISLNK(st.st_mode))
		return fd;
	close(fd);
	return follow_link(dir, name);
}

static void put_fs(struct hostfs *fs)
{
	if (__atomic_fetch_sub(&fs->refs, 1, __ATOMIC_ACQ_REL) == 1) {
		close(fs->root);
		free(fs);
	}
}

zx_status_t host_node__create(struct hostfs *fs, int fd, bool opened, struct vnode **out)
{
	struct host_node *node = calloc(1, sizeof(*node));
	struct stat st;

	fd = host__keep_reserve(fd);
	if (fd < 0) {
		free(node);
		return ZX_ERR_NO_RESOURCES;
	}
	if (!node || fstat(fd, &st)) {
		free(node);
		close(fd);
		return node ? ZX_ERR_IO : ZX_ERR_NO_MEMORY;
	}
	if (S_ISDIR(st.st_mode))
		vnode__init(&node->vnode, &host_dir_ops, VNODE_DIRECTORY, fs);
	else
		vnode__init(&node->vnode, &host_file_ops, VNODE_FILE, fs);
	node->vnode.read_only = fs->read_only;
	node->fd = fd;
	node->opened = opened;
	__atomic_fetch_add(&fs->refs, 1, __ATOMIC_RELAXED);
	node->fs = fs;
	*out = &node->vnode;
	return ZX_OK;
}

void host_node__destroy(struct vnode *vnode)
{
	struct host_node *node = host_node__of(vnode);

	close(node->fd);
	put_fs(node->fs);
	free(node);
}

int hostfs__create(const char *path, bool read_only, struct vnode **out)
{
	struct hostfs *fs;
	zx_status_t status;
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = root < 0 ? -1 : fcntl(root, F_DUPFD_CLOEXEC, 0);

	if (fd < 0) {
		int err = -errno;

		if (root >= 0)
			close(root);
		return err;
	}
	fs = calloc(1, sizeof(*fs));
	if (!fs) {
		close(root);
		close(fd);
		return -ENOMEM;
	}
	fs->refs = 1;
	fs->read_only = read_only;
	fs->root = root;
	status = host_node__create(fs, fd, false, out);
	put_fs(fs);
	return status == ZX_OK ? 0 : -ENOMEM;
}
