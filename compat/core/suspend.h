/*
 * Suspending threads and processes.
 *
 * A suspension is asked for and counted at once, and takes effect when the thread comes by a place
 * where its registers are known: the host has it come there, and calls thread__park(). A thread
 * that blocks in a call leaves it for that and makes it again afterwards (thread__block()).
 */
#ifndef COMPAT_CORE_SUSPEND_H
#define COMPAT_CORE_SUSPEND_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>

#include "compat/core/object.h"

struct process;
struct thread;
struct thread_context;

extern const struct object_ops suspend_token_ops;

/* Holds its task suspended until its last handle is closed. */
struct suspend_token {
	struct object object;
	struct object *task; /* a thread or a process, referenced */
};

/*
 * Suspends @task, a thread or a process. Errors: ZX_ERR_NO_MEMORY, ZX_ERR_BAD_STATE (it is dead
 * or dying).
 */
zx_status_t suspend_token__create(struct object *task, struct suspend_token **out);

/*
 * Suspends it without a token, as in July 2018: several times are like once, and one
 * thread__resume() undoes them all. Errors of both: ZX_ERR_BAD_STATE (not started, dead or dying).
 */
zx_status_t thread__suspend(struct thread *thread);
zx_status_t thread__resume(struct thread *thread);

/* Whether it is about to stop, or to go on: it was asked to, and has not done so yet. */
bool suspend__is_under_way(const struct thread *thread);

/* One that starts in a suspended process is suspended too. Both locks are held. */
void suspend__start_locked(struct process *process, struct thread *thread);

/*
 * @self stays here, with its registers in @context, as long as it is suspended. Returns at once
 * where it is not, or where it is to end.
 */
void thread__park(struct thread *self, struct thread_context *context);

#endif
