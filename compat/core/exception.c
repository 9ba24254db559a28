#include "compat/core/exception.h"

#include <string.h>

#include "compat/core/core.h"

/*
 * How an exception is answered: whoever may do so sets @answered (or the handler is gone, see
 * exception_handler__gone()), and wakes the thread. The thread then looks at the disposition,
 * forgets the handler, and carries on or asks the next one. A kill counts more than any answer.
 */

/* Besides ZX_EXCEPTION_STATE_*: a handler could not be told, and no other is to be asked. */
#define STATE_LOST UINT32_MAX

static struct exception *as_exception(struct object *object)
{
	return (struct exception *)object;
}

/* The handler has closed its last handle: that is its answer. */
static void exception_on_zero_handles(struct object *object)
{
	struct exception *exception = as_exception(object);

	/* With the lock: without, it may have gone on by then, and wait for something else. */
	object__lock(&exception->thread->object);
	exception->answered = true;
	thread__wake(exception->thread);
	object__unlock(&exception->thread->object);
}

static void exception_destroy(struct object *object)
{
	object__put(&as_exception(object)->thread->object);
}

const struct object_ops exception_ops = {
	.name = "exception",
	.default_rights = ZX_DEFAULT_EXCEPTION_RIGHTS,
	.on_zero_handles = exception_on_zero_handles,
	.destroy = exception_destroy,
};

void exception__init_report(zx_exception_report_v2_t *report, uint32_t type)
{
	memset(report, 0, sizeof(*report));
	report->header.size = sizeof(*report);
	report->header.type = type;
}

static struct exception *exception_create(struct thread *self,
					  const zx_exception_report_v2_t *report)
{
	struct exception *exception = object__alloc(sizeof(*exception), ZX_OBJ_TYPE_EXCEPTION);

	if (!exception)
		return NULL;
	object__get(&self->object);
	exception->thread = self;
	exception->report = *report;
	list__init(&exception->handler_node);
	return exception;
}

/* --- one handler --- */

/* From here on others see that the thread waits for @handler, and may answer. */
static void begin(struct thread *self, struct exception *exception,
		  struct exception_handler *handler)
{
	object__lock(&self->object);
	exception->handler = handler;
	exception->type = handler->type;
	exception->thread_rights = handler->thread_rights;
	exception->process_rights = handler->process_rights;
	exception->disposition = ZX_EXCEPTION_STATE_TRY_NEXT;
	exception->answered = false;
	self->exception = exception;
	object__unlock(&self->object);
}

static uint32_t finish(struct thread *self, struct exception *exception,
		       struct exception_handler *handler)
{
	uint32_t disposition;

	exception_handler__leave(handler, exception);
	object__lock(&self->object);
	disposition = exception->answered ? exception->disposition : ZX_EXCEPTION_STATE_TRY_NEXT;
	exception->handler = NULL;
	self->exception = NULL;
	object__unlock(&self->object);
	return disposition;
}

static bool answered(struct thread *self, struct exception *exception)
{
	bool answered;

	object__lock(&self->object);
	answered = exception->answered;
	object__unlock(&self->object);
	return answered;
}

static void block_until_answered(struct thread *self, struct exception *exception,
				 struct exception_handler *handler)
{
	for (;;) {
		thread__prepare(self);
		if (answered(self, exception) || exception_handler__gone(handler))
			return;
		if (thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_EXCEPTION) ==
		    ZX_ERR_INTERNAL_INTR_KILLED)
			return;
	}
}

/* Suspensions wait until the exception is over: then the thread stops for them. */
static void wait_for_answer(struct thread *self, struct exception *exception,
			    struct exception_handler *handler)
{
	self->unstoppable = true;
	block_until_answered(self, exception, handler);
	self->unstoppable = false;
}

/*
 * Asks @handler, whose reference it takes over; ZX_EXCEPTION_STATE_* or STATE_LOST. @told is false
 * where the handler was no longer there.
 */
static uint32_t ask(struct thread *self, struct exception *exception,
		    struct exception_handler *handler, bool *told)
{
	uint32_t disposition;
	zx_status_t status;

	begin(self, exception, handler);
	status = exception_handler__tell(handler, exception);
	if (status == ZX_OK)
		wait_for_answer(self, exception, handler);
	disposition = finish(self, exception, handler);
	exception_handler__put(handler);
	/* Where its port is full no other handler is told instead; of a fault the process ends. */
	*told = status == ZX_OK || status == ZX_ERR_SHOULD_WAIT;
	if (status == ZX_ERR_SHOULD_WAIT)
		return STATE_LOST;
	return *told ? disposition : ZX_EXCEPTION_STATE_TRY_NEXT;
}

/* Asks the handler in @place, where there is one. */
static uint32_t ask_place(struct thread *self, struct exception *exception,
			  struct exception_place *place)
{
	struct exception_handler *handler = exception_place__next(place, 0, UINT64_MAX);
	bool told;

	return handler ? ask(self, exception, handler, &told) : ZX_EXCEPTION_STATE_TRY_NEXT;
}

/* --- all handlers --- */

/* The debugger, the thread, the process, perhaps the debugger once more, and the jobs upwards. */
static uint32_t ask_all(struct thread *self, struct exception *exception)
{
	struct process *process = self->process;
	struct exception_place *places[] = {
		&process->debugger,
		&self->handler,
		&process->handler,
		&process->debugger,
	};
	uint32_t answer = ZX_EXCEPTION_STATE_TRY_NEXT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (i == 3 && exception__strategy(exception) != ZX_EXCEPTION_STRATEGY_SECOND_CHANCE)
			continue;
		answer = ask_place(self, exception, places[i]);
		if (answer != ZX_EXCEPTION_STATE_TRY_NEXT || thread__killed(self))
			return answer;
	}
	for (struct job *job = process->job; job; job = job->parent) {
		answer = ask_place(self, exception, &job->handler);
		if (answer != ZX_EXCEPTION_STATE_TRY_NEXT || thread__killed(self))
			return answer;
	}
	return answer;
}

static void set_in_exception(struct thread *self, bool in_exception)
{
	__atomic_store_n(&self->in_exception, in_exception, __ATOMIC_RELAXED);
}

enum exception_outcome exception__raise(struct thread *self,
					const zx_exception_report_v2_t *report)
{
	struct exception *exception;
	uint32_t answer;

	if (thread__killed(self))
		return EXCEPTION_KILLED;
	core_host.exception_raised(self, report);
	exception = exception_create(self, report);
	if (!exception)
		return EXCEPTION_UNHANDLED;
	set_in_exception(self, true);
	answer = ask_all(self, exception);
	set_in_exception(self, false);
	object__put(&exception->object);
	if (answer == ZX_EXCEPTION_STATE_THREAD_EXIT)
		thread__kill(self);
	if (thread__killed(self))
		return EXCEPTION_KILLED;
	if (answer != ZX_EXCEPTION_STATE_HANDLED)
		return EXCEPTION_UNHANDLED;
	core_host.exception_resumed(self);
	return EXCEPTION_RESUME;
}

/* --- what goes to one handler, or to all of a kind, without any being asked --- */

/* True where a handler was there to be told. */
static bool inform_place(struct thread *self, struct exception_place *place,
			 const zx_exception_report_v2_t *report, bool all)
{
	struct exception_handler *handler;
	struct exception *exception;
	uint64_t limit = koid__next();
	uint64_t serial = 0;
	bool informed = false;
	bool told;

	while ((handler = exception_place__next(place, serial, limit))) {
		serial = handler->serial;
		exception = exception_create(self, report);
		if (!exception) {
			exception_handler__put(handler);
			return informed;
		}
		core_host.exception_raised(self, report);
		set_in_exception(self, true);
		(void)ask(self, exception, handler, &told);
		set_in_exception(self, false);
		core_host.exception_resumed(self);
		object__put(&exception->object);
		informed |= told;
		if (told && !all)
			break;
	}
	return informed;
}

void exception__tell_job_debuggers(struct thread *self, const zx_exception_report_v2_t *report)
{
	bool all = era__of(self->process->era)->job_debuggers > 1;

	for (struct job *job = self->process->job; job; job = job->parent) {
		if (inform_place(self, &job->debugger, report, all) && !all)
			return;
	}
}

static void inform_debugger(struct thread *self, uint32_t type)
{
	zx_exception_report_v2_t report;

	exception__init_report(&report, type);
	(void)inform_place(self, &self->process->debugger, &report, false);
}

bool exception__start_watched(struct thread *thread)
{
	if (exception_place__bound(&thread->process->debugger))
		return true;
	for (struct job *job = thread->process->job; job; job = job->parent) {
		if (exception_place__bound(&job->debugger))
			return true;
	}
	return false;
}

void exception__thread_starting(struct thread *self, bool first)
{
	zx_exception_report_v2_t report;

	if (first) {
		exception__init_report(&report, ZX_EXCP_PROCESS_STARTING);
		exception__tell_job_debuggers(self, &report);
	}
	inform_debugger(self, ZX_EXCP_THREAD_STARTING);
}

void exception__thread_exiting(struct thread *thread)
{
	if (!__atomic_exchange_n(&thread->exit_told, true, __ATOMIC_RELAXED))
		inform_debugger(thread, ZX_EXCP_THREAD_EXITING);
}
