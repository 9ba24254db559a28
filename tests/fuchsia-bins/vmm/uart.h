/* A serial line, as the 8250 has it: what the guest sends is printed, and nothing ever comes. */
#ifndef VMM_UART_H
#define VMM_UART_H

#include "machine.h"

#define UART_LINE_SIZE 256u

struct uart {
	struct device device;
	/* The guest ends when a line has this text in it; NULL for none. */
	const char *until;
	struct machine *machine;
	uint8_t control;
	uint8_t scratch;
	uint32_t used;
	char line[UART_LINE_SIZE];
};

/* Adds it to the machine, which it ends with 0 when there is a line with @until. */
zx_status_t uart__add(struct uart *uart, struct machine *machine, const char *until);
/* Prints what is there of the last line. */
void uart__flush(struct uart *uart);

#endif
