/*
 * Exceptions: what stops a thread until a handler has answered. The handlers of a task are bound to
 * its places by channel (task_create_exception_channel) or by port (task_bind_exception_port), and
 * differ only in how they are told and how they answer.
 */
#ifndef COMPAT_CORE_EXCEPTION_H
#define COMPAT_CORE_EXCEPTION_H

#include <zircon/eras.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/exception_place.h"
#include "compat/core/object.h"

struct process;
struct thread;

/*
 * One exception on its way from handler to handler. Channels hand out handles to it, and the last
 * one that is closed is the answer. What is not said to be fixed is under the thread's lock.
 */
struct exception {
	struct object object;
	struct thread *thread;           /* referenced, fixed */
	zx_exception_report_v2_t report; /* fixed */
	struct exception_handler *handler; /* whose turn it is, or NULL */
	uint32_t type; /* ZX_EXCEPTION_CHANNEL_TYPE_* of the handler whose turn it is, or was last */
	struct list handler_node; /* in handler.waiting, under the lock of the handler's port */
	zx_rights_t thread_rights; /* of the handles that the handler may ask for; 0: none */
	zx_rights_t process_rights;
	uint32_t disposition; /* ZX_EXCEPTION_STATE_* */
	bool second_chance;
	bool answered;
};

extern const struct object_ops exception_ops;

enum exception_outcome {
	EXCEPTION_RESUME, /* a handler has seen to it: the thread goes on where it was */
	EXCEPTION_KILLED, /* the thread is to end */
	EXCEPTION_UNHANDLED,
};

/* --- raising; the caller is the thread that @self is, and holds no locks --- */

/* Fills in the head of a report; the rest is zero. */
void exception__init_report(zx_exception_report_v2_t *report, uint32_t type);
/* Asks the handlers one after the other, and sleeps until one has answered. */
enum exception_outcome exception__raise(struct thread *self,
					const zx_exception_report_v2_t *report);
/*
 * What a call of @self has met is an exception (ZX_EXCP_POLICY_CODE_*): it is raised once the call
 * has ended, by exception__raise_noted(). Of several the last counts.
 */
void exception__note_policy(struct thread *self, uint32_t code, uint32_t data);
/* The same with one that the program makes itself, for the debuggers of the jobs above. */
void exception__note_user(struct thread *self, uint32_t code, uint32_t data);
/* For the end of each call. Ends the process where nobody handles the exception of a policy. */
void exception__raise_noted(struct thread *self);

/* --- what debuggers are told, whatever they answer --- */

/* Whether somebody would be told: without, the start of a thread needs no stop. */
bool exception__start_watched(struct thread *thread);
/* @self is about to run its first instruction, and may be the first of its process. */
void exception__thread_starting(struct thread *self, bool first);
/* @thread has run its last instruction. Does not wait where it was killed. */
void exception__thread_exiting(struct thread *thread);
/* For the debuggers of the jobs above @self, by its era all of them or the nearest one. */
void exception__tell_job_debuggers(struct thread *self, const zx_exception_report_v2_t *report);

/* --- for others --- */

/* ZX_EXCEPTION_CHANNEL_TYPE_* of the handler that has to answer, or _NONE. */
uint32_t exception__wait_type(struct thread *thread);
/* Errors: ZX_ERR_BAD_STATE where @thread waits for no handler. */
zx_status_t exception__report(struct thread *thread, zx_exception_report_v2_t *out);
/*
 * Answers for the port to which the exception was reported; @port NULL: whichever that is. Errors:
 * ZX_ERR_BAD_STATE (no exception, or answered already), ZX_ERR_ACCESS_DENIED (another port).
 */
zx_status_t exception__answer(struct thread *thread, struct port *port, bool try_next);
/* zx_task_resume() with ZX_RESUME_EXCEPTION in @options, which were checked. */
zx_status_t exception__resume(struct thread *thread, uint32_t options);

/* Whether a debugger has it, who alone may choose its strategy; a kill changes nothing about it. */
bool exception__debugged(struct exception *exception);
/* ZX_PROP_EXCEPTION_STATE and ZX_PROP_EXCEPTION_STRATEGY. Errors: ZX_ERR_INVALID_ARGS. */
uint32_t exception__state(struct exception *exception);
uint32_t exception__strategy(struct exception *exception);
zx_status_t exception__set_state(struct exception *exception, uint32_t state, bool newest);
zx_status_t exception__set_strategy(struct exception *exception, uint32_t strategy);

#endif
