/*
 * What a debugger is told and how it answers, in either form of the program's era: by a port (2018)
 * or by a channel (2020).
 */
#ifndef DEBUGGER_HANDLER_H
#define DEBUGGER_HANDLER_H

#include "rt.h"

#include <zircon/syscalls/exception.h>

/* A debugger's end: of a process, or of a job. */
struct debugger {
	zx_handle_t handle;	/* port or channel */
	zx_handle_t process;	/* of a process's debugger */
};

/* A thread that stopped. All handles in it are closed by debugger__go(). */
struct stop {
	zx_excp_type_t type;
	zx_koid_t pid, tid;
	zx_handle_t thread;
	zx_handle_t exception;	/* of a channel; by a port the thread is enough */
	const struct debugger *debugger;
};

/* Becomes the debugger of a process, or of a job: then it hears of processes that start. */
zx_status_t debugger__attach(struct debugger *debugger, zx_handle_t task);
void debugger__detach(struct debugger *debugger);

/*
 * Waits for the next stop. For the debugger of a job `process` is the place for a handle to the
 * process that starts, for that of a process it is NULL. False when the deadline passes.
 */
bool debugger__next(const struct debugger *debugger, zx_handle_t job, zx_time_t deadline,
		    struct stop *stop, zx_handle_t *process);

/* Lets the thread go on where it is. */
void debugger__go(struct stop *stop);
/* Has the next handler look at it. */
void debugger__pass_on(struct stop *stop);

#endif
