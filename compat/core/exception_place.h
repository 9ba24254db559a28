/* Where handlers of exceptions are bound: a thread has one place, processes and jobs have two. */
#ifndef COMPAT_CORE_EXCEPTION_PLACE_H
#define COMPAT_CORE_EXCEPTION_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>

#include "compat/core/handle.h"
#include "compat/core/list.h"
#include "compat/core/mutex.h"

struct channel;
struct exception;
struct port;

/*
 * One handler. A channel whose other end is closed and a port that was unbound are as good as none;
 * whoever comes by takes them off their place.
 */
struct exception_handler {
	struct list node; /* in exception_place.handlers, under its lock */
	uint32_t refs;
	uint32_t type; /* ZX_EXCEPTION_CHANNEL_TYPE_*, which ports have too */
	uint64_t serial;
	/* By channel: our end, and the rights of the handles that can be asked for. */
	struct handle channel;
	zx_rights_t thread_rights;
	zx_rights_t process_rights;
	/* By port, under its lock. */
	struct port *port; /* referenced; NULL for a channel */
	uint64_t key;
	struct list port_node; /* in port.exception_handlers, which has a reference */
	struct list waiting;   /* struct exception.handler_node */
	bool unbound;
	bool quiet; /* unbound so that what waits goes on waiting */
};

struct exception_place {
	struct mutex lock;
	uint32_t type; /* ZX_EXCEPTION_CHANNEL_TYPE_* */
	bool closed;   /* the task has ended */
	struct list handlers; /* oldest first; only jobs have more than one, for debuggers */
};

void exception_place__init(struct exception_place *place, uint32_t type);
/* The task has ended: there will be no handlers any more. A port stays bound until it is unbound. */
void exception_place__close(struct exception_place *place);
/* The task itself goes. */
void exception_place__destroy(struct exception_place *place);
/* Whether there is a handler. */
bool exception_place__bound(struct exception_place *place);
/*
 * A reference to the first handler that was bound after @serial (0: to the first one) and before
 * @limit; NULL where there is none.
 */
struct exception_handler *exception_place__next(struct exception_place *place, uint64_t serial,
						uint64_t limit);
/*
 * Makes @channel, whose reference is taken over, a handler, beside @max - 1 others. Errors:
 * ZX_ERR_BAD_STATE (closed), ZX_ERR_ALREADY_BOUND, ZX_ERR_NO_MEMORY.
 */
zx_status_t exception_place__bind_channel(struct exception_place *place, struct channel *channel,
					  uint32_t max, zx_rights_t thread_rights,
					  zx_rights_t process_rights);
/* The same with a port. A closed place takes none, but for the @lasting ones of jobs. */
zx_status_t exception_place__bind_port(struct exception_place *place, struct port *port,
				       uint64_t key, bool lasting);
/*
 * Unbinds the port. Who waits for its answer tries the next handler, or with @quietly goes on
 * waiting. Errors: ZX_ERR_BAD_STATE where no port is bound.
 */
zx_status_t exception_place__unbind_port(struct exception_place *place, bool quietly);

void exception_handler__put(struct exception_handler *handler);
/*
 * Tells the handler of @exception, whose thread's state says already that it waits for it. Errors:
 * ZX_ERR_PEER_CLOSED (it is no longer there), ZX_ERR_SHOULD_WAIT (its port is full),
 * ZX_ERR_NO_MEMORY (nobody could handle anything then).
 */
zx_status_t exception_handler__tell(struct exception_handler *handler, struct exception *exception);
/* The thread of @exception no longer waits for the handler. */
void exception_handler__leave(struct exception_handler *handler, struct exception *exception);
/* True where an answer cannot come any more. */
bool exception_handler__gone(struct exception_handler *handler);
/* True for a port that was unbound. */
bool exception_handler__unbound(struct exception_handler *handler);
/* For port.c, which holds no lock: the last handle of the port was closed. */
void exception_handler__port_closed(struct exception_handler *handler);

#endif
