#include <string.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/core.h"
#include "compat/core/runtime.h"

/* Keeps the lists of a job sorted by koid, which is how job__kill() finds its way through them. */
static struct list *sorted_place(struct list *head, zx_koid_t koid,
				 zx_koid_t (*koid_of)(struct list *))
{
	struct list *at = head;

	while (at->prev != head && koid_of(at->prev) > koid)
		at = at->prev;
	return at;
}

static zx_koid_t job_koid(struct list *node)
{
	return list_entry(node, struct job, parent_node)->object.koid;
}

static zx_koid_t process_koid(struct list *node)
{
	return list_entry(node, struct process, job_node)->object.koid;
}

/* Deepest nesting of jobs below the root job, as in Zircon. */
#define JOB_MAX_HEIGHT 32u

static const struct era_traits *traits(const struct job *job)
{
	return era__of(job->era);
}

static void update_signals_locked(struct job *job)
{
	uint32_t no_processes = traits(job)->job_no_processes;
	uint32_t no_jobs = traits(job)->job_no_jobs;

	object__update_signals_locked(&job->object, no_processes | no_jobs,
				      (job->process_count ? 0 : no_processes) |
					      (job->job_count ? 0 : no_jobs));
}

void job__set_era(struct job *job, uint32_t era)
{
	object__lock(&job->object);
	object__update_signals_locked(&job->object,
				      traits(job)->job_no_processes | traits(job)->job_no_jobs, 0);
	job->era = era;
	update_signals_locked(job);
	object__unlock(&job->object);
}

/* Takes @job off its parent's list, once. */
static void leave_parent(struct job *job)
{
	struct job *parent = job->parent;

	if (!parent)
		return;
	object__lock(&parent->object);
	if (list__linked(&job->parent_node)) {
		list__remove(&job->parent_node);
		runtime__add(&parent->runtime, &job->runtime);
		parent->job_count--;
		update_signals_locked(parent);
	}
	object__unlock(&parent->object);
}

/*
 * A killed job is dead once nothing is left in it: then its parent forgets it, and may be dead
 * too.
 */
static void finish_if_dead(struct job *job)
{
	while (job) {
		bool dead;

		object__lock(&job->object);
		dead = job->killed && !job->dead && !job->process_count && !job->job_count;
		job->dead |= dead;
		object__unlock(&job->object);
		if (!dead)
			return;
		exception_place__close(&job->handler);
		exception_place__close(&job->debugger);
		object__update_signals(&job->object, 0, traits(job)->job_terminated);
		leave_parent(job);
		job = job->parent;
	}
}

static void job_destroy(struct object *object)
{
	struct job *job = (struct job *)object;

	exception_place__destroy(&job->handler);
	exception_place__destroy(&job->debugger);
	if (!job->parent)
		return;
	leave_parent(job);
	finish_if_dead(job->parent);
}

static struct object *job_parent(struct object *object)
{
	struct job *parent = ((struct job *)object)->parent;

	return parent ? &parent->object : NULL;
}

const struct object_ops job_ops = {
	.name = "job",
	.default_rights = ZX_DEFAULT_JOB_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = job_destroy,
	.parent = job_parent,
};

zx_status_t job__create(struct job *parent, uint32_t era, struct job **out)
{
	struct job *job;

	if (parent && !parent->max_height)
		return ZX_ERR_OUT_OF_RANGE;
	job = object__alloc(sizeof(*job), ZX_OBJ_TYPE_JOB);
	if (!job)
		return ZX_ERR_NO_MEMORY;
	list__init(&job->parent_node);
	list__init(&job->jobs);
	list__init(&job->processes);
	exception_place__init(&job->handler, ZX_EXCEPTION_CHANNEL_TYPE_JOB);
	exception_place__init(&job->debugger, ZX_EXCEPTION_CHANNEL_TYPE_JOB_DEBUGGER);
	job->max_height = JOB_MAX_HEIGHT;
	job->era = era;
	job->object.signals = traits(job)->job_no_jobs | traits(job)->job_no_processes;
	if (parent) {
		bool killed;

		job->max_height = parent->max_height - 1;
		job->object.related_koid = parent->object.koid;
		object__lock(&parent->object);
		killed = parent->killed;
		if (!killed) {
			memcpy(job->policy, parent->policy, sizeof(job->policy));
			memcpy(job->policy_locked, parent->policy_locked,
			       sizeof(job->policy_locked));
			job->timer_slack = parent->timer_slack;
			object__get(&parent->object);
			job->parent = parent;
			list__insert_before(
				sorted_place(&parent->jobs, job->object.koid, job_koid),
				&job->parent_node);
			parent->job_count++;
			update_signals_locked(parent);
		}
		object__unlock(&parent->object);
		if (killed) {
			object__put(&job->object);
			return ZX_ERR_BAD_STATE;
		}
	}
	*out = job;
	return ZX_OK;
}

zx_status_t job__add_process(struct job *job, struct process *process)
{
	zx_status_t status = ZX_ERR_BAD_STATE;

	object__lock(&job->object);
	if (!job->killed) {
		object__get(&job->object);
		process->job = job;
		list__insert_before(
			sorted_place(&job->processes, process->object.koid, process_koid),
			&process->job_node);
		job->process_count++;
		update_signals_locked(job);
		status = ZX_OK;
	}
	object__unlock(&job->object);
	return status;
}

void job__remove_process(struct job *job, struct process *process)
{
	if (!job)
		return;
	object__lock(&job->object);
	if (list__linked(&process->job_node)) {
		list__remove(&process->job_node);
		runtime__add(&job->runtime, &process->runtime);
		job->process_count--;
		update_signals_locked(job);
	}
	object__unlock(&job->object);
	finish_if_dead(job);
}

struct process *job__next_process(struct job *job, zx_koid_t after)
{
	struct process *process;
	struct process *found = NULL;

	object__lock(&job->object);
	list_for_each(process, &job->processes, job_node) {
		if (process->object.koid > after && object__try_get(&process->object)) {
			found = process;
			break;
		}
	}
	object__unlock(&job->object);
	return found;
}

struct job *job__next_job(struct job *job, zx_koid_t after)
{
	struct job *child;
	struct job *found = NULL;

	object__lock(&job->object);
	list_for_each(child, &job->jobs, parent_node) {
		/* One whose last reference just went waits for our lock to leave the list. */
		if (child->object.koid > after && object__try_get(&child->object)) {
			found = child;
			break;
		}
	}
	object__unlock(&job->object);
	return found;
}

void job__kill(struct job *job, int64_t return_code)
{
	struct process *process;
	struct job *child;
	zx_koid_t after = 0;

	object__lock(&job->object);
	if (!job->killed) {
		job->killed = true;
		job->return_code = return_code;
	}
	object__unlock(&job->object);
	while ((process = job__next_process(job, after))) {
		after = process->object.koid;
		process__kill(process, return_code);
		object__put(&process->object);
	}
	after = 0;
	while ((child = job__next_job(job, after))) {
		after = child->object.koid;
		job__kill(child, return_code);
		object__put(&child->object);
	}
	finish_if_dead(job);
}
