/* Parameters of threads that are scheduled by deadline. */
#ifndef ZIRCON_SYSCALLS_SCHEDULER_H_
#define ZIRCON_SYSCALLS_SCHEDULER_H_

#include <zircon/time.h>

__BEGIN_CDECLS

/* Nanoseconds; 0 < capacity <= relative_deadline <= period. */
typedef struct zx_sched_deadline_params {
	zx_duration_t capacity;			/* of CPU time, in each period */
	zx_duration_t relative_deadline;	/* from a period's start */
	zx_duration_t period;
} zx_sched_deadline_params_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_SCHEDULER_H_ */
