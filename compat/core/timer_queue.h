/* The timers that are set, by when they fire: for timer.c. */
#ifndef COMPAT_CORE_TIMER_QUEUE_H
#define COMPAT_CORE_TIMER_QUEUE_H

#include <zircon/types.h>

#include "compat/core/mutex.h"

struct thread;
struct timer;

/* The timers of one clock, a binary heap: the first to fire at 0. There is room for all timers. */
struct timer_heap {
	struct timer **places;
	uint32_t count;
	uint32_t timers; /* that exist, in the heap or not */
	uint32_t room;
};

/* By ZX_CLOCK_MONOTONIC and ZX_CLOCK_BOOT. */
#define TIMER_CLOCKS 2u

struct timer_queue {
	struct mutex lock;
	struct thread *server; /* not referenced; NULL while none serves */
	struct timer_heap heap[TIMER_CLOCKS];
};

/* Fills core_root->timers. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t timer_queue__init(void);
/* Counts one more timer of @clock, and sees to its place. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t timer_queue__reserve(zx_clock_t clock);
void timer_queue__release(zx_clock_t clock);
/* The time by @clock. */
zx_time_t timer_queue__now(zx_clock_t clock);

/* The rest is called with the queue's lock held. */

/* Wakes the server where @timer is now the first; the caller gives the heap a reference. */
void timer_queue__insert_locked(struct timer_queue *queue, struct timer *timer);
/* Takes @timer out of its heap; the heap's reference is the caller's from then on. */
void timer_queue__remove_locked(struct timer_queue *queue, struct timer *timer);
/*
 * When a timer that is wanted at @deadline best fires, in [@earliest, @latest]: together with the
 * nearest one that fires there anyway, or at @deadline where none does.
 */
zx_time_t timer_queue__coalesce_locked(const struct timer_heap *heap, zx_time_t deadline,
				       zx_time_t earliest, zx_time_t latest);
/*
 * Takes out a timer that is due, or gives NULL, and then tells by the monotonic clock when to look
 * again.
 */
struct timer *timer_queue__next_locked(struct timer_queue *queue, zx_time_t *again);

#endif
