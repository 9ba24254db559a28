#include "compat/services/fidl.h"

#include "compat/core/channel.h"

/* Messages that one connection may have handled before the others get their turn. */
#define BATCH 8
/*
 * Replies that a client may leave unread; each costs memory of ours. More end its connection (the
 * kernel of Fuchsia ends such a process at 3500 messages).
 */
#define MAX_UNREAD 1024u

/* All connections, so that they can be ended. Only on the dispatcher's thread. */
static struct list connections = { &connections, &connections };

static void destroy(struct fidl_conn *conn)
{
	dispatch__cancel(&conn->wait);
	handle__close(&conn->channel);
	list__remove(&conn->node);
	conn->protocol->destroy(conn);
}

void fidl_conn__close(struct fidl_conn *conn)
{
	if (!conn->suspended && !conn->handling) {
		destroy(conn);
		return;
	}
	conn->closing = true;
	if (conn->suspended && conn->protocol->cancel)
		conn->protocol->cancel(conn);
}

/* The epitaph is for the client's information: where it can't be sent, nothing else changes. */
static void end(struct fidl_conn *conn, zx_status_t result)
{
	if (result < 0 && conn->request.era == FIDL_2020)
		(void)fidl__send_epitaph(fidl_conn__channel(conn), conn->request.era, result);
	fidl_conn__close(conn);
}

static const struct fidl_method *find_method(const struct fidl_protocol *protocol,
					     const struct fidl_header *header)
{
	for (size_t i = 0; i < protocol->num_methods; i++) {
		const struct fidl_method *method = &protocol->methods[i];
		uint64_t ordinal = header->era == FIDL_2018 ? method->ordinal_2018 :
							      method->ordinal_2020;

		if (ordinal && ordinal == header->ordinal)
			return method;
	}
	return NULL;
}

static bool reads_too_little(struct fidl_conn *conn)
{
	struct channel *channel = fidl_conn__channel(conn);
	bool result;

	object__lock(&channel->object);
	result = channel->peer && channel->peer->count > MAX_UNREAD;
	object__unlock(&channel->object);
	return result;
}

static zx_status_t handle_message(struct fidl_conn *conn, struct message *message)
{
	const struct fidl_method *method;
	zx_status_t result;

	if (!fidl__read_header(message, &conn->request))
		return ZX_ERR_INVALID_ARGS;
	method = find_method(conn->protocol, &conn->request);
	if (!method)
		return ZX_ERR_NOT_SUPPORTED;
	if (!method->one_way && !conn->request.txid)
		return ZX_ERR_INVALID_ARGS;
	if (reads_too_little(conn))
		return ZX_ERR_NO_RESOURCES;
	conn->handling = true;
	result = method->handle(conn, message);
	conn->handling = false;
	return result;
}

/* Returns false where no further message can be handled now. */
static bool handle_next(struct fidl_conn *conn)
{
	struct message *message;
	zx_status_t result = channel__read(fidl_conn__channel(conn), &message);

	if (result == ZX_ERR_SHOULD_WAIT)
		return true;
	if (result != ZX_OK) {
		fidl_conn__close(conn);
		return false;
	}
	result = handle_message(conn, message);
	message__free(message);
	if (conn->suspended)
		return false;
	if (result != FIDL_CONTINUE || conn->closing) {
		end(conn, result);
		return false;
	}
	return true;
}

static void arm(struct fidl_conn *conn)
{
	if (dispatch__wait(&conn->wait, conn->channel.object,
			   ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED) != ZX_OK)
		end(conn, ZX_ERR_NO_MEMORY);
}

static void conn_ready(struct dispatch_wait *wait, uint32_t observed)
{
	struct fidl_conn *conn = (struct fidl_conn *)wait;

	(void)observed;
	for (int i = 0; i < BATCH; i++)
		if (!handle_next(conn))
			return;
	arm(conn);
}

static void conn_start(struct dispatch_work *work)
{
	struct fidl_conn *conn = list_entry(work, struct fidl_conn, start);

	list__add_tail(&connections, &conn->node);
	arm(conn);
}

zx_status_t fidl_conn__serve(struct fidl_conn *conn, const struct fidl_protocol *protocol,
			     struct handle *channel)
{
	zx_status_t status;

	conn->wait.ready = conn_ready;
	conn->start.run = conn_start;
	conn->protocol = protocol;
	conn->channel = *channel;
	channel->object = NULL;
	list__init(&conn->node);
	status = dispatch__post(&conn->start);
	if (status != ZX_OK) {
		handle__close(&conn->channel);
		protocol->destroy(conn);
	}
	return status;
}

zx_status_t fidl_conn__reply(struct fidl_conn *conn, struct fidl_writer *writer)
{
	zx_status_t status = fidl_writer__send(writer, fidl_conn__channel(conn));

	return status == ZX_ERR_PEER_CLOSED ? ZX_OK : status;
}

zx_status_t fidl_conn__reply_status(struct fidl_conn *conn, zx_status_t status)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(conn, &writer, sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	return fidl_conn__reply(conn, &writer);
}

void fidl_conn__suspend(struct fidl_conn *conn)
{
	conn->suspended = true;
	dispatch__begin();
}

void fidl_conn__resume(struct fidl_conn *conn, zx_status_t result)
{
	conn->suspended = false;
	dispatch__end();
	if (result != FIDL_CONTINUE)
		conn->closing = true;
	if (conn->handling)
		return;
	if (conn->closing)
		end(conn, result);
	else
		arm(conn);
}

bool fidl__shut_down(void)
{
	struct fidl_conn *conn;
	struct fidl_conn *next;

	list_for_each_safe(conn, next, &connections, node)
		fidl_conn__close(conn);
	return list__empty(&connections);
}
