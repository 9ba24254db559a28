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

static bool changed(uint32_t state, uint32_t from)
{
	return (state & ZXABI_STATE_MASK) != from || state & (ZXABI_DEAD | ZXABI_KILL);
}

/* As the shim's: only while the other side runs on another CPU, and only for a short while. */
static bool spin(struct worker *worker, uint32_t from)
{
	struct zxabi_slot *slot = worker->slot;
	uint64_t limit = worker->host->boot->spin_cycles;
	uint64_t begin = __builtin_ia32_rdtsc();

	do {
		uint32_t cpu = own_cpu();

		__atomic_store_n(&slot->worker_cpu, cpu, __ATOMIC_RELAXED);
		if (cpu == __atomic_load_n(&slot->rseq.cpu_id, __ATOMIC_RELAXED))
			return changed(__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE), from);
		for (int i = 0; i < SPIN_BATCH; i++) {
			if (changed(__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE), from))
				return true;
			__builtin_ia32_pause();
		}
	} while (__builtin_ia32_rdtsc() - begin < limit);
	return false;
}

uint32_t slot__wait(struct worker *worker, uint32_t from)
{
	uint32_t *state = &worker->slot->state;

	while (!spin(worker, from)) {
		uint32_t expected = from;

		if (!__atomic_compare_exchange_n(state, &expected, from | ZXABI_SLEEPS, false,
						 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
		    expected != (from | ZXABI_SLEEPS))
			continue;
		host__futex_wait(state, from | ZXABI_SLEEPS, ZX_TIME_INFINITE);
		/* A program may write what it likes into the slot, but not into these. */
		if (__atomic_load_n(&worker->host->gone, __ATOMIC_SEQ_CST) ||
		    thread__killed(worker->thread) ||
		    __atomic_load_n(&worker->launch, __ATOMIC_ACQUIRE) == LAUNCH_FAILED)
			return ZXABI_KILL;
	}
	return __atomic_load_n(state, __ATOMIC_ACQUIRE);
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
