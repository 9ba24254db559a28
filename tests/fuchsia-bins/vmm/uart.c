#include "uart.h"

#include "platform.h"
#include "rt.h"
#include "string.h"

enum {
	REG_DATA,
	REG_INTERRUPTS,
	REG_PENDING,
	REG_CONTROL,
	REG_MODEM,
	REG_STATUS,
	REG_MODEM_STATUS,
	REG_SCRATCH,
};

#define CONTROL_DIVISOR 0x80	/* the first two registers are the clock's divisor instead */
#define PENDING_NONE 0x01
#define STATUS_SENT 0x60	/* all that was written, so there is room for more */
#define MODEM_STATUS_READY 0xb0 /* somebody is there who takes it */

static bool contains(const char *text, const char *part)
{
	for (size_t size = strlen(part); *text; text++) {
		if (!strncmp(text, part, size))
			return true;
	}
	return false;
}

void uart__flush(struct uart *uart)
{
	uart->line[uart->used] = '\0';
	uart->used = 0;
	rt_print("%s", uart->line);
}

static void put(struct uart *uart, char c)
{
	uart->line[uart->used++] = c;
	if (c != '\n' && uart->used < UART_LINE_SIZE - 1)
		return;
	uart__flush(uart);
	if (uart->until && contains(uart->line, uart->until))
		machine__end(uart->machine, 0);
}

static void write(struct device *device, uint64_t offset, uint32_t size, uint32_t value)
{
	struct uart *uart = device->data;

	(void)size;
	switch (offset) {
	case REG_DATA:
		if (!(uart->control & CONTROL_DIVISOR))
			put(uart, (char)value);
		break;
	case REG_CONTROL:
		uart->control = (uint8_t)value;
		break;
	case REG_SCRATCH:
		uart->scratch = (uint8_t)value;
		break;
	default:
		break;
	}
}

static uint32_t read(struct device *device, uint64_t offset, uint32_t size)
{
	struct uart *uart = device->data;

	(void)size;
	switch (offset) {
	case REG_PENDING:
		return PENDING_NONE;
	case REG_CONTROL:
		return uart->control;
	case REG_STATUS:
		return STATUS_SENT;
	case REG_MODEM_STATUS:
		return MODEM_STATUS_READY;
	case REG_SCRATCH:
		return uart->scratch;
	default:
		return 0;
	}
}

zx_status_t uart__add(struct uart *uart, struct machine *machine, const char *until)
{
	uart->device = (struct device){ .name = "uart", .read = read, .write = write,
					.data = uart };
	uart->until = until;
	uart->machine = machine;
	return machine__add_ports(machine, &uart->device, PLATFORM_CONSOLE, PLATFORM_CONSOLE_PORTS);
}
