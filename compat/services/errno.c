#include "compat/services/errno.h"

#include <errno.h>
#include <stddef.h>
#include <zircon/errors.h>

/*
 * What a Fuchsia file system answers in the same situation, so that fdio's errno is the same again.
 */
static const struct {
	int err;
	zx_status_t status;
} table[] = {
	{ EPERM, ZX_ERR_ACCESS_DENIED },
	{ EACCES, ZX_ERR_ACCESS_DENIED },
	{ EROFS, ZX_ERR_ACCESS_DENIED },
	{ ENOENT, ZX_ERR_NOT_FOUND },
	{ ENXIO, ZX_ERR_NOT_FOUND },
	{ EXDEV, ZX_ERR_NOT_SUPPORTED },
	{ EOPNOTSUPP, ZX_ERR_NOT_SUPPORTED },
	{ ENOSYS, ZX_ERR_NOT_SUPPORTED },
	{ ENODEV, ZX_ERR_NOT_SUPPORTED },
	{ EMLINK, ZX_ERR_NOT_SUPPORTED },
	{ EINTR, ZX_ERR_INTERNAL },
	{ EIO, ZX_ERR_IO },
	{ EBADF, ZX_ERR_BAD_HANDLE },
	{ EAGAIN, ZX_ERR_SHOULD_WAIT },
	{ ENOMEM, ZX_ERR_NO_MEMORY },
	{ ENOBUFS, ZX_ERR_NO_MEMORY },
	{ EBUSY, ZX_ERR_UNAVAILABLE },
	{ EEXIST, ZX_ERR_ALREADY_EXISTS },
	{ ENOTDIR, ZX_ERR_NOT_DIR },
	{ EISDIR, ZX_ERR_NOT_FILE },
	{ EINVAL, ZX_ERR_INVALID_ARGS },
	{ ESPIPE, ZX_ERR_NOT_SUPPORTED },
	{ EMFILE, ZX_ERR_NO_RESOURCES },
	{ ENFILE, ZX_ERR_NO_RESOURCES },
	{ EFBIG, ZX_ERR_FILE_BIG },
	{ ENOSPC, ZX_ERR_NO_SPACE },
	{ EDQUOT, ZX_ERR_NO_SPACE },
	{ ENAMETOOLONG, ZX_ERR_BAD_PATH },
	{ ELOOP, ZX_ERR_BAD_PATH },
	{ ENOTEMPTY, ZX_ERR_NOT_EMPTY },
	{ EOVERFLOW, ZX_ERR_OUT_OF_RANGE },
	{ ETIMEDOUT, ZX_ERR_TIMED_OUT },
	{ ECANCELED, ZX_ERR_CANCELED },
	{ EPIPE, ZX_ERR_PEER_CLOSED },
};

zx_status_t zx_from_errno(int err)
{
	if (err >= 0)
		return ZX_OK;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].err == -err)
			return table[i].status;
	return ZX_ERR_IO;
}
