/*
 * The FIDL server frame: connections, each a channel with the table of methods that are served on
 * it. All runs on the dispatcher's thread. docs/services.md shows how to add a protocol.
 */
#ifndef COMPAT_SERVICES_FIDL_H
#define COMPAT_SERVICES_FIDL_H

#include "compat/core/list.h"
#include "compat/services/dispatch.h"
#include "compat/services/fidl_wire.h"

struct fidl_conn;

/* What a method returns, besides a status below 0, which ends the connection with that epitaph. */
#define FIDL_CONTINUE ZX_OK
#define FIDL_CLOSE 1 /* end the connection without an epitaph */

struct fidl_method {
	uint64_t ordinal_2018; /* 0: the era does not have it */
	uint64_t ordinal_2020;
	/*
	 * Reads the request, and replies unless the method has no reply. A method that replies
	 * later calls fidl_conn__suspend() first, and fidl_conn__resume() after its reply.
	 */
	zx_status_t (*handle)(struct fidl_conn *conn, struct message *message);
	bool one_way;
};

struct fidl_protocol {
	const struct fidl_method *methods;
	size_t num_methods;
	/*
	 * The connection is to end, and is suspended: an operation that waits for a program has to
	 * end, by fidl_conn__resume(). NULL where none does.
	 */
	void (*cancel)(struct fidl_conn *conn);
	/* The channel is closed, no wait and no operation is left: frees the connection. */
	void (*destroy)(struct fidl_conn *conn);
};

/* Embedded at the start of a protocol's own state. */
struct fidl_conn {
	struct dispatch_wait wait;
	struct dispatch_work start;
	struct list node;
	struct handle channel;
	const struct fidl_protocol *protocol;
	struct fidl_header request; /* of the message in work, or the last one */
	bool suspended; /* a reply is outstanding */
	bool handling;  /* inside a method */
	bool closing;   /* to be closed as soon as it is not suspended */
};

/*
 * Serves @protocol on @channel, which it takes over, also on failure. @conn is zeroed memory of the
 * caller's, given back by protocol->destroy; on failure that is called as well. From any thread.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES.
 */
zx_status_t fidl_conn__serve(struct fidl_conn *conn, const struct fidl_protocol *protocol,
			     struct handle *channel);

static inline struct channel *fidl_conn__channel(struct fidl_conn *conn)
{
	return (struct channel *)conn->channel.object;
}

/* Begins the reply to the request in work. */
static inline void fidl_conn__begin_reply(struct fidl_conn *conn, struct fidl_writer *writer,
					  uint32_t inline_size)
{
	fidl_writer__begin(writer, &conn->request, inline_size);
}

/* Sends a reply; a client that is gone is no error here: the connection ends by itself then. */
zx_status_t fidl_conn__reply(struct fidl_conn *conn, struct fidl_writer *writer);
/* The reply of the many methods that answer with a status alone. */
zx_status_t fidl_conn__reply_status(struct fidl_conn *conn, zx_status_t status);

/* No further message is read until fidl_conn__resume(). */
void fidl_conn__suspend(struct fidl_conn *conn);
/*
 * Ends a suspension, with what the method would have returned. Allowed inside the method as well,
 * where an operation finished at once. @conn may be gone afterwards.
 */
void fidl_conn__resume(struct fidl_conn *conn, zx_status_t result);

/* Ends the connection, now or as soon as its operation has finished. */
void fidl_conn__close(struct fidl_conn *conn);

/* Ends all connections; true once none is left. For dispatch__stop(). */
bool fidl__shut_down(void);

#endif
