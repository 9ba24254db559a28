/*
 * Calls that run in libzircon.so itself. Its code is shared by all processes and has no data of its
 * own: what differs lies in the boot block, at a fixed address.
 */
#ifndef VDSO_VDSO_H
#define VDSO_VDSO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/errors.h>
#include <zircon/string_view.h>
#include <zircon/types.h>
#include <zxabi/calls.h>
#include <zxabi/layout.h>

#define boot ((const struct zxabi_boot *)ZXABI_BOOT)

/* In the shim: the number of bytes that it has filled, or negative where @buffer is bad. */
int64_t gate_random(void *buffer, uint64_t size);
/* clock_gettime(2) */
struct linux_timespec;
int gate_clock(int clock, struct linux_timespec *out);
/* Not 0 where there is no memory. */
int gate_copy(void *dst, const void *src, size_t size);

/* Linux's clock, in nanoseconds; negative where it does not exist. */
int64_t linux_clock(int clock);

/* The functions behind the exported names zx_X and _zx_X. */
zx_time_t vdso_zx_clock_get_monotonic(void);
zx_time_t vdso_zx_clock_get_boot(void);
zx_ticks_t vdso_zx_ticks_get(void);
zx_ticks_t vdso_zx_ticks_get_boot(void);
zx_ticks_t vdso_zx_ticks_per_second(void);
zx_time_t vdso_zx_deadline_after(zx_duration_t duration);
int64_t vdso_zx_clock_get(zx_clock_t clock, zx_time_t *out);
zx_status_t vdso_zx_clock_get_new(zx_clock_t clock, zx_time_t *out);
zx_status_t vdso_zx_clock_read_mapped(const void *clock_addr, zx_time_t *out);
zx_status_t vdso_zx_clock_get_details_mapped(const void *clock_addr, uint64_t options,
					     void *details);

void vdso_zx_cprng_draw(void *buffer, size_t size);
zx_status_t vdso_zx_cprng_draw_new(void *buffer, size_t size);
zx_status_t vdso_zx_cprng_draw_once(void *buffer, size_t size);

uint32_t vdso_zx_system_get_num_cpus(void);
uint32_t vdso_zx_system_get_page_size(void);
uint32_t vdso_zx_system_get_dcache_line_size(void);
uint64_t vdso_zx_system_get_physmem(void);
zx_status_t vdso_zx_system_get_features(uint32_t kind, uint32_t *features);
zx_status_t vdso_zx_system_get_version(char *version, size_t size);
zx_string_view_t vdso_zx_system_get_version_string(void);
zx_status_t vdso_zx_cache_flush(const void *addr, size_t size, uint32_t options);

const char *vdso_zx_status_get_string(zx_status_t status);
const char *vdso_zx_exception_get_string(uint32_t type);

#endif
