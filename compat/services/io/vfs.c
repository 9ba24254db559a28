#include "compat/services/io/vfs.h"

#include "compat/services/io/vfs_name.h"

struct open_request {
	uint32_t flags;
	uint32_t mode;
	const struct vfs_access *access;
	bool created;
};

static bool wants_directory(uint32_t mode)
{
	return (mode & IO_MODE_TYPE_MASK) == IO_MODE_DIRECTORY;
}

static bool is_2018(const struct open_request *req)
{
	return req->access->era == FIDL_2018;
}

/* What can be said of the flags without knowing the node. */
static zx_status_t check_flags(struct open_request *req)
{
	const struct vfs_access *access = req->access;
	uint32_t limit = vfs_access__effective(access);
	uint32_t rights = req->flags & IO_RIGHTS;

	if (rights & ~limit)
		return ZX_ERR_ACCESS_DENIED;
	if (req->flags & IO_FLAG_TRUNCATE && !(rights & IO_RIGHT_WRITABLE))
		return ZX_ERR_INVALID_ARGS;
	/* A connection that can't write or execute has nothing for a directory to inherit. */
	if (!((limit | rights) & (IO_RIGHT_WRITABLE | IO_RIGHT_EXECUTABLE)))
		req->flags &= ~IO_FLAG_POSIX;
	return ZX_OK;
}

static zx_status_t check_create(const struct open_request *req, struct vnode *dir,
				const struct vfs_name *name)
{
	uint32_t flags = req->flags;

	if (name->must_be_dir || (!is_2018(req) && flags & IO_FLAG_DIRECTORY))
		if (!wants_directory(req->mode))
			return ZX_ERR_INVALID_ARGS;
	if (!is_2018(req) && flags & IO_FLAG_NOT_DIRECTORY && wants_directory(req->mode))
		return ZX_ERR_INVALID_ARGS;
	if (vfs_name__is_dot(name))
		return ZX_ERR_INVALID_ARGS;
	if (dir->read_only || !(vfs_access__effective(req->access) & IO_RIGHT_WRITABLE))
		return ZX_ERR_ACCESS_DENIED;
	return ZX_OK;
}

/* Creates the node, or finds it where it exists and need not be new. */
static zx_status_t ensure_exists(struct open_request *req, struct vnode *dir,
				 const struct vfs_name *name, struct vnode **out)
{
	zx_status_t status = check_create(req, dir, name);

	if (status != ZX_OK)
		return status;
	status = dir->ops->create ? dir->ops->create(dir, name->text, req->mode, out) :
				    ZX_ERR_NOT_SUPPORTED;
	if (status == ZX_OK)
		req->created = true;
	if ((status == ZX_ERR_ALREADY_EXISTS && !(req->flags & IO_FLAG_EXCLUSIVE)) ||
	    status == ZX_ERR_NOT_SUPPORTED)
		return vfs_name__lookup(dir, name, out);
	return status;
}

/* What the node itself has to say about the flags. */
static zx_status_t check_node(const struct open_request *req, const struct vnode *vnode,
			      uint32_t rights)
{
	bool is_dir = vnode->kind == VNODE_DIRECTORY;

	if (vnode->read_only && rights & IO_RIGHT_WRITABLE)
		return ZX_ERR_ACCESS_DENIED;
	if (req->flags & IO_FLAG_DIRECTORY && !is_dir)
		return ZX_ERR_NOT_DIR;
	if (is_2018(req))
		return rights & IO_RIGHT_WRITABLE && vnode->ops->refuses_write_2018 ?
			       ZX_ERR_NOT_FILE :
			       ZX_OK;
	if (req->flags & IO_FLAG_NOT_DIRECTORY && is_dir)
		return ZX_ERR_NOT_FILE;
	return ZX_OK;
}

zx_status_t vfs__open_node(struct vnode *vnode, uint32_t rights, struct vnode **out)
{
	zx_status_t status = ZX_OK;
	struct vnode *other = NULL;

	if (vnode->ops->open)
		status = vnode->ops->open(vnode, rights, &other);
	if (status != ZX_OK)
		return status;
	if (!other) {
		vnode__get(vnode);
		other = vnode;
	}
	*out = other;
	return ZX_OK;
}

static zx_status_t truncate(struct vnode *vnode)
{
	return vnode->ops->truncate ? vnode->ops->truncate(vnode, 0) : ZX_ERR_NOT_SUPPORTED;
}

/* Checks @vnode, which it takes over, and makes it ready for a connection. */
static zx_status_t open_found(const struct open_request *req, struct vnode *vnode,
			      struct vnode **out, uint32_t *out_rights)
{
	uint32_t rights = req->flags & IO_RIGHTS;
	zx_status_t status = ZX_OK;

	if (vnode->kind == VNODE_DIRECTORY && req->flags & IO_FLAG_POSIX && !is_2018(req))
		rights |= req->access->rights & (IO_RIGHT_WRITABLE | IO_RIGHT_EXECUTABLE);
	/* In 2018 what has just been created was not looked at again. */
	if (!req->created || !is_2018(req))
		status = check_node(req, vnode, rights);
	if (status == ZX_OK && !(req->flags & IO_FLAG_NODE_REFERENCE)) {
		struct vnode *opened;

		status = vfs__open_node(vnode, rights, &opened);
		if (status == ZX_OK) {
			vnode__put(vnode);
			vnode = opened;
		}
		if (status == ZX_OK && req->flags & IO_FLAG_TRUNCATE && !req->created)
			status = truncate(vnode);
	}
	if (status != ZX_OK) {
		vnode__put(vnode);
		return status;
	}
	*out = vnode;
	*out_rights = rights;
	return ZX_OK;
}

zx_status_t vfs__open(struct vnode *dir, const uint8_t *path, size_t size, uint32_t flags,
		      uint32_t mode, const struct vfs_access *access, struct vnode **out,
		      uint32_t *out_rights)
{
	struct open_request req = { .flags = flags, .mode = mode, .access = access };
	struct vfs_name name;
	struct vnode *parent;
	struct vnode *vnode;
	zx_status_t status = check_flags(&req);

	if (status == ZX_OK)
		status = vfs_name__walk(dir, path, size, &parent, &name);
	if (status != ZX_OK)
		return status;
	if (name.must_be_dir)
		req.flags |= IO_FLAG_DIRECTORY;
	if (flags & IO_FLAG_CREATE)
		status = ensure_exists(&req, parent, &name, &vnode);
	else
		status = vfs_name__lookup(parent, &name, &vnode);
	vnode__put(parent);
	if (status != ZX_OK)
		return status;
	return open_found(&req, vnode, out, out_rights);
}

zx_status_t vfs__unlink(struct vnode *dir, const uint8_t *path, size_t size)
{
	struct vfs_name name;
	zx_status_t status = vfs_name__parse(&name, path, size);

	if (status != ZX_OK)
		return status;
	if (vfs_name__is_dot(&name))
		return ZX_ERR_UNAVAILABLE;
	if (vfs_name__is_dot_dot(&name))
		return ZX_ERR_INVALID_ARGS;
	if (dir->read_only)
		return ZX_ERR_ACCESS_DENIED;
	if (!dir->ops->unlink)
		return ZX_ERR_NOT_SUPPORTED;
	return dir->ops->unlink(dir, name.text, name.must_be_dir);
}

/* Both names of a rename or link. */
static zx_status_t parse_pair(struct vfs_name *src, const uint8_t *src_text, size_t src_size,
			      struct vfs_name *dst, const uint8_t *dst_text, size_t dst_size)
{
	zx_status_t status = vfs_name__parse(src, src_text, src_size);

	if (status != ZX_OK)
		return status;
	if (vfs_name__is_dot(src))
		return ZX_ERR_UNAVAILABLE;
	if (vfs_name__is_dot_dot(src))
		return ZX_ERR_INVALID_ARGS;
	status = vfs_name__parse(dst, dst_text, dst_size);
	if (status != ZX_OK)
		return status;
	if (vfs_name__is_dot(dst) || vfs_name__is_dot_dot(dst))
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

zx_status_t vfs__rename(struct vnode *dir, const uint8_t *src, size_t src_size,
			struct vnode *new_dir, const uint8_t *dst, size_t dst_size)
{
	struct vfs_name from;
	struct vfs_name to;
	zx_status_t status = parse_pair(&from, src, src_size, &to, dst, dst_size);

	if (status != ZX_OK)
		return status;
	if (dir->read_only)
		return ZX_ERR_ACCESS_DENIED;
	/* A token of another tree is none at all to this one. */
	if (!new_dir || new_dir->tree != dir->tree)
		return ZX_ERR_INVALID_ARGS;
	if (!dir->ops->rename)
		return ZX_ERR_NOT_SUPPORTED;
	return dir->ops->rename(dir, from.text, new_dir, to.text,
				from.must_be_dir || to.must_be_dir);
}

zx_status_t vfs__link(struct vnode *dir, const uint8_t *src, size_t src_size,
		      struct vnode *new_dir, const uint8_t *dst, size_t dst_size)
{
	struct vfs_name from;
	struct vfs_name to;
	struct vnode *target;
	zx_status_t status;

	if (!new_dir || new_dir->tree != dir->tree)
		return ZX_ERR_INVALID_ARGS;
	if (dir->read_only)
		return ZX_ERR_ACCESS_DENIED;
	status = parse_pair(&from, src, src_size, &to, dst, dst_size);
	if (status != ZX_OK)
		return status;
	if (from.must_be_dir || to.must_be_dir)
		return ZX_ERR_NOT_DIR;
	status = vfs_name__lookup(dir, &from, &target);
	if (status != ZX_OK)
		return status;
	status = new_dir->ops->link ? new_dir->ops->link(new_dir, to.text, target) :
				      ZX_ERR_NOT_SUPPORTED;
	vnode__put(target);
	return status;
}
