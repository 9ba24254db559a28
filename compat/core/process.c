#include "compat/core/process.h"

#include <string.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/core.h"
#include "compat/core/runtime.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo_account.h"

static void process_destroy(struct object *object)
{
	struct process *process = (struct process *)object;

	handle_table__destroy(process);
	vmo_account__put(process->vmos);
	exception_place__destroy(&process->handler);
	exception_place__destroy(&process->debugger);
	if (process->critical_job)
		object__put(&process->critical_job->object);
	if (process->job)
		object__put(&process->job->object);
	if (process->host)
		core_host.process_free(process);
}

static void process_on_zero_handles(struct object *object)
{
	struct process *process = (struct process *)object;
	bool started;

	/* Nobody can start it any more. */
	object__lock(object);
	started = process->state != PROCESS_NEW;
	object__unlock(object);
	if (!started)
		process__kill(process, 0);
}

const struct object_ops process_ops = {
	.name = "process",
	.default_rights = ZX_DEFAULT_PROCESS_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = process_on_zero_handles,
	.destroy = process_destroy,
};

static struct process *process_alloc(const char *name)
{
	struct process *process = object__alloc(sizeof(*process), ZX_OBJ_TYPE_PROCESS);

	if (!process)
		return NULL;
	list__init(&process->job_node);
	list__init(&process->threads);
	exception_place__init(&process->handler, ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	exception_place__init(&process->debugger, ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER);
	memcpy(process->name, name, strnlen(name, sizeof(process->name) - 1));
	process->vmos = vmo_account__create();
	if (!process->vmos || handle_table__init(&process->handles) != ZX_OK) {
		object__put(&process->object);
		return NULL;
	}
	return process;
}

struct process *process__create_internal(void)
{
	struct process *process = process_alloc("zxrun");

	if (process) {
		process->state = PROCESS_RUNNING;
		process->era = ZXERA_NEWEST;
	}
	return process;
}

zx_status_t process__create_guest_memory(uint32_t era, struct process **out)
{
	struct process *process = process_alloc("guest");
	zx_status_t status;

	if (!process)
		return ZX_ERR_NO_MEMORY;
	process->state = PROCESS_RUNNING;
	process->era = era;
	process->is_guest = true;
	status = vmar__create_root(process, &process->root_vmar);
	if (status == ZX_OK)
		status = core_host.guest_create(process);
	if (status != ZX_OK) {
		process__forget_memory(process);
		return status;
	}
	*out = process;
	return ZX_OK;
}

void process__forget_memory(struct process *process)
{
	/* The tree refers to the process: without this neither would ever be freed. */
	vmar__destroy_root(process);
	object__put(&process->object);
}

/* The process exists on the host already, and may even have ended there. */
static zx_status_t add_to_job(struct job *job, struct process *process)
{
	zx_status_t status = job__add_process(job, process);
	bool dead;

	if (status != ZX_OK) {
		process__kill(process, 0);
		return status;
	}
	object__lock(&process->object);
	dead = process->state == PROCESS_DEAD;
	object__unlock(&process->object);
	if (dead) /* whoever ended it may have found no job to take it from */
		job__remove_process(job, process);
	return ZX_OK;
}

zx_status_t process__create(struct job *job, const char *name, uint32_t era, struct process **out)
{
	struct process *process = process_alloc(name);
	zx_status_t status;

	if (!process)
		return ZX_ERR_NO_MEMORY;
	process->era = era;
	process->object.related_koid = job->object.koid;
	status = vmar__create_root(process, &process->root_vmar);
	if (status == ZX_OK) {
		object__get(&process->object); /* the host's, given back when it has ended */
		status = core_host.process_create(process);
		if (status == ZX_OK)
			status = add_to_job(job, process);
		else
			object__put(&process->object);
	}
	if (status != ZX_OK) {
		/* The tree refers to the process: without this neither would ever be freed. */
		vmar__destroy_root(process);
		object__put(&process->object);
		return status;
	}
	*out = process;
	return ZX_OK;
}

/*
 * Takes a thread that was never started off the list, whose reference to it is the caller's then.
 */
static struct thread *take_unstarted(struct process *process)
{
	struct thread *thread = NULL;

	object__lock(&process->object);
	if (!list__empty(&process->threads)) {
		thread = list_first(&process->threads, struct thread, process_node);
		list__remove(&thread->process_node);
	}
	object__unlock(&process->object);
	return thread;
}

/* Ends what @process leaves behind, once neither its threads nor its Linux process exist. */
static void process_finish(struct process *process)
{
	struct job *critical_job;
	struct thread *thread;

	/* They stay what they are, and cannot be started any more. */
	while ((thread = take_unstarted(process)))
		object__put(&thread->object);
	exception_place__close(&process->handler);
	exception_place__close(&process->debugger);
	vmar__destroy_root(process);
	handle_table__destroy(process);

	object__lock(&process->object);
	process->state = PROCESS_DEAD;
	critical_job = process->critical_job;
	object__update_signals_locked(&process->object, 0, ZX_PROCESS_TERMINATED);
	object__unlock(&process->object);
	job__remove_process(process->job, process);
	if (critical_job && (!process->critical_retcode_nonzero || process->return_code))
		job__kill(critical_job, era__of(process->era)->retcode_critical);
	object__put(&process->object); /* the host's reference */
}

static bool finish_due_locked(struct process *process)
{
	if (process->state != PROCESS_DYING || !process->host_gone || process->live_threads ||
	    process->finishing)
		return false;
	process->finishing = true;
	return true;
}

void process__kill(struct process *process, int64_t return_code)
{
	struct thread *thread;

	object__lock(&process->object);
	if (process->state >= PROCESS_DYING) {
		object__unlock(&process->object);
		return;
	}
	process->state = PROCESS_DYING;
	process->return_code = return_code;
	list_for_each(thread, &process->threads, process_node)
		thread__kill_started(thread);
	object__unlock(&process->object);
	runtime__process_ends(process);
	core_host.process_kill(process);
}

void process__crash(struct thread *self, const char *what)
{
	core_host.report_exception(self, what);
	process__kill(self->process, era__of(self->process->era)->retcode_exception);
}

void process__host_gone(struct process *process)
{
	bool finish;

	/* It died under somebody's SIGKILL, or for want of memory: no call had asked for it. */
	process__kill(process, era__of(process->era)->retcode_kill);
	object__lock(&process->object);
	process->host_gone = true;
	finish = finish_due_locked(process);
	object__unlock(&process->object);
	if (finish)
		process_finish(process);
}

void process__thread_gone(struct process *process, struct thread *thread)
{
	bool listed;
	bool last;
	bool finish;

	object__lock(&process->object);
	listed = list__linked(&thread->process_node);
	list__remove(&thread->process_node);
	process->live_threads--;
	last = !process->live_threads && process->state == PROCESS_RUNNING;
	finish = finish_due_locked(process);
	object__unlock(&process->object);
	if (listed)
		object__put(&thread->object);
	if (finish)
		process_finish(process);
	else if (last)
		process__kill(process, 0);
}
