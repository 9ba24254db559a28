/*
 * Async waits.
 *
 * Each is one allocation: the observer that hangs on the object, and the packet that it will queue,
 * so that firing cannot fail. The observer is on two lists: the object's (object's lock) and the
 * port's (port's lock); the locks are taken in that order. Who ends a wait:
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
#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/port.h"

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

/* Ends the waits that match, and lets go of the lock meanwhile; true where there were any. */
static bool end_waits_locked(struct port *port, struct process *process, zx_handle_t handle,
			     bool any_handle, const uint64_t *key)
{
	struct async_wait *wait;
	bool found = false;

	while ((wait = claim_locked(port, process, handle, any_handle, key))) {
		object__unlock(&port->object);
		end_claimed(wait);
		found = true;
		object__lock(&port->object);
	}
	return found;
}

void port__end_waits_locked(struct port *port)
{
	end_waits_locked(port, NULL, 0, true, NULL);
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
	bool found;

	object__lock(&port->object);
	found = end_waits_locked(port, process, handle, any_handle, &key);
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
