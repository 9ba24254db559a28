/* A timer whose ticks are interrupts of the guest. */
#ifndef VMM_TIMER_H
#define VMM_TIMER_H

#include "machine.h"

struct timer {
	struct device device;
	struct machine *machine;
	zx_handle_t port;
	zx_handle_t timer;
	zx_time_t deadline;
	zx_duration_t period; /* 0: stopped */
	uint32_t ticks;	      /* atomic: also read by the guest */
};

/* Adds it to the machine; what is to be done comes to @port. */
zx_status_t timer__add(struct timer *timer, struct machine *machine, zx_handle_t port);

/* On the thread that serves the port alone: the guest sets the period, a period has passed. */
void timer__arm(struct timer *timer, zx_duration_t period);
void timer__tick(struct timer *timer);

#endif
