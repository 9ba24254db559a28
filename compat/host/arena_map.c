#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compat/host/host.h"

static int arena_fd = -1;

int host__map_arena(void)
{
	void *at;

	arena_fd = memfd_create("zxrun-arena", MFD_CLOEXEC);
	if (arena_fd < 0 || ftruncate(arena_fd, (off_t)ARENA_SIZE))
		return -errno;
	at = mmap((void *)ARENA_BASE, ARENA_SIZE, PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_FIXED_NOREPLACE, arena_fd, 0);
	return at == MAP_FAILED ? -errno : 0;
}

void host__arena_trim(void *start, size_t size)
{
	/*
	 * The allocator was told that it will read zeros: a host that cannot do this must say so.
	 */
	if (fallocate(arena_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      (off_t)((uint64_t)start - ARENA_BASE), (off_t)size))
		__builtin_memset(start, 0, size);
}
