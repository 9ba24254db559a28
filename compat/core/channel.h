/* Channels: two ends, each with a queue of messages of bytes and handles. */
#ifndef COMPAT_CORE_CHANNEL_H
#define COMPAT_CORE_CHANNEL_H

#include "compat/core/handle.h"
#include "compat/core/object.h"

struct message {
	struct list node;
	uint32_t num_bytes;
	uint32_t num_handles;
	struct handle *handles; /* inside the same allocation */
	char *bytes;            /* inside the same allocation */
};

struct channel {
	struct object object;
	struct channel *peer; /* not referenced; NULL once it is gone; under the shared lock */
	struct list messages;
	uint32_t count;
	uint32_t txid;        /* last one that the core gave to a channel_call */
	struct list waiters;  /* calls in progress on this end: struct thread.call_node */
};

extern const struct object_ops channel_ops;

/* A message with room for the given numbers, handles empty; NULL where there is no memory. */
struct message *message__alloc(uint32_t num_bytes, uint32_t num_handles);
/* Closes the handles that are still in it, and frees it. */
void message__free(struct message *message);

zx_status_t channel__create(struct channel **out0, struct channel **out1);
/* Takes over @message, also on failure (it is freed then). Errors: ZX_ERR_PEER_CLOSED. */
zx_status_t channel__write(struct channel *channel, struct message *message);
/*
 * The same for a program's thread, which gets an exception where more messages wait than its era
 * allows (era.h, channel_max_messages).
 */
zx_status_t channel__write_by(struct thread *self, struct channel *channel,
			      struct message *message);
/*
 * Takes the first message off the queue. Errors: ZX_ERR_SHOULD_WAIT, ZX_ERR_PEER_CLOSED.
 * The caller frees the message.
 */
zx_status_t channel__read(struct channel *channel, struct message **out);
/*
 * As channel__read(), for a reader with room for *num_bytes and *num_handles, which get the numbers
 * of the first message. ZX_ERR_BUFFER_TOO_SMALL where it does not fit: it stays, or is dropped with
 * @may_discard.
 */
zx_status_t channel__read_fitting(struct channel *channel, uint32_t *num_bytes,
				  uint32_t *num_handles, bool may_discard, struct message **out);
/*
 * Gives @message, of at least four bytes, a transaction id that no call on this end uses, writes
 * it, and waits for the message with that id, which the caller frees. Takes over @message, also on
 * failure. Errors: ZX_ERR_PEER_CLOSED, ZX_ERR_CANCELED (the last handle was closed),
 * ZX_ERR_TIMED_OUT. A suspension leaves the call half done (self->half_call).
 */
zx_status_t channel__call(struct thread *self, struct channel *channel, struct message *message,
			  zx_time_t deadline, struct message **out_reply);
/*
 * Goes on with the call that channel__call() was in when it returned ZX_ERR_INTERNAL_INTR_RETRY: a
 * reply that came meanwhile has waited. The second gives up such a call, where there is one.
 */
zx_status_t channel__call_again(struct thread *self, zx_time_t deadline,
				struct message **out_reply);
void channel__forget_call(struct thread *self);

#endif
