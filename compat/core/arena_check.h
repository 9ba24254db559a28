/*
 * Tells the address sanitizer, in builds that have it, which bytes of the arena belong to nobody:
 * it knows malloc() by itself, but not this allocator. In other builds nothing is left of it.
 */
#ifndef COMPAT_CORE_ARENA_CHECK_H
#define COMPAT_CORE_ARENA_CHECK_H

#include <stddef.h>

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer's own names; its header is not one that the core may include. */
void __asan_poison_memory_region(const volatile void *addr, size_t size);
void __asan_unpoison_memory_region(const volatile void *addr, size_t size);

#define arena_check__forbid(addr, size) __asan_poison_memory_region(addr, size)
#define arena_check__allow(addr, size) __asan_unpoison_memory_region(addr, size)

#else

#define arena_check__forbid(addr, size) ((void)0)
#define arena_check__allow(addr, size) ((void)0)

#endif

#endif
