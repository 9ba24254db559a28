/* A call's way from the vDSO to the supervisor and back. */
#include <asm/unistd.h>
#include <linux/futex.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/system.h>
#include <zxabi/calls.h>

#include "vdso/shim.h"

static const struct zxabi_marshal marshal[] = {
#include <zxabi/marshal.inc>
};

_Static_assert(sizeof(marshal) / sizeof(marshal[0]) == ZXCALL_COUNT, "a row for every call");
_Static_assert(ZXCALL_COUNT <= ZXABI_CALLS_MAX, "the boot block has room for every call");

/* How many rounds of a spinning wait pass between two looks at the clock and the CPUs. */
#define SPIN_BATCH 64

static int changed(const struct zxabi_slot *slot, uint32_t from)
{
	return (__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) & ZXABI_STATE_MASK) != from;
}

/*
 * Spins while the other side runs on another CPU, where an answer can come within a fraction of a
 * microsecond; returns whether the state changed.
 */
static int spin(const struct zxabi_slot *slot, uint32_t from)
{
	uint64_t begin = __builtin_ia32_rdtsc();

	do {
		uint32_t cpu = __atomic_load_n(&slot->rseq.cpu_id, __ATOMIC_RELAXED);

		if (cpu == __atomic_load_n(&slot->worker_cpu, __ATOMIC_RELAXED))
			return changed(slot, from);
		for (int i = 0; i < SPIN_BATCH; i++) {
			if (changed(slot, from))
				return 1;
			__builtin_ia32_pause();
		}
	} while (__builtin_ia32_rdtsc() - begin < boot->spin_cycles);
	return 0;
}

/* Waits until the supervisor has changed the state from @from; returns the new one. */
static uint32_t wait_change(struct zxabi_slot *slot, uint32_t from)
{
	while (!spin(slot, from)) {
		uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
		uint32_t asleep = state | ZXABI_SLEEPS;

		/*
		 * A supervisor that has told the thread to end does not answer. It sets slot.exit
		 * first and the state then: where this thread has overwritten that, it is seen here.
		 */
		if (__atomic_load_n(&slot->exit, __ATOMIC_SEQ_CST))
			thread__exit();
		/* Flags of the supervisor may stand beside the state: they stay. */
		if ((state & ZXABI_STATE_MASK) != from ||
		    (state != asleep &&
		     !__atomic_compare_exchange_n(&slot->state, &state, asleep, 0,
						  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)))
			continue;
		SYS4(__NR_futex, &slot->state, FUTEX_WAIT, asleep, 0);
		selectors__forget();
	}
	return __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) & ZXABI_STATE_MASK;
}

static void set_state(struct zxabi_slot *slot, uint32_t state)
{
	uint32_t old = __atomic_exchange_n(&slot->state, state, __ATOMIC_SEQ_CST);

	if (old & ZXABI_SLEEPS)
		SYS3(__NR_futex, &slot->state, FUTEX_WAKE, 1);
}

static void run_action(struct zxabi_slot *slot)
{
	struct zxabi_action action = slot->action;
	int memory = -1;
	char byte;

	if (action.op == ZXABI_MAP)
		socket__receive(ZXABI_FD_MEMORY, &byte, sizeof(byte), &memory);
	slot->action.result = action__run(&action, memory);
	if (memory >= 0)
		SYS1(__NR_close, memory);
}

void slot__transact(struct zxabi_slot *slot)
{
	uint32_t state;

	set_state(slot, ZXABI_REQUEST);
	state = wait_change(slot, ZXABI_REQUEST);
	while (state == ZXABI_ACTION) {
		run_action(slot);
		set_state(slot, ZXABI_ACTION_DONE);
		state = wait_change(slot, ZXABI_ACTION_DONE);
	}
	if (slot->exit)
		thread__exit();
}

/* Bytes of a buffer argument; more than fits where the product overflows. */
static uint64_t buffer_size(const struct zxabi_slot *slot, const struct zxabi_buf *buf)
{
	uint64_t size = buf->elem;
	uint64_t count = buf->count_arg == ZXABI_NO_ARG ? buf->count : slot->args[buf->count_arg];

	if (__builtin_mul_overflow(size, count, &size))
		return UINT64_MAX;
	if (buf->mul_arg != ZXABI_NO_ARG &&
	    __builtin_mul_overflow(size, slot->args[buf->mul_arg], &size))
		return UINT64_MAX;
	return size;
}

/*
 * Puts what fits into the slot. A buffer that does not fit, or faults, is left out: the supervisor
 * looks at the program's memory itself then, and finds the right error at the right time.
 */
static void carry(struct zxabi_slot *slot, const struct zxabi_marshal *m)
{
	char *buffer = (char *)slot + ZXABI_SLOT_HEADER;
	uint32_t used = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->nbufs; i++) {
		const struct zxabi_buf *buf = &m->bufs[i];
		uint64_t addr = slot->args[buf->arg];
		uint64_t size = buffer_size(slot, buf);

		if (!addr || !size || size > ZXABI_BUFFER_SIZE - used)
			continue;
		/* The shim's range is no memory of the program, though it lies in its reach. */
		if (addr >= ZXABI_SHIM_BASE || size > ZXABI_SHIM_BASE - addr)
			continue;
		if (buf->dir & 2 && shim_probe((void *)addr, size))
			continue;
		if (buf->dir & 1 && shim_copy(buffer + used, (void *)addr, size))
			continue;
		slot->carried[n++] = (struct zxabi_carried){
			.addr = addr,
			.size = (uint32_t)size,
			.offset = used,
			.dir = buf->dir,
		};
		used = (used + (uint32_t)size + 7) & ~7u;
	}
	slot->carried_count = n;
}

/* Hands out what the call produced; the program may have unmapped a buffer meanwhile. */
static int deliver(struct zxabi_slot *slot)
{
	char *buffer = (char *)slot + ZXABI_SLOT_HEADER;
	int failed = 0;

	for (uint32_t i = 0; i < slot->carried_count && i < ZXABI_CARRIED; i++) {
		const struct zxabi_carried *carried = &slot->carried[i];

		if (carried->dir & 2 && carried->written)
			failed |= shim_copy((void *)carried->addr, buffer + carried->offset,
					    carried->written);
	}
	return failed;
}

#define ERR_INVALID_ARGS (-10)
#define ERR_BAD_SYSCALL (-11)

int64_t shim_call(struct zxabi_slot *slot, uint32_t nr)
{
	const struct zxabi_marshal *m;

	if (nr >= ZXCALL_COUNT)
		return ERR_BAD_SYSCALL;
	nr = boot->remap[nr];
	m = &marshal[nr];
	slot->nr = nr;
	if (m->nbufs)
		carry(slot, m);
	else
		slot->carried_count = 0;
	slot__transact(slot);
	if (__atomic_load_n(&slot->stop, __ATOMIC_RELAXED) & ZXABI_STOP_RETRY)
		return 0;
	if (m->nbufs && deliver(slot))
		return ERR_INVALID_ARGS;
	return slot->result;
}
