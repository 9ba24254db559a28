/* What the files of this program share. */
#ifndef CONFORMANCE_INTERRUPT_H
#define CONFORMANCE_INTERRUPT_H

#include "conformance.h"

static inline zx_handle_t make_interrupt(void)
{
	zx_handle_t interrupt;

	EXPECT_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	return own(interrupt);
}

static inline zx_handle_t destroyed(void)
{
	zx_handle_t interrupt = make_interrupt();

	EXPECT_OK(zx_interrupt_destroy(interrupt));
	return interrupt;
}

static inline zx_handle_t make_interrupt_port(void)
{
	zx_handle_t port;

	EXPECT_OK(zx_port_create(ZX_PORT_BIND_TO_INTERRUPT, &port));
	return own(port);
}

static inline zx_status_t bind(zx_handle_t interrupt, zx_handle_t port)
{
	return zx_interrupt_bind(interrupt, port, 5, ZX_INTERRUPT_BIND);
}

/* One that sends its packets to `port`. */
static inline zx_handle_t bound_to(zx_handle_t port)
{
	zx_handle_t interrupt = make_interrupt();

	EXPECT_OK(bind(interrupt, port));
	return interrupt;
}

static inline zx_status_t trigger(zx_handle_t interrupt, zx_time_t timestamp)
{
	return zx_interrupt_trigger(interrupt, 0, timestamp);
}

static inline zx_status_t wait(zx_handle_t interrupt)
{
	zx_time_t timestamp;

	return zx_interrupt_wait(interrupt, &timestamp);
}

#endif
