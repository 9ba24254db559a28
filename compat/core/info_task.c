/* Topics about jobs, processes and threads. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/info.h"
#include "compat/core/runtime.h"

/* --- processes --- */

static void read_process(struct process *process, zx_info_process_t *out)
{
	memset(out, 0, sizeof(*out));
	object__lock(&process->object);
	out->return_code = process->return_code;
	out->started = process->state != PROCESS_NEW;
	out->exited = process->state >= PROCESS_DYING;
	object__unlock(&process->object);
	out->debugger_attached = exception_place__bound(&process->debugger);
}

zx_status_t info__process(const struct info_request *request)
{
	zx_info_process_v2_t v2;
	zx_info_process_t v1;
	struct process *process;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS, request->era->right_info, &process);
	if (status != ZX_OK)
		return status;
	read_process(process, &v1);
	memset(&v2, 0, sizeof(v2));
	v2.return_code = v1.return_code;
	v2.start_time = process->start_time;
	v2.flags = (v1.started ? ZX_INFO_PROCESS_FLAG_STARTED : 0) |
		   (v1.exited ? ZX_INFO_PROCESS_FLAG_EXITED : 0) |
		   (v1.debugger_attached ? ZX_INFO_PROCESS_FLAG_DEBUGGER_ATTACHED : 0);
	object__put(&process->object);
	if (request->version)
		return info__single(request, &v2, sizeof(v2));
	return info__single(request, &v1, sizeof(v1));
}

/* --- lists of koids --- */

struct koids {
	zx_koid_t *list;
	size_t room;
	size_t count; /* of all, also those that found no room */
};

static void koids__add(struct koids *koids, zx_koid_t koid)
{
	if (koids->count < koids->room)
		koids->list[koids->count] = koid;
	koids->count++;
}

static void add_threads_locked(struct koids *koids, struct object *object)
{
	struct process *process = (struct process *)object;
	struct thread *thread;

	/* One that was never started is nobody's thread yet. */
	list_for_each(thread, &process->threads, process_node) {
		if (thread__started(thread))
			koids__add(koids, thread->object.koid);
	}
}

static void add_jobs_locked(struct koids *koids, struct object *object)
{
	struct job *job = (struct job *)object;
	struct job *child;

	list_for_each(child, &job->jobs, parent_node)
		koids__add(koids, child->object.koid);
}

static void add_processes_locked(struct koids *koids, struct object *object)
{
	struct job *job = (struct job *)object;
	struct process *process;

	list_for_each(process, &job->processes, job_node)
		koids__add(koids, process->object.koid);
}

/*
 * What @add finds, at one moment. The number is asked for first, since nothing can be allocated
 * or copied under the lock.
 */
static zx_status_t list_koids(const struct info_request *request, uint32_t type,
			      void (*add)(struct koids *koids, struct object *object))
{
	struct koids koids = { .room = 0 };
	struct object *object;
	zx_status_t status;

	status = info__get(request, type, ZX_RIGHT_ENUMERATE, &object);
	if (status != ZX_OK)
		return status;
	object__lock(object);
	add(&koids, object);
	object__unlock(object);
	koids.room = koids.count;
	if (koids.room > info__room(request, sizeof(zx_koid_t)))
		koids.room = info__room(request, sizeof(zx_koid_t));
	if (koids.room) {
		koids.list = arena__alloc_raw(koids.room * sizeof(zx_koid_t));
		if (!koids.list)
			status = ZX_ERR_NO_MEMORY;
	}
	if (status == ZX_OK) {
		koids.count = 0;
		object__lock(object);
		add(&koids, object);
		object__unlock(object);
		status = info__list(request, koids.list, sizeof(zx_koid_t),
				    koids.count < koids.room ? koids.count : koids.room,
				    koids.count);
	}
	arena__free(koids.list);
	object__put(object);
	return status;
}

zx_status_t info__process_threads(const struct info_request *request)
{
	return list_koids(request, ZX_OBJ_TYPE_PROCESS, add_threads_locked);
}

zx_status_t info__job_children(const struct info_request *request)
{
	return list_koids(request, ZX_OBJ_TYPE_JOB, add_jobs_locked);
}

zx_status_t info__job_processes(const struct info_request *request)
{
	return list_koids(request, ZX_OBJ_TYPE_JOB, add_processes_locked);
}

/* --- jobs --- */

zx_status_t info__job(const struct info_request *request)
{
	zx_info_job_t info;
	struct job *job;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_JOB, ZX_RIGHT_INSPECT, &job);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	object__lock(&job->object);
	info.return_code = job->return_code;
	info.exited = job->killed;
	info.kill_on_oom = job->kill_on_oom;
	object__unlock(&job->object);
	info.debugger_attached = exception_place__bound(&job->debugger);
	object__put(&job->object);
	return info__single(request, &info, sizeof(info));
}

/* --- threads --- */

static zx_thread_state_t state_of(struct thread *thread)
{
	uint32_t blocked = __atomic_load_n(&thread->in_exception, __ATOMIC_RELAXED) ?
				   ZX_THREAD_STATE_BLOCKED_EXCEPTION :
				   __atomic_load_n(&thread->blocked, __ATOMIC_RELAXED);
	uint32_t state;

	object__lock(&thread->object);
	state = thread->state;
	object__unlock(&thread->object);
	switch (state) {
	case THREAD_NEW:
		return ZX_THREAD_STATE_NEW;
	case THREAD_DEAD:
		return ZX_THREAD_STATE_DEAD;
	case THREAD_DYING:
		return ZX_THREAD_STATE_DYING;
	default:
		if (__atomic_load_n(&thread->killed, __ATOMIC_RELAXED))
			return ZX_THREAD_STATE_DYING;
		if (state == THREAD_SUSPENDED)
			return ZX_THREAD_STATE_SUSPENDED;
		return blocked ? blocked : ZX_THREAD_STATE_RUNNING;
	}
}

zx_status_t info__thread(const struct info_request *request)
{
	zx_info_thread_2018_t old;
	zx_info_thread_t info;
	struct thread *thread;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_THREAD, request->era->right_info, &thread);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	info.state = state_of(thread);
	info.wait_exception_channel_type = exception__wait_type(thread);
	object__lock(&thread->object);
	if (!request->era->dead_thread_empty || !thread__ended(thread))
		info.cpu_affinity_mask.mask[0] = thread->affinity;
	object__unlock(&thread->object);
	object__put(&thread->object);
	if (request->era->info_2018) {
		old.state = info.state;
		old.wait_exception_port_type = info.wait_exception_channel_type;
		return info__single(request, &old, sizeof(old));
	}
	return info__single(request, &info, sizeof(info));
}

zx_status_t info__thread_stats(const struct info_request *request)
{
	zx_info_thread_stats_2018_t old;
	struct host_runtime runtime;
	zx_info_thread_stats_t info;
	struct thread *thread;
	zx_status_t status;
	bool empty;

	status = info__get(request, ZX_OBJ_TYPE_THREAD, request->era->right_info, &thread);
	if (status != ZX_OK)
		return status;
	empty = request->era->dead_thread_empty && thread__ended(thread);
	runtime__of_thread(thread, &runtime);
	memset(&info, 0, sizeof(info));
	info.total_runtime = runtime.cpu;
	info.last_scheduled_cpu = runtime.last_cpu;
	object__put(&thread->object);
	if (empty)
		return ZX_ERR_BAD_STATE;
	if (request->era->info_2018) {
		old.total_runtime = info.total_runtime;
		return info__single(request, &old, sizeof(old));
	}
	return info__single(request, &info, sizeof(info));
}

/* The first form of the report ends before synth_code. */
zx_status_t info__thread_exception_report(const struct info_request *request)
{
	zx_exception_report_v2_t report;
	zx_exception_report_v1_t v1;
	struct thread *thread;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_THREAD, request->era->right_info, &thread);
	if (status != ZX_OK)
		return status;
	status = exception__report(thread, &report);
	object__put(&thread->object);
	if (status != ZX_OK)
		return status;
	if (request->version)
		return info__single(request, &report, sizeof(report));
	memcpy(&v1, &report, sizeof(v1));
	v1.header.size = sizeof(v1);
	return info__single(request, &v1, sizeof(v1));
}

static zx_status_t read_runtime(struct object *object, struct host_runtime *out)
{
	switch (object->type) {
	case ZX_OBJ_TYPE_THREAD:
		runtime__of_thread((struct thread *)object, out);
		return ZX_OK;
	case ZX_OBJ_TYPE_PROCESS:
		runtime__of_process((struct process *)object, out);
		return ZX_OK;
	case ZX_OBJ_TYPE_JOB:
		runtime__of_job((struct job *)object, out);
		return ZX_OK;
	default:
		return ZX_ERR_WRONG_TYPE;
	}
}

zx_status_t info__task_runtime(const struct info_request *request)
{
	zx_info_task_runtime_v2_t v2;
	zx_info_task_runtime_t v1;
	struct host_runtime runtime;
	struct object *object;
	zx_status_t status;

	memset(&v1, 0, sizeof(v1));
	memset(&v2, 0, sizeof(v2));
	status = info__get(request, ZX_OBJ_TYPE_NONE, ZX_RIGHT_INSPECT, &object);
	if (status != ZX_OK)
		return status;
	status = read_runtime(object, &runtime);
	object__put(object);
	if (status != ZX_OK)
		return status;
	v1.cpu_time = runtime.cpu;
	v1.queue_time = runtime.queued;
	v2.cpu_time = runtime.cpu;
	v2.queue_time = runtime.queued;
	if (request->version)
		return info__single(request, &v2, sizeof(v2));
	return info__single(request, &v1, sizeof(v1));
}
