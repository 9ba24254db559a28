#include "compat/core/clock.h"

#include <string.h>

#include "compat/core/core.h"

const struct object_ops clock_ops = {
	.name = "clock",
	.default_rights = ZX_DEFAULT_CLOCK_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
};

/* The rate as a fraction with this denominator, so that one part per million is one. */
#define RATE_ONE 1000000u

static int64_t add_saturating(int64_t a, int64_t b)
{
	return zx_time_add_duration(a, b);
}

static int64_t multiply_saturating(int64_t a, uint32_t b)
{
	int64_t product;

	if (!__builtin_mul_overflow(a, (int64_t)b, &product))
		return product;
	return a < 0 ? INT64_MIN : INT64_MAX;
}

/* Rounds down. In two steps, since the product of a time and a rate does not fit 64 bits. */
static int64_t apply(const zx_clock_transformation_t *line, int64_t reference)
{
	int64_t distance = zx_time_sub_time(reference, line->reference_offset);
	int64_t divisor = line->rate.reference_ticks;
	int64_t quotient = distance / divisor;
	int64_t rest = distance % divisor;

	if (rest < 0) {
		rest += divisor;
		quotient--;
	}
	rest = rest * line->rate.synthetic_ticks / divisor;
	quotient = multiply_saturating(quotient, line->rate.synthetic_ticks);
	return add_saturating(add_saturating(quotient, rest), line->synthetic_offset);
}

static bool started_locked(const struct clock *clock)
{
	return clock->line.rate.synthetic_ticks != 0;
}

zx_status_t clock__create(uint64_t options, zx_time_t backstop, struct clock **out)
{
	zx_time_t now = core_host.clock_monotonic();
	struct clock *clock;

	if (options & ZX_CLOCK_OPT_CONTINUOUS && !(options & ZX_CLOCK_OPT_MONOTONIC))
		return ZX_ERR_INVALID_ARGS;
	if (backstop < 0 || (options & ZX_CLOCK_OPT_AUTO_START && backstop > now))
		return ZX_ERR_INVALID_ARGS;
	clock = object__alloc(sizeof(*clock), ZX_OBJ_TYPE_CLOCK);
	if (!clock)
		return ZX_ERR_NO_MEMORY;
	clock->options = options;
	clock->backstop = backstop;
	clock->error_bound = ZX_CLOCK_UNKNOWN_ERROR;
	clock->line.rate.reference_ticks = 1;
	if (options & ZX_CLOCK_OPT_AUTO_START) {
		clock->line.rate.synthetic_ticks = 1;
		clock->last_value_update = now;
		clock->last_rate_update = now;
		clock->object.signals = ZX_CLOCK_STARTED;
	} else {
		clock->line.synthetic_offset = backstop;
	}
	*out = clock;
	return ZX_OK;
}

zx_status_t clock__create_utc(struct clock **out)
{
	struct clock_update update = { .options = ZX_CLOCK_UPDATE_OPTION_SYNTHETIC_VALUE_VALID };
	zx_status_t status = clock__create(0, 0, out);

	if (status != ZX_OK)
		return status;
	update.synthetic_value = core_host.clock_utc();
	status = clock__update(*out, &update);
	if (status != ZX_OK)
		object__put(&(*out)->object);
	return status;
}

zx_time_t clock__read(struct clock *clock)
{
	zx_time_t now;

	object__lock(&clock->object);
	now = apply(&clock->line, core_host.clock_monotonic());
	object__unlock(&clock->object);
	return now;
}

/* The rules of Zircon's ClockDispatcher::Update that do not need the result, in its order. */
static zx_status_t check_update_locked(const struct clock *clock, const struct clock_update *update)
{
	bool set = update->options & ZX_CLOCK_UPDATE_OPTION_SYNTHETIC_VALUE_VALID;
	bool rate = update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID;
	bool reference = update->options & ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID;
	bool started = started_locked(clock);

	if (reference && (!update->v2 || (!set && !rate)))
		return ZX_ERR_INVALID_ARGS;
	if (!set && !started)
		return ZX_ERR_BAD_STATE;
	if (set && started && clock->options & ZX_CLOCK_OPT_CONTINUOUS)
		return ZX_ERR_INVALID_ARGS;
	if (update->v2 && started && clock->options & ZX_CLOCK_OPT_MONOTONIC) {
		/* A jump must say when it happened, and a bend must happen now. */
		if (set && !reference)
			return ZX_ERR_INVALID_ARGS;
		if (rate && (set || reference))
			return ZX_ERR_INVALID_ARGS;
	}
	return ZX_OK;
}

/* The line that @update asks for. Errors: ZX_ERR_INVALID_ARGS where it would go back in time. */
static zx_status_t bend_locked(const struct clock *clock, const struct clock_update *update,
			       zx_time_t now, zx_clock_transformation_t *out)
{
	const zx_clock_transformation_t *old = &clock->line;

	out->reference_offset = now;
	if (update->options & ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID)
		out->reference_offset = update->reference_value;
	if (update->options & ZX_CLOCK_UPDATE_OPTION_SYNTHETIC_VALUE_VALID)
		out->synthetic_offset = update->synthetic_value;
	else
		out->synthetic_offset = apply(old, out->reference_offset);
	if (update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID)
		out->rate = (zx_clock_rate_t){ (uint32_t)((int32_t)RATE_ONE + update->rate_adjust),
					       RATE_ONE };
	else if (started_locked(clock))
		out->rate = old->rate;
	else
		out->rate = (zx_clock_rate_t){ 1, 1 };
	if (clock->options & ZX_CLOCK_OPT_MONOTONIC && apply(out, now) < apply(old, now))
		return ZX_ERR_INVALID_ARGS;
	if (apply(out, now) < clock->backstop)
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

static zx_status_t update_locked(struct clock *clock, const struct clock_update *update)
{
	bool set = update->options & ZX_CLOCK_UPDATE_OPTION_SYNTHETIC_VALUE_VALID;
	bool rate = update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID;
	bool starts = !started_locked(clock);
	zx_time_t now = core_host.clock_monotonic();
	zx_status_t status = check_update_locked(clock, update);

	if (status != ZX_OK)
		return status;
	if (set || rate) {
		zx_clock_transformation_t line;

		status = bend_locked(clock, update, now, &line);
		if (status != ZX_OK)
			return status;
		clock->line = line;
	}
	if (set)
		clock->last_value_update = now;
	if (rate || starts) {
		clock->last_rate_update = now;
		clock->rate_adjust = rate ? update->rate_adjust : 0;
	}
	if (update->options & ZX_CLOCK_UPDATE_OPTION_ERROR_BOUND_VALID) {
		clock->last_error_update = now;
		clock->error_bound = update->error_bound;
	}
	clock->generation += 2; /* odd numbers mean an update in progress to Zircon's readers */
	return ZX_OK;
}

zx_status_t clock__update(struct clock *clock, const struct clock_update *update)
{
	zx_status_t status;

	object__lock(&clock->object);
	status = update_locked(clock, update);
	if (status == ZX_OK) {
		/* Who waits for ZX_CLOCK_UPDATED hears of each one; the signal does not stay. */
		object__update_signals_locked(&clock->object, 0,
					      ZX_CLOCK_STARTED | ZX_CLOCK_UPDATED);
		object__update_signals_locked(&clock->object, ZX_CLOCK_UPDATED, 0);
	}
	object__unlock(&clock->object);
	return status;
}

void clock__details(struct clock *clock, zx_clock_details_v1_t *out)
{
	memset(out, 0, sizeof(*out));
	out->options = clock->options;
	out->backstop_time = clock->backstop;
	object__lock(&clock->object);
	out->ticks_to_synthetic = clock->line;
	out->mono_to_synthetic = clock->line;
	out->error_bound = clock->error_bound;
	out->query_ticks = core_host.clock_monotonic();
	out->last_value_update_ticks = clock->last_value_update;
	out->last_rate_adjust_update_ticks = clock->last_rate_update;
	out->last_error_bounds_update_ticks = clock->last_error_update;
	out->generation_counter = clock->generation;
	object__unlock(&clock->object);
}
