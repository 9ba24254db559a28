/*
 * Clocks: a straight line over the monotonic clock, or the boot clock, which its maintainer bends
 * from time to time. A tick of the system is a nanosecond, so one line serves for ticks and times.
 */
#ifndef COMPAT_CORE_CLOCK_H
#define COMPAT_CORE_CLOCK_H

#include <zircon/syscalls/clock.h>

#include "compat/core/object.h"

struct clock {
	struct object object;
	uint64_t options; /* ZX_CLOCK_OPT_* */
	zx_time_t backstop;
	/* The rest is under the object's lock. */
	zx_clock_transformation_t line;
	int32_t rate_adjust; /* parts per million, as last set */
	uint64_t error_bound;
	zx_ticks_t last_value_update;
	zx_ticks_t last_rate_update;
	zx_ticks_t last_error_update;
	uint32_t generation; /* 1 at first, and one more with each update */
	struct vmo *vmo; /* referenced: the state for those who map it (zxabi/clock.h), or NULL */
	char name[ZX_MAX_NAME_LEN];
};

extern const struct object_ops clock_ops;

/* What zx_clock_update is told, whichever version of its arguments the caller used. */
struct clock_update {
	uint64_t options; /* ZX_CLOCK_UPDATE_OPTION_*, which say what of the rest counts */
	bool v2;          /* version 2 has stricter rules for monotonic clocks */
	int32_t rate_adjust;
	zx_time_t synthetic_value;
	zx_time_t reference_value;
	uint64_t error_bound;
};

/*
 * @options: ZX_CLOCK_OPT_* without a version; @backstop: the clock never shows an earlier time.
 * Errors: ZX_ERR_INVALID_ARGS, ZX_ERR_NO_MEMORY.
 */
zx_status_t clock__create(uint64_t options, zx_time_t backstop, struct clock **out);
/* A started clock that shows UTC as the host knows it now. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t clock__create_utc(struct clock **out);
/* Nanoseconds; the backstop time while the clock has not started. */
zx_time_t clock__read(struct clock *clock);
/* Errors: ZX_ERR_BAD_STATE (the first update must set a value), ZX_ERR_INVALID_ARGS. */
zx_status_t clock__update(struct clock *clock, const struct clock_update *update);
void clock__details(struct clock *clock, zx_clock_details_v1_t *out);

#endif
