/* Host files as VMOs. */
#ifndef COMPAT_SERVICES_FILE_VMO_H
#define COMPAT_SERVICES_FILE_VMO_H

#include <zircon/types.h>

struct vmo;

/*
 * A new VMO with the contents of the regular file @fd, from its start to its present end, named
 * @name (cut to what a VMO's name holds). Its content size is the file's size in bytes; it can be
 * mapped executable where the handle has that right. The file offset stays as it is, and @fd
 * remains the caller's. May block on the disk.
 * Errors: ZX_ERR_WRONG_TYPE (no regular file), ZX_ERR_NO_MEMORY, ZX_ERR_OUT_OF_RANGE, ZX_ERR_IO.
 */
zx_status_t vmo_from_file(int fd, const char *name, struct vmo **out);

#endif
