/*
 * Writes into the memory that its threads share with whoever answers their calls, while they make
 * calls: that may end this process in any way, and must do nothing to anybody else. The thread that
 * writes leaves its own part alone, so that it can end the process at last.
 */
#include <zxabi/layout.h>

#include "rt.h"

#define WORKERS 3
#define RUN_FOR ZX_MSEC(700)
#define RETURN_CODE 42

static struct rt_thread threads[WORKERS];
static uint64_t seed;

static uint64_t next(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void make_calls(void *arg)
{
	char bytes[64] = { 0 };
	zx_handle_t ends[2];
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	uint32_t size;
	zx_vaddr_t at;

	(void)arg;
	for (;;) {
		zx_channel_create(0, &ends[0], &ends[1]);
		zx_channel_write(ends[0], 0, bytes, sizeof(bytes), NULL, 0);
		zx_channel_read(ends[1], 0, bytes, NULL, sizeof(bytes), 0, &size, NULL);
		zx_handle_close(ends[0]);
		zx_handle_close(ends[1]);
		zx_vmo_create(RT_PAGE_SIZE, 0, &vmo);
		if (!zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, RT_PAGE_SIZE, &at))
			zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE);
		zx_handle_close(vmo);
		zx_nanosleep(0);
	}
}

static uint32_t some_state(void)
{
	uint64_t choice = next();

	return choice & 8 ? (uint32_t)next() : (uint32_t)(choice % 6) | (uint32_t)(choice & 0x700);
}

static void scribble(volatile struct zxabi_slot *slot)
{
	switch (next() % 16) {
	case 0:
		slot->state = some_state();
		break;
	case 1:
		slot->nr = next() & 1 ? (uint32_t)(next() % 256) : (uint32_t)next();
		break;
	case 2:
		slot->carried_count = (uint32_t)next();
		break;
	case 3:
		slot->tid = next() & 1 ? (uint32_t)next() : 0;
		break;
	case 4:
		slot->exit = !(next() & 0xfff);
		break;
	case 5:
		slot->rseq.cpu_id = (uint32_t)next();
		break;
	case 6:
		slot->worker_cpu = (uint32_t)next();
		break;
	case 7:
		slot->result = (int64_t)next();
		break;
	case 8:
		slot->action.result = (int64_t)next();
		break;
	case 9:
		slot->carried[next() % ZXABI_CARRIED].size = (uint32_t)next();
		break;
	case 10:
		slot->carried[next() % ZXABI_CARRIED].offset = (uint32_t)next();
		break;
	case 11:
		slot->carried[next() % ZXABI_CARRIED].dir = (uint32_t)next() & 3;
		break;
	case 12:
		slot->index = (uint32_t)next();
		break;
	case 13:
		slot->exception.signal = (uint32_t)next();
		break;
	case 14:
		slot->args[next() % 8] = next();
		break;
	default:
		((volatile struct zxabi_boot *)ZXABI_BOOT)->spin_cycles = next();
	}
}

int main(int argc, char **argv)
{
	volatile struct zxabi_slot *own;
	zx_time_t end;

	(void)argc;
	(void)argv;
	__asm__ volatile("rdgsbase %0" : "=r"(own));
	seed = zx_ticks_get() | 1;
	rt_print("seed 0x%llx\n", (unsigned long long)seed);
	for (int i = 0; i < WORKERS; i++)
		rt_thread__start(&threads[i], "caller", make_calls, NULL);
	for (end = zx_deadline_after(RUN_FOR); zx_clock_get_monotonic() < end;) {
		volatile struct zxabi_slot *slot;

		slot = (void *)(ZXABI_SLOTS + next() % (WORKERS + 2) * ZXABI_SLOT_SIZE);
		if (slot != own)
			scribble(slot);
		for (uint64_t wait = next() % 512; wait; wait--)
			__builtin_ia32_pause();
	}
	return RETURN_CODE;
}
