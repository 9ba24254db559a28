/*
 * Clocks. A tick is a nanosecond of Linux's monotonic clock: so ticks, monotonic time and deadlines
 * agree exactly, also on machines whose TSC is of no use.
 */
#include "vdso/vdso.h"

#include <zircon/time.h>

#define LINUX_REALTIME 0
#define LINUX_MONOTONIC 1
#define LINUX_THREAD_CPUTIME 3
#define LINUX_BOOTTIME 7

#define NS_PER_SECOND 1000000000ll

struct linux_timespec {
	int64_t seconds;
	int64_t nanoseconds;
};

int64_t linux_clock(int clock)
{
	struct linux_timespec now;

	if (gate_clock(clock, &now))
		return -1;
	return now.seconds * NS_PER_SECOND + now.nanoseconds;
}

zx_time_t vdso_zx_clock_get_monotonic(void)
{
	return linux_clock(LINUX_MONOTONIC);
}

zx_time_t vdso_zx_clock_get_boot(void)
{
	return linux_clock(LINUX_BOOTTIME);
}

zx_ticks_t vdso_zx_ticks_get(void)
{
	return linux_clock(LINUX_MONOTONIC);
}

zx_ticks_t vdso_zx_ticks_get_boot(void)
{
	return linux_clock(LINUX_BOOTTIME);
}

zx_ticks_t vdso_zx_ticks_per_second(void)
{
	return NS_PER_SECOND;
}

/* In 2018-07 times had no sign. */
static zx_time_t unsigned_deadline(zx_duration_t duration)
{
	uint64_t now = (uint64_t)vdso_zx_clock_get_monotonic();
	uint64_t deadline;

	if (__builtin_add_overflow(now, (uint64_t)duration, &deadline))
		deadline = UINT64_MAX;
	return (zx_time_t)deadline;
}

zx_time_t vdso_zx_deadline_after(zx_duration_t duration)
{
	zx_time_t deadline;

	if (boot->era < ZXERA_2018_10)
		return unsigned_deadline(duration);
	if (__builtin_add_overflow(vdso_zx_clock_get_monotonic(), duration, &deadline))
		return duration < 0 ? ZX_TIME_INFINITE_PAST : ZX_TIME_INFINITE;
	return deadline;
}

/* These were calls of the kernel once: a bad pointer is an error, not a fault. */
static zx_status_t put(zx_time_t *out, zx_time_t now)
{
	if ((uint64_t)out > ZXABI_SHIM_BASE - sizeof(now))
		return ZX_ERR_INVALID_ARGS;
	return gate_copy(out, &now, sizeof(now)) ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

zx_status_t vdso_zx_clock_get_new(zx_clock_t clock, zx_time_t *out)
{
	int64_t now;

	switch (clock) {
	case ZX_CLOCK_MONOTONIC:
		now = linux_clock(LINUX_MONOTONIC);
		break;
	case ZX_CLOCK_UTC:
		now = linux_clock(LINUX_REALTIME);
		break;
	case ZX_CLOCK_THREAD:
		now = linux_clock(LINUX_THREAD_CPUTIME);
		break;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
	return put(out, now);
}

/* Until 2019 the call returned the time, and 0 for a clock that does not exist; later a status. */
int64_t vdso_zx_clock_get(zx_clock_t clock, zx_time_t *out)
{
	zx_time_t now = 0;

	if (boot->era >= ZXERA_2020_07)
		return vdso_zx_clock_get_new(clock, out);
	vdso_zx_clock_get_new(clock, &now);
	return now;
}
