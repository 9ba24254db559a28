#include "compat/core/channel.h"

#include <string.h>
#include <zircon/syscalls/object.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/peer.h"

/* Transaction ids below are the programs' own (zx_channel_call, reference page). */
#define CORE_TXID 0x80000000u

static struct channel *as_channel(struct object *object)
{
	return (struct channel *)object;
}

struct message *message__alloc(uint32_t num_bytes, uint32_t num_handles)
{
	size_t handles_size = num_handles * sizeof(struct handle);
	struct message *message = arena__alloc_raw(sizeof(*message) + handles_size + num_bytes);

	if (!message)
		return NULL;
	list__init(&message->node);
	message->num_bytes = num_bytes;
	message->num_handles = num_handles;
	message->handles = (struct handle *)(message + 1);
	message->bytes = (char *)message->handles + handles_size;
	memset(message->handles, 0, handles_size);
	return message;
}

/* With the lock held: this end has no handles any more. What it leaves unread goes to @messages. */
static void leave_peer_locked(struct channel *self, struct list *messages);

/*
 * Frees messages with their handles. The last handle of a channel may be in a message of another
 * one, and so on without bound: so the messages of a channel that ends here join the list, where
 * handle__close() would call itself anew for each.
 */
static void bury(struct list *messages)
{
	while (!list__empty(messages)) {
		struct message *message = list_first(messages, struct message, node);

		list__remove(&message->node);
		for (uint32_t i = 0; i < message->num_handles; i++) {
			struct object *object = message->handles[i].object;

			if (!object || object->type != ZX_OBJ_TYPE_CHANNEL) {
				handle__close(&message->handles[i]);
				continue;
			}
			if (__atomic_fetch_sub(&object->handles, 1, __ATOMIC_ACQ_REL) == 1) {
				object__lock(object);
				leave_peer_locked(as_channel(object), messages);
				object__unlock(object);
			}
			object__put(object);
		}
		arena__free(message);
	}
}

void message__free(struct message *message)
{
	struct list messages;

	list__init(&messages);
	list__add_tail(&messages, &message->node);
	bury(&messages);
}

/* Ends all calls in progress on this end with @status. */
static void cancel_calls_locked(struct channel *channel, zx_status_t status)
{
	struct thread *caller;
	struct thread *next;

	list_for_each_safe(caller, next, &channel->waiters, call_node) {
		list__remove(&caller->call_node);
		caller->call_status = status;
		thread__wake(caller);
	}
}

static void leave_peer_locked(struct channel *self, struct list *messages)
{
	struct channel *peer = self->peer;

	cancel_calls_locked(self, ZX_ERR_CANCELED);
	if (peer) {
		self->peer = NULL;
		peer->peer = NULL;
		object__update_signals_locked(&peer->object, ZX_CHANNEL_WRITABLE,
					      ZX_CHANNEL_PEER_CLOSED);
		cancel_calls_locked(peer, ZX_ERR_PEER_CLOSED);
	}
	while (!list__empty(&self->messages)) {
		struct list *node = self->messages.next;

		list__remove(node);
		list__add_tail(messages, node);
	}
	self->count = 0;
}

static void channel_leave(struct object *object)
{
	struct list messages;

	list__init(&messages);
	object__lock(object);
	leave_peer_locked(as_channel(object), &messages);
	object__unlock(object);
	bury(&messages);
}

static struct object *channel_peer_locked(struct object *object)
{
	struct channel *peer = as_channel(object)->peer;

	return peer && object__try_get(&peer->object) ? &peer->object : NULL;
}

const struct object_ops channel_ops = {
	.name = "channel",
	.default_rights = ZX_DEFAULT_CHANNEL_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = channel_leave,
	.destroy = channel_leave,
	.peer_locked = channel_peer_locked,
};

static struct channel *channel_init(struct object *object, struct object *peer)
{
	struct channel *channel = as_channel(object);

	channel->peer = as_channel(peer);
	list__init(&channel->messages);
	list__init(&channel->waiters);
	object->signals = ZX_CHANNEL_WRITABLE;
	return channel;
}

zx_status_t channel__create(struct channel **out0, struct channel **out1)
{
	struct object *object0;
	struct object *object1;
	zx_status_t status;

	status = peer__create_pair(sizeof(struct channel), ZX_OBJ_TYPE_CHANNEL, &object0, &object1);
	if (status != ZX_OK)
		return status;
	*out0 = channel_init(object0, object1);
	*out1 = channel_init(object1, object0);
	return ZX_OK;
}

static void enqueue_locked(struct channel *channel, struct message *message)
{
	list__add_tail(&channel->messages, &message->node);
	channel->count++;
	object__update_signals_locked(&channel->object, 0, ZX_CHANNEL_READABLE);
}

/* The id that a message begins with; 0, which no call has, where it is too short for one. */
static uint32_t txid_of(const struct message *message)
{
	uint32_t txid = 0;

	if (message->num_bytes >= sizeof(txid))
		memcpy(&txid, message->bytes, sizeof(txid));
	return txid;
}

/*
 * A thread in channel__call() is on the waiters list with its id in call_data; off the list it has
 * an outcome in call_status, and with ZX_OK the reply in call_data.
 */
static struct thread *find_call_locked(struct channel *channel, uint32_t txid)
{
	struct thread *caller;

	list_for_each(caller, &channel->waiters, call_node) {
		if ((uintptr_t)caller->call_data == txid)
			return caller;
	}
	return NULL;
}

/*
 * A program that writes to an end which nobody reads fills the core's memory. From some era on that
 * is an exception.
 */
static void check_backlog(struct thread *writer, uint32_t backlog)
{
	const struct era_traits *era = era__of(writer->process->era);

	/* The supervisor's own threads are in no job: they answer what programs ask. */
	if (writer->process->job && era->channel_max_messages &&
	    backlog > era->channel_max_messages)
		exception__note_policy(writer, ZX_EXCP_POLICY_CODE_CHANNEL_FULL_WRITE, 0);
}

/* As channel__write(); @backlog gets the number of messages that wait on the other end. */
static zx_status_t write_message(struct channel *channel, struct message *message,
				 uint32_t *backlog)
{
	uint32_t txid = txid_of(message);
	struct thread *caller = NULL;

	object__lock(&channel->object);
	if (!channel->peer) {
		object__unlock(&channel->object);
		message__free(message);
		return ZX_ERR_PEER_CLOSED;
	}
	if (txid & CORE_TXID)
		caller = find_call_locked(channel->peer, txid);
	if (caller) {
		list__remove(&caller->call_node);
		caller->call_status = ZX_OK;
		caller->call_data = message;
		thread__wake(caller);
	} else {
		enqueue_locked(channel->peer, message);
	}
	*backlog = channel->peer->count;
	object__unlock(&channel->object);
	return ZX_OK;
}

zx_status_t channel__write(struct channel *channel, struct message *message)
{
	uint32_t backlog;

	return write_message(channel, message, &backlog);
}

zx_status_t channel__write_by(struct thread *self, struct channel *channel, struct message *message)
{
	uint32_t backlog;
	zx_status_t status = write_message(channel, message, &backlog);

	if (status == ZX_OK)
		check_backlog(self, backlog);
	return status;
}

zx_status_t channel__read_fitting(struct channel *channel, uint32_t *num_bytes,
				  uint32_t *num_handles, bool may_discard, struct message **out)
{
	uint32_t max_bytes = *num_bytes;
	uint32_t max_handles = *num_handles;
	struct message *message = NULL;
	zx_status_t status = ZX_OK;

	object__lock(&channel->object);
	if (list__empty(&channel->messages)) {
		status = channel->peer ? ZX_ERR_SHOULD_WAIT : ZX_ERR_PEER_CLOSED;
	} else {
		message = list_first(&channel->messages, struct message, node);
		*num_bytes = message->num_bytes;
		*num_handles = message->num_handles;
		if (*num_bytes > max_bytes || *num_handles > max_handles)
			status = ZX_ERR_BUFFER_TOO_SMALL;
		if (status == ZX_OK || may_discard) {
			list__remove(&message->node);
			channel->count--;
			if (!channel->count)
				object__update_signals_locked(&channel->object,
							      ZX_CHANNEL_READABLE, 0);
		} else {
			message = NULL;
		}
	}
	object__unlock(&channel->object);
	if (status == ZX_OK)
		*out = message;
	else if (message)
		message__free(message);
	return status;
}

zx_status_t channel__read(struct channel *channel, struct message **out)
{
	uint32_t num_bytes = UINT32_MAX;
	uint32_t num_handles = UINT32_MAX;

	return channel__read_fitting(channel, &num_bytes, &num_handles, false, out);
}

/* Puts @self where a reply finds it, and sends. False where the peer is gone. */
static bool begin_call(struct thread *self, struct channel *channel, struct message *message)
{
	uint32_t backlog;
	uint32_t txid;

	object__lock(&channel->object);
	if (!channel->peer) {
		object__unlock(&channel->object);
		return false;
	}
	do {
		txid = ++channel->txid | CORE_TXID;
	} while (find_call_locked(channel, txid));
	memcpy(message->bytes, &txid, sizeof(txid));
	self->call_data = (void *)(uintptr_t)txid;
	thread__prepare(self);
	list__add_tail(&channel->waiters, &self->call_node);
	/* Not as channel__write() does: the id is this end's, and may be in use on the other. */
	enqueue_locked(channel->peer, message);
	backlog = channel->peer->count;
	object__unlock(&channel->object);
	check_backlog(self, backlog);
	return true;
}

/* Takes @self off; the reply that has come, or NULL. */
static struct message *end_call_locked(struct thread *self, zx_status_t *status)
{
	struct message *reply = NULL;

	if (list__linked(&self->call_node)) {
		list__remove(&self->call_node);
	} else {
		if (self->call_status == ZX_OK)
			reply = self->call_data;
		/* What came with the deadline counts; a killed thread has no use for it. */
		if (*status != ZX_ERR_INTERNAL_INTR_KILLED)
			*status = self->call_status;
	}
	self->call_data = NULL;
	return reply;
}

/* Waits for the reply. One that is suspended meanwhile stays where the reply finds it. */
static zx_status_t await_reply(struct thread *self, struct channel *channel, zx_time_t deadline,
			       struct message **out_reply)
{
	struct message *reply = NULL;
	zx_status_t status = ZX_OK;

	object__lock(&channel->object);
	while (status == ZX_OK && list__linked(&self->call_node)) {
		thread__prepare(self);
		object__unlock(&channel->object);
		status = thread__block(self, deadline, ZX_THREAD_STATE_BLOCKED_CHANNEL);
		object__lock(&channel->object);
	}
	if (status == ZX_ERR_INTERNAL_INTR_RETRY && list__linked(&self->call_node)) {
		object__get(&channel->object);
		self->half_call = channel;
	} else {
		reply = end_call_locked(self, &status);
	}
	object__unlock(&channel->object);
	if (status == ZX_OK)
		*out_reply = reply;
	else if (reply)
		message__free(reply);
	return status;
}

zx_status_t channel__call(struct thread *self, struct channel *channel, struct message *message,
			  zx_time_t deadline, struct message **out_reply)
{
	if (!begin_call(self, channel, message)) {
		message__free(message);
		return ZX_ERR_PEER_CLOSED;
	}
	return await_reply(self, channel, deadline, out_reply);
}

zx_status_t channel__call_again(struct thread *self, zx_time_t deadline,
				struct message **out_reply)
{
	struct channel *channel = self->half_call;
	zx_status_t status;

	self->half_call = NULL;
	status = await_reply(self, channel, deadline, out_reply);
	object__put(&channel->object);
	return status;
}

void channel__forget_call(struct thread *self)
{
	struct channel *channel = self->half_call;
	zx_status_t status = ZX_ERR_INTERNAL_INTR_KILLED;
	struct message *reply;

	if (!channel)
		return;
	self->half_call = NULL;
	object__lock(&channel->object);
	reply = end_call_locked(self, &status);
	object__unlock(&channel->object);
	if (reply)
		message__free(reply);
	object__put(&channel->object);
}
