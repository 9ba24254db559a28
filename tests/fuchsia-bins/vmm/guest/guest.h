/* A tiny system for the monitor's platform: what its files share. */
#ifndef VMM_GUEST_GUEST_H
#define VMM_GUEST_GUEST_H

#include <stdint.h>

/* --- devices.c --- */
void console__print(const char *text);
void console__print_number(uint64_t value, uint32_t base);
void journal__write(const char *text);
void timer__set_period(uint32_t microseconds);
uint32_t timer__ticks(void);
_Noreturn void machine__end(uint32_t exit_code);

/* --- memory.c --- */
/* Tables of the guest's own: its memory, and the devices; nothing else is there. */
void memory__init(uint64_t size);

/* --- interrupts.c --- */
void interrupts__init(void);
/* Ticks that have come as interrupts. */
uint32_t interrupts__ticks(void);
/* Sleeps until there are more than @seen. */
void interrupts__wait(uint32_t seen);

#endif
