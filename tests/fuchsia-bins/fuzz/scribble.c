/* Overwriting the memory that threads share with whoever answers their calls, while they call. */
#include <zxabi/layout.h>

#include "fuzz.h"

static uint32_t some_state(struct fuzz *fuzz)
{
	uint64_t choice = fuzz__next(fuzz);

	return choice & 8 ? (uint32_t)(choice >> 8) :
			    (uint32_t)(choice % 6) | (uint32_t)(choice & 0x700);
}

static void scribble_carried(struct fuzz *fuzz, volatile struct zxabi_slot *slot)
{
	volatile struct zxabi_carried *carried = &slot->carried[fuzz__next(fuzz) % ZXABI_CARRIED];

	switch (fuzz__next(fuzz) % 4) {
	case 0:
		carried->addr = fuzz__next(fuzz);
		break;
	case 1:
		carried->size = (uint32_t)(fuzz__next(fuzz) >> fuzz__next(fuzz) % 64);
		break;
	case 2:
		carried->offset = (uint32_t)(fuzz__next(fuzz) >> fuzz__next(fuzz) % 64);
		break;
	default:
		carried->dir = (uint32_t)fuzz__next(fuzz) & 3;
	}
}

static void scribble(struct fuzz *fuzz, volatile struct zxabi_slot *slot)
{
	volatile uint64_t *words = (volatile uint64_t *)slot;

	switch (fuzz__next(fuzz) % 12) {
	case 0:
		/* Rarely: after a few of these a thread is stuck, or gone. */
		if (fuzz__one_in(fuzz, 64))
			slot->state = some_state(fuzz);
		break;
	case 1:
		slot->nr = (uint32_t)(fuzz__next(fuzz) % (ZXCALL_COUNT + 2));
		break;
	case 2:
		slot->carried_count = (uint32_t)(fuzz__next(fuzz) % 9);
		break;
	case 3:
		if (fuzz__one_in(fuzz, 256))
			slot->tid = fuzz__next(fuzz) & 1 ? (uint32_t)fuzz__next(fuzz) : 0;
		break;
	case 4:
		slot->worker_cpu = (uint32_t)fuzz__next(fuzz) % 4;
		break;
	case 5:
		slot->result = (int64_t)fuzz__next(fuzz);
		break;
	case 6:
		slot->action.result = fuzz__next(fuzz) & 1 ? 0 : (int64_t)fuzz__next(fuzz);
		break;
	case 7:
		slot->args[fuzz__next(fuzz) % 8] = fuzz__next(fuzz);
		break;
	case 8: /* what a call has brought along, and what it is given */
		words[ZXABI_SLOT_HEADER / 8 + fuzz__next(fuzz) % 16] = fuzz__next(fuzz) >> 32;
		break;
	case 9:
		slot->exception.signal = (uint32_t)fuzz__next(fuzz) % 32;
		slot->exception.address = fuzz__next(fuzz);
		break;
	default:
		scribble_carried(fuzz, slot);
	}
}

void scribble__run(struct fuzz *fuzz)
{
	volatile struct zxabi_slot *own;

	__asm__ volatile("rdgsbase %0" : "=r"(own));
	for (;;) {
		uint64_t index = fuzz__next(fuzz) % (FUZZ_THREADS + 3);
		volatile struct zxabi_slot *slot = (void *)(ZXABI_SLOTS + index * ZXABI_SLOT_SIZE);

		if (slot != own)
			scribble(fuzz, slot);
		for (uint64_t wait = fuzz__next(fuzz) % 512; wait; wait--)
			__builtin_ia32_pause();
	}
}
