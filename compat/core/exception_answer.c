/* What others ask of a thread in an exception, and what they answer. */
#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/port.h"

static bool waiting_locked(const struct thread *thread)
{
	return thread->exception && !thread->exception->answered &&
	       !exception_handler__gone(thread->exception->handler);
}

uint32_t exception__wait_type(struct thread *thread)
{
	uint32_t type = ZX_EXCEPTION_CHANNEL_TYPE_NONE;

	object__lock(&thread->object);
	if (waiting_locked(thread))
		type = thread->exception->handler->type;
	object__unlock(&thread->object);
	return type;
}

zx_status_t exception__report(struct thread *thread, zx_exception_report_v2_t *out)
{
	zx_status_t status = ZX_ERR_BAD_STATE;

	object__lock(&thread->object);
	if (thread->exception) {
		*out = thread->exception->report;
		status = ZX_OK;
	}
	object__unlock(&thread->object);
	return status;
}

/* A port that was unbound is no handler's; an answer to whatever waits then needs no port. */
static zx_status_t answer_locked(struct exception *exception, struct port *port, bool try_next)
{
	struct exception_handler *handler = exception->handler;

	if (port && (handler->port != port || exception_handler__unbound(handler)))
		return ZX_ERR_ACCESS_DENIED;
	if (exception->answered || !handler->port || exception_handler__gone(handler))
		return ZX_ERR_BAD_STATE;
	exception->disposition = try_next ? ZX_EXCEPTION_STATE_TRY_NEXT :
					    ZX_EXCEPTION_STATE_HANDLED;
	exception->answered = true;
	return ZX_OK;
}

zx_status_t exception__answer(struct thread *thread, struct port *port, bool try_next)
{
	zx_status_t status = ZX_ERR_BAD_STATE;

	object__lock(&thread->object);
	if (thread->exception)
		status = answer_locked(thread->exception, port, try_next);
	/* With the lock, as in exception.c. */
	if (status == ZX_OK)
		thread__wake(thread);
	object__unlock(&thread->object);
	return status;
}

zx_status_t exception__resume(struct thread *thread, uint32_t options)
{
	return exception__answer(thread, NULL, options & ZX_RESUME_TRY_NEXT_202002);
}

bool exception__debugged(struct exception *exception)
{
	bool debugged;

	object__lock(&exception->thread->object);
	debugged = exception->type == ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER;
	object__unlock(&exception->thread->object);
	return debugged;
}

uint32_t exception__state(struct exception *exception)
{
	uint32_t state;

	object__lock(&exception->thread->object);
	state = exception->disposition;
	object__unlock(&exception->thread->object);
	return state;
}

uint32_t exception__strategy(struct exception *exception)
{
	bool second;

	object__lock(&exception->thread->object);
	second = exception->second_chance;
	object__unlock(&exception->thread->object);
	return second ? ZX_EXCEPTION_STRATEGY_SECOND_CHANCE : ZX_EXCEPTION_STRATEGY_FIRST_CHANCE;
}

zx_status_t exception__set_state(struct exception *exception, uint32_t state, bool newest)
{
	if (state > (newest ? ZX_EXCEPTION_STATE_THREAD_EXIT : ZX_EXCEPTION_STATE_HANDLED))
		return ZX_ERR_INVALID_ARGS;
	object__lock(&exception->thread->object);
	exception->disposition = state;
	object__unlock(&exception->thread->object);
	return ZX_OK;
}

zx_status_t exception__set_strategy(struct exception *exception, uint32_t strategy)
{
	if (strategy > ZX_EXCEPTION_STRATEGY_SECOND_CHANCE)
		return ZX_ERR_INVALID_ARGS;
	object__lock(&exception->thread->object);
	exception->second_chance = strategy;
	object__unlock(&exception->thread->object);
	return ZX_OK;
}
