/*
 * What happens beside the guest: a thread that waits on one port for ticks, bells, and the end of
 * the guest's time, while another one runs the guest.
 */
#ifndef VMM_EVENTS_H
#define VMM_EVENTS_H

#include "journal.h"
#include "machine.h"
#include "rt.h"
#include "timer.h"

/* Keys of the packets on the port. */
enum event {
	EVENT_STOP,
	EVENT_TIMER_SET,
	EVENT_TICK,
	EVENT_BELL,
	EVENT_LIMIT,
};

struct events {
	struct machine *machine;
	struct timer *timer;
	zx_handle_t port;
	zx_handle_t limit; /* a timer */
	struct rt_thread thread;
};

zx_status_t events__create(struct events *events, struct machine *machine, struct timer *timer);
/* Starts the thread; the guest is stopped after @limit, if that is not 0. */
zx_status_t events__start(struct events *events, zx_duration_t limit);
/* Ends it, after all that has happened before. */
void events__stop(struct events *events);

#endif
