#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat/core/vmo.h"
#include "compat/services/errno.h"
#include "compat/services/file_vmo.h"
#include "compat/services/io/hostfs.h"

/*
 * Only files proper: opening a pipe or a device can block, or do things of its own. The descriptor
 * that was found is opened again, so that it is still the same file.
 */
static zx_status_t file_open(struct vnode *vnode, uint32_t rights, struct vnode **out)
{
	struct host_node *node = host_node__of(vnode);
	int flags = O_RDONLY;
	char path[HOSTFS_PROC_PATH_SIZE];
	struct stat st;
	int fd;

	if (fstat(node->fd, &st))
		return zx_from_errno(-errno);
	if (!S_ISREG(st.st_mode))
		return ZX_ERR_NOT_SUPPORTED;
	if (!(rights & (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE | IO_RIGHT_EXECUTABLE)))
		return ZX_OK;
	if (rights & IO_RIGHT_WRITABLE)
		flags = rights & (IO_RIGHT_READABLE | IO_RIGHT_EXECUTABLE) ? O_RDWR : O_WRONLY;
	hostfs__proc_path(node->fd, path);
	fd = open(path, flags | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return zx_from_errno(-errno);
	return host_node__create(node->fs, fd, true, out);
}

/* --- reading and writing: first what can be had without waiting, then asynchronously --- */

/* Reads on until the request is satisfied, or the file ends. */
static void read_done(struct io_request *req, int64_t result)
{
	struct file_op *op = list_entry(req, struct file_op, io);

	if (result > 0) {
		op->actual += (size_t)result;
		if (op->actual < op->size) {
			io__read(req, req->fd, op->data + op->actual, op->size - op->actual,
				 (int64_t)(op->offset + op->actual));
			return;
		}
	}
	host_op__finish_later(req, op->actual ? 0 : result);
}

static void file_read(struct vnode *vnode, struct file_op *op)
{
	int fd = host_node__of(vnode)->fd;
	struct iovec iov = { .iov_base = op->data, .iov_len = op->size };
	ssize_t got;

	if (!op->size || op->offset > INT64_MAX - op->size) {
		file_op__finish(op, ZX_OK);
		return;
	}
	got = preadv2(fd, &iov, 1, (off_t)op->offset, RWF_NOWAIT);
	if (got == 0 || (size_t)got == op->size) {
		op->actual = (size_t)got;
		file_op__finish(op, ZX_OK);
		return;
	}
	op->actual = got > 0 ? (size_t)got : 0;
	op->io.done = read_done;
	io__read(&op->io, fd, op->data + op->actual, op->size - op->actual,
		 (int64_t)(op->offset + op->actual));
}

static void write_done(struct io_request *req, int64_t result)
{
	struct file_op *op = list_entry(req, struct file_op, io);
	struct stat st;

	if (result > 0) {
		op->actual += (size_t)result;
		if (op->actual < op->size) {
			io__write(req, req->fd, op->data + op->actual, op->size - op->actual,
				  op->append ? 0 : (int64_t)(op->offset + op->actual),
				  req->rw_flags);
			return;
		}
	}
	if (op->append && !fstat(req->fd, &st))
		op->offset = (uint64_t)st.st_size;
	host_op__finish_later(req, op->actual ? 0 : result);
}

static void file_write(struct vnode *vnode, struct file_op *op)
{
	if (!op->append && op->offset > INT64_MAX - op->size) {
		file_op__finish(op, ZX_ERR_FILE_BIG);
		return;
	}
	op->io.done = write_done;
	io__write(&op->io, host_node__of(vnode)->fd, op->data, op->size,
		  op->append ? 0 : (int64_t)op->offset, op->append ? RWF_APPEND : 0);
}

static zx_status_t file_truncate(struct vnode *vnode, uint64_t size)
{
	if (size > INT64_MAX)
		return ZX_ERR_INVALID_ARGS;
	return ftruncate(host_node__of(vnode)->fd, (off_t)size) ? zx_from_errno(-errno) : ZX_OK;
}

/* --- as a VMO --- */

static int64_t load_vmo(struct io_request *req)
{
	struct file_op *op = list_entry(req, struct file_op, io);
	zx_rights_t rights = ZX_RIGHTS_BASIC | ZX_RIGHT_MAP | ZX_RIGHTS_PROPERTY;
	struct vmo *vmo;

	op->status = vmo_from_file(host_node__of(op->vnode)->fd, "", &vmo);
	if (op->status != ZX_OK)
		return 0;
	rights |= op->vmo_flags & IO_VMO_READ ? ZX_RIGHT_READ : 0;
	rights |= op->vmo_flags & IO_VMO_WRITE ? ZX_RIGHT_WRITE : 0;
	rights |= op->vmo_flags & IO_VMO_EXEC ? ZX_RIGHT_EXECUTE : 0;
	op->vmo = handle__make(&vmo->object, rights);
	op->vmo_size = vmo__stream_size(vmo);
	return 0;
}

static void vmo_loaded(struct dispatch_work *work)
{
	struct file_op *op = list_entry(work, struct file_op, finished);

	file_op__finish(op, op->result < 0 ? ZX_ERR_NO_RESOURCES : op->status);
}

static void load_done(struct io_request *req, int64_t result)
{
	struct file_op *op = list_entry(req, struct file_op, io);

	op->result = result;
	op->finished.run = vmo_loaded;
	(void)dispatch__post(&op->finished);
}

/*
 * A VMO here is a copy: it stands for the file itself only where that can't change, and writes to
 * it are not writes to the file.
 */
static void file_get_vmo(struct vnode *vnode, struct file_op *op)
{
	bool shared = !(op->vmo_flags & IO_VMO_PRIVATE);

	if (shared && (op->vmo_flags & IO_VMO_WRITE ||
		       (op->vmo_flags & IO_VMO_EXACT && !vnode->read_only))) {
		file_op__finish(op, ZX_ERR_NOT_SUPPORTED);
		return;
	}
	op->io.done = load_done;
	io__call(&op->io, load_vmo);
}

const struct vnode_ops host_file_ops = {
	.destroy = host_node__destroy,
	.open = file_open,
	.get_attr = host_node__get_attr,
	.set_attr = host_node__set_attr,
	.sync = host_node__sync,
	.fs_info = host_node__fs_info,
	.read = file_read,
	.write = file_write,
	.truncate = file_truncate,
	.get_vmo = file_get_vmo,
};
