#include "paging.h"

#define PRESENT 0x01ull
#define WRITABLE 0x02ull
#define LARGE 0x80ull
#define ADDRESS 0x000ffffffffff000ull

#define TABLE_SIZE 0x1000ull
#define ENTRIES 512u
#define GIBS 4u
#define LARGE_PAGE 0x200000ull

/* One table of the highest level, one with an entry for each GiB, and one for each of these. */
void paging__make(struct machine *machine)
{
	uint64_t *tables = (uint64_t *)machine->memory;
	uint64_t *of_gib = tables + ENTRIES;
	uint64_t *pages = of_gib + ENTRIES;

	tables[0] = TABLE_SIZE | PRESENT | WRITABLE;
	for (uint64_t i = 0; i < GIBS; i++)
		of_gib[i] = (2 + i) * TABLE_SIZE | PRESENT | WRITABLE;
	for (uint64_t i = 0; i < GIBS * ENTRIES; i++)
		pages[i] = i * LARGE_PAGE | PRESENT | WRITABLE | LARGE;
}

uint64_t paging__find(struct machine *machine, uint64_t cr3, uint64_t addr)
{
	uint64_t table = cr3 & ADDRESS;

	for (uint32_t shift = 39;; shift -= 9) {
		uint64_t rest = (1ull << shift) - 1;
		uint64_t index = (addr >> shift) % ENTRIES;
		const uint64_t *entry = machine__at(machine, table + index * sizeof(*entry),
						    sizeof(*entry));

		if (!entry || !(*entry & PRESENT))
			return UINT64_MAX;
		table = *entry & ADDRESS;
		if (shift == 12 || (*entry & LARGE && shift < 39))
			return (table & ~rest) | (addr & rest);
	}
}
