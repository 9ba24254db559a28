/*
 * The core's lock: one futex word that holds the owner's id, so that a lock whose owner died is
 * reported (host op lock_stuck) instead of hanging everybody without a word.
 */
#ifndef COMPAT_CORE_MUTEX_H
#define COMPAT_CORE_MUTEX_H

#include <stdint.h>

struct mutex {
	uint32_t word; /* 0 free, else the owner's id, with MUTEX_WAITERS where somebody sleeps */
};

#define MUTEX_WAITERS 0x80000000u

static inline void mutex__init(struct mutex *m)
{
	m->word = 0;
}

void mutex__lock(struct mutex *m);
void mutex__unlock(struct mutex *m);

#endif
