/*
 * What all objects have in common: type, references, koids, signals, and those who wait for them.
 *
 * References keep the memory; handles (in a process's table, in a message, or held by a service of
 * the supervisor) keep the object meaningful: when the last handle goes, on_zero_handles runs,
 * when the last reference goes, destroy runs and the memory is freed.
 */
#ifndef COMPAT_CORE_OBJECT_H
#define COMPAT_CORE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/rights.h>
#include <zircon/types.h>

#include "compat/core/list.h"
#include "compat/core/mutex.h"

struct object;
struct port;
struct process;
struct thread;

/* The lock that the two ends of a channel, socket, fifo or eventpair share. */
struct peer_lock {
	struct mutex mutex;
	uint32_t refs;
};

struct object {
	uint32_t type; /* zx_obj_type_t */
	uint32_t refs;
	uint32_t handles;
	uint32_t signals; /* under *lock */
	zx_koid_t koid;
	zx_koid_t related_koid;
	struct mutex *lock; /* &own_lock, or the mutex of @peer_lock */
	struct mutex own_lock;
	struct peer_lock *peer_lock;
	struct list observers; /* under *lock */
	/* zx_object_set_cookie (to 2019-01): under *lock; scope 0 where none was set */
	zx_koid_t cookie_scope;
	uint64_t cookie;
};

enum observer_kind {
	OBSERVER_WAIT, /* a thread in object_wait_one or object_wait_many */
	OBSERVER_PORT, /* object_wait_async */
};

/* Somebody who wants to know when one of @trigger's signals becomes (or is) active. */
struct observer {
	struct list node; /* in object.observers, under the object's lock */
	struct object *object;
	uint32_t kind;
	uint32_t trigger;
	/*
	 * The handle that was waited on; when it is closed, waits end and async waits are
	 * dropped.
	 */
	struct process *process;
	zx_handle_t handle;
	union {
		struct {
			struct thread *thread;
			uint32_t observed;
			bool canceled;
		} wait;
		struct {
			struct port *port; /* referenced */
			uint64_t key;
			uint32_t options;
			struct list port_node; /* in port.observers, under the port's lock */
		} port;
	};
};

/* The operations on a type; a NULL slot means "nothing to do". */
struct object_ops {
	const char *name;
	zx_rights_t default_rights;
	/* Signals that object_signal(_peer) may change. */
	uint32_t user_signals;
	/* The last handle is gone. Called without locks. */
	void (*on_zero_handles)(struct object *object);
	/*
	 * The last reference is gone: gives up what the object holds; its memory is freed by the
	 * caller.
	 */
	void (*destroy)(struct object *object);
	/*
	 * Asked after @destroy: the object above, whose reference the caller is to give up (or NULL).
	 * Children may form chains of any length, which must not become recursion.
	 */
	struct object *(*parent)(struct object *object);
	/* A reference to the peer, or NULL where it is gone. Called with the object's lock held. */
	struct object *(*peer_locked)(struct object *object);
};

/* The row of a zx_obj_type_t; a type without one gets a row of nothing. */
const struct object_ops *object__ops(uint32_t type);
#define OBJECT_TYPES 40u

/*
 * Allocates @size zeroed bytes from the arena that begin with an object of @type, with one
 * reference.
 */
void *object__alloc(size_t size, uint32_t type);
/* As object__alloc(), but locks through @lock, to which it takes a reference. */
void *object__alloc_peered(size_t size, uint32_t type, struct peer_lock *lock);
/* A lock with one reference, or NULL; peer_lock__put drops a reference. */
struct peer_lock *peer_lock__create(void);
void peer_lock__put(struct peer_lock *lock);

void object__get(struct object *object);
/* A reference to what is only known from a list whose members leave it when they are destroyed. */
bool object__try_get(struct object *object);
void object__put(struct object *object);
/* A koid that nothing had before. */
zx_koid_t koid__next(void);

static inline void object__lock(struct object *object)
{
	mutex__lock(object->lock);
}

static inline void object__unlock(struct object *object)
{
	mutex__unlock(object->lock);
}

/*
 * Changes the active signals and tells the observers. The plain form takes the lock.
 * Signals in both masks end up set.
 */
void object__update_signals_locked(struct object *object, uint32_t clear, uint32_t set);
void object__update_signals(struct object *object, uint32_t clear, uint32_t set);

/*
 * Adds @observer (its object, trigger, kind and union filled in; it must stay until removed) and
 * triggers it at once where a signal is active already. The object must stay referenced.
 */
void object__observe(struct object *object, struct observer *observer);
/* Takes a wait observer off again; harmless where it is off already. */
void object__unobserve(struct observer *observer);
/* @process closes, replaces or transfers @handle: ends the waits made with it. */
void object__cancel_handle(struct object *object, struct process *process, zx_handle_t handle);

/*
 * Waits until one of @signals is active, for any thread of the core or the supervisor.
 * @observed (may be NULL) gets the signals seen. Results as zx_object_wait_one.
 */
zx_status_t object__wait_one(struct thread *self, struct object *object, struct process *process,
			     zx_handle_t handle, uint32_t signals, zx_time_t deadline,
			     uint32_t *observed);

#endif
