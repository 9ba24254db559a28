#include "compat/core/thread.h"

#include <string.h>
#include <zircon/syscalls/profile.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/futex.h"
#include "compat/core/runtime.h"
#include "compat/core/suspend.h"
#include "compat/core/thread_context.h"
#include "compat/core/vmar.h"

/* Bits of thread.wake */
#define WAKE_UP 1u   /* what it waits for has happened */
#define WAKE_LOOK 2u /* something else may have */
#define WAKE_SLEEPS 4u /* it sleeps, or is about to: changes are told */

static void thread_destroy(struct object *object)
{
	struct thread *thread = (struct thread *)object;

	exception_place__destroy(&thread->handler);
	if (thread->process)
		object__put(&thread->process->object);
}

static void set_dead_locked(struct thread *thread)
{
	thread__set_state_locked(thread, THREAD_DEAD);
	object__update_signals_locked(&thread->object, ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED,
				      ZX_THREAD_TERMINATED);
}

/* Nobody can start it any more: its process need not keep it. */
static void thread_on_zero_handles(struct object *object)
{
	struct thread *thread = (struct thread *)object;
	struct process *process = thread->process;
	bool unlisted = false;
	bool unstarted;

	object__lock(&process->object);
	object__lock(object);
	unstarted = thread->state == THREAD_NEW;
	if (unstarted) {
		unlisted = list__linked(&thread->process_node);
		list__remove(&thread->process_node);
		set_dead_locked(thread);
	}
	object__unlock(object);
	object__unlock(&process->object);
	if (unstarted)
		exception_place__close(&thread->handler);
	if (unlisted)
		object__put(object);
}

const struct object_ops thread_ops = {
	.name = "thread",
	.default_rights = ZX_DEFAULT_THREAD_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = thread_on_zero_handles,
	.destroy = thread_destroy,
};

static struct thread *thread_alloc(struct process *process, const char *name)
{
	struct thread *thread = object__alloc(sizeof(*thread), ZX_OBJ_TYPE_THREAD);

	if (!thread)
		return NULL;
	object__get(&process->object);
	thread->process = process;
	thread->object.related_koid = process->object.koid;
	list__init(&thread->process_node);
	list__init(&thread->wait_node);
	exception_place__init(&thread->handler, ZX_EXCEPTION_CHANNEL_TYPE_THREAD);
	list__init(&thread->call_node);
	memcpy(thread->name, name, strnlen(name, sizeof(thread->name) - 1));
	thread->priority = ZX_PRIORITY_DEFAULT;
	/* Zircon's mask of a thread that may run anywhere: as many bits as it knows CPUs. */
	thread->affinity = UINT32_MAX;
	return thread;
}

zx_status_t thread__create(struct process *process, const char *name, struct thread **out)
{
	struct thread *thread = thread_alloc(process, name);

	if (!thread)
		return ZX_ERR_NO_MEMORY;
	object__lock(&process->object);
	if (process->state < PROCESS_DYING) {
		/* The list's reference: a thread stays findable by koid until it has ended. */
		object__get(&thread->object);
		list__add_tail(&process->threads, &thread->process_node);
	}
	object__unlock(&process->object);
	*out = thread;
	return ZX_OK;
}

struct thread *thread__create_internal(const char *name)
{
	struct thread *thread = thread_alloc(core_root->internal_process, name);

	if (thread)
		thread->state = THREAD_RUNNING;
	return thread;
}

/* The lower half of the addresses, where programs can be; 0 is for threads that are to fail. */
static bool entry_valid(const struct thread *thread, const struct thread_entry *entry)
{
	if (entry->tp >= USER_END && entry->tp < -USER_END)
		return false; /* no value of the register */
	return entry->pc < USER_END || !era__of(thread->process->era)->thread_entry_checked;
}

static zx_status_t mark_started(struct process *process, struct thread *thread,
				const struct thread_entry *entry, bool first)
{
	zx_status_t status = ZX_ERR_BAD_STATE;

	object__lock(&process->object);
	object__lock(&thread->object);
	if (process->state != (first ? PROCESS_NEW : PROCESS_RUNNING)) {
		status = ZX_ERR_BAD_STATE;
	} else if (!entry_valid(thread, entry)) {
		status = ZX_ERR_INVALID_ARGS;
	} else if (thread->state == THREAD_NEW) {
		thread__set_state_locked(thread, THREAD_RUNNING);
		process->state = PROCESS_RUNNING;
		thread->first = first;
		if (first)
			process->start_time = core_host.clock_monotonic();
		process->started = true;
		process->live_threads++;
		suspend__start_locked(process, thread);
		object__update_signals_locked(&thread->object, 0, ZX_THREAD_RUNNING);
		status = ZX_OK;
	}
	object__unlock(&thread->object);
	object__unlock(&process->object);
	return status;
}

zx_status_t thread__start(struct thread *caller, struct thread *thread,
			  const struct thread_entry *entry, bool first)
{
	zx_status_t status = mark_started(thread->process, thread, entry, first);

	if (status != ZX_OK)
		return status;
	object__get(&thread->object); /* the host's, given back by thread__host_gone() */
	status = core_host.thread_start(caller, thread, entry);
	if (status != ZX_OK)
		thread__host_gone(thread);
	return status;
}

/* Who sees that it is dead can bind no handler any more. */
static void thread_end(struct thread *thread)
{
	exception_place__close(&thread->handler);
	object__lock(&thread->object);
	set_dead_locked(thread);
	object__unlock(&thread->object);
}

void thread__host_gone(struct thread *thread)
{
	struct process *process = thread->process;

	/* One that was never killed has told its debugger by itself, or did not even start. */
	if (thread__killed(thread))
		exception__thread_exiting(thread);
	thread_end(thread);
	channel__forget_call(thread);
	futex__thread_gone(thread);
	object__get(&process->object);
	process__thread_gone(process, thread);
	object__put(&thread->object);
	object__put(&process->object);
}

void thread__kill(struct thread *thread)
{
	__atomic_store_n(&thread->killed, 1, __ATOMIC_SEQ_CST);
	thread__wake(thread);
	if (__atomic_load_n(&thread->host, __ATOMIC_RELAXED))
		core_host.thread_kill(thread);
}

void thread__kill_started(struct thread *thread)
{
	if (thread__started(thread))
		thread__kill(thread);
}

void thread__exit(struct thread *self)
{
	struct thread_context context = { .no_registers = true };

	object__lock(&self->object);
	thread__set_state_locked(self, THREAD_DYING);
	object__unlock(&self->object);
	thread__set_context(self, &context);
	exception__thread_exiting(self);
	thread__set_context(self, NULL);
	runtime__thread_ends(self);
	thread__kill(self);
}

void thread__schedule(struct thread *thread)
{
	__atomic_store_n(&thread->scheduled, true, __ATOMIC_RELAXED);
	core_host.thread_schedule(thread);
}

void thread__prepare(struct thread *self)
{
	__atomic_store_n(&self->wake, 0, __ATOMIC_SEQ_CST);
}

bool thread__sleep(struct thread *self, zx_time_t deadline)
{
	uint32_t awake = 0;
	bool in_time;

	if (self->soon)
		core_host.spin(&self->wake);
	self->soon = false;
	if (!__atomic_compare_exchange_n(&self->wake, &awake, WAKE_SLEEPS, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return true;
	in_time = core_host.futex_wait(&self->wake, WAKE_SLEEPS, deadline);
	__atomic_fetch_and(&self->wake, ~WAKE_SLEEPS, __ATOMIC_SEQ_CST);
	return in_time;
}

zx_status_t thread__block(struct thread *self, zx_time_t deadline, uint32_t blocked_state)
{
	zx_status_t status = ZX_OK;

	__atomic_store_n(&self->blocked, blocked_state, __ATOMIC_RELAXED);
	for (;;) {
		uint32_t wake;

		if (thread__killed(self)) {
			status = ZX_ERR_INTERNAL_INTR_KILLED;
			break;
		}
		wake = __atomic_load_n(&self->wake, __ATOMIC_ACQUIRE);
		/* First: something may have been handed over, and would be lost. */
		if (wake & WAKE_UP)
			break;
		if (thread__suspend_asked(self) && !self->unstoppable) {
			status = ZX_ERR_INTERNAL_INTR_RETRY;
			break;
		}
		if (wake) {
			__atomic_fetch_and(&self->wake, ~WAKE_LOOK, __ATOMIC_SEQ_CST);
			continue;
		}
		if (!thread__sleep(self, deadline) &&
		    !__atomic_load_n(&self->wake, __ATOMIC_ACQUIRE)) {
			status = ZX_ERR_TIMED_OUT;
			break;
		}
	}
	__atomic_store_n(&self->blocked, 0, __ATOMIC_RELAXED);
	return status;
}

static void set_wake(struct thread *thread, uint32_t bit)
{
	uint32_t before = __atomic_fetch_or(&thread->wake, bit, __ATOMIC_SEQ_CST);
	uint32_t in_guest;

	if (before & (WAKE_UP | WAKE_LOOK))
		return;
	if (before & WAKE_SLEEPS)
		core_host.wake_unlocked(&thread->wake);
	in_guest = __atomic_load_n(&thread->in_guest, __ATOMIC_SEQ_CST);
	if (in_guest)
		core_host.vcpu_stop(in_guest);
}

void thread__wake(struct thread *thread)
{
	set_wake(thread, WAKE_UP);
}

void thread__poke(struct thread *thread)
{
	set_wake(thread, WAKE_LOOK);
}
