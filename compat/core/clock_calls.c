/* The calls on clocks: versions of arguments, rights. */
#include <core/calls.h>
#include <zircon/eras.h>

#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/resource.h"

static uint64_t version_of(uint64_t options)
{
	return (options & ZX_CLOCK_ARGS_VERSION_MASK) >> ZX_CLOCK_ARGS_VERSION_SHIFT;
}

zx_status_t sys_clock_create(struct thread *self, uint64_t options, user_addr_t args,
			     user_addr_t out)
{
	uint32_t era = self->process->era;
	uint64_t known = era__of(era)->clock_newest ? ZX_CLOCK_OPTS_ALL_NEWEST : ZX_CLOCK_OPTS_ALL;
	zx_clock_create_args_v1_t create = { .backstop_time = 0 };
	struct clock *clock;
	zx_rights_t rights;
	zx_status_t status;

	switch (version_of(options)) {
	case 0: /* no structure: the defaults */
		if (args)
			return ZX_ERR_INVALID_ARGS;
		break;
	case 1:
		status = user__get(self, &create, args);
		if (status != ZX_OK)
			return status;
		break;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
	options &= ~ZX_CLOCK_ARGS_VERSION_MASK;
	if (options & ~known)
		return ZX_ERR_INVALID_ARGS;
	status = clock__create(options, create.backstop_time, &clock);
	if (status != ZX_OK)
		return status;
	rights = era__default_rights(era, ZX_OBJ_TYPE_CLOCK);
	if (options & ZX_CLOCK_OPT_MAPPABLE)
		rights |= ZX_RIGHT_MAP;
	return handle__make_out(self, &clock->object, rights, out);
}

zx_status_t sys_clock_read(struct thread *self, zx_handle_t handle, user_addr_t now)
{
	struct clock *clock;
	zx_time_t time;
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_READ, &clock);

	if (status != ZX_OK)
		return status;
	time = clock__read(clock);
	object__put(&clock->object);
	return user__put(self, now, &time);
}

zx_status_t sys_clock_get_details(struct thread *self, zx_handle_t handle, uint64_t options,
				  user_addr_t details)
{
	zx_clock_details_v1_t copy;
	struct clock *clock;
	zx_status_t status;

	if (options != ZX_CLOCK_ARGS_VERSION(1) || !details)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_READ, &clock);
	if (status != ZX_OK)
		return status;
	clock__details(clock, &copy);
	object__put(&clock->object);
	/* It counted the beginnings and ends of updates before. */
	if (!era__of(self->process->era)->clock_newest)
		copy.generation_counter = 2 * (copy.generation_counter - 1);
	return user__put(self, details, &copy);
}

static zx_status_t read_update_v1(struct thread *self, user_addr_t args, struct clock_update *out)
{
	zx_clock_update_args_v1_t v1;
	zx_status_t status = user__get(self, &v1, args);

	if (status != ZX_OK)
		return status;
	out->rate_adjust = v1.rate_adjust;
	out->synthetic_value = v1.value;
	out->error_bound = v1.error_bound;
	return ZX_OK;
}

static zx_status_t read_update_v2(struct thread *self, user_addr_t args, struct clock_update *out)
{
	zx_clock_update_args_v2_t v2;
	zx_status_t status = user__get(self, &v2, args);

	if (status != ZX_OK)
		return status;
	out->v2 = true;
	out->rate_adjust = v2.rate_adjust;
	out->synthetic_value = v2.synthetic_value;
	out->reference_value = v2.reference_value;
	out->error_bound = v2.error_bound;
	return ZX_OK;
}

/* At least one option, none that is unknown, and a rate that stays within bounds. */
static zx_status_t check_options(const struct era_traits *era, const struct clock_update *update)
{
	uint64_t known = era->clock_newest ? ZX_CLOCK_UPDATE_OPTIONS_ALL_NEWEST :
					     ZX_CLOCK_UPDATE_OPTIONS_ALL;

	if (!update->options || update->options & ~known)
		return ZX_ERR_INVALID_ARGS;
	if (update->options & ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID &&
	    (update->rate_adjust < ZX_CLOCK_UPDATE_MIN_RATE_ADJUST ||
	     update->rate_adjust > ZX_CLOCK_UPDATE_MAX_RATE_ADJUST))
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

zx_status_t sys_clock_update(struct thread *self, zx_handle_t handle, uint64_t options,
			     user_addr_t args)
{
	const struct era_traits *era = era__of(self->process->era);
	struct clock_update update = { .options = options & ~ZX_CLOCK_ARGS_VERSION_MASK };
	struct clock *clock;
	zx_status_t status = ZX_ERR_INVALID_ARGS;

	if (!args)
		return ZX_ERR_INVALID_ARGS;
	if (version_of(options) == 1)
		status = read_update_v1(self, args, &update);
	else if (version_of(options) == 2 && era->clock_newest)
		status = read_update_v2(self, args, &update);
	if (status == ZX_OK)
		status = check_options(era, &update);
	if (status == ZX_OK)
		status = handle__get(self, handle, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_WRITE, &clock);
	if (status != ZX_OK)
		return status;
	status = clock__update(clock, &update);
	object__put(&clock->object);
	return status;
}

/*
 * The system's own clocks obey the root resource alone, and here not even that: UTC is Linux's, as
 * the vDSO reads it.
 */
zx_status_t sys_clock_adjust(struct thread *self, zx_handle_t handle, zx_clock_t clock_id,
			     int64_t offset)
{
	zx_status_t status = resource__check(self, handle, ZX_RSRC_SYSTEM_INFO_BASE);

	(void)offset;
	if (status != ZX_OK)
		return status;
	return clock_id == ZX_CLOCK_MONOTONIC || clock_id == ZX_CLOCK_UTC ? ZX_ERR_ACCESS_DENIED :
									    ZX_ERR_INVALID_ARGS;
}
