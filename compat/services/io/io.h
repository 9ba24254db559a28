/* fuchsia.io: directories and files for programs. What the loader needs of it. */
#ifndef COMPAT_SERVICES_IO_IO_H
#define COMPAT_SERVICES_IO_IO_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>

struct handle;
struct vnode;

/* fuchsia.io's OPEN_RIGHT_*: what a connection may do. */
#define IO_RIGHT_READABLE 0x1u
#define IO_RIGHT_WRITABLE 0x2u
#define IO_RIGHT_ADMIN 0x4u
#define IO_RIGHT_EXECUTABLE 0x8u

/*
 * An empty directory tree in memory that may hold @limit_bytes of file contents (in whole pages);
 * what goes beyond fails with ZX_ERR_NO_SPACE. NULL where there is no memory.
 */
struct vnode *memfs__create(uint64_t limit_bytes);

/*
 * The host directory @path. Nothing outside of it can be reached through it: symbolic links inside
 * work, those that lead out do not. Returns 0 or a negative errno.
 */
int hostfs__create(const char *path, bool read_only, struct vnode **out);

/* A directory whose entries are given by the supervisor. NULL where there is no memory. */
struct vnode *pseudodir__create(void);
/*
 * Adds an entry, and takes a reference of its own to @vnode.
 * Errors: ZX_ERR_INVALID_ARGS (no valid name), ZX_ERR_ALREADY_EXISTS, ZX_ERR_NO_MEMORY.
 */
zx_status_t pseudodir__add(struct vnode *dir, const char *name, struct vnode *vnode);

/*
 * An entry that connects to a service: each channel that is opened on it goes to @connect, which
 * takes it over. NULL where there is no memory.
 */
struct vnode *service__create(zx_status_t (*connect)(void *data, struct handle *channel),
			      void *data);

/* Gives up the caller's reference; NULL is allowed. */
void vnode__put(struct vnode *vnode);

/*
 * Serves @vnode on @channel, which it takes over, also on failure; the caller keeps its reference
 * to @vnode. @open_flags: IO_RIGHT_* that the connection has, and that those opened through it can
 * have at most.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES (no thread).
 */
zx_status_t io__serve(struct vnode *vnode, uint32_t open_flags, struct handle *channel);

#endif
