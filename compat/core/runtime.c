#include "compat/core/runtime.h"

#include <string.h>
#include <zircon/syscalls/object.h>

#include "compat/core/core.h"

void runtime__add(struct host_runtime *sum, const struct host_runtime *part)
{
	sum->cpu += part->cpu;
	sum->queued += part->queued;
}

/* True when the thread has told its last. */
static bool thread_ended(struct thread *thread, struct host_runtime *out)
{
	bool ended;

	object__lock(&thread->object);
	ended = thread->runtime_known;
	*out = thread->runtime;
	object__unlock(&thread->object);
	return ended;
}

void runtime__of_thread(struct thread *thread, struct host_runtime *out)
{
	if (thread_ended(thread, out) || core_host.thread_runtime(thread, out))
		return;
	memset(out, 0, sizeof(*out));
	out->last_cpu = ZX_INFO_INVALID_CPU;
}

/* The thread after the one that has koid @after, referenced. */
static struct thread *next_thread(struct process *process, zx_koid_t after)
{
	struct thread *found = NULL;
	struct thread *thread;

	object__lock(&process->object);
	list_for_each(thread, &process->threads, process_node) {
		if (thread->object.koid > after && object__try_get(&thread->object)) {
			found = thread;
			break;
		}
	}
	object__unlock(&process->object);
	return found;
}

void runtime__of_process(struct process *process, struct host_runtime *out)
{
	struct host_runtime part;
	struct thread *thread;
	zx_koid_t after = 0;
	bool ended;

	object__lock(&process->object);
	ended = process->runtime_known;
	*out = process->runtime;
	object__unlock(&process->object);
	if (ended)
		return;
	/* The host counts the whole process's time, but not its threads' waiting. */
	out->cpu = core_host.process_runtime(process);
	while ((thread = next_thread(process, after))) {
		after = thread->object.koid;
		if (!thread_ended(thread, &part) && core_host.thread_runtime(thread, &part))
			out->queued += part.queued;
		object__put(&thread->object);
	}
}

void runtime__of_job(struct job *job, struct host_runtime *out)
{
	struct host_runtime part;
	struct process *process;
	struct job *child;
	zx_koid_t after = 0;

	object__lock(&job->object);
	*out = job->runtime;
	object__unlock(&job->object);
	while ((process = job__next_process(job, after))) {
		after = process->object.koid;
		runtime__of_process(process, &part);
		runtime__add(out, &part);
		object__put(&process->object);
	}
	after = 0;
	while ((child = job__next_job(job, after))) {
		after = child->object.koid;
		runtime__of_job(child, &part);
		runtime__add(out, &part);
		object__put(&child->object);
	}
}

void runtime__thread_ends(struct thread *thread)
{
	struct process *process = thread->process;
	struct host_runtime now;

	if (!core_host.thread_runtime(thread, &now))
		return;
	object__lock(&process->object);
	object__lock(&thread->object);
	if (!thread->runtime_known) {
		thread->runtime_known = true;
		thread->runtime = now;
		process->runtime.queued += now.queued;
	}
	object__unlock(&thread->object);
	object__unlock(&process->object);
}

void runtime__process_ends(struct process *process)
{
	struct host_runtime now;

	runtime__of_process(process, &now);
	object__lock(&process->object);
	process->runtime_known = true;
	process->runtime = now;
	object__unlock(&process->object);
}
