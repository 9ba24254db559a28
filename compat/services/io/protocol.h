/* Constants of fuchsia.io, as the SDKs' io.fidl have them; rights are in io.h. */
#ifndef COMPAT_SERVICES_IO_PROTOCOL_H
#define COMPAT_SERVICES_IO_PROTOCOL_H

#include "compat/services/io/io.h"

#define IO_RIGHTS (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE | IO_RIGHT_ADMIN | IO_RIGHT_EXECUTABLE)
/* The bits of the flags that are set apart for rights. */
#define IO_RIGHTS_SPACE 0xffffu

/* Open flags */
#define IO_FLAG_CREATE 0x00010000u
#define IO_FLAG_EXCLUSIVE 0x00020000u /* OPEN_FLAG_CREATE_IF_ABSENT */
#define IO_FLAG_TRUNCATE 0x00040000u
#define IO_FLAG_DIRECTORY 0x00080000u
#define IO_FLAG_APPEND 0x00100000u
#define IO_FLAG_NODE_REFERENCE 0x00400000u
#define IO_FLAG_DESCRIBE 0x00800000u
/* From 2020 on. */
#define IO_FLAG_POSIX 0x01000000u
#define IO_FLAG_NOT_DIRECTORY 0x02000000u
#define IO_FLAG_CLONE_SAME_RIGHTS 0x04000000u

#define IO_FLAGS_WITH_REFERENCE \
	(IO_FLAG_NODE_REFERENCE | IO_FLAG_DIRECTORY | IO_FLAG_NOT_DIRECTORY | IO_FLAG_DESCRIBE)

/* Limits */
#define IO_MAX_BUF 8192u
#define IO_MAX_PATH 4096u
#define IO_MAX_NAME 255u
#define IO_MAX_IOCTL_HANDLES 2u

/* The mode of a node: a type, and permission bits. */
#define IO_MODE_TYPE_MASK 0xf000u
#define IO_MODE_DIRECTORY 0x4000u
#define IO_MODE_FILE 0x8000u
#define IO_MODE_SERVICE 0x10000u

#define IO_ATTR_CREATION_TIME 0x1u
#define IO_ATTR_MODIFICATION_TIME 0x2u

#define IO_SEEK_START 0u
#define IO_SEEK_CURRENT 1u
#define IO_SEEK_END 2u

/* File.GetBuffer and File.GetVmo */
#define IO_VMO_READ 0x1u
#define IO_VMO_WRITE 0x2u
#define IO_VMO_EXEC 0x4u
#define IO_VMO_PRIVATE 0x10000u
#define IO_VMO_EXACT 0x20000u

/* Directory entries */
#define IO_DIRENT_UNKNOWN 0u
#define IO_DIRENT_DIRECTORY 4u
#define IO_DIRENT_FILE 8u
#define IO_DIRENT_SERVICE 16u
#define IO_INO_UNKNOWN UINT64_MAX

/* Directory.Watch: the events, each also a bit of the mask. */
#define IO_WATCH_DELETED 0u
#define IO_WATCH_ADDED 1u
#define IO_WATCH_REMOVED 2u
#define IO_WATCH_EXISTING 3u
#define IO_WATCH_IDLE 4u
#define IO_WATCH_MASK(event) (1u << (event))
#define IO_WATCH_MASK_ALL 0x1fu

/* Tags of NodeInfo: places in the union of 2018, ordinals (one more) in that of 2020. */
#define IO_INFO_SERVICE 0u
#define IO_INFO_FILE 1u
#define IO_INFO_DIRECTORY 2u

#endif
