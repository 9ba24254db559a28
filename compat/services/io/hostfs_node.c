/* What files and directories of the host have in common. */
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "compat/services/errno.h"
#include "compat/services/io/hostfs.h"

#define NS_PER_SEC 1000000000u
/* Fuchsia has no name of its own for "somebody else's": none of its types. */
#define FS_TYPE_HOST 0x686f7374u

static uint64_t time_of(const struct statx_timestamp *time)
{
	return time->tv_sec < 0 ? 0 : (uint64_t)time->tv_sec * NS_PER_SEC + time->tv_nsec;
}

zx_status_t host_node__get_attr(struct vnode *vnode, struct vnode_attr *out)
{
	struct statx st;

	if (statx(host_node__of(vnode)->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME,
		  &st))
		return zx_from_errno(-errno);
	out->mode = (st.stx_mode & 0777) |
		    (vnode->kind == VNODE_DIRECTORY ? IO_MODE_DIRECTORY : IO_MODE_FILE);
	out->id = st.stx_ino;
	out->content_size = vnode->kind == VNODE_DIRECTORY ? 0 : st.stx_size;
	out->storage_size = st.stx_blocks * 512;
	out->link_count = st.stx_nlink;
	out->creation_time = time_of(st.stx_mask & STATX_BTIME ? &st.stx_btime : &st.stx_mtime);
	out->modification_time = time_of(&st.stx_mtime);
	return ZX_OK;
}

zx_status_t host_node__set_attr(struct vnode *vnode, uint32_t valid, const struct vnode_attr *attr)
{
	char path[HOSTFS_PROC_PATH_SIZE];
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = (time_t)(attr->modification_time / NS_PER_SEC),
		  .tv_nsec = (long)(attr->modification_time % NS_PER_SEC) },
	};

	/* Linux sets no time of creation. */
	if (valid & ~IO_ATTR_MODIFICATION_TIME)
		return ZX_ERR_INVALID_ARGS;
	if (!valid)
		return ZX_OK;
	hostfs__proc_path(host_node__of(vnode)->fd, path);
	return utimensat(AT_FDCWD, path, times, 0) ? zx_from_errno(-errno) : ZX_OK;
}

zx_status_t host_node__fs_info(struct vnode *vnode, struct vnode_fs_info *out)
{
	struct statfs st;

	if (fstatfs(host_node__of(vnode)->fd, &st))
		return zx_from_errno(-errno);
	out->block_size = (uint32_t)st.f_bsize;
	out->total_bytes = st.f_blocks * (uint64_t)st.f_bsize;
	out->used_bytes = (st.f_blocks - st.f_bfree) * (uint64_t)st.f_bsize;
	out->total_nodes = st.f_files;
	out->used_nodes = st.f_files - st.f_ffree;
	out->fs_id = (uint64_t)(uint32_t)st.f_fsid.__val[1] << 32 | (uint32_t)st.f_fsid.__val[0];
	out->fs_type = FS_TYPE_HOST;
	out->name = "host";
	return ZX_OK;
}

static void finish(struct dispatch_work *work)
{
	struct file_op *op = list_entry(work, struct file_op, finished);

	file_op__finish(op, op->result < 0 ? zx_from_errno((int)op->result) : ZX_OK);
}

void host_op__finish_later(struct io_request *req, int64_t result)
{
	struct file_op *op = list_entry(req, struct file_op, io);

	op->result = result;
	op->finished.run = finish;
	/* The dispatcher runs: a connection waits for this. */
	(void)dispatch__post(&op->finished);
}

/* A directory that can't be opened for reading can't be synced either. */
void host_node__sync(struct vnode *vnode, struct file_op *op)
{
	struct host_node *node = host_node__of(vnode);

	if (!node->opened) {
		file_op__finish(op, ZX_ERR_ACCESS_DENIED);
		return;
	}
	op->io.done = host_op__finish_later;
	io__fsync(&op->io, node->fd);
}
