/*
 * Locks: the interrupt's own, then its port's. The packet is part of the interrupt and is in the
 * port's queue at most once; what comes while it is there, or before it is acknowledged, is
 * remembered in the time stamp.
 */
#include "compat/core/interrupt.h"

#include "compat/core/core.h"

static void interrupt_zero_handles(struct object *object)
{
	(void)interrupt__destroy((struct interrupt *)object);
}

static void interrupt_destroy(struct object *object)
{
	struct interrupt *interrupt = (struct interrupt *)object;

	if (!interrupt->port)
		return;
	/* One that came again after it was bound outlives zx_interrupt_destroy(), see there. */
	(void)port__remove_interrupt(interrupt->port, &interrupt->packet);
	object__put(&interrupt->port->object);
}

const struct object_ops interrupt_ops = {
	.name = "interrupt",
	.default_rights = ZX_DEFAULT_INTERRUPT_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = interrupt_zero_handles,
	.destroy = interrupt_destroy,
};

struct interrupt *interrupt__create(uint32_t options, bool newest)
{
	struct interrupt *interrupt = object__alloc(sizeof(*interrupt), ZX_OBJ_TYPE_INTERRUPT);

	if (!interrupt)
		return NULL;
	interrupt->options = options;
	interrupt->newest = newest;
	list__init(&interrupt->packet.node);
	if (newest)
		interrupt->object.signals = ZX_VIRTUAL_INTERRUPT_UNTRIGGERED;
	return interrupt;
}

static void tell_untriggered_locked(struct interrupt *interrupt, bool untriggered)
{
	if (!interrupt->newest)
		return;
	object__update_signals_locked(&interrupt->object,
				      untriggered ? 0 : ZX_VIRTUAL_INTERRUPT_UNTRIGGERED,
				      untriggered ? ZX_VIRTUAL_INTERRUPT_UNTRIGGERED : 0);
}

/* Wakes the thread that sleeps, or the next one that would. */
static void signal_locked(struct interrupt *interrupt)
{
	struct thread *waiter = interrupt->waiter;

	interrupt->signaled = !waiter;
	interrupt->waiter = NULL;
	if (waiter)
		thread__wake(waiter);
}

/* False where the packet is still in the queue: then this time is lost. */
static bool send_locked(struct interrupt *interrupt, zx_time_t timestamp)
{
	interrupt->timestamp = 0;
	return port__queue_interrupt(interrupt->port, &interrupt->packet, timestamp);
}

zx_status_t interrupt__bind(struct interrupt *interrupt, struct port *port, uint64_t key)
{
	zx_status_t status = ZX_OK;

	object__lock(&interrupt->object);
	if (interrupt->state == INTERRUPT_DESTROYED) {
		status = ZX_ERR_CANCELED;
	} else if (interrupt->state == INTERRUPT_WAITING) {
		status = ZX_ERR_BAD_STATE;
	} else if (interrupt->port) {
		status = ZX_ERR_ALREADY_BOUND;
	} else {
		object__get(&port->object);
		interrupt->port = port;
		interrupt->packet.key = key;
		if (interrupt->newest && interrupt->state == INTERRUPT_TRIGGERED) {
			(void)send_locked(interrupt, interrupt->timestamp);
			interrupt->state = INTERRUPT_NEEDACK;
		}
	}
	object__unlock(&interrupt->object);
	return status;
}

zx_status_t interrupt__unbind(struct interrupt *interrupt, struct port *port)
{
	zx_status_t status = ZX_OK;

	object__lock(&interrupt->object);
	if (interrupt->port != port) {
		status = ZX_ERR_NOT_FOUND;
	} else if (interrupt->state == INTERRUPT_DESTROYED) {
		status = ZX_ERR_CANCELED;
	} else {
		(void)port__remove_interrupt(port, &interrupt->packet);
		interrupt->port = NULL;
	}
	object__unlock(&interrupt->object);
	if (status == ZX_OK)
		object__put(&port->object);
	return status;
}

/* ZX_ERR_SHOULD_WAIT where the caller is the one to sleep now. */
static zx_status_t begin_wait_locked(struct interrupt *interrupt, zx_time_t *timestamp)
{
	if (interrupt->port)
		return ZX_ERR_BAD_STATE;
	switch (interrupt->state) {
	case INTERRUPT_DESTROYED:
		return ZX_ERR_CANCELED;
	case INTERRUPT_WAITING:
		return ZX_ERR_BAD_STATE;
	case INTERRUPT_NEEDACK:
		if (!interrupt->newest || !interrupt->timestamp)
			break;
		/* fallthrough */
	case INTERRUPT_TRIGGERED:
		interrupt->state = INTERRUPT_NEEDACK;
		*timestamp = interrupt->timestamp;
		interrupt->timestamp = 0;
		interrupt->signaled = false;
		return ZX_OK;
	default:
		break;
	}
	interrupt->state = INTERRUPT_WAITING;
	tell_untriggered_locked(interrupt, true);
	return ZX_ERR_SHOULD_WAIT;
}

/* Lets go of the lock while it sleeps. */
static zx_status_t sleep_locked(struct thread *self, struct interrupt *interrupt)
{
	zx_status_t status = ZX_OK;

	if (interrupt->signaled) {
		interrupt->signaled = false;
		return ZX_OK;
	}
	interrupt->waiter = self;
	while (interrupt->waiter == self && status == ZX_OK) {
		thread__prepare(self);
		object__unlock(&interrupt->object);
		status = thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
		object__lock(&interrupt->object);
	}
	if (interrupt->waiter != self)
		return status == ZX_ERR_INTERNAL_INTR_KILLED ? status : ZX_OK;
	interrupt->waiter = NULL;
	if (interrupt->state == INTERRUPT_WAITING)
		interrupt->state = INTERRUPT_IDLE;
	return status;
}

zx_status_t interrupt__wait(struct thread *self, struct interrupt *interrupt, zx_time_t *timestamp)
{
	zx_status_t status;

	object__lock(&interrupt->object);
	while ((status = begin_wait_locked(interrupt, timestamp)) == ZX_ERR_SHOULD_WAIT) {
		status = sleep_locked(self, interrupt);
		if (status != ZX_OK)
			break;
	}
	object__unlock(&interrupt->object);
	return status;
}

static void trigger_locked(struct interrupt *interrupt, zx_time_t timestamp)
{
	bool needs_ack = interrupt->state == INTERRUPT_NEEDACK;

	if (!interrupt->timestamp)
		interrupt->timestamp = timestamp;
	if (interrupt->port) {
		/* The acknowledgement sends what came before it. */
		if (needs_ack)
			return;
		(void)send_locked(interrupt, timestamp);
		interrupt->state = INTERRUPT_NEEDACK;
		return;
	}
	signal_locked(interrupt);
	if (!needs_ack || !interrupt->newest)
		interrupt->state = INTERRUPT_TRIGGERED;
}

zx_status_t interrupt__trigger(struct interrupt *interrupt, zx_time_t timestamp)
{
	zx_status_t status = ZX_ERR_CANCELED;

	object__lock(&interrupt->object);
	if (interrupt->state != INTERRUPT_DESTROYED) {
		trigger_locked(interrupt, timestamp);
		tell_untriggered_locked(interrupt, false);
		status = ZX_OK;
	}
	object__unlock(&interrupt->object);
	return status;
}

static zx_status_t ack_locked(struct interrupt *interrupt)
{
	if (!interrupt->port)
		return ZX_ERR_BAD_STATE;
	if (interrupt->state == INTERRUPT_DESTROYED)
		return ZX_ERR_CANCELED;
	if (interrupt->state == INTERRUPT_NEEDACK && interrupt->timestamp) {
		if (!send_locked(interrupt, interrupt->timestamp))
			return ZX_ERR_BAD_STATE;
		/* It rises, for those who wait for that, and falls with the next one. */
		tell_untriggered_locked(interrupt, true);
		tell_untriggered_locked(interrupt, false);
		return ZX_OK;
	}
	if (interrupt->state == INTERRUPT_NEEDACK)
		interrupt->state = INTERRUPT_IDLE;
	tell_untriggered_locked(interrupt, true);
	return ZX_OK;
}

zx_status_t interrupt__ack(struct interrupt *interrupt)
{
	zx_status_t status;

	object__lock(&interrupt->object);
	status = ack_locked(interrupt);
	object__unlock(&interrupt->object);
	return status;
}

/*
 * One that came before it was bound, and of which the port was never told, is not ended by this:
 * as in Zircon, where that can be only before the newest interface.
 */
static zx_status_t destroy_locked(struct interrupt *interrupt)
{
	bool queued;

	if (!interrupt->port) {
		interrupt->state = INTERRUPT_DESTROYED;
		signal_locked(interrupt);
		return ZX_OK;
	}
	queued = port__remove_interrupt(interrupt->port, &interrupt->packet);
	if (interrupt->state == INTERRUPT_NEEDACK && !queued) {
		interrupt->state = INTERRUPT_DESTROYED;
		return ZX_ERR_NOT_FOUND;
	}
	if (interrupt->state != INTERRUPT_TRIGGERED)
		interrupt->state = INTERRUPT_DESTROYED;
	return ZX_OK;
}

zx_status_t interrupt__destroy(struct interrupt *interrupt)
{
	zx_status_t status;

	object__lock(&interrupt->object);
	status = destroy_locked(interrupt);
	tell_untriggered_locked(interrupt, true);
	object__unlock(&interrupt->object);
	return status;
}
