/* What a socket is set to: who may write, thresholds; and what ZX_INFO_SOCKET tells. */
#include "compat/core/socket_impl.h"

#include "compat/core/core.h"

/* Whether writing towards @reader may be allowed again: not before it has read all there was. */
static bool may_enable(const struct socket *reader, uint32_t mask)
{
	return !(mask & ZX_SOCKET_DISPOSITION_WRITE_ENABLED && reader->data.size &&
		 reader->object.signals & ZX_SOCKET_PEER_WRITE_DISABLED);
}

/* @late: @reader is told when it has read all there is. */
static void dispose_locked(struct socket *writer, struct socket *reader, uint32_t mask, bool late)
{
	if (mask & ZX_SOCKET_DISPOSITION_WRITE_DISABLED) {
		if (writer)
			socket_signal_locked(writer, ZX_SOCKET_WRITABLE, ZX_SOCKET_WRITE_DISABLED);
		if (reader) {
			reader->read_disabled = true;
			if (!late || !reader->data.size)
				socket_signal_locked(reader, 0, ZX_SOCKET_PEER_WRITE_DISABLED);
		}
	} else if (mask & ZX_SOCKET_DISPOSITION_WRITE_ENABLED) {
		/* One that may write already stays as it is: full or not. */
		if (writer && writer->object.signals & ZX_SOCKET_WRITE_DISABLED)
			socket_signal_locked(writer, ZX_SOCKET_WRITE_DISABLED, ZX_SOCKET_WRITABLE);
		if (reader) {
			reader->read_disabled = false;
			socket_signal_locked(reader, ZX_SOCKET_PEER_WRITE_DISABLED, 0);
		}
	}
}

static zx_status_t set_disposition(struct socket *socket, uint32_t self_mask, uint32_t peer_mask,
				   bool late)
{
	zx_status_t status = ZX_OK;
	struct socket *peer;

	object__lock(&socket->object);
	peer = socket->peer;
	if (!may_enable(socket, peer_mask) || (peer && !may_enable(peer, self_mask))) {
		status = ZX_ERR_BAD_STATE;
	} else {
		dispose_locked(socket, peer, self_mask, late);
		dispose_locked(peer, socket, peer_mask, late);
	}
	object__unlock(&socket->object);
	return status;
}

zx_status_t socket__set_disposition(struct socket *socket, uint32_t self_mask, uint32_t peer_mask)
{
	return set_disposition(socket, self_mask, peer_mask, false);
}

zx_status_t socket__set_disposition_late(struct socket *socket, uint32_t self_mask,
					 uint32_t peer_mask)
{
	return set_disposition(socket, self_mask, peer_mask, true);
}

zx_status_t socket__shutdown_write(struct socket *socket)
{
	return socket__set_disposition(socket, ZX_SOCKET_DISPOSITION_WRITE_DISABLED, 0);
}

void socket__info(struct socket *socket, zx_info_socket_t *info)
{
	object__lock(&socket->object);
	*info = (zx_info_socket_t){
		.options = socket->options,
		.rx_buf_max = SOCKET_CAPACITY,
		.rx_buf_size = socket->data.size,
		.rx_buf_available = socket->options & ZX_SOCKET_DATAGRAM ?
					    socket_queue__first(&socket->data) :
					    socket->data.size,
	};
	if (socket->peer) {
		info->tx_buf_max = SOCKET_CAPACITY;
		info->tx_buf_size = socket->peer->data.size;
	}
	object__unlock(&socket->object);
}

size_t socket__read_threshold(struct socket *socket)
{
	size_t value;

	object__lock(&socket->object);
	value = socket->read_threshold;
	object__unlock(&socket->object);
	return value;
}

size_t socket__write_threshold(struct socket *socket)
{
	size_t value;

	object__lock(&socket->object);
	value = socket->write_threshold;
	object__unlock(&socket->object);
	return value;
}

zx_status_t socket__set_read_threshold(struct socket *socket, size_t value)
{
	bool reached;

	if (value > SOCKET_CAPACITY)
		return ZX_ERR_INVALID_ARGS;
	object__lock(&socket->object);
	socket->read_threshold = value;
	reached = value && socket->data.size >= value;
	socket_signal_locked(socket, ZX_SOCKET_READ_THRESHOLD,
			     reached ? ZX_SOCKET_READ_THRESHOLD : 0);
	object__unlock(&socket->object);
	return ZX_OK;
}

zx_status_t socket__set_write_threshold(struct socket *socket, size_t value)
{
	zx_status_t status = ZX_OK;

	object__lock(&socket->object);
	if (!socket->peer) {
		status = ZX_ERR_PEER_CLOSED;
	} else if (value > SOCKET_CAPACITY) {
		status = ZX_ERR_INVALID_ARGS;
	} else {
		bool reached = value && socket->peer->data.size + value <= SOCKET_CAPACITY;

		socket->write_threshold = value;
		socket_signal_locked(socket, ZX_SOCKET_WRITE_THRESHOLD,
				     reached ? ZX_SOCKET_WRITE_THRESHOLD : 0);
	}
	object__unlock(&socket->object);
	return status;
}
