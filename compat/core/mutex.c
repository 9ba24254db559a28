#include "compat/core/mutex.h"

#include <zircon/time.h>
#include <zircon/types.h>

#include "compat/core/host.h"

/*
 * A contended lock of the core is held for well under a microsecond: try that long before
 * sleeping.
 */
#define SPIN_ROUNDS 64

#define STUCK_CHECK_NS 1000000000ll

static int try_lock(struct mutex *m, uint32_t value)
{
	uint32_t free_word = 0;

	return __atomic_compare_exchange_n(&m->word, &free_word, value, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

void mutex__lock(struct mutex *m)
{
	uint32_t id = core_host.locking();

	if (try_lock(m, id))
		return;
	for (int i = 0; i < SPIN_ROUNDS; i++) {
		__builtin_ia32_pause();
		if (!__atomic_load_n(&m->word, __ATOMIC_RELAXED) && try_lock(m, id))
			return;
	}
	for (;;) {
		uint32_t word = __atomic_load_n(&m->word, __ATOMIC_RELAXED);

		if (!word) {
			/* Others may sleep too: keep the mark, so that the unlock wakes one. */
			if (try_lock(m, id | MUTEX_WAITERS))
				return;
			continue;
		}
		if (!(word & MUTEX_WAITERS) &&
		    !__atomic_compare_exchange_n(&m->word, &word, word | MUTEX_WAITERS, false,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		word |= MUTEX_WAITERS;
		/* Another may have it by now: only one of those who sleep is woken. */
		if (!core_host.futex_wait(&m->word, word,
					  core_host.clock_monotonic() + STUCK_CHECK_NS) &&
		    __atomic_load_n(&m->word, __ATOMIC_RELAXED) == word)
			core_host.lock_stuck(word & ~MUTEX_WAITERS);
	}
}

void mutex__unlock(struct mutex *m)
{
	uint32_t word = __atomic_exchange_n(&m->word, 0, __ATOMIC_RELEASE);

	if (word & MUTEX_WAITERS)
		core_host.futex_wake(&m->word, 1);
	core_host.unlocked();
}
