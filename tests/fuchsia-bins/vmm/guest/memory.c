#include "guest.h"
#include "platform.h"

#define PRESENT 0x01ull
#define WRITABLE 0x02ull
#define LARGE 0x80ull
#define LARGE_PAGE 0x200000ull
#define GIB 0x40000000ull
#define ENTRIES 512

typedef uint64_t table[ENTRIES] __attribute__((aligned(4096)));

/* One for all, one for each GiB, one for the first GiB and for that of the devices. */
static table top;
static table gibs;
static table memory;
static table devices;

static uint64_t to(const uint64_t *next)
{
	return (uint64_t)next | PRESENT | WRITABLE;
}

/* Devices have a page at 2 MiB; memory up to 1 GiB is used. */
void memory__init(uint64_t size)
{
	top[0] = to(gibs);
	gibs[0] = to(memory);
	gibs[PLATFORM_TIMER / GIB] = to(devices);
	for (uint64_t i = 0; i < ENTRIES && i * LARGE_PAGE < size; i++)
		memory[i] = i * LARGE_PAGE | PRESENT | WRITABLE | LARGE;
	devices[PLATFORM_TIMER % GIB / LARGE_PAGE] = PLATFORM_TIMER | PRESENT | WRITABLE | LARGE;
	__asm__ volatile("mov %0, %%cr3" : : "r"(top) : "memory");
}
