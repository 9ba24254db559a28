#include "compat/core/clock.h"

#include <string.h>
#include <zxabi/clock.h>

#include "compat/core/core.h"
#include "compat/core/vmo.h"

static void clock_destroy(struct object *object)
{
	struct clock *clock = (struct clock *)object;

	if (clock->vmo)
		object__put(&clock->vmo->object);
}

const struct object_ops clock_ops = {
	.name = "clock",
	.default_rights = ZX_DEFAULT_CLOCK_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = clock_destroy,
};

/* The rate as a fraction with this denominator, so that one part per million is one. */
#define RATE_ONE 1000000u

/* Now, by the clock that @clock is a line over. */
static zx_time_t reference_now(const struct clock *clock)
{
	return clock->options & ZX_CLOCK_OPT_BOOT ? core_host.clock_boot() :
						    core_host.clock_monotonic();
}

static bool started_locked(const struct clock *clock)
{
	return clock->line.rate.synthetic_ticks != 0;
}

/* Where programs have mapped the clock, they see the new state, or that it is changing. */
static void publish_locked(struct clock *clock)
{
	struct zxabi_clock *mapped = clock->vmo ? clock->vmo->shared : NULL;
	const struct zxabi_clock state = {
		.options = clock->options,
		.backstop = clock->backstop,
		.line = clock->line,
		.error_bound = clock->error_bound,
		.last_value_update = clock->last_value_update,
		.last_rate_update = clock->last_rate_update,
		.last_error_update = clock->last_error_update,
	};

	if (!mapped)
		return;
	__atomic_store_n(&mapped->sequence, 2 * clock->generation - 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	zxabi_clock__copy(mapped, &state);
	__atomic_store_n(&mapped->sequence, 2 * clock->generation, __ATOMIC_RELEASE);
}

/* Gives the clock a page for its state. Errors: ZX_ERR_NO_MEMORY. */
static zx_status_t make_mappable(struct clock *clock)
{
	zx_status_t status;

	status = vmo__create_shared(ZXABI_CLOCK_SIZE, clock->object.koid, &clock->vmo);
	if (status != ZX_OK)
		return status;
	vmo__set_name(clock->vmo, "kernel-clock");
	publish_locked(clock); /* nobody else knows the clock yet */
	return ZX_OK;
}

zx_status_t clock__create(uint64_t options, zx_time_t backstop, struct clock **out)
{
	struct clock *clock;
	zx_status_t status;
	zx_time_t now;

	if (options & ZX_CLOCK_OPT_CONTINUOUS && !(options & ZX_CLOCK_OPT_MONOTONIC))
		return ZX_ERR_INVALID_ARGS;
	now = reference_now(&(struct clock){ .options = options });
	if (backstop < 0 || (options & ZX_CLOCK_OPT_AUTO_START && backstop > now))
		return ZX_ERR_INVALID_ARGS;
	clock = object__alloc(sizeof(*clock), ZX_OBJ_TYPE_CLOCK);
	if (!clock)
		return ZX_ERR_NO_MEMORY;
	clock->options = options;
	clock->generation = 1;
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
	if (options & ZX_CLOCK_OPT_MAPPABLE) {
		status = make_mappable(clock);
		if (status != ZX_OK) {
			object__put(&clock->object);
			return status;
		}
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
	now = zxabi_clock__apply(&clock->line, reference_now(clock));
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
		out->synthetic_offset = zxabi_clock__apply(old, out->reference_offset);
	if (update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID)
		out->rate = (zx_clock_rate_t){ (uint32_t)((int32_t)RATE_ONE + update->rate_adjust),
					       RATE_ONE };
	else if (started_locked(clock))
		out->rate = old->rate;
	else
		out->rate = (zx_clock_rate_t){ 1, 1 };
	if (clock->options & ZX_CLOCK_OPT_MONOTONIC &&
	    zxabi_clock__apply(out, now) < zxabi_clock__apply(old, now))
		return ZX_ERR_INVALID_ARGS;
	if (zxabi_clock__apply(out, now) < clock->backstop)
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

static zx_status_t update_locked(struct clock *clock, const struct clock_update *update)
{
	bool set = update->options & ZX_CLOCK_UPDATE_OPTION_SYNTHETIC_VALUE_VALID;
	bool rate = update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID;
	bool reference = update->options & ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID;
	bool starts = !started_locked(clock);
	zx_time_t now = reference_now(clock);
	zx_status_t status = check_update_locked(clock, update);

	if (status != ZX_OK)
		return status;
	/* The rate that it has already is no reason to bend the line. */
	if (set || (rate && (starts || reference || update->rate_adjust != clock->rate_adjust))) {
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
	clock->generation++;
	publish_locked(clock);
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
	out->query_ticks = reference_now(clock);
	out->last_value_update_ticks = clock->last_value_update;
	out->last_rate_adjust_update_ticks = clock->last_rate_update;
	out->last_error_bounds_update_ticks = clock->last_error_update;
	out->generation_counter = clock->generation;
	object__unlock(&clock->object);
}
