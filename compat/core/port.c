/*
 * Ports and async waits.
 *
 * An async wait is one allocation: the observer that hangs on the object, and the packet that it
 * will queue, so that firing cannot fail. The observer is on two lists: the object's (object's
 * lock) and the port's (port's lock); the locks are taken in that order. Who ends a wait:
 *
 *  - firing and dropping come from the object, with both locks held in turn;
 *  - a cancel comes from the port. It claims a wait under the port's lock (WAIT_CLAIMED, off the
 *    port's list), and takes it off the object after letting go of that lock. A fire or drop
 *    between the two finds the claim and leaves the wait alone.
 *
 * The object of a wait that is on the port's list has not been freed: before that it drops its
 * waits. Its last reference may be gone, though, hence object__try_get() in the cancel; where that
 * fails, the object drops the wait itself in a moment.
 *
 * The memory goes when neither the wait (packet.owned_by_source) nor the queue needs it any more.
 */
#include "compat/core/port.h"

#include <string.h>
#include <zircon/syscalls/object.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/exception_place.h"

/* Packet type of a repeating wait, to 2019-01. */
#define PKT_TYPE_SIGNAL_REP 2u

enum wait_state {
	WAIT_SETUP,   /* port__wait_async() is at work; on no list of the port yet */
	WAIT_ARMED,   /* on the port's list */
	WAIT_CLAIMED, /* a cancel ends it */
	WAIT_ENDED,   /* fired or dropped while in WAIT_SETUP */
};

struct async_wait {
	struct port_packet packet; /* first: the queue frees a packet by its own address */
	struct observer observer;
	uint32_t state; /* enum wait_state, under the port's lock */
};

static struct async_wait *wait_of(struct observer *observer)
{
	return list_entry(observer, struct async_wait, observer);
}

/* One of @quota's packets leaves the port. */
static void give_back_locked(struct port_quota *quota)
{
	struct thread *waiter;

	quota->left++;
	if (list__empty(&quota->waiters))
		return;
	waiter = list_first(&quota->waiters, struct thread, wait_node);
	list__remove(&waiter->wait_node);
	thread__wake(waiter);
}

/* One waiter for one packet; it leaves the list, so that the next packet wakes another. */
static void wake_one_locked(struct port *port)
{
	struct thread *waiter;

	if (list__empty(&port->waiters))
		return;
	waiter = list_first(&port->waiters, struct thread, wait_node);
	list__remove(&waiter->wait_node);
	thread__wake(waiter);
}

void port__link_locked(struct port *port, struct port_packet *packet)
{
	list__add_tail(&port->packets, &packet->node);
	port->held++;
	if (packet->packet.type == ZX_PKT_TYPE_USER)
		port->queued++;
	wake_one_locked(port);
}

void port__unlink_locked(struct port *port, struct port_packet *packet)
{
	list__remove(&packet->node);
	port->held--;
	if (packet->packet.type == ZX_PKT_TYPE_USER)
		port->queued--;
	if (packet->quota)
		give_back_locked(packet->quota);
}

static void port_free_packets(struct port *port)
{
	struct port_packet *packet;
	struct port_packet *next;

	list_for_each_safe(packet, next, &port->packets, node) {
		port__unlink_locked(port, packet);
		if (!packet->owned_by_source)
			arena__free(packet);
	}
}

/*
 * Ends a wait that is off the port's list, with the port's lock held; lets go of it, and of the
 * wait's reference to the port.
 */
static void finish_and_unlock(struct async_wait *wait)
{
	struct port *port = wait->observer.port.port;
	bool queued = list__linked(&wait->packet.node);

	wait->packet.owned_by_source = false;
	object__unlock(&port->object);
	if (!queued)
		arena__free(wait);
	object__put(&port->object);
}

/* Claims a wait of @process and @handle (or of any handle) with *@key (or, where NULL, any key). */
static struct async_wait *claim_locked(struct port *port, struct process *process,
				       zx_handle_t handle, bool any_handle, const uint64_t *key)
{
	struct observer *observer;

	list_for_each(observer, &port->observers, port.port_node) {
		if (!any_handle && (observer->process != process || observer->handle != handle))
			continue;
		if (key && observer->port.key != *key)
			continue;
		if (!object__try_get(observer->object))
			continue;
		list__remove(&observer->port.port_node);
		port->observing--;
		wait_of(observer)->state = WAIT_CLAIMED;
		return wait_of(observer);
	}
	return NULL;
}

static void end_claimed(struct async_wait *wait)
{
	struct object *object = wait->observer.object;

	object__lock(object);
	list__remove(&wait->observer.node);
	object__unlock(object);
	object__put(object);
	object__lock(&wait->observer.port.port->object);
	finish_and_unlock(wait);
}

/* Lets go of the lock in between. */
static void unbind_exception_handlers_locked(struct port *port)
{
	while (!list__empty(&port->exception_handlers)) {
		struct exception_handler *handler = list_first(
			&port->exception_handlers, struct exception_handler, port_node);

		list__remove(&handler->port_node);
		object__unlock(&port->object);
		exception_handler__port_closed(handler);
		object__lock(&port->object);
	}
}

static void port_zero_handles(struct object *object)
{
	struct port *port = (struct port *)object;
	struct async_wait *wait;

	object__lock(object);
	port->closed = true;
	unbind_exception_handlers_locked(port);
	port_free_packets(port);
	while ((wait = claim_locked(port, NULL, 0, true, NULL))) {
		object__unlock(object);
		end_claimed(wait);
		object__lock(object);
	}
	object__unlock(object);
}

static void port_destroy(struct object *object)
{
	port_free_packets((struct port *)object);
}

const struct object_ops port_ops = {
	.name = "port",
	.default_rights = ZX_DEFAULT_PORT_RIGHTS,
	.on_zero_handles = port_zero_handles,
	.destroy = port_destroy,
};

zx_status_t port__create(uint32_t options, struct port **out)
{
	struct port *port;

	if (options & ~ZX_PORT_BIND_TO_INTERRUPT)
		return ZX_ERR_INVALID_ARGS;
	port = object__alloc(sizeof(*port), ZX_OBJ_TYPE_PORT);
	if (!port)
		return ZX_ERR_NO_MEMORY;
	port->options = options;
	list__init(&port->packets);
	list__init(&port->interrupts);
	list__init(&port->waiters);
	list__init(&port->observers);
	list__init(&port->exception_handlers);
	*out = port;
	return ZX_OK;
}

bool port__full_locked(const struct port *port, const struct era_traits *era)
{
	return (era->port_counts_all ? port->held : port->queued) > era->port_max_packets;
}

zx_status_t port__queue_user(struct port *port, const zx_port_packet_t *packet,
			     const struct era_traits *era)
{
	struct port_packet *entry = arena__alloc(sizeof(*entry));
	zx_status_t status = ZX_OK;

	if (!entry)
		return ZX_ERR_NO_MEMORY;
	entry->packet = *packet;
	entry->packet.type = ZX_PKT_TYPE_USER;
	object__lock(&port->object);
	if (port->closed) {
		status = ZX_ERR_BAD_HANDLE;
	} else if (era && port__full_locked(port, era)) {
		status = ZX_ERR_SHOULD_WAIT;
	} else {
		port__link_locked(port, entry);
	}
	object__unlock(&port->object);
	if (status != ZX_OK)
		arena__free(entry);
	return status;
}

bool port__queue_packet_locked(struct port *port, struct port_packet *packet)
{
	if (port->closed)
		return false;
	port__link_locked(port, packet);
	return true;
}

void port__queue_packet(struct port *port, struct port_packet *packet)
{
	object__lock(&port->object);
	(void)port__queue_packet_locked(port, packet);
	object__unlock(&port->object);
}

void port__remove_packet(struct port *port, struct port_packet *packet)
{
	object__lock(&port->object);
	if (list__linked(&packet->node))
		port__unlink_locked(port, packet);
	object__unlock(&port->object);
}

bool port__has_packet(struct port *port, const struct port_packet *packet)
{
	bool queued;

	object__lock(&port->object);
	queued = list__linked(&packet->node);
	object__unlock(&port->object);
	return queued;
}

bool port__queue_interrupt(struct port *port, struct port_interrupt *interrupt,
			   zx_time_t timestamp)
{
	bool queued;

	object__lock(&port->object);
	queued = !list__linked(&interrupt->node);
	if (queued) {
		interrupt->timestamp = timestamp;
		list__add_tail(&port->interrupts, &interrupt->node);
		wake_one_locked(port);
	}
	object__unlock(&port->object);
	return queued;
}

bool port__remove_interrupt(struct port *port, struct port_interrupt *interrupt)
{
	bool queued;

	object__lock(&port->object);
	queued = list__linked(&interrupt->node);
	list__remove(&interrupt->node);
	object__unlock(&port->object);
	return queued;
}

static bool has_packet_locked(const struct port *port)
{
	return !list__empty(&port->interrupts) || !list__empty(&port->packets);
}

static void take_interrupt_locked(struct port *port, zx_port_packet_t *out)
{
	struct port_interrupt *interrupt;

	interrupt = list_first(&port->interrupts, struct port_interrupt, node);
	list__remove(&interrupt->node);
	memset(out, 0, sizeof(*out));
	out->key = interrupt->key;
	out->type = ZX_PKT_TYPE_INTERRUPT;
	out->interrupt.timestamp = interrupt->timestamp;
}

/* Takes the first packet; what must be freed for it afterwards goes to @garbage. */
static bool take_locked(struct port *port, zx_port_packet_t *out, void **garbage)
{
	struct port_packet *packet;

	if (!list__empty(&port->interrupts)) {
		take_interrupt_locked(port, out);
		return true;
	}
	if (list__empty(&port->packets))
		return false;
	packet = list_first(&port->packets, struct port_packet, node);
	port__unlink_locked(port, packet);
	*out = packet->packet;
	if (!packet->owned_by_source)
		*garbage = packet;
	return true;
}

zx_status_t port__wait(struct thread *self, struct port *port, zx_time_t deadline,
		       zx_port_packet_t *out)
{
	zx_status_t status = ZX_OK;
	void *garbage = NULL;

	object__lock(&port->object);
	while (!take_locked(port, out, &garbage)) {
		if (status != ZX_OK)
			break;
		thread__prepare(self);
		list__add_tail(&port->waiters, &self->wait_node);
		object__unlock(&port->object);
		status = thread__block(self, deadline, ZX_THREAD_STATE_BLOCKED_PORT);
		object__lock(&port->object);
		if (status == ZX_ERR_INTERNAL_INTR_KILLED) {
			/* The packet that woke this thread must find another one. */
			if (!list__linked(&self->wait_node) && has_packet_locked(port))
				wake_one_locked(port);
			list__remove(&self->wait_node);
			object__unlock(&port->object);
			return status;
		}
		list__remove(&self->wait_node);
		if (has_packet_locked(port))
			status = ZX_OK;
	}
	object__unlock(&port->object);
	arena__free(garbage);
	return status;
}

zx_status_t port__wait_async(struct port *port, struct object *object, struct process *process,
			     zx_handle_t handle, uint64_t key, uint32_t signals, uint32_t options)
{
	struct async_wait *wait = arena__alloc(sizeof(*wait));

	if (!wait)
		return ZX_ERR_NO_MEMORY;
	list__init(&wait->packet.node);
	wait->packet.source = object;
	wait->packet.process = process;
	wait->packet.handle = handle;
	wait->packet.owned_by_source = true;
	wait->packet.packet.key = key;
	wait->packet.packet.type = options & PORT_WAIT_REPEATING ? PKT_TYPE_SIGNAL_REP :
								    ZX_PKT_TYPE_SIGNAL_ONE;
	wait->packet.packet.signal.trigger = signals;
	wait->observer.kind = OBSERVER_PORT;
	wait->observer.object = object;
	wait->observer.trigger = signals;
	wait->observer.process = process;
	wait->observer.handle = handle;
	wait->observer.port.port = port;
	wait->observer.port.key = key;
	wait->observer.port.options = options;
	list__init(&wait->observer.port.port_node);
	wait->state = WAIT_SETUP;
	object__get(&port->object);

	object__observe(object, &wait->observer);

	object__lock(&port->object);
	if (wait->state == WAIT_ENDED) {
		finish_and_unlock(wait);
		return ZX_OK;
	}
	wait->state = WAIT_ARMED;
	if (!port->closed) {
		list__add_tail(&port->observers, &wait->observer.port.port_node);
		port->observing++;
		object__unlock(&port->object);
		return ZX_OK;
	}
	/* The port's last handle went meanwhile: what port_zero_handles() did not see ends here. */
	wait->state = WAIT_CLAIMED;
	object__get(object);
	object__unlock(&port->object);
	end_claimed(wait);
	return ZX_OK;
}

uint32_t port__observing(struct port *port)
{
	uint32_t count;

	object__lock(&port->object);
	count = port->observing;
	object__unlock(&port->object);
	return count;
}

/* Drops matching packets; true where there were any. Frees under the lock: packets are few. */
static bool cancel_packets_locked(struct port *port, struct process *process, zx_handle_t handle,
				  bool any_handle, uint64_t key)
{
	struct port_packet *packet;
	struct port_packet *next;
	bool found = false;

	list_for_each_safe(packet, next, &port->packets, node) {
		if (packet->packet.key != key)
			continue;
		if (!any_handle && (!packet->source || packet->process != process ||
				    packet->handle != handle))
			continue;
		port__unlink_locked(port, packet);
		if (!packet->owned_by_source)
			arena__free(packet);
		found = true;
	}
	return found;
}

static zx_status_t cancel(struct port *port, struct process *process, zx_handle_t handle,
			  bool any_handle, uint64_t key)
{
	struct async_wait *wait;
	bool found = false;

	object__lock(&port->object);
	while ((wait = claim_locked(port, process, handle, any_handle, &key))) {
		object__unlock(&port->object);
		end_claimed(wait);
		found = true;
		object__lock(&port->object);
	}
	/* After the waits: none of them queues another one now. */
	found |= cancel_packets_locked(port, process, handle, any_handle, key);
	object__unlock(&port->object);
	return found ? ZX_OK : ZX_ERR_NOT_FOUND;
}

zx_status_t port__cancel(struct port *port, struct process *process, zx_handle_t handle,
			 uint64_t key)
{
	return cancel(port, process, handle, false, key);
}

zx_status_t port__cancel_key(struct port *port, uint64_t key)
{
	return cancel(port, NULL, 0, true, key);
}

/* How many things wait behind the first signals of a wait: messages of a channel, else one. */
static uint64_t initial_count(struct observer *observer, uint32_t observed)
{
	if (observer->object->type == ZX_OBJ_TYPE_CHANNEL &&
	    observer->trigger & observed & ZX_CHANNEL_READABLE)
		return ((struct channel *)observer->object)->count;
	return 1;
}

static void queue_signals_locked(struct port *port, struct async_wait *wait, uint32_t observed)
{
	zx_packet_signal_t *signal = &wait->packet.packet.signal;

	if (port->closed)
		return;
	if (list__linked(&wait->packet.node)) {
		signal->observed |= observed;
		return;
	}
	signal->observed = observed;
	signal->count = wait->state == WAIT_SETUP ? initial_count(&wait->observer, observed) : 1;
	if (wait->observer.port.options & ZX_WAIT_ASYNC_TIMESTAMP)
		signal->timestamp = (uint64_t)core_host.clock_monotonic();
	if (wait->observer.port.options & ZX_WAIT_ASYNC_BOOT_TIMESTAMP)
		signal->timestamp = (uint64_t)core_host.clock_boot();
	port__link_locked(port, &wait->packet);
}

/* The end of a wait as its object sees it; with the port's lock held, which this lets go of. */
static void end_and_unlock(struct async_wait *wait)
{
	if (wait->state == WAIT_SETUP) {
		wait->state = WAIT_ENDED;
		object__unlock(&wait->observer.port.port->object);
		return;
	}
	list__remove(&wait->observer.port.port_node);
	wait->observer.port.port->observing--;
	finish_and_unlock(wait);
}

void port__fire(struct observer *observer, uint32_t observed)
{
	struct async_wait *wait = wait_of(observer);
	struct port *port = observer->port.port;

	object__lock(&port->object);
	if (wait->state == WAIT_CLAIMED) {
		object__unlock(&port->object);
		return;
	}
	queue_signals_locked(port, wait, observed);
	if (observer->port.options & PORT_WAIT_REPEATING && !port->closed) {
		if (!list__linked(&observer->node))
			list__add_head(&observer->object->observers, &observer->node);
		object__unlock(&port->object);
		return;
	}
	end_and_unlock(wait);
}

void port__drop(struct observer *observer)
{
	struct async_wait *wait = wait_of(observer);
	struct port *port = observer->port.port;

	list__remove(&observer->node);
	object__lock(&port->object);
	if (wait->state == WAIT_CLAIMED) {
		object__unlock(&port->object);
		return;
	}
	end_and_unlock(wait);
}
