#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/timer.h"

zx_status_t sys_timer_create(struct thread *self, uint32_t options, zx_clock_t clock_id,
			     user_addr_t out)
{
	bool boot = era__of(self->process->era)->clock_newest;
	struct timer *timer;
	zx_status_t status;

	if (clock_id != ZX_CLOCK_MONOTONIC && !(boot && clock_id == ZX_CLOCK_BOOT))
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_TIMER);
	if (status != ZX_OK)
		return status;
	status = timer__create(options, clock_id, &timer);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &timer->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_TIMER), out);
}

zx_status_t sys_timer_set(struct thread *self, zx_handle_t handle, zx_time_t deadline,
			  zx_duration_t slack)
{
	struct timer *timer;
	zx_status_t status;

	if (slack < 0 && !era__of(self->process->era)->timer_slack_any)
		return ZX_ERR_OUT_OF_RANGE;
	status = handle__get(self, handle, ZX_OBJ_TYPE_TIMER, ZX_RIGHT_WRITE, &timer);
	if (status != ZX_OK)
		return status;
	/* The job's policy may ask for more slack, never for less. */
	if (slack < self->process->job->timer_slack)
		slack = self->process->job->timer_slack;
	timer__set(timer, deadline, slack);
	object__put(&timer->object);
	return ZX_OK;
}

zx_status_t sys_timer_cancel(struct thread *self, zx_handle_t handle)
{
	struct timer *timer;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_TIMER, ZX_RIGHT_WRITE, &timer);
	if (status != ZX_OK)
		return status;
	timer__cancel(timer);
	object__put(&timer->object);
	return ZX_OK;
}
