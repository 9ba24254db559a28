/*
 * Timers that are set stand in one binary heap by deadline, served by one thread. Locks: the
 * timer's own, then the queue's. Each place in the heap holds a reference to its timer.
 *
 * The heap has room for every timer that exists, made when a timer is made, so that setting one
 * cannot fail.
 *
 * The serving thread takes what is due off the heap under the queue's lock alone, and then looks at
 * the timer under its lock: one that was cancelled or set anew meanwhile does not fire.
 */
#include "compat/core/timer.h"

#include <string.h>
#include <zircon/syscalls/object.h>

#include "compat/core/core.h"

struct timer_queue {
	struct mutex lock;
	struct thread *server; /* not referenced; NULL while none serves */
	struct timer **heap;   /* the first deadline at 0 */
	uint32_t count;
	uint32_t timers; /* that exist, in the heap or not */
	uint32_t room;
};

#define FIRST_ROOM 64u

static void put_at_locked(struct timer_queue *queue, uint32_t place, struct timer *timer)
{
	queue->heap[place] = timer;
	timer->queue_index = place + 1;
}

static void sift_up_locked(struct timer_queue *queue, uint32_t place, struct timer *timer)
{
	while (place) {
		uint32_t parent = (place - 1) / 2;

		if (queue->heap[parent]->queue_deadline <= timer->queue_deadline)
			break;
		put_at_locked(queue, place, queue->heap[parent]);
		place = parent;
	}
	put_at_locked(queue, place, timer);
}

static void sift_down_locked(struct timer_queue *queue, uint32_t place, struct timer *timer)
{
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= queue->count)
			break;
		if (child + 1 < queue->count && queue->heap[child + 1]->queue_deadline <
							queue->heap[child]->queue_deadline)
			child++;
		if (timer->queue_deadline <= queue->heap[child]->queue_deadline)
			break;
		put_at_locked(queue, place, queue->heap[child]);
		place = child;
	}
	put_at_locked(queue, place, timer);
}

/* Takes @timer out of the heap, and with it the heap's reference. */
static void remove_locked(struct timer_queue *queue, struct timer *timer)
{
	uint32_t place = timer->queue_index - 1;
	struct timer *last = queue->heap[--queue->count];

	timer->queue_index = 0;
	if (last == timer)
		return;
	if (place && queue->heap[(place - 1) / 2]->queue_deadline > last->queue_deadline)
		sift_up_locked(queue, place, last);
	else
		sift_down_locked(queue, place, last);
}

static void insert_locked(struct timer_queue *queue, struct timer *timer)
{
	sift_up_locked(queue, queue->count++, timer);
	if (queue->heap[0] == timer && queue->server)
		thread__wake(queue->server);
}

zx_status_t timer__init(void)
{
	struct timer_queue *queue = arena__alloc(sizeof(*queue));

	if (!queue)
		return ZX_ERR_NO_MEMORY;
	queue->heap = arena__alloc(FIRST_ROOM * sizeof(*queue->heap));
	if (!queue->heap) {
		arena__free(queue);
		return ZX_ERR_NO_MEMORY;
	}
	queue->room = FIRST_ROOM;
	core_root->timers = queue;
	return ZX_OK;
}

/* Counts one more timer, and sees to its place in the heap. */
static zx_status_t reserve_place(struct timer_queue *queue)
{
	zx_status_t status = ZX_OK;

	mutex__lock(&queue->lock);
	if (queue->timers == queue->room) {
		struct timer **heap = arena__alloc(2 * queue->room * sizeof(*heap));

		if (heap) {
			memcpy(heap, queue->heap, queue->count * sizeof(*heap));
			arena__free(queue->heap);
			queue->heap = heap;
			queue->room *= 2;
		} else {
			status = ZX_ERR_NO_MEMORY;
		}
	}
	if (status == ZX_OK)
		queue->timers++;
	mutex__unlock(&queue->lock);
	return status;
}

static void release_place(struct timer_queue *queue)
{
	mutex__lock(&queue->lock);
	queue->timers--;
	mutex__unlock(&queue->lock);
}

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
	(void)object;
	release_place(core_root->timers);
}

const struct object_ops timer_ops = {
	.name = "timer",
	.default_rights = ZX_DEFAULT_TIMER_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = timer_zero_handles,
	.destroy = timer_destroy,
};

zx_status_t timer__create(uint32_t options, struct timer **out)
{
	struct timer *timer;

	if (options > ZX_TIMER_SLACK_LATE)
		return ZX_ERR_INVALID_ARGS;
	if (reserve_place(core_root->timers) != ZX_OK)
		return ZX_ERR_NO_MEMORY;
	timer = object__alloc(sizeof(*timer), ZX_OBJ_TYPE_TIMER);
	if (!timer) {
		release_place(core_root->timers);
		return ZX_ERR_NO_MEMORY;
	}
	timer->options = options;
	*out = timer;
	return ZX_OK;
}

/* Forgets what is set; true where a reference of the heap is now the caller's. */
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
		remove_locked(queue, timer);
	mutex__unlock(&queue->lock);
	return queued;
}

void timer__set(struct timer *timer, zx_time_t deadline, zx_duration_t slack)
{
	struct timer_queue *queue = core_root->timers;
	bool queued;

	object__lock(&timer->object);
	queued = disarm_locked(timer);
	if (deadline <= core_host.clock_monotonic()) {
		object__update_signals_locked(&timer->object, 0, ZX_TIMER_SIGNALED);
	} else if (__atomic_load_n(&timer->object.handles, __ATOMIC_ACQUIRE)) {
		/* Closed meanwhile, it must not be armed: nobody would ever cancel it. */
		timer->deadline = deadline;
		timer->slack = slack;
		if (!queued)
			object__get(&timer->object);
		queued = false;
		mutex__lock(&queue->lock);
		timer->queue_deadline = deadline;
		insert_locked(queue, timer);
		mutex__unlock(&queue->lock);
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

static void fire(struct timer *timer)
{
	object__lock(&timer->object);
	if (timer->deadline && timer->deadline <= core_host.clock_monotonic()) {
		timer->deadline = 0;
		timer->slack = 0;
		object__update_signals_locked(&timer->object, 0, ZX_TIMER_SIGNALED);
	}
	object__unlock(&timer->object);
	object__put(&timer->object);
}

/* The next timer that is due, taken off the heap, or NULL, and when the next one will be. */
static struct timer *next_due(struct thread *self, struct timer_queue *queue, zx_time_t *deadline)
{
	struct timer *timer = NULL;

	mutex__lock(&queue->lock);
	if (queue->count)
		timer = queue->heap[0];
	*deadline = timer ? timer->queue_deadline : ZX_TIME_INFINITE;
	if (timer && *deadline <= core_host.clock_monotonic())
		remove_locked(queue, timer);
	else
		timer = NULL;
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
		zx_time_t deadline;

		while ((timer = next_due(self, queue, &deadline)))
			fire(timer);
		status = thread__block(self, deadline, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	}
	mutex__lock(&queue->lock);
	queue->server = NULL;
	mutex__unlock(&queue->lock);
}
