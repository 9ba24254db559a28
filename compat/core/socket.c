#include "compat/core/socket.h"

#include "compat/core/core.h"
#include "compat/core/peer.h"
#include "compat/core/socket_impl.h"

static struct socket *as_socket(struct object *object)
{
	return (struct socket *)object;
}

static void socket_leave(struct object *object)
{
	struct socket *self = as_socket(object);
	struct socket_queue unread;
	struct handle unaccepted;
	struct socket *peer;

	socket_queue__init(&unread);
	object__lock(object);
	peer = self->peer;
	if (peer) {
		self->peer = NULL;
		peer->peer = NULL;
		socket_signal_locked(peer, ZX_SOCKET_WRITABLE, ZX_SOCKET_PEER_CLOSED);
	}
	socket_queue__push_front(&unread, &self->data);
	unaccepted = self->accept;
	self->accept.object = NULL;
	object__unlock(object);
	socket_queue__clear(&unread);
	handle__close(&unaccepted);
}

static void socket_destroy(struct object *object)
{
	socket_leave(object);
	arena__free(as_socket(object)->control);
}

static struct object *socket_peer_locked(struct object *object)
{
	struct socket *peer = as_socket(object)->peer;

	return peer && object__try_get(&peer->object) ? &peer->object : NULL;
}

const struct object_ops socket_ops = {
	.name = "socket",
	.default_rights = ZX_DEFAULT_SOCKET_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = socket_leave,
	.destroy = socket_destroy,
	.peer_locked = socket_peer_locked,
};

static zx_status_t socket_init(struct object *object, uint32_t options)
{
	struct socket *socket = as_socket(object);

	socket->options = options;
	object->signals = ZX_SOCKET_WRITABLE;
	if (options & ZX_SOCKET_HAS_ACCEPT_2018)
		object->signals |= ZX_SOCKET_SHARE_2018;
	if (options & ZX_SOCKET_HAS_CONTROL_2018) {
		object->signals |= ZX_SOCKET_CONTROL_WRITABLE_2018;
		socket->control = arena__alloc_raw(SOCKET_CONTROL_BYTES);
		if (!socket->control)
			return ZX_ERR_NO_MEMORY;
	}
	return ZX_OK;
}

zx_status_t socket__create(uint32_t options, struct socket **out0, struct socket **out1)
{
	struct object *object0;
	struct object *object1;
	zx_status_t status;

	status = peer__create_pair(sizeof(struct socket), ZX_OBJ_TYPE_SOCKET, &object0, &object1);
	if (status != ZX_OK)
		return status;
	socket_queue__init(&as_socket(object0)->data);
	socket_queue__init(&as_socket(object1)->data);
	status = socket_init(object0, options);
	if (status == ZX_OK)
		status = socket_init(object1, options);
	if (status != ZX_OK) {
		object__put(object0);
		object__put(object1);
		return status;
	}
	*out0 = as_socket(object0);
	*out1 = as_socket(object1);
	(*out0)->peer = *out1;
	(*out1)->peer = *out0;
	return ZX_OK;
}

static bool is_datagram(const struct socket *socket)
{
	return socket->options & ZX_SOCKET_DATAGRAM;
}

static bool is_full(const struct socket *socket)
{
	return socket->data.size >= SOCKET_CAPACITY;
}

/* The checks of a write of @size bytes, and how many of them can be taken now. */
static zx_status_t check_write_locked(struct socket *socket, size_t size, size_t *room)
{
	struct socket *peer = socket->peer;

	*room = 0;
	if (!peer)
		return ZX_ERR_PEER_CLOSED;
	if (socket->object.signals & ZX_SOCKET_WRITE_DISABLED)
		return ZX_ERR_BAD_STATE;
	if (!size)
		return ZX_OK;
	if (size > UINT32_MAX)
		return ZX_ERR_INVALID_ARGS;
	if (is_full(peer))
		return ZX_ERR_SHOULD_WAIT;
	*room = SOCKET_CAPACITY - peer->data.size;
	if (is_datagram(socket) && size > SOCKET_CAPACITY)
		return ZX_ERR_OUT_OF_RANGE;
	if (is_datagram(socket) && size > *room)
		return ZX_ERR_SHOULD_WAIT;
	if (size < *room)
		*room = size;
	return ZX_OK;
}

static size_t space_of(const struct socket *socket)
{
	return is_full(socket) ? 0 : SOCKET_CAPACITY - socket->data.size;
}

/* Signals of both ends after bytes came to @reader. */
static void signal_filled_locked(struct socket *reader)
{
	struct socket *writer = reader->peer;
	uint32_t set = ZX_SOCKET_READABLE;
	uint32_t clear = 0;

	if (reader->read_threshold && reader->data.size >= reader->read_threshold)
		set |= ZX_SOCKET_READ_THRESHOLD;
	socket_signal_locked(reader, 0, set);
	if (!writer)
		return;
	if (writer->write_threshold && space_of(reader) < writer->write_threshold)
		clear |= ZX_SOCKET_WRITE_THRESHOLD;
	if (is_full(reader))
		clear |= ZX_SOCKET_WRITABLE;
	socket_signal_locked(writer, clear, 0);
}

/* Signals of both ends after bytes were taken from @reader. */
static void signal_drained_locked(struct socket *reader, bool was_full)
{
	struct socket *writer = reader->peer;
	uint32_t clear = 0;
	uint32_t set = 0;

	if (reader->read_threshold && reader->data.size < reader->read_threshold)
		clear |= ZX_SOCKET_READ_THRESHOLD;
	if (!reader->data.size) {
		clear |= ZX_SOCKET_READABLE;
		if (reader->read_disabled)
			set |= ZX_SOCKET_PEER_WRITE_DISABLED;
	}
	socket_signal_locked(reader, clear, set);
	set = 0;
	if (!writer)
		return;
	if (writer->write_threshold && space_of(reader) >= writer->write_threshold)
		set |= ZX_SOCKET_WRITE_THRESHOLD;
	if (was_full)
		set |= ZX_SOCKET_WRITABLE;
	socket_signal_locked(writer, 0, set);
}

/*
 * The bytes are copied between looking how many fit and appending them, without the lock; what
 * another writer has taken of the room meanwhile is not written.
 */
static zx_status_t write_from(struct thread *self, struct socket *socket, uint64_t addr,
			      size_t size, size_t *actual)
{
	struct socket_queue bytes;
	zx_status_t status;
	size_t room;

	*actual = 0;
	object__lock(&socket->object);
	status = check_write_locked(socket, size, &room);
	object__unlock(&socket->object);
	/* It used to wait for room that there could not be. */
	if (status == ZX_ERR_OUT_OF_RANGE && era__of(self->process->era)->sockets_201807)
		status = ZX_ERR_SHOULD_WAIT;
	if (status != ZX_OK || !size)
		return status;
	socket_queue__init(&bytes);
	status = socket_queue__fill(&bytes, self, addr, room, is_datagram(socket));
	if (status != ZX_OK)
		return status;
	size = bytes.size;
	object__lock(&socket->object);
	status = check_write_locked(socket, size, &room);
	if (status == ZX_OK) {
		struct socket_queue *queue = &socket->peer->data;

		if (is_datagram(socket))
			socket_queue__move_first(queue, &bytes);
		else
			status = socket_queue__move(queue, &bytes, room);
		*actual = size - bytes.size;
		if (*actual)
			signal_filled_locked(socket->peer);
	}
	object__unlock(&socket->object);
	socket_queue__clear(&bytes);
	return *actual ? ZX_OK : status;
}

zx_status_t socket__write(struct socket *socket, const void *data, size_t size, size_t *actual)
{
	return write_from(NULL, socket, (uint64_t)data, size, actual);
}

zx_status_t socket__write_user(struct thread *self, struct socket *socket, user_addr_t addr,
			       size_t size, size_t *actual)
{
	return write_from(self, socket, addr, size, actual);
}

/* Takes (or copies, with @peek) what a read of @size bytes gets, or a whole datagram. */
static zx_status_t take_locked(struct socket *socket, size_t size, bool peek,
			       struct socket_queue *bytes)
{
	struct socket_queue *queue = &socket->data;
	bool was_full = is_full(socket);
	zx_status_t status = ZX_OK;

	if (!queue->size) {
		if (!socket->peer)
			return ZX_ERR_PEER_CLOSED;
		return socket->read_disabled ? ZX_ERR_BAD_STATE : ZX_ERR_SHOULD_WAIT;
	}
	if (!size)
		return ZX_OK;
	if (is_datagram(socket) && peek)
		status = socket_queue__peek(bytes, queue, socket_queue__first(queue));
	else if (is_datagram(socket))
		socket_queue__move_first(bytes, queue);
	else if (peek)
		status = socket_queue__peek(bytes, queue, size);
	else
		status = socket_queue__move(bytes, queue, size);
	if (!peek && bytes->size)
		signal_drained_locked(socket, was_full);
	return bytes->size ? ZX_OK : status;
}

static zx_status_t read_to(struct thread *self, struct socket *socket, uint64_t addr, size_t size,
			   bool peek, size_t *actual)
{
	struct socket_queue bytes;
	zx_status_t status;

	*actual = 0;
	if (size > UINT32_MAX)
		return ZX_ERR_INVALID_ARGS;
	socket_queue__init(&bytes);
	object__lock(&socket->object);
	status = take_locked(socket, size, peek, &bytes);
	object__unlock(&socket->object);
	if (status != ZX_OK)
		return status;
	status = socket_queue__copy_out(&bytes, self, addr, size);
	if (status == ZX_OK) {
		*actual = bytes.size < size ? bytes.size : size;
	} else if (!peek) {
		/* A bad buffer loses nothing. */
		object__lock(&socket->object);
		socket_queue__push_front(&socket->data, &bytes);
		signal_filled_locked(socket);
		object__unlock(&socket->object);
	}
	socket_queue__clear(&bytes);
	return status;
}

zx_status_t socket__read(struct socket *socket, void *data, size_t size, size_t *actual)
{
	return read_to(NULL, socket, (uint64_t)data, size, false, actual);
}

zx_status_t socket__read_user(struct thread *self, struct socket *socket, user_addr_t addr,
			      size_t size, bool peek, size_t *actual)
{
	return read_to(self, socket, addr, size, peek, actual);
}

size_t socket__readable(struct socket *socket)
{
	size_t size;

	object__lock(&socket->object);
	size = socket->data.size;
	object__unlock(&socket->object);
	return size;
}
