/*
 * The core's memory: one shared region at a fixed address, the same in every image that maps it,
 * so that plain pointers hold in all of them. Untouched pages cost nothing.
 */
#ifndef COMPAT_CORE_ARENA_H
#define COMPAT_CORE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SANITIZE_THREAD__
#define ARENA_BASE 0x7e9000000000ull /* it has its own use for most of the address space */
#else
#define ARENA_BASE 0x200000000000ull
#endif
#define ARENA_SIZE (64ull << 30)

/* Prepares the region, already mapped, zeroed and writable, for allocation. */
void arena__init(void);

/* No more than so many bytes are handed out at a time: beyond them the arena is full. */
void arena__limit(uint64_t bytes);

/* Zeroed memory, at least 16-byte aligned; NULL where the arena is full. Sizes to 1 GiB. */
void *arena__alloc(size_t size);
/* As arena__alloc(), but the contents are arbitrary. */
void *arena__alloc_raw(size_t size);
/* Frees what arena__alloc() gave; NULL is allowed. */
void arena__free(void *memory);

/*
 * Gives back the memory of free blocks, but for a little; for the host, some time after it was told
 * (arena_excess) that there is more than that.
 */
void arena__tidy(void);

/* Bytes handed out at present (rounded up to what the allocator spends on them). */
uint64_t arena__in_use(void);

#endif
