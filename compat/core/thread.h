/* Threads: the Zircon object, and the place where the core blocks. */
#ifndef COMPAT_CORE_THREAD_H
#define COMPAT_CORE_THREAD_H

#include <zircon/limits.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/scheduler.h>

#include "compat/core/exception_place.h"
#include "compat/core/handle.h"
#include "compat/core/host.h"
#include "compat/core/object.h"
#include "compat/core/user.h"

enum thread_state {
	THREAD_NEW,
	THREAD_RUNNING,
	THREAD_SUSPENDED, /* it stands still; what is below has not ended */
	THREAD_DYING,
	THREAD_DEAD,
};

extern const struct object_ops thread_ops;

struct channel;
struct thread_entry;

struct thread {
	struct object object;
	struct process *process; /* referenced */
	struct list process_node; /* in process.threads, under the process's lock */
	char name[ZX_MAX_NAME_LEN];
	uint32_t state; /* enum thread_state, under the object's lock */
	uint32_t blocked; /* ZX_THREAD_STATE_BLOCKED_*, or 0 while it does not block */
	bool first;      /* its process began with it */
	uint32_t killed; /* set once, read without lock */

	/* How it is to run; under the object's lock. */
	int32_t priority;                    /* ZX_PRIORITY_* */
	zx_sched_deadline_params_t deadline; /* capacity 0: none, the priority counts */
	uint64_t affinity;                   /* a bit for each processor that it may use */
	bool scheduled;                      /* it was chosen once, and may not be the usual */

	/* Suspensions, see suspend.h; under the object's lock. */
	uint32_t suspensions;  /* by tokens, and by its process */
	bool suspended_untold; /* by zx_task_suspend without a token */
	bool held_by_process;  /* under the process's lock: its process counts among them */
	uint32_t suspend_asked; /* there is any; also read without lock */
	bool unstoppable; /* by itself: it blocks where it cannot leave the call */
	bool soon; /* by itself: what it blocks for will be a matter of microseconds */

	/* thread__block(): 0 while nothing has happened, then WAKE_* */
	uint32_t wake;
	struct list wait_node; /* for whoever keeps this thread on a list while it blocks */
	void *wait_data;       /* and for what it wants to know about it */
	zx_status_t wait_status;
	uint32_t vcpus; /* processors of guests that are its own; atomic */
	/* While it runs a guest: by what core_host.vcpu_stop() knows it; else 0. */
	uint32_t in_guest;

	/* Exceptions. */
	struct exception_place handler;
	struct exception *exception; /* that a handler has to answer; under the object's lock */
	bool in_exception;           /* from its first handler to its last */
	bool exit_told;              /* the debugger knows of its end */
	uint32_t noted;              /* its own, as the next two: ZX_EXCP_*, or 0; exception_noted.c */
	uint32_t noted_code;
	uint32_t noted_data;

	/* For a call on a channel, which can go on while the thread waits elsewhere for something. */
	struct list call_node;
	void *call_data;
	zx_status_t call_status;
	/* The one that a suspension interrupted after its message was sent; referenced. */
	struct channel *half_call;

	/* The call that it is in, or was in last, for messages, and the buffers that came with it. */
	uint32_t call;
	uint32_t windows;
	struct user_window window[USER_WINDOWS];

	/* Not NULL while its state may be looked at; under the object's lock: thread_context.h */
	struct thread_context *context;
	zx_thread_state_debug_regs_t debug; /* as last written */

	bool runtime_known; /* it has ended, and this is what it used */
	struct host_runtime runtime;

	/* Owned by the host. */
	void *host;
};

/*
 * A thread of @process that has not started; where the process is dead it never will. Errors:
 * ZX_ERR_NO_MEMORY.
 */
zx_status_t thread__create(struct process *process, const char *name, struct thread **out);
/* A thread of the supervisor itself, which may use the core's objects and block in it. */
struct thread *thread__create_internal(const char *name);
/* Marks it as running. The caller has the host start it. */
zx_status_t thread__start(struct thread *caller, struct thread *thread,
			  const struct thread_entry *entry, bool first);
/* The host says: no code of the thread runs any more. The last one ends its process. */
void thread__host_gone(struct thread *thread);
/* Asks it to end: a blocked call returns ZX_ERR_INTERNAL_INTR_KILLED, program code is stopped. */
void thread__kill(struct thread *thread);
/* The same, but one that has not started stays as it is, and may be started later. */
void thread__kill_started(struct thread *thread);
/* The calling thread has come to its end: it waits until a debugger has seen that. */
void thread__exit(struct thread *self);

/* Its priority or affinity has changed: has the host know. */
void thread__schedule(struct thread *thread);

/* True for a thread that has begun and not ended. */
static inline bool thread_state__alive(uint32_t state)
{
	return state == THREAD_RUNNING || state == THREAD_SUSPENDED;
}

/* Under the object's lock, for those too who look without it. */
static inline void thread__set_state_locked(struct thread *thread, uint32_t state)
{
	__atomic_store_n(&thread->state, state, __ATOMIC_SEQ_CST);
}

/* False for one that is nobody's thread yet: it may still be started, or never be. */
static inline bool thread__started(const struct thread *thread)
{
	return __atomic_load_n(&thread->state, __ATOMIC_RELAXED) != THREAD_NEW;
}

/* True for one that has come to its end. */
static inline bool thread__ended(const struct thread *thread)
{
	return __atomic_load_n(&thread->state, __ATOMIC_RELAXED) == THREAD_DEAD;
}

/* True once the thread was told to end. */
static inline bool thread__killed(const struct thread *thread)
{
	return __atomic_load_n(&thread->killed, __ATOMIC_SEQ_CST);
}

/* True while it is to stop, or stands still. */
static inline bool thread__suspend_asked(const struct thread *thread)
{
	return __atomic_load_n(&thread->suspend_asked, __ATOMIC_SEQ_CST);
}

/* True for what thread__block() returns when the thread is needed elsewhere. */
static inline bool thread__interrupted(zx_status_t status)
{
	return status == ZX_ERR_INTERNAL_INTR_KILLED || status == ZX_ERR_INTERNAL_INTR_RETRY;
}

/*
 * The only place where the core sleeps (but for thread__park()). Use:
 *
 *	thread__prepare(self);
 *	... put self where a waker will find it, under that place's lock ...
 *	status = thread__block(self, deadline, ZX_THREAD_STATE_BLOCKED_...);
 *	... under that lock again, take self off ...
 *
 * Returns ZX_OK after thread__wake(), ZX_ERR_TIMED_OUT when @deadline passed, or one of
 * ZX_ERR_INTERNAL_INTR_KILLED and ZX_ERR_INTERNAL_INTR_RETRY, which a call hands up unchanged (the
 * thread never sees them). With the latter the thread is to be suspended: the call is made again
 * afterwards, with the same arguments. So until then it must have done nothing that may not be done
 * twice, or remember it; with self->unstoppable it is not asked to.
 */
void thread__prepare(struct thread *self);
/* One sleep of those two: until thread__wake(), thread__poke(), or @deadline (false then). */
bool thread__sleep(struct thread *self, zx_time_t deadline);
zx_status_t thread__block(struct thread *self, zx_time_t deadline, uint32_t blocked_state);
void thread__wake(struct thread *thread);
/* Has it look, wherever it blocks, at what it was asked to do. */
void thread__poke(struct thread *thread);

#endif
