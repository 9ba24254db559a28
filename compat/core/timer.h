/* Timers, and the queue of those that are set, which one thread of the supervisor serves. */
#ifndef COMPAT_CORE_TIMER_H
#define COMPAT_CORE_TIMER_H

#include "compat/core/object.h"

struct timer {
	struct object object;
	uint32_t options;     /* ZX_TIMER_SLACK_* */
	/* Under the object's lock; both 0 while it is not set. */
	zx_time_t deadline;
	zx_duration_t slack;
	/* Place in the queue plus one, 0 while it is in none; under the queue's lock. */
	uint32_t queue_index;
	zx_time_t queue_deadline;
};

extern const struct object_ops timer_ops;

/* Fills core_root->timers. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t timer__init(void);
/* Serves the queue until @self, a thread of the supervisor, is killed. */
void timer__thread(struct thread *self);

/* Errors: ZX_ERR_INVALID_ARGS (@options is no ZX_TIMER_SLACK_*), ZX_ERR_NO_MEMORY. */
zx_status_t timer__create(uint32_t options, struct timer **out);
/*
 * Has ZX_TIMER_SIGNALED rise at @deadline (nanoseconds of the monotonic clock; at once where that
 * has passed). What was set before, or was signalled, is forgotten. The slack allows to fire off
 * the deadline, which is not made use of.
 */
void timer__set(struct timer *timer, zx_time_t deadline, zx_duration_t slack);
void timer__cancel(struct timer *timer);

#endif
