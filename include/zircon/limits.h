/*
 * Limits fixed by the machine. x86-64 has one page size, which programs have built in; the newest
 * interface drops it from this header, for zx_system_get_page_size and the bounds below.
 */
#ifndef ZIRCON_LIMITS_H_
#define ZIRCON_LIMITS_H_

#include <stdint.h>

#define ZX_PAGE_SHIFT	((uint32_t)12u)
#define ZX_PAGE_SIZE	((uintptr_t)(1u << ZX_PAGE_SHIFT))
#define ZX_PAGE_MASK	(ZX_PAGE_SIZE - 1u)

/* Bounds of what zx_system_get_page_size may answer, and the smallest page of this machine. */
#define ZX_MIN_PAGE_SHIFT	((uint32_t)12u)
#define ZX_MIN_PAGE_SIZE	((uintptr_t)(1u << ZX_MIN_PAGE_SHIFT))
#define ZX_MAX_PAGE_SHIFT	((uint32_t)21u)
#define ZX_MAX_PAGE_SIZE	((uintptr_t)(1u << ZX_MAX_PAGE_SHIFT))

#endif /* ZIRCON_LIMITS_H_ */
