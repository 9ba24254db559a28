/* A guest that prints, waits for a timer's interrupts, and ends. */
#include <stdint.h>

#include "../devices.h"

#define TICKS 5
#define PERIOD_MS 10

struct gate {
	uint16_t low;
	uint16_t selector;
	uint16_t flags;
	uint16_t middle;
	uint32_t high;
	uint32_t reserved;
};

struct __attribute__((packed)) table {
	uint16_t limit;
	uint64_t base;
};

static struct gate gates[VMM_TIMER_VECTOR + 1];
static volatile uint32_t ticks;

void timer_entry(void);
void timer_handler(void);
int guest_main(void);

static void out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* Devices' registers are written and read by plain moves of 32 bits. */
static void write_register(uint64_t addr, uint32_t value)
{
	__asm__ volatile("movl %0, (%1)" : : "r"(value), "r"(addr) : "memory");
}

static uint32_t read_register(uint64_t addr)
{
	uint32_t value;

	__asm__ volatile("movl (%1), %0" : "=r"(value) : "r"(addr) : "memory");
	return value;
}

static void print(const char *text)
{
	while (*text)
		out(VMM_PORT_CONSOLE, (uint8_t)*text++);
}

static void print_number(uint32_t number)
{
	if (number >= 10)
		print_number(number / 10);
	out(VMM_PORT_CONSOLE, (uint8_t)('0' + number % 10));
}

void timer_handler(void)
{
	ticks++;
	write_register(VMM_BELL, ticks);
}

static void set_gate(void)
{
	static struct table idt;
	uint64_t entry = (uint64_t)timer_entry;

	gates[VMM_TIMER_VECTOR] = (struct gate){
		.low = (uint16_t)entry,
		.selector = 8,
		.flags = 0x8e00,
		.middle = (uint16_t)(entry >> 16),
		.high = (uint32_t)(entry >> 32),
	};
	idt = (struct table){ sizeof(gates) - 1, (uint64_t)gates };
	__asm__ volatile("lidt %0" : : "m"(idt));
}

int guest_main(void)
{
	uint32_t seen = 0;

	print("guest: hello\n");
	set_gate();
	write_register(VMM_TIMER_PERIOD, PERIOD_MS);
	while (seen < TICKS) {
		/* Nothing comes between these two: an interrupt is taken behind the next one. */
		__asm__ volatile("sti\nhlt\ncli" : : : "memory");
		if (ticks == seen)
			continue;
		seen = ticks;
		print("guest: tick ");
		print_number(seen);
		print("\n");
	}
	write_register(VMM_TIMER_PERIOD, 0);
	print(read_register(VMM_TIMER_COUNT) >= TICKS ? "guest: the timer has fired often enough\n" :
						      "guest: the timer has lost count\n");
	return in(VMM_PORT_CODE);
}
