/* Clocks that are mapped: read without a call. */
#include "vdso/vdso.h"

#include <zxabi/clock.h>

/* A state that holds together, and the time by the clock that it follows at that moment. */
static zx_time_t snapshot(const struct zxabi_clock *mapped, struct zxabi_clock *out)
{
	bool again;
	zx_time_t now;

	do {
		out->sequence = __atomic_load_n(&mapped->sequence, __ATOMIC_ACQUIRE);
		zxabi_clock__copy(out, mapped);
		now = out->options & ZX_CLOCK_OPT_BOOT ? vdso_zx_clock_get_boot() :
							 vdso_zx_clock_get_monotonic();
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		again = out->sequence & 1 ||
			out->sequence != __atomic_load_n(&mapped->sequence, __ATOMIC_RELAXED);
		if (again)
			__builtin_ia32_pause();
	} while (again);
	return now;
}

zx_status_t vdso_zx_clock_read_mapped(const void *clock_addr, zx_time_t *out)
{
	struct zxabi_clock state;
	zx_time_t now;

	if (!out)
		return ZX_ERR_INVALID_ARGS;
	now = snapshot(clock_addr, &state);
	*out = zxabi_clock__apply(&state.line, now);
	return ZX_OK;
}

zx_status_t vdso_zx_clock_get_details_mapped(const void *clock_addr, uint64_t options,
					     void *details)
{
	struct zxabi_clock state;
	zx_time_t now;

	if (options != ZX_CLOCK_ARGS_VERSION(1) || !details)
		return ZX_ERR_INVALID_ARGS;
	now = snapshot(clock_addr, &state);
	*(zx_clock_details_v1_t *)details = (zx_clock_details_v1_t){
		.options = state.options,
		.backstop_time = state.backstop,
		.ticks_to_synthetic = state.line,
		.mono_to_synthetic = state.line,
		.error_bound = state.error_bound,
		.query_ticks = now,
		.last_value_update_ticks = state.last_value_update,
		.last_rate_adjust_update_ticks = state.last_rate_update,
		.last_error_bounds_update_ticks = state.last_error_update,
		.generation_counter = state.sequence / 2,
	};
	return ZX_OK;
}
