#include "compat/core/object.h"

#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/channel.h"
#include "compat/core/counter.h"
#include "compat/core/debuglog.h"
#include "compat/core/event.h"
#include "compat/core/eventpair.h"
#include "compat/core/exception.h"
#include "compat/core/fifo.h"
#include "compat/core/guest.h"
#include "compat/core/iob.h"
#include "compat/core/interrupt.h"
#include "compat/core/pager.h"
#include "compat/core/port.h"
#include "compat/core/profile.h"
#include "compat/core/resource.h"
#include "compat/core/socket.h"
#include "compat/core/stream.h"
#include "compat/core/suspend.h"
#include "compat/core/timer.h"
#include "compat/core/vcpu.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"

static const struct object_ops no_ops = { .name = "object" };

static const struct object_ops *const ops_by_type[OBJECT_TYPES] = {
	[ZX_OBJ_TYPE_PROCESS] = &process_ops,
	[ZX_OBJ_TYPE_SUSPEND_TOKEN] = &suspend_token_ops,
	[ZX_OBJ_TYPE_THREAD] = &thread_ops,
	[ZX_OBJ_TYPE_VMO] = &vmo_ops,
	[ZX_OBJ_TYPE_CHANNEL] = &channel_ops,
	[ZX_OBJ_TYPE_EVENT] = &event_ops,
	[ZX_OBJ_TYPE_PORT] = &port_ops,
	[ZX_OBJ_TYPE_LOG] = &debuglog_ops,
	[ZX_OBJ_TYPE_SOCKET] = &socket_ops,
	[ZX_OBJ_TYPE_EVENTPAIR] = &eventpair_ops,
	[ZX_OBJ_TYPE_JOB] = &job_ops,
	[ZX_OBJ_TYPE_VMAR] = &vmar_ops,
	[ZX_OBJ_TYPE_FIFO] = &fifo_ops,
	[ZX_OBJ_TYPE_TIMER] = &timer_ops,
	[ZX_OBJ_TYPE_STREAM] = &stream_ops,
	[ZX_OBJ_TYPE_CLOCK] = &clock_ops,
	[ZX_OBJ_TYPE_COUNTER] = &counter_ops,
	[ZX_OBJ_TYPE_INTERRUPT] = &interrupt_ops,
	[ZX_OBJ_TYPE_GUEST] = &guest_ops,
	[ZX_OBJ_TYPE_VCPU] = &vcpu_ops,
	[ZX_OBJ_TYPE_PROFILE] = &profile_ops,
	[ZX_OBJ_TYPE_RESOURCE] = &resource_ops,
	[ZX_OBJ_TYPE_EXCEPTION] = &exception_ops,
	[ZX_OBJ_TYPE_PAGER] = &pager_ops,
	[ZX_OBJ_TYPE_IOB] = &iob_ops,
	[ZX_OBJ_TYPE_IOB_SHARED_REGION] = &iob_shared_ops,
};

const struct object_ops *object__ops(uint32_t type)
{
	if (type < OBJECT_TYPES && ops_by_type[type])
		return ops_by_type[type];
	return &no_ops;
}

zx_koid_t koid__next(void)
{
	return __atomic_fetch_add(&core_root->next_koid, 1, __ATOMIC_RELAXED);
}

void *object__alloc(size_t size, uint32_t type)
{
	struct object *object = arena__alloc(size);

	if (!object)
		return NULL;
	object->type = type;
	object->refs = 1;
	object->koid = koid__next();
	object->lock = &object->own_lock;
	list__init(&object->observers);
	return object;
}

void *object__alloc_peered(size_t size, uint32_t type, struct peer_lock *lock)
{
	struct object *object = object__alloc(size, type);

	if (!object)
		return NULL;
	__atomic_fetch_add(&lock->refs, 1, __ATOMIC_RELAXED);
	object->peer_lock = lock;
	object->lock = &lock->mutex;
	return object;
}

struct peer_lock *peer_lock__create(void)
{
	struct peer_lock *lock = arena__alloc(sizeof(*lock));

	if (lock)
		lock->refs = 1;
	return lock;
}

void peer_lock__put(struct peer_lock *lock)
{
	if (__atomic_fetch_sub(&lock->refs, 1, __ATOMIC_ACQ_REL) == 1)
		arena__free(lock);
}

void object__get(struct object *object)
{
	__atomic_fetch_add(&object->refs, 1, __ATOMIC_RELAXED);
}

/* Frees @object; returns the object above it, a reference to which is left to give up. */
static struct object *object_free(struct object *object)
{
	const struct object_ops *ops;
	struct observer *observer;
	struct observer *next;
	struct object *parent;

	/* Nobody can find the object any more; async waits of services may still hang on it. */
	object__lock(object);
	list_for_each_safe(observer, next, &object->observers, node) {
		list__remove(&observer->node);
		port__drop(observer);
	}
	object__unlock(object);
	ops = object__ops(object->type);
	if (ops->destroy)
		ops->destroy(object);
	parent = ops->parent ? ops->parent(object) : NULL;
	if (object->peer_lock)
		peer_lock__put(object->peer_lock);
	arena__free(object);
	return parent;
}

void object__put(struct object *object)
{
	while (object && __atomic_fetch_sub(&object->refs, 1, __ATOMIC_ACQ_REL) == 1)
		object = object_free(object);
}

bool object__try_get(struct object *object)
{
	uint32_t refs = __atomic_load_n(&object->refs, __ATOMIC_RELAXED);

	while (refs && !__atomic_compare_exchange_n(&object->refs, &refs, refs + 1, false,
						    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		;
	return refs;
}

static void observer_wake(struct observer *observer, uint32_t signals)
{
	observer->wait.observed |= signals;
	if (signals & observer->trigger)
		thread__wake(observer->wait.thread);
}

void object__update_signals_locked(struct object *object, uint32_t clear, uint32_t set)
{
	uint32_t before = object->signals;
	uint32_t now = (before & ~clear) | set;
	struct observer *observer;
	struct observer *next;

	if (now == before)
		return;
	object->signals = now;
	list_for_each_safe(observer, next, &object->observers, node) {
		if (observer->kind == OBSERVER_WAIT) {
			observer_wake(observer, now);
		} else if (now & ~before & observer->trigger ||
			   (observer->port.options & PORT_WAIT_REPEATING &&
			    now & observer->trigger)) {
			/* A repeating one is put back, at the head, by port__fire(). */
			list__remove(&observer->node);
			port__fire(observer, now);
		}
	}
}

void object__update_signals(struct object *object, uint32_t clear, uint32_t set)
{
	object__lock(object);
	object__update_signals_locked(object, clear, set);
	object__unlock(object);
}

void object__observe(struct object *object, struct observer *observer)
{
	list__init(&observer->node);
	object__lock(object);
	if (observer->kind == OBSERVER_PORT && object->signals & observer->trigger &&
	    !(observer->port.options & ZX_WAIT_ASYNC_EDGE)) {
		port__fire(observer, object->signals);
	} else {
		/* Who came last is told first, as on Zircon: it shows in the order of packets. */
		list__add_head(&object->observers, &observer->node);
		if (observer->kind == OBSERVER_WAIT)
			observer_wake(observer, object->signals);
	}
	object__unlock(object);
}

void object__unobserve(struct observer *observer)
{
	struct object *object = observer->object;

	object__lock(object);
	list__remove(&observer->node);
	object__unlock(object);
}

void object__cancel_handle(struct object *object, struct process *process, zx_handle_t handle)
{
	struct observer *observer;
	struct observer *next;

	object__lock(object);
	list_for_each_safe(observer, next, &object->observers, node) {
		if (observer->process != process || observer->handle != handle)
			continue;
		if (observer->kind == OBSERVER_WAIT) {
			observer->wait.canceled = true;
			observer->wait.observed |= ZX_SIGNAL_HANDLE_CLOSED;
			thread__wake(observer->wait.thread);
		} else {
			list__remove(&observer->node);
			port__drop(observer);
		}
	}
	object__unlock(object);
}
