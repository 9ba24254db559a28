/* Packets of which a port holds only so many: who makes more waits until some are read. */
#include "compat/core/core.h"
#include "compat/core/port.h"

void port_quota__init(struct port_quota *quota, uint32_t packets)
{
	quota->left = packets;
	list__init(&quota->waiters);
}

/* With the port's lock held, which it lets go of while it waits. */
static zx_status_t take_quota_locked(struct thread *self, struct port *port,
				     struct port_quota *quota)
{
	zx_status_t status = ZX_OK;

	while (!quota->left && !port->closed && status == ZX_OK) {
		thread__prepare(self);
		list__add_tail(&quota->waiters, &self->wait_node);
		object__unlock(&port->object);
		status = thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_PORT);
		object__lock(&port->object);
		list__remove(&self->wait_node);
	}
	if (status == ZX_OK && port->closed)
		return ZX_ERR_BAD_HANDLE;
	if (status == ZX_OK)
		quota->left--;
	else if (quota->left && !list__empty(&quota->waiters)) /* woken for nothing */
		thread__wake(list_first(&quota->waiters, struct thread, wait_node));
	return status;
}

zx_status_t port__queue_quota(struct thread *self, struct port *port, struct port_quota *quota,
			      const zx_port_packet_t *packet)
{
	struct port_packet *entry = arena__alloc(sizeof(*entry));
	zx_status_t status;

	if (!entry)
		return ZX_ERR_NO_MEMORY;
	entry->packet = *packet;
	entry->quota = quota;
	object__lock(&port->object);
	status = take_quota_locked(self, port, quota);
	if (status == ZX_OK) {
		port__link_locked(port, entry);
	}
	object__unlock(&port->object);
	if (status != ZX_OK)
		arena__free(entry);
	return status;
}

void port__drop_quota(struct port *port, struct port_quota *quota)
{
	struct port_packet *packet;
	struct port_packet *next;

	object__lock(&port->object);
	list_for_each_safe(packet, next, &port->packets, node) {
		if (packet->quota != quota)
			continue;
		port__unlink_locked(port, packet);
		arena__free(packet);
	}
	object__unlock(&port->object);
}
