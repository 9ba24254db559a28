#include <linux/rseq.h>
#include <sys/rseq.h>

#include "compat/host/host.h"

#define SPIN_BATCH 64

static uint32_t own_cpu(void)
{
	if (!__rseq_size)
		return UINT32_MAX - 1;
	return ((volatile struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset))
		->cpu_id;
}

static bool changed(uint32_t state, uint32_t from, uint32_t flags)
{
	return (state & ZXABI_STATE_MASK) != from || state & flags;
}

/* As the shim's: only while the other side runs on another CPU, and only for a short while. */
static bool spin(struct worker *worker, uint32_t from, uint32_t flags)
{
	struct zxabi_slot *slot = worker->slot;
	uint64_t limit = host__spin_cycles();
	uint64_t begin = __builtin_ia32_rdtsc();

	do {
		uint32_t cpu = own_cpu();

		__atomic_store_n(&slot->worker_cpu, cpu, __ATOMIC_RELAXED);
		if (cpu == __atomic_load_n(&slot->rseq.cpu_id, __ATOMIC_RELAXED))
			return changed(__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE), from,
				       flags);
		for (int i = 0; i < SPIN_BATCH; i++) {
			if (changed(__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE), from, flags))
				return true;
			__builtin_ia32_pause();
		}
	} while (__builtin_ia32_rdtsc() - begin < limit);
	return false;
}

/*
 * Sleeps while nothing of the state but bits without a meaning changes: a program may write what
 * it likes into it.
 */
static void sleep_on(uint32_t *word, uint32_t from, uint32_t flags, zx_time_t deadline)
{
	uint32_t state = __atomic_load_n(word, __ATOMIC_ACQUIRE);
	uint32_t asleep = state | ZXABI_SLEEPS;

	if (changed(state, from, flags))
		return;
	if (state != asleep &&
	    !__atomic_compare_exchange_n(word, &state, asleep, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return;
	host__futex_wait(word, asleep, deadline);
}

uint32_t slot__wait(struct worker *worker, uint32_t from, bool soon)
{
	const uint32_t flags = ZXABI_DEAD | ZXABI_KILL;
	uint32_t *state = &worker->slot->state;

	while (!(soon && spin(worker, from, flags)) &&
	       !changed(__atomic_load_n(state, __ATOMIC_ACQUIRE), from, flags)) {
		/*
		 * A program may write what it likes into the slot, but not into these. They are set
		 * before their flag is: where slot__set() took that away, they are seen here.
		 */
		if (__atomic_load_n(&worker->host->gone, __ATOMIC_SEQ_CST) ||
		    thread__killed(worker->thread) ||
		    __atomic_load_n(&worker->launch, __ATOMIC_ACQUIRE) == LAUNCH_FAILED)
			return ZXABI_KILL;
		sleep_on(state, from, flags, ZX_TIME_INFINITE);
	}
	return __atomic_load_n(state, __ATOMIC_ACQUIRE);
}

bool slot__wait_action(struct worker *worker)
{
	uint32_t *state = &worker->slot->state;
	zx_time_t look = host__monotonic() + ACT_LOOK_NS;
	unsigned int looks = 0;
	zx_time_t now;

	while (!spin(worker, ZXABI_ACTION, ZXABI_DEAD)) {
		if (__atomic_load_n(&worker->host->gone, __ATOMIC_SEQ_CST))
			return false;
		sleep_on(state, ZXABI_ACTION, ZXABI_DEAD, look);
		now = host__monotonic();
		if (now < look)
			continue;
		look = now + ACT_LOOK_NS;
		/* The main thread, which would tell, may wait for a lock of this call. */
		if (host__has_ended(worker->host))
			return false;
		if (++looks % ACT_LOOKS == 0)
			host__overdue(worker->host);
	}
	return !(__atomic_load_n(state, __ATOMIC_ACQUIRE) & ZXABI_DEAD);
}

void slot__set(struct worker *worker, uint32_t state)
{
	uint32_t old;

	__atomic_store_n(&worker->slot->worker_cpu, own_cpu(), __ATOMIC_RELAXED);
	old = __atomic_exchange_n(&worker->slot->state, state, __ATOMIC_ACQ_REL);
	if (old & ZXABI_SLEEPS)
		host__futex_wake(&worker->slot->state, 1);
}

void slot__flag(struct zxabi_slot *slot, uint32_t flag)
{
	__atomic_fetch_or(&slot->state, flag, __ATOMIC_ACQ_REL);
	host__futex_wake(&slot->state, INT32_MAX);
}
