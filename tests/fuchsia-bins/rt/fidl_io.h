/*
 * Files and directories by fuchsia.io, spoken by hand in the wire format of the program's era. The
 * names and numbers are those of fuchsia.io's .fidl file. All functions return the status of the
 * transport, or else that of the reply.
 */
#ifndef RT_FIDL_IO_H
#define RT_FIDL_IO_H

#include <stddef.h>
#include <stdint.h>

#include <zircon/types.h>

#define IO_RIGHT_READABLE	0x00000001u
#define IO_RIGHT_WRITABLE	0x00000002u
#define IO_CREATE		0x00010000u
#define IO_CREATE_IF_ABSENT	0x00020000u
#define IO_TRUNCATE		0x00040000u
#define IO_DIRECTORY		0x00080000u
#define IO_APPEND		0x00100000u
#define IO_DESCRIBE		0x00800000u

#define IO_MODE_DIRECTORY	0x4000u
#define IO_MODE_FILE		0x8000u

#define IO_VMO_READ		0x00000001u
#define IO_VMO_PRIVATE		0x00010000u

#define IO_SEEK_START		0u
#define IO_SEEK_CURRENT		1u
#define IO_SEEK_END		2u

#define IO_DIRENT_DIRECTORY	4
#define IO_DIRENT_FILE		8

/* What a node says that it is, in the order of the members of NodeInfo. */
enum io_kind { IO_SERVICE, IO_FILE, IO_DIR, IO_PIPE, IO_VMOFILE, IO_DEVICE, IO_OTHER };

struct io_attributes {
	uint32_t mode;
	uint32_t padding;
	uint64_t id;
	uint64_t content_size;
	uint64_t storage_size;
	uint64_t link_count;
	uint64_t creation_time;
	uint64_t modification_time;
};

/* One entry of what io_read_dirents() returns; they follow each other without padding. */
struct io_dirent {
	uint64_t inode;
	uint8_t size;
	uint8_t type;
	char name[];
} __attribute__((packed));

/*
 * Opens `path` below the directory, with IO_DESCRIBE, and waits for the answer. On success the
 * caller owns `node`; `kind` may be NULL.
 */
zx_status_t io_open(zx_handle_t directory, uint32_t flags, uint32_t mode, const char *path,
		    zx_handle_t *node, enum io_kind *kind);

/* Another connection to the same node. */
zx_status_t io_clone(zx_handle_t node, uint32_t flags, zx_handle_t *clone);

zx_status_t io_describe(zx_handle_t node, enum io_kind *kind);
zx_status_t io_get_attr(zx_handle_t node, struct io_attributes *attributes);
zx_status_t io_sync(zx_handle_t node);

/* Closes the node, waits for the answer, and closes the handle. */
zx_status_t io_close(zx_handle_t node);

zx_status_t io_read(zx_handle_t file, void *data, size_t size, size_t *actual);
zx_status_t io_read_at(zx_handle_t file, uint64_t offset, void *data, size_t size, size_t *actual);
zx_status_t io_write(zx_handle_t file, const void *data, size_t size, size_t *actual);
zx_status_t io_write_at(zx_handle_t file, uint64_t offset, const void *data, size_t size,
			size_t *actual);
zx_status_t io_seek(zx_handle_t file, int64_t offset, uint32_t origin, uint64_t *at);
zx_status_t io_truncate(zx_handle_t file, uint64_t size);

/* The file's contents as a memory object, which the caller owns. */
zx_status_t io_get_buffer(zx_handle_t file, uint32_t flags, zx_handle_t *vmo, uint64_t *size);

/* As many entries as fit; `actual` 0 after the last. */
zx_status_t io_read_dirents(zx_handle_t directory, void *data, size_t size, size_t *actual);
zx_status_t io_rewind(zx_handle_t directory);
zx_status_t io_unlink(zx_handle_t directory, const char *path);

/* Moves `from` to `to`, or gives it that second name; both are below the directory. */
zx_status_t io_rename(zx_handle_t directory, const char *from, const char *to);
zx_status_t io_link(zx_handle_t directory, const char *from, const char *to);

#endif
