#include <core/calls.h>
#include <zircon/syscalls/object.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/port.h"
#include "compat/core/suspend.h"

/* The largest ZX_WAIT_MANY_MAX_ITEMS of any era. */
#define WAIT_ITEMS 64

static uint32_t signals_of(struct object *object)
{
	uint32_t signals;

	object__lock(object);
	signals = object->signals;
	object__unlock(object);
	return signals;
}

static bool observer_done(struct observer *observer)
{
	bool done;

	object__lock(observer->object);
	done = observer->wait.canceled || observer->wait.observed & observer->trigger;
	object__unlock(observer->object);
	return done;
}

/* Puts the @count observers, filled in but for the thread, on their objects, and blocks. */
static zx_status_t wait_observers(struct thread *self, struct observer *observers, size_t count,
				  zx_time_t deadline, uint32_t blocked_state)
{
	zx_status_t status = ZX_OK;

	for (size_t i = 0; i < count; i++) {
		struct observer *observer = &observers[i];

		observer->kind = OBSERVER_WAIT;
		observer->wait.thread = self;
		object__observe(observer->object, observer);
		/* A handle closed before that is seen here, one closed later finds the observer. */
		if (observer->process &&
		    !handle__names(observer->process, observer->handle, observer->object))
			object__cancel_handle(observer->object, observer->process,
					      observer->handle);
	}
	while (status == ZX_OK) {
		bool done = false;

		/* Before looking, so that what happens after the look is not slept over. */
		thread__prepare(self);
		for (size_t i = 0; i < count && !done; i++)
			done = observer_done(&observers[i]);
		if (done)
			break;
		status = thread__block(self, deadline, blocked_state);
	}
	for (size_t i = 0; i < count; i++) {
		object__unobserve(&observers[i]);
		/* Woken and timed out, or to be suspended, at once: what happened counts. */
		if ((status == ZX_ERR_TIMED_OUT || status == ZX_ERR_INTERNAL_INTR_RETRY) &&
		    observers[i].wait.observed & observers[i].trigger)
			status = ZX_OK;
	}
	return status;
}

/* Sleeps until @deadline: ZX_ERR_TIMED_OUT then. */
static zx_status_t sleep_until(struct thread *self, zx_time_t deadline, uint32_t blocked_state)
{
	zx_status_t status;

	do {
		thread__prepare(self);
		status = thread__block(self, deadline, blocked_state);
	} while (status == ZX_OK);
	return status;
}

zx_status_t object__wait_one(struct thread *self, struct object *object, struct process *process,
			     zx_handle_t handle, uint32_t signals, zx_time_t deadline,
			     uint32_t *observed)
{
	uint32_t seen = signals_of(object);
	struct observer *observer;
	zx_status_t status = ZX_OK;

	if (!(seen & signals)) {
		if (deadline <= core_host.clock_monotonic()) {
			status = ZX_ERR_TIMED_OUT;
		} else {
			/* In the arena: whoever changes the signals may be in another process. */
			observer = arena__alloc(sizeof(*observer));
			if (!observer)
				return ZX_ERR_NO_MEMORY;
			observer->object = object;
			observer->trigger = signals;
			observer->process = process;
			observer->handle = handle;
			/* To wake up on an idle processor would take longer than the thread. */
			self->soon = object->type == ZX_OBJ_TYPE_THREAD &&
				     suspend__is_under_way((struct thread *)object);
			status = wait_observers(self, observer, 1, deadline,
						ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
			self->soon = false;
			seen = observer->wait.observed;
			if (observer->wait.canceled && status != ZX_ERR_INTERNAL_INTR_KILLED)
				status = ZX_ERR_CANCELED;
			arena__free(observer);
		}
	}
	if (observed)
		*observed = seen;
	return status;
}

zx_status_t sys_object_wait_one(struct thread *self, zx_handle_t handle, zx_signals_t signals,
				zx_time_t deadline, user_addr_t out_observed)
{
	struct object *object;
	uint32_t observed = 0;
	zx_status_t status;
	zx_status_t put;

	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_WAIT, &object);
	if (status != ZX_OK)
		return status;
	status = object__wait_one(self, object, self->process, handle, signals, deadline,
				  &observed);
	object__put(object);
	if (thread__interrupted(status) || status == ZX_ERR_NO_MEMORY || !out_observed)
		return status;
	put = user__put(self, out_observed, &observed);
	return put != ZX_OK ? put : status;
}

/* As object__wait_one(), for all @items; fills in what was pending on each. */
static zx_status_t wait_many(struct thread *self, zx_wait_item_t *items, struct object **objects,
			     size_t count, zx_time_t deadline)
{
	struct observer *observers;
	zx_status_t status = ZX_ERR_TIMED_OUT;
	bool canceled = false;

	for (size_t i = 0; i < count; i++) {
		items[i].pending = signals_of(objects[i]);
		if (items[i].pending & items[i].waitfor)
			status = ZX_OK;
	}
	if (status == ZX_OK || deadline <= core_host.clock_monotonic())
		return status;
	observers = arena__alloc(count * sizeof(*observers));
	if (!observers)
		return ZX_ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		observers[i].object = objects[i];
		observers[i].trigger = items[i].waitfor;
		observers[i].process = self->process;
		observers[i].handle = items[i].handle;
	}
	status = wait_observers(self, observers, count, deadline,
				ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	for (size_t i = 0; i < count; i++) {
		items[i].pending = observers[i].wait.observed;
		canceled |= observers[i].wait.canceled;
	}
	arena__free(observers);
	if (canceled && status != ZX_ERR_INTERNAL_INTR_KILLED)
		status = ZX_ERR_CANCELED;
	return status;
}

zx_status_t sys_object_wait_many(struct thread *self, user_addr_t user_items, size_t count,
				 zx_time_t deadline)
{
	zx_wait_item_t items[WAIT_ITEMS];
	struct object *objects[WAIT_ITEMS];
	zx_status_t status = ZX_OK;
	size_t found = 0;

	if (!count)
		return sleep_until(self, deadline, ZX_THREAD_STATE_BLOCKED_WAIT_MANY);
	if (count > era__of(self->process->era)->wait_many_max || count > WAIT_ITEMS)
		return ZX_ERR_OUT_OF_RANGE;
	status = user__copy_in(self, items, user_items, count * sizeof(items[0]));
	if (status != ZX_OK)
		return status;
	while (found < count && status == ZX_OK) {
		status = handle__get(self, items[found].handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_WAIT,
				     &objects[found]);
		if (status == ZX_OK)
			found++;
	}
	if (status == ZX_OK) {
		status = wait_many(self, items, objects, count, deadline);
		if (!thread__interrupted(status) && status != ZX_ERR_NO_MEMORY &&
		    user__copy_out(self, user_items, items, count * sizeof(items[0])) != ZX_OK)
			status = ZX_ERR_INVALID_ARGS;
	}
	while (found)
		object__put(objects[--found]);
	return status;
}

zx_status_t sys_nanosleep(struct thread *self, zx_time_t deadline)
{
	zx_status_t status;

	if (deadline <= 0)
		return core_host.yield(self);
	status = sleep_until(self, deadline, ZX_THREAD_STATE_BLOCKED_SLEEPING);
	return status == ZX_ERR_TIMED_OUT ? ZX_OK : status;
}

zx_status_t sys_object_wait_async(struct thread *self, zx_handle_t handle, zx_handle_t port_handle,
				  uint64_t key, zx_signals_t signals, uint32_t options)
{
	const struct era_traits *era = era__of(self->process->era);
	const uint32_t timestamps = ZX_WAIT_ASYNC_TIMESTAMP | ZX_WAIT_ASYNC_BOOT_TIMESTAMP;
	bool repeating = era->wait_repeating_2018;
	struct object *object;
	struct port *port;
	zx_status_t status;

	/* The check moved to the front when the options changed. */
	if (!repeating && options & ~era->wait_async_options)
		return ZX_ERR_INVALID_ARGS;
	/* A packet has room for one time. */
	if (!repeating && (options & timestamps) == timestamps)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_WAIT, &object);
	if (status != ZX_OK)
		goto out_port;
	if (repeating && options > 1) {
		status = ZX_ERR_INVALID_ARGS;
		goto out_object;
	}
	if (repeating && options)
		options = PORT_WAIT_REPEATING;
	if (era->port_max_observers && port__observing(port) >= era->port_max_observers)
		exception__note_policy(self, ZX_EXCP_POLICY_CODE_PORT_TOO_MANY_OBSERVERS, 0);
	status = port__wait_async(port, object, self->process, handle, key, signals, options);
	/* As in wait_observers(): the handle may have been closed meanwhile. */
	if (status == ZX_OK && !handle__names(self->process, handle, object))
		object__cancel_handle(object, self->process, handle);
out_object:
	object__put(object);
out_port:
	object__put(&port->object);
	return status;
}
