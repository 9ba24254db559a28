/* Ports: the queue, who puts packets into it, and who takes them. */
#include "compat/core/port.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/exception_place.h"

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

	object__lock(object);
	port->closed = true;
	unbind_exception_handlers_locked(port);
	port_free_packets(port);
	port__end_waits_locked(port);
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
