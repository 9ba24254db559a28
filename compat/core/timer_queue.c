#include "compat/core/timer_queue.h"

#include <string.h>
#include <zircon/time.h>

#include "compat/core/core.h"
#include "compat/core/timer.h"

#define FIRST_ROOM 64u

/* Places of a heap that are looked at for a timer to fire together with; they are early ones. */
#define COALESCE_MAX 128u

/* Nothing on the host sleeps by the boot clock: while a timer is set by it, it is looked at. */
#define BOOT_CHECK_NS 1000000000ll

zx_time_t timer_queue__now(zx_clock_t clock)
{
	return clock == ZX_CLOCK_BOOT ? core_host.clock_boot() : core_host.clock_monotonic();
}

static void put_at(struct timer_heap *heap, uint32_t place, struct timer *timer)
{
	heap->places[place] = timer;
	timer->queue_index = place + 1;
}

static void sift_up(struct timer_heap *heap, uint32_t place, struct timer *timer)
{
	while (place) {
		uint32_t parent = (place - 1) / 2;

		if (heap->places[parent]->fires <= timer->fires)
			break;
		put_at(heap, place, heap->places[parent]);
		place = parent;
	}
	put_at(heap, place, timer);
}

static void sift_down(struct timer_heap *heap, uint32_t place, struct timer *timer)
{
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		    heap->places[child + 1]->fires < heap->places[child]->fires)
			child++;
		if (timer->fires <= heap->places[child]->fires)
			break;
		put_at(heap, place, heap->places[child]);
		place = child;
	}
	put_at(heap, place, timer);
}

void timer_queue__remove_locked(struct timer_queue *queue, struct timer *timer)
{
	struct timer_heap *heap = &queue->heap[timer->clock];
	uint32_t place = timer->queue_index - 1;
	struct timer *last = heap->places[--heap->count];

	timer->queue_index = 0;
	if (last == timer)
		return;
	if (place && heap->places[(place - 1) / 2]->fires > last->fires)
		sift_up(heap, place, last);
	else
		sift_down(heap, place, last);
}

void timer_queue__insert_locked(struct timer_queue *queue, struct timer *timer)
{
	struct timer_heap *heap = &queue->heap[timer->clock];

	sift_up(heap, heap->count++, timer);
	if (heap->places[0] == timer && queue->server)
		thread__wake(queue->server);
}

zx_time_t timer_queue__coalesce_locked(const struct timer_heap *heap, zx_time_t deadline,
				       zx_time_t earliest, zx_time_t latest)
{
	zx_duration_t best = ZX_TIME_INFINITE;
	zx_time_t chosen = deadline;

	for (uint32_t i = 0; i < heap->count && i < COALESCE_MAX; i++) {
		zx_time_t fires = heap->places[i]->fires;
		zx_duration_t off = fires < deadline ? deadline - fires : fires - deadline;

		if (fires < earliest || fires > latest)
			continue;
		/* Of two that are as near, the earlier one. */
		if (off < best || (off == best && fires < chosen)) {
			best = off;
			chosen = fires;
		}
	}
	return chosen;
}

struct timer *timer_queue__next_locked(struct timer_queue *queue, zx_time_t *again)
{
	*again = ZX_TIME_INFINITE;
	for (uint32_t clock = 0; clock < TIMER_CLOCKS; clock++) {
		struct timer_heap *heap = &queue->heap[clock];
		struct timer *first = heap->count ? heap->places[0] : NULL;
		zx_time_t look;
		zx_time_t now;

		if (!first)
			continue;
		now = timer_queue__now(clock);
		if (first->fires <= now) {
			timer_queue__remove_locked(queue, first);
			return first;
		}
		look = first->fires;
		if (clock == ZX_CLOCK_BOOT) {
			zx_duration_t wait = first->fires - now;

			if (wait > BOOT_CHECK_NS)
				wait = BOOT_CHECK_NS;
			look = core_host.clock_monotonic() + wait;
		}
		if (look < *again)
			*again = look;
	}
	return NULL;
}

zx_status_t timer_queue__init(void)
{
	struct timer_queue *queue = arena__alloc(sizeof(*queue));

	if (!queue)
		return ZX_ERR_NO_MEMORY;
	core_root->timers = queue;
	return ZX_OK;
}

static bool grow(struct timer_heap *heap)
{
	uint32_t room = heap->room ? 2 * heap->room : FIRST_ROOM;
	struct timer **places = arena__alloc(room * sizeof(struct timer *));

	if (!places)
		return false;
	if (heap->count)
		memcpy(places, heap->places, heap->count * sizeof(struct timer *));
	arena__free(heap->places);
	heap->places = places;
	heap->room = room;
	return true;
}

zx_status_t timer_queue__reserve(zx_clock_t clock)
{
	struct timer_queue *queue = core_root->timers;
	struct timer_heap *heap = &queue->heap[clock];
	zx_status_t status = ZX_OK;

	mutex__lock(&queue->lock);
	if (heap->timers == heap->room && !grow(heap))
		status = ZX_ERR_NO_MEMORY;
	else
		heap->timers++;
	mutex__unlock(&queue->lock);
	return status;
}

void timer_queue__release(zx_clock_t clock)
{
	struct timer_queue *queue = core_root->timers;

	mutex__lock(&queue->lock);
	queue->heap[clock].timers--;
	mutex__unlock(&queue->lock);
}
