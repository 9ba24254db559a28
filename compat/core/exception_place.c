/*
 * Locks: a place's, then that of a channel or port. A handler that is found in a place is used
 * without the place's lock, by a reference.
 */
#include "compat/core/exception_place.h"

#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/port.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/port.h"

void exception_place__init(struct exception_place *place, uint32_t type)
{
	mutex__init(&place->lock);
	place->type = type;
	list__init(&place->handlers);
}

static struct exception_handler *handler_alloc(uint32_t type)
{
	struct exception_handler *handler = arena__alloc(sizeof(*handler));

	if (!handler)
		return NULL;
	handler->refs = 1;
	handler->type = type;
	handler->serial = koid__next();
	list__init(&handler->node);
	list__init(&handler->port_node);
	list__init(&handler->waiting);
	return handler;
}

static void handler_get(struct exception_handler *handler)
{
	__atomic_fetch_add(&handler->refs, 1, __ATOMIC_RELAXED);
}

void exception_handler__put(struct exception_handler *handler)
{
	if (__atomic_fetch_sub(&handler->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	handle__close(&handler->channel);
	if (handler->port)
		object__put(&handler->port->object);
	arena__free(handler);
}

static bool channel_gone(struct exception_handler *handler)
{
	struct channel *channel = (struct channel *)handler->channel.object;
	bool gone;

	object__lock(&channel->object);
	gone = !channel->peer;
	object__unlock(&channel->object);
	return gone;
}

bool exception_handler__unbound(struct exception_handler *handler)
{
	bool unbound;

	if (!handler->port)
		return false;
	object__lock(&handler->port->object);
	unbound = handler->unbound;
	object__unlock(&handler->port->object);
	return unbound;
}

static bool dead(struct exception_handler *handler)
{
	return handler->port ? exception_handler__unbound(handler) : channel_gone(handler);
}

/* With the port's lock held: the port no longer is the handler's. */
static void unbind_locked(struct exception_handler *handler, bool quietly)
{
	struct exception *exception;

	handler->unbound = true;
	handler->quiet = quietly;
	if (quietly)
		return;
	list_for_each(exception, &handler->waiting, handler_node)
		thread__wake(exception->thread);
}

/* Takes a port's handler off the port, unless the port itself has done that. */
static void leave_port(struct exception_handler *handler, bool quietly)
{
	struct port *port = handler->port;
	bool listed;

	object__lock(&port->object);
	listed = list__linked(&handler->port_node);
	list__remove(&handler->port_node);
	if (!handler->unbound)
		unbind_locked(handler, quietly);
	object__unlock(&port->object);
	if (listed)
		exception_handler__put(handler);
}

/* A handler that is off its place. */
static void retire(struct exception_handler *handler)
{
	if (handler->port)
		leave_port(handler, false);
	exception_handler__put(handler);
}

static void retire_all(struct list *handlers)
{
	while (!list__empty(handlers)) {
		struct exception_handler *handler =
			list_first(handlers, struct exception_handler, node);

		list__remove(&handler->node);
		retire(handler);
	}
}

/* Moves the handlers that are no longer there to @out; returns how many are left. */
static uint32_t sort_out_locked(struct exception_place *place, struct list *out)
{
	struct exception_handler *handler;
	struct exception_handler *next;
	uint32_t alive = 0;

	list_for_each_safe(handler, next, &place->handlers, node) {
		if (dead(handler)) {
			list__remove(&handler->node);
			list__add_tail(out, &handler->node);
		} else {
			alive++;
		}
	}
	return alive;
}

static void close_place(struct exception_place *place, bool ports)
{
	struct exception_handler *handler;
	struct exception_handler *next;
	struct list old;

	list__init(&old);
	mutex__lock(&place->lock);
	place->closed = true;
	list_for_each_safe(handler, next, &place->handlers, node) {
		if (handler->port && !ports)
			continue;
		list__remove(&handler->node);
		list__add_tail(&old, &handler->node);
	}
	mutex__unlock(&place->lock);
	retire_all(&old);
}

void exception_place__close(struct exception_place *place)
{
	close_place(place, false);
}

void exception_place__destroy(struct exception_place *place)
{
	close_place(place, true);
}

bool exception_place__bound(struct exception_place *place)
{
	struct list old;
	bool bound;

	list__init(&old);
	mutex__lock(&place->lock);
	bound = sort_out_locked(place, &old);
	mutex__unlock(&place->lock);
	retire_all(&old);
	return bound;
}

struct exception_handler *exception_place__next(struct exception_place *place, uint64_t serial,
						uint64_t limit)
{
	struct exception_handler *found = NULL;
	struct exception_handler *handler;
	struct list old;

	list__init(&old);
	mutex__lock(&place->lock);
	sort_out_locked(place, &old);
	list_for_each(handler, &place->handlers, node) {
		if (handler->serial <= serial || handler->serial >= limit)
			continue;
		handler_get(handler);
		found = handler;
		break;
	}
	mutex__unlock(&place->lock);
	retire_all(&old);
	return found;
}

/* Takes over @handler, also on failure. */
static zx_status_t bind(struct exception_place *place, struct exception_handler *handler,
			uint32_t max, bool lasting)
{
	zx_status_t status = ZX_OK;
	struct list old;

	list__init(&old);
	mutex__lock(&place->lock);
	if (place->closed && !lasting)
		status = ZX_ERR_BAD_STATE;
	else if (sort_out_locked(place, &old) >= max)
		status = ZX_ERR_ALREADY_BOUND;
	else
		list__add_tail(&place->handlers, &handler->node);
	mutex__unlock(&place->lock);
	retire_all(&old);
	if (status != ZX_OK)
		retire(handler);
	return status;
}

zx_status_t exception_place__bind_channel(struct exception_place *place, struct channel *channel,
					  uint32_t max, zx_rights_t thread_rights,
					  zx_rights_t process_rights)
{
	struct handle handle = handle__make(&channel->object, ZX_RIGHT_NONE);
	struct exception_handler *handler = handler_alloc(place->type);

	if (!handler) {
		handle__close(&handle);
		return ZX_ERR_NO_MEMORY;
	}
	handler->channel = handle;
	handler->thread_rights = thread_rights;
	handler->process_rights = process_rights;
	return bind(place, handler, max, false);
}

zx_status_t exception_place__bind_port(struct exception_place *place, struct port *port,
				       uint64_t key, bool lasting)
{
	struct exception_handler *handler = handler_alloc(place->type);

	if (!handler)
		return ZX_ERR_NO_MEMORY;
	object__get(&port->object);
	handler->port = port;
	handler->key = key;
	object__lock(&port->object);
	/* Without handles it is as if the last one was closed right after this. */
	handler->unbound = port->closed;
	if (!port->closed) {
		handler_get(handler);
		list__add_tail(&port->exception_handlers, &handler->port_node);
	}
	object__unlock(&port->object);
	return bind(place, handler, 1, lasting);
}

zx_status_t exception_place__unbind_port(struct exception_place *place, bool quietly)
{
	struct exception_handler *handler = NULL;
	struct list old;

	list__init(&old);
	mutex__lock(&place->lock);
	sort_out_locked(place, &old);
	if (!list__empty(&place->handlers)) {
		handler = list_first(&place->handlers, struct exception_handler, node);
		if (handler->port)
			list__remove(&handler->node);
		else
			handler = NULL;
	}
	mutex__unlock(&place->lock);
	retire_all(&old);
	if (!handler)
		return ZX_ERR_BAD_STATE;
	leave_port(handler, quietly);
	exception_handler__put(handler);
	return ZX_OK;
}

void exception_handler__port_closed(struct exception_handler *handler)
{
	leave_port(handler, false);
	exception_handler__put(handler);
}

static zx_status_t tell_channel(struct exception_handler *handler, struct exception *exception)
{
	zx_exception_info_t info = {
		.pid = exception->thread->process->object.koid,
		.tid = exception->thread->object.koid,
		.type = exception->report.header.type,
	};
	struct message *message = message__alloc(sizeof(info), 1);

	if (!message)
		return ZX_ERR_NO_MEMORY;
	memcpy(message->bytes, &info, sizeof(info));
	object__get(&exception->object);
	message->handles[0] = handle__make(&exception->object, ZX_DEFAULT_EXCEPTION_RIGHTS);
	return channel__write((struct channel *)handler->channel.object, message);
}

/* A full port takes this packet no more than it would take a program's. */
static zx_status_t queue_locked(struct exception_handler *handler, struct exception *exception,
				struct port_packet *packet)
{
	const struct era_traits *era = era__of(exception->thread->process->era);

	if (handler->unbound)
		return ZX_ERR_PEER_CLOSED;
	if (port__full_locked(handler->port, era))
		return ZX_ERR_SHOULD_WAIT;
	if (!port__queue_packet_locked(handler->port, packet))
		return ZX_ERR_PEER_CLOSED;
	list__add_tail(&handler->waiting, &exception->handler_node);
	return ZX_OK;
}

static zx_status_t tell_port(struct exception_handler *handler, struct exception *exception)
{
	struct port_packet *packet = arena__alloc(sizeof(*packet));
	zx_packet_exception_202002_t body = {
		.pid = exception->thread->process->object.koid,
		.tid = exception->thread->object.koid,
	};
	zx_status_t status;

	if (!packet)
		return ZX_ERR_NO_MEMORY;
	packet->packet.key = handler->key;
	packet->packet.type = exception->report.header.type;
	memcpy(&packet->packet.user, &body, sizeof(body));
	object__lock(&handler->port->object);
	status = queue_locked(handler, exception, packet);
	object__unlock(&handler->port->object);
	if (status != ZX_OK)
		arena__free(packet);
	return status;
}

zx_status_t exception_handler__tell(struct exception_handler *handler,
				   struct exception *exception)
{
	return handler->port ? tell_port(handler, exception) : tell_channel(handler, exception);
}

void exception_handler__leave(struct exception_handler *handler, struct exception *exception)
{
	if (!handler->port)
		return;
	object__lock(&handler->port->object);
	list__remove(&exception->handler_node);
	object__unlock(&handler->port->object);
}

/* Of a channel an answer always comes: when the exception's last handle is closed. */
bool exception_handler__gone(struct exception_handler *handler)
{
	bool gone;

	if (!handler->port)
		return false;
	object__lock(&handler->port->object);
	gone = handler->unbound && !handler->quiet;
	object__unlock(&handler->port->object);
	return gone;
}
