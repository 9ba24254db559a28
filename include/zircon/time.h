/*
 * Time: signed 64-bit counts. Arithmetic saturates at both ends instead of wrapping, so that
 * "for ever" stays for ever.
 */
#ifndef ZIRCON_TIME_H_
#define ZIRCON_TIME_H_

#include <stdint.h>
#include <zircon/compiler.h>

__BEGIN_CDECLS

typedef int64_t zx_time_t;	/* nanoseconds on some clock */
typedef int64_t zx_duration_t;	/* nanoseconds between two points */
typedef int64_t zx_ticks_t;	/* the counter of zx_ticks_get */

/* The newest interface names the clock in the type; the representation is the same. */
typedef int64_t zx_instant_mono_t;
typedef int64_t zx_instant_boot_t;
typedef int64_t zx_instant_mono_ticks_t;
typedef int64_t zx_instant_boot_ticks_t;
typedef int64_t zx_duration_mono_t;
typedef int64_t zx_duration_boot_t;
typedef int64_t zx_duration_mono_ticks_t;
typedef int64_t zx_duration_boot_ticks_t;

#define ZX_TIME_INFINITE	INT64_MAX
#define ZX_TIME_INFINITE_PAST	INT64_MIN

/* a + b in nanoseconds; ZX_TIME_INFINITE or ZX_TIME_INFINITE_PAST when that overflows. */
static inline int64_t __zx_time_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b > 0 ? ZX_TIME_INFINITE : ZX_TIME_INFINITE_PAST;
}

/* a - b in nanoseconds, saturating likewise. */
static inline int64_t __zx_time_sub(int64_t a, int64_t b)
{
	int64_t diff;

	if (!__builtin_sub_overflow(a, b, &diff))
		return diff;
	return b < 0 ? ZX_TIME_INFINITE : ZX_TIME_INFINITE_PAST;
}

static inline zx_time_t zx_time_add_duration(zx_time_t time, zx_duration_t duration)
{
	return __zx_time_add(time, duration);
}

static inline zx_time_t zx_time_sub_duration(zx_time_t time, zx_duration_t duration)
{
	return __zx_time_sub(time, duration);
}

static inline zx_duration_t zx_time_sub_time(zx_time_t time1, zx_time_t time2)
{
	return __zx_time_sub(time1, time2);
}

static inline zx_duration_t zx_duration_add_duration(zx_duration_t dur1, zx_duration_t dur2)
{
	return __zx_time_add(dur1, dur2);
}

static inline zx_duration_t zx_duration_sub_duration(zx_duration_t dur1, zx_duration_t dur2)
{
	return __zx_time_sub(dur1, dur2);
}

/* duration * multiplier, saturating towards the sign that the true product has. */
static inline zx_duration_t zx_duration_mul_int64(zx_duration_t duration, int64_t multiplier)
{
	zx_duration_t product;

	if (!__builtin_mul_overflow(duration, multiplier, &product))
		return product;
	return (duration < 0) == (multiplier < 0) ? ZX_TIME_INFINITE : ZX_TIME_INFINITE_PAST;
}

/* Durations from a count of the unit; saturating. */
#define ZX_NSEC(n)	zx_duration_mul_int64(INT64_C(1), (n))
#define ZX_USEC(n)	zx_duration_mul_int64(INT64_C(1000), (n))
#define ZX_MSEC(n)	zx_duration_mul_int64(INT64_C(1000000), (n))
#define ZX_SEC(n)	zx_duration_mul_int64(INT64_C(1000000000), (n))
#define ZX_MIN(n)	zx_duration_mul_int64(INT64_C(60000000000), (n))
#define ZX_HOUR(n)	zx_duration_mul_int64(INT64_C(3600000000000), (n))

__END_CDECLS

#endif /* ZIRCON_TIME_H_ */
