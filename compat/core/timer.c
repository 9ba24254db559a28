/*
 * Timers that are set stand in the queue (timer_queue.c), served by one thread. Locks: the timer's
 * own, then the queue's. Each place in the queue holds a reference to its timer.
 *
 * The serving thread takes what is due off the queue under the queue's lock alone, and then looks
 * at the timer under its lock: one that was cancelled or set anew meanwhile does not fire.
 */
#include "compat/core/timer.h"

#include <zircon/syscalls/object.h>
#include <zircon/time.h>

#include "compat/core/core.h"
#include "compat/core/timer_queue.h"
#include "compat/core/vcpu.h"

static struct timer *as_timer(struct object *object)
{
	return (struct timer *)object;
}

static void timer_zero_handles(struct object *object)
{
	timer__cancel(as_timer(object));
}

static void timer_destroy(struct object *object)
{
	timer_queue__release(as_timer(object)->clock);
}

const struct object_ops timer_ops = {
	.name = "timer",
	.default_rights = ZX_DEFAULT_TIMER_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = timer_zero_handles,
	.destroy = timer_destroy,
};

zx_status_t timer__create(uint32_t options, zx_clock_t clock, struct timer **out)
{
	struct timer *timer;

	if (options > ZX_TIMER_SLACK_LATE)
		return ZX_ERR_INVALID_ARGS;
	if (timer_queue__reserve(clock) != ZX_OK)
		return ZX_ERR_NO_MEMORY;
	timer = object__alloc(sizeof(*timer), ZX_OBJ_TYPE_TIMER);
	if (!timer) {
		timer_queue__release(clock);
		return ZX_ERR_NO_MEMORY;
	}
	timer->options = options;
	timer->clock = clock;
	*out = timer;
	return ZX_OK;
}

/* Forgets what is set; true where a reference of the queue is now the caller's. */
static bool disarm_locked(struct timer *timer)
{
	struct timer_queue *queue = core_root->timers;
	bool queued;

	object__update_signals_locked(&timer->object, ZX_TIMER_SIGNALED, 0);
	timer->deadline = 0;
	timer->slack = 0;
	mutex__lock(&queue->lock);
	queued = timer->queue_index;
	if (queued)
		timer_queue__remove_locked(queue, timer);
	mutex__unlock(&queue->lock);
	return queued;
}

/* Enters it for the moment in its slack that suits the other timers best. */
static void enqueue_locked(struct timer *timer)
{
	struct timer_queue *queue = core_root->timers;
	zx_duration_t before = timer->options == ZX_TIMER_SLACK_LATE ? 0 : timer->slack;
	zx_duration_t after = timer->options == ZX_TIMER_SLACK_EARLY ? 0 : timer->slack;

	mutex__lock(&queue->lock);
	timer->fires = timer->deadline;
	if (timer->slack)
		timer->fires = timer_queue__coalesce_locked(
			&queue->heap[timer->clock], timer->deadline,
			zx_time_sub_duration(timer->deadline, before),
			zx_time_add_duration(timer->deadline, after));
	timer_queue__insert_locked(queue, timer);
	mutex__unlock(&queue->lock);
}

void timer__set(struct timer *timer, zx_time_t deadline, zx_duration_t slack)
{
	bool queued;

	object__lock(&timer->object);
	queued = disarm_locked(timer);
	if (deadline <= timer_queue__now(timer->clock)) {
		object__update_signals_locked(&timer->object, 0, ZX_TIMER_SIGNALED);
	} else if (__atomic_load_n(&timer->object.handles, __ATOMIC_ACQUIRE)) {
		/* Closed meanwhile, it must not be armed: nobody would ever cancel it. */
		timer->deadline = deadline;
		timer->slack = slack;
		if (!queued)
			object__get(&timer->object);
		queued = false;
		enqueue_locked(timer);
	}
	object__unlock(&timer->object);
	if (queued)
		object__put(&timer->object);
}

void timer__cancel(struct timer *timer)
{
	bool queued;

	object__lock(&timer->object);
	queued = disarm_locked(timer);
	object__unlock(&timer->object);
	if (queued)
		object__put(&timer->object);
}

/* A processor of a guest has its timer fire again by itself. */
static void fire_vcpu_locked(struct timer *timer)
{
	timer->deadline = vcpu_apic__timer_fired(timer->vcpu);
	if (!timer->deadline)
		return;
	object__get(&timer->object);
	enqueue_locked(timer);
}

static void fire(struct timer *timer)
{
	object__lock(&timer->object);
	if (timer->deadline && timer->fires <= timer_queue__now(timer->clock)) {
		timer->deadline = 0;
		timer->slack = 0;
		object__update_signals_locked(&timer->object, 0, ZX_TIMER_SIGNALED);
		if (timer->vcpu)
			fire_vcpu_locked(timer);
	}
	object__unlock(&timer->object);
	object__put(&timer->object);
}

/* The next timer that is due, taken off the queue, or NULL, and when to look again. */
static struct timer *next_due(struct thread *self, struct timer_queue *queue, zx_time_t *again)
{
	struct timer *timer;

	mutex__lock(&queue->lock);
	timer = timer_queue__next_locked(queue, again);
	/* Under the lock: who sets an earlier deadline after this wakes the sleep that follows. */
	thread__prepare(self);
	mutex__unlock(&queue->lock);
	return timer;
}

void timer__thread(struct thread *self)
{
	struct timer_queue *queue = core_root->timers;
	zx_status_t status = ZX_OK;

	mutex__lock(&queue->lock);
	queue->server = self;
	mutex__unlock(&queue->lock);
	while (status != ZX_ERR_INTERNAL_INTR_KILLED) {
		struct timer *timer;
		zx_time_t again;

		while ((timer = next_due(self, queue, &again)))
			fire(timer);
		status = thread__block(self, again, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	}
	mutex__lock(&queue->lock);
	queue->server = NULL;
	mutex__unlock(&queue->lock);
}
