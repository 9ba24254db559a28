#include "compat/core/suspend.h"

#include "compat/core/core.h"
#include "compat/core/thread_context.h"

/* --- threads --- */

/* Whether somebody wants it to stop, for those who look without the lock. */
static bool update_asked_locked(struct thread *thread)
{
	uint32_t asked = thread->suspensions || thread->suspended_untold;

	return __atomic_exchange_n(&thread->suspend_asked, asked, __ATOMIC_SEQ_CST) != asked;
}

/* What it was asked to has changed: it looks where it sleeps, and is brought to look elsewhere. */
static void tell(struct thread *thread)
{
	thread__poke(thread);
	if (thread__suspend_asked(thread) && __atomic_load_n(&thread->host, __ATOMIC_RELAXED))
		core_host.thread_stop(thread);
}

static zx_status_t hold_thread(struct thread *thread)
{
	zx_status_t status = ZX_ERR_BAD_STATE;
	bool changed = false;

	object__lock(&thread->object);
	if (thread->state < THREAD_DYING && !thread__killed(thread)) {
		thread->suspensions++;
		changed = update_asked_locked(thread);
		status = ZX_OK;
	}
	object__unlock(&thread->object);
	if (changed)
		tell(thread);
	return status;
}

static void release_thread(struct thread *thread)
{
	bool changed;

	object__lock(&thread->object);
	thread->suspensions--;
	changed = update_asked_locked(thread);
	object__unlock(&thread->object);
	if (changed)
		tell(thread);
}

static zx_status_t set_untold(struct thread *thread, bool suspended)
{
	zx_status_t status = ZX_ERR_BAD_STATE;
	bool changed = false;

	object__lock(&thread->object);
	if (thread->state != THREAD_NEW && thread->state < THREAD_DYING &&
	    !thread__killed(thread)) {
		thread->suspended_untold = suspended;
		changed = update_asked_locked(thread);
		status = ZX_OK;
	}
	object__unlock(&thread->object);
	if (changed)
		tell(thread);
	return status;
}

zx_status_t thread__suspend(struct thread *thread)
{
	return set_untold(thread, true);
}

zx_status_t thread__resume(struct thread *thread)
{
	return set_untold(thread, false);
}

bool suspend__is_under_way(const struct thread *thread)
{
	uint32_t state = __atomic_load_n(&thread->state, __ATOMIC_RELAXED);

	return (state == THREAD_RUNNING || state == THREAD_SUSPENDED) &&
	       thread__suspend_asked(thread) != (state == THREAD_SUSPENDED);
}

/* --- processes: those of their threads that have started, and those that will --- */

void suspend__start_locked(struct process *process, struct thread *thread)
{
	if (!process->suspensions)
		return;
	thread->suspensions++;
	thread->held_by_process = true;
	update_asked_locked(thread);
}

static zx_status_t hold_process(struct process *process)
{
	struct thread *thread;
	zx_status_t status = ZX_OK;

	object__lock(&process->object);
	if (process->state >= PROCESS_DYING) {
		status = ZX_ERR_BAD_STATE;
	} else if (!process->suspensions++) {
		list_for_each(thread, &process->threads, process_node) {
			thread->held_by_process = thread__started(thread) &&
						  hold_thread(thread) == ZX_OK;
		}
	}
	object__unlock(&process->object);
	return status;
}

static void release_process(struct process *process)
{
	struct thread *thread;

	object__lock(&process->object);
	if (!--process->suspensions) {
		list_for_each(thread, &process->threads, process_node) {
			if (!thread->held_by_process)
				continue;
			thread->held_by_process = false;
			release_thread(thread);
		}
	}
	object__unlock(&process->object);
}

/* --- tokens --- */

static void token_on_zero_handles(struct object *object)
{
	struct object *task = ((struct suspend_token *)object)->task;

	if (!task)
		return;
	if (task->type == ZX_OBJ_TYPE_THREAD)
		release_thread((struct thread *)task);
	else
		release_process((struct process *)task);
}

static void token_destroy(struct object *object)
{
	struct suspend_token *token = (struct suspend_token *)object;

	if (token->task)
		object__put(token->task);
}

const struct object_ops suspend_token_ops = {
	.name = "suspend token",
	.default_rights = ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS,
	.on_zero_handles = token_on_zero_handles,
	.destroy = token_destroy,
};

zx_status_t suspend_token__create(struct object *task, struct suspend_token **out)
{
	struct suspend_token *token = object__alloc(sizeof(*token), ZX_OBJ_TYPE_SUSPEND_TOKEN);
	zx_status_t status;

	if (!token)
		return ZX_ERR_NO_MEMORY;
	status = task->type == ZX_OBJ_TYPE_THREAD ? hold_thread((struct thread *)task) :
						    hold_process((struct process *)task);
	if (status != ZX_OK) {
		object__put(&token->object);
		return status;
	}
	object__get(task);
	token->task = task;
	*out = token;
	return ZX_OK;
}

/* --- the thread's own part --- */

static void enter_locked(struct thread *self, struct thread_context *context)
{
	self->context = context;
	thread__set_state_locked(self, THREAD_SUSPENDED);
	object__update_signals_locked(&self->object, ZX_THREAD_RUNNING, ZX_THREAD_SUSPENDED);
}

/* One that is to end shows its last state until then. */
static void leave_locked(struct thread *self)
{
	self->context = NULL;
	if (thread__killed(self))
		return;
	thread__set_state_locked(self, THREAD_RUNNING);
	object__update_signals_locked(&self->object, ZX_THREAD_SUSPENDED, ZX_THREAD_RUNNING);
}

static void sleep_suspended(struct thread *self)
{
	for (;;) {
		thread__prepare(self);
		if (thread__killed(self) || !thread__suspend_asked(self))
			return;
		/* Many look at its registers, and let it go on. */
		self->soon = true;
		thread__sleep(self, ZX_TIME_INFINITE);
	}
}

void thread__park(struct thread *self, struct thread_context *context)
{
	object__lock(&self->object);
	while (thread__suspend_asked(self) && !thread__killed(self)) {
		enter_locked(self, context);
		object__unlock(&self->object);
		sleep_suspended(self);
		object__lock(&self->object);
		leave_locked(self);
	}
	object__unlock(&self->object);
}
