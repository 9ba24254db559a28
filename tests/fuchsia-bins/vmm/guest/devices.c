#include "guest.h"
#include "platform.h"

#define CONSOLE_STATUS (PLATFORM_CONSOLE + 5)
#define CONSOLE_READY 0x20

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

/* Plain moves, which is what the monitor knows. */
static uint32_t read32(uint64_t addr)
{
	uint32_t value;

	__asm__ volatile("movl %1, %0" : "=r"(value) : "m"(*(volatile uint32_t *)addr));
	return value;
}

static void write32(uint64_t addr, uint32_t value)
{
	__asm__ volatile("movl %1, %0" : "=m"(*(volatile uint32_t *)addr) : "ri"(value));
}

void console__print(const char *text)
{
	for (; *text; text++) {
		while (!(in8(CONSOLE_STATUS) & CONSOLE_READY))
			;
		out8(PLATFORM_CONSOLE, (uint8_t)*text);
	}
}

void console__print_number(uint64_t value, uint32_t base)
{
	char text[21];
	char *at = &text[20];

	*at = '\0';
	do {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	console__print(at);
}

static uint32_t read_so_far(struct platform_journal *journal)
{
	return __atomic_load_n(&journal->read, __ATOMIC_ACQUIRE);
}

void journal__write(const char *text)
{
	struct platform_journal *journal = (struct platform_journal *)PLATFORM_JOURNAL;
	uint32_t at = journal->written;

	for (; *text; text++) {
		while (at - read_so_far(journal) == PLATFORM_JOURNAL_SIZE)
			;
		journal->text[at++ % PLATFORM_JOURNAL_SIZE] = *text;
	}
	__atomic_store_n(&journal->written, at, __ATOMIC_RELEASE);
	write32(PLATFORM_BELL, 1);
}

void timer__set_period(uint32_t microseconds)
{
	write32(PLATFORM_TIMER + PLATFORM_TIMER_PERIOD, microseconds);
}

uint32_t timer__ticks(void)
{
	return read32(PLATFORM_TIMER + PLATFORM_TIMER_TICKS);
}

void machine__end(uint32_t exit_code)
{
	__asm__ volatile("outl %0, %1" : : "a"(exit_code), "Nd"((uint16_t)PLATFORM_EXIT));
	for (;;)
		__asm__ volatile("cli; hlt");
}
