#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

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

#ifdef __SANITIZE_ADDRESS__

/*
 * What the arena points to is not lost. Programs can leave objects there for ever, as handles in
 * messages of channels that hold each other, and with them what the host keeps for those objects.
 */
void host__arena_keep(void)
{
	off_t begin = 0;

	/* Reading what was never touched would take memory for it. */
	while ((begin = lseek(arena_fd, begin, SEEK_DATA)) >= 0) {
		off_t end = lseek(arena_fd, begin, SEEK_HOLE);

		__lsan_register_root_region((char *)ARENA_BASE + begin, (size_t)(end - begin));
		begin = end;
	}
}

#else

void host__arena_keep(void)
{
}

#endif
