/* Interrupts. Only virtual ones exist, which programs trigger: the machine's are Linux's. */
#ifndef COMPAT_CORE_INTERRUPT_H
#define COMPAT_CORE_INTERRUPT_H

#include "compat/core/object.h"
#include "compat/core/port.h"

enum interrupt_state {
	INTERRUPT_IDLE,
	INTERRUPT_WAITING,   /* a thread waits for it */
	INTERRUPT_TRIGGERED, /* it came, and nobody was told */
	INTERRUPT_NEEDACK,   /* somebody was told, and has not said that he is done */
	INTERRUPT_DESTROYED,
};

/* All but the options under the object's lock. */
struct interrupt {
	struct object object;
	uint32_t options; /* ZX_INTERRUPT_* as it was made */
	bool newest;      /* it behaves as in the newest interface */
	uint32_t state;   /* enum interrupt_state */
	bool signaled;    /* it came while no thread slept for it */
	struct thread *waiter;
	zx_time_t timestamp; /* of the first time that nobody was told of, or 0 */
	struct port *port;   /* referenced; NULL while it is not bound */
	struct port_interrupt packet;
};

extern const struct object_ops interrupt_ops;

/*
 * A virtual interrupt. @newest: one that came before it is bound, or before it is acknowledged by
 * waiting again, is not lost, and ZX_VIRTUAL_INTERRUPT_UNTRIGGERED is told.
 */
struct interrupt *interrupt__create(uint32_t options, bool newest);
/* Errors: ZX_ERR_CANCELED (destroyed), ZX_ERR_BAD_STATE (waited for), ZX_ERR_ALREADY_BOUND. */
zx_status_t interrupt__bind(struct interrupt *interrupt, struct port *port, uint64_t key);
/* Errors: ZX_ERR_NOT_FOUND (not bound to @port), ZX_ERR_CANCELED. */
zx_status_t interrupt__unbind(struct interrupt *interrupt, struct port *port);
/* Errors: ZX_ERR_BAD_STATE (bound, or another thread waits), ZX_ERR_CANCELED. */
zx_status_t interrupt__wait(struct thread *self, struct interrupt *interrupt,
			    zx_time_t *timestamp);
/* Errors: ZX_ERR_CANCELED. */
zx_status_t interrupt__trigger(struct interrupt *interrupt, zx_time_t timestamp);
/* Errors: ZX_ERR_BAD_STATE (not bound, or its packet still waits), ZX_ERR_CANCELED. */
zx_status_t interrupt__ack(struct interrupt *interrupt);
/* Errors: ZX_ERR_NOT_FOUND (done, but a packet was read and is not acknowledged). */
zx_status_t interrupt__destroy(struct interrupt *interrupt);

#endif
