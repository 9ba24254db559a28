/* What the files of this program share. */
#ifndef CONFORMANCE_CLOCK_H
#define CONFORMANCE_CLOCK_H

#include "conformance.h"

#include <zircon/syscalls/clock.h>

#define V1 ZX_CLOCK_ARGS_VERSION(1)
#define V2 ZX_CLOCK_ARGS_VERSION(2)

/* Times that a system computes from ticks in two ways may differ by rounding. */
#define ROUNDING 1000

static inline zx_handle_t make_clock(uint64_t options)
{
	zx_handle_t clock;

	EXPECT_OK(zx_clock_create(options, NULL, &clock));
	return own(clock);
}

static inline zx_status_t set_clock(zx_handle_t clock, int64_t value)
{
	zx_clock_update_args_v1_t args = { .value = value };

	return zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTION_VALUE_VALID, &args);
}

static inline zx_time_t read_clock(zx_handle_t clock)
{
	zx_time_t now;

	EXPECT_OK(zx_clock_read(clock, &now));
	return now;
}

#endif
