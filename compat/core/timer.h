/* Timers, which one thread of the supervisor serves. */
#ifndef COMPAT_CORE_TIMER_H
#define COMPAT_CORE_TIMER_H

#include "compat/core/object.h"

struct vcpu;

struct timer {
	struct object object;
	uint32_t options; /* ZX_TIMER_SLACK_* */
	zx_clock_t clock; /* ZX_CLOCK_MONOTONIC or ZX_CLOCK_BOOT */
	/* Under the object's lock; both 0 while it is not set. */
	zx_time_t deadline;
	zx_duration_t slack;
	zx_time_t fires; /* under both locks; while it is set, when it fires, by its clock */
	/* Place in the queue plus one, 0 while it is in none; under the queue's lock. */
	uint32_t queue_index;
	struct vcpu *vcpu; /* whose timer it is, not referenced, under the object's lock; or NULL */
};

extern const struct object_ops timer_ops;

/* Serves the timers until @self, a thread of the supervisor, is killed. */
void timer__thread(struct thread *self);

/* Errors: ZX_ERR_INVALID_ARGS (@options is no ZX_TIMER_SLACK_*), ZX_ERR_NO_MEMORY. */
zx_status_t timer__create(uint32_t options, zx_clock_t clock, struct timer **out);
/*
 * Has ZX_TIMER_SIGNALED rise at @deadline (nanoseconds of its clock; at once where that has
 * passed), or off it by as much as the slack allows, where another timer fires. What was set
 * before, or was signalled, is forgotten.
 */
void timer__set(struct timer *timer, zx_time_t deadline, zx_duration_t slack);
void timer__cancel(struct timer *timer);

#endif
