#include "guest.h"
#include "platform.h"

#define GATES (PLATFORM_TIMER_VECTOR + 1)
#define ENTRY_SIZE 16
#define CODE_SEGMENT 8
#define INTERRUPT_GATE 0x8e00ull
#define EXIT_EXCEPTION 100

struct gate {
	uint64_t low;
	uint64_t high;
};

struct __attribute__((packed)) pointer {
	uint16_t limit;
	const struct gate *base;
};

extern const char interrupt_entries[];

/* From start.S. */
void guest_interrupt(uint32_t vector, uint64_t rip);

static struct gate gates[GATES];
static volatile uint32_t ticks;

void interrupts__init(void)
{
	const struct pointer pointer = { sizeof(gates) - 1, gates };

	for (uint64_t i = 0; i < GATES; i++) {
		uint64_t entry = (uint64_t)interrupt_entries + ENTRY_SIZE * i;

		gates[i].low = (entry & 0xffff) | CODE_SEGMENT << 16 | INTERRUPT_GATE << 32 |
			       (entry & 0xffff0000) << 32;
		gates[i].high = entry >> 32;
	}
	__asm__ volatile("lidt %0" : : "m"(pointer));
}

void guest_interrupt(uint32_t vector, uint64_t rip)
{
	if (vector == PLATFORM_TIMER_VECTOR) {
		ticks++;
		return;
	}
	console__print("guest: exception ");
	console__print_number(vector, 10);
	console__print(" at 0x");
	console__print_number(rip, 16);
	console__print("\n");
	machine__end(EXIT_EXCEPTION + vector);
}

uint32_t interrupts__ticks(void)
{
	return ticks;
}

/* STI lets nothing in before the next instruction is done: so no tick comes between the two. */
void interrupts__wait(uint32_t seen)
{
	while (ticks <= seen)
		__asm__ volatile("sti; hlt; cli" : : : "memory");
}
