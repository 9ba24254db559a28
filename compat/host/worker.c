/* The supervisor's thread behind each program thread: it runs the calls, and blocks in them. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zxabi/calls.h>

#include "compat/core/channel.h"
#include "compat/core/exception.h"
#include "compat/host/host.h"
#include "compat/host/trace.h"

/*
 * A fraction of it would do. But libc keeps 40 MiB of the stacks of threads that have ended, with
 * what they have touched: of large ones these are few.
 */
#define STACK_SIZE (4u << 20)
/* How long a thread that is to end may take before it is told, and told again. */
#define EXIT_PATIENCE_NS 1000000ll

static __thread struct worker *self;

struct worker *host__worker_self(void)
{
	return self;
}

int host__start_pthread(void *(*run)(void *), void *arg)
{
	pthread_attr_t attributes;
	sigset_t all;
	sigset_t old;
	pthread_t id;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	/* Signals to zxrun are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&id, &attributes, run, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attributes);
	return -error;
}

/* Shows the call the buffers that came with it. The slot is read once: a program may change it. */
static void open_windows(struct thread *thread, struct zxabi_slot *slot)
{
	uint32_t count = __atomic_load_n(&slot->carried_count, __ATOMIC_RELAXED);

	thread->windows = 0;
	for (uint32_t i = 0; i < count && i < ZXABI_CARRIED; i++) {
		const volatile struct zxabi_carried *from = &slot->carried[i];
		struct zxabi_carried carried = {
			.addr = from->addr,
			.size = from->size,
			.offset = from->offset,
			.dir = from->dir,
		};

		if (carried.offset > ZXABI_BUFFER_SIZE ||
		    carried.size > ZXABI_BUFFER_SIZE - carried.offset)
			carried.size = 0;
		thread->window[thread->windows++] = (struct user_window){
			.addr = carried.addr,
			.size = carried.size,
			.in = carried.dir & 1,
			.out = (carried.dir & 2) != 0,
			.data = (char *)slot + ZXABI_SLOT_HEADER + carried.offset,
		};
	}
}

static void close_windows(struct thread *thread, struct zxabi_slot *slot)
{
	for (uint32_t i = 0; i < thread->windows; i++)
		slot->carried[i].written = thread->window[i].written;
	thread->windows = 0;
}

/* The call is made again when the thread is no longer suspended; the shim sees to that. */
static void retry_later(struct worker *worker, uint32_t nr, const uint64_t args[8])
{
	worker->retried = nr;
	memcpy(worker->retried_args, args, sizeof(worker->retried_args));
	__atomic_fetch_or(&worker->slot->stop, ZXABI_STOP_RETRY, __ATOMIC_SEQ_CST);
}

/* A call that was left half done is forgotten where the thread does something else instead. */
static void check_half_call(struct worker *worker, uint32_t nr, const uint64_t args[8])
{
	if (!worker->thread->half_call)
		return;
	if (worker->retried != nr ||
	    memcmp(worker->retried_args, args, sizeof(worker->retried_args)))
		channel__forget_call(worker->thread);
}

static void run_zircon_call(struct worker *worker, uint32_t nr)
{
	struct zxabi_slot *slot = worker->slot;
	struct thread *thread = worker->thread;
	uint64_t args[8];
	int64_t result;

	/* It has found a way around the end of its last call, see below. */
	if (thread->noted)
		exception__raise_noted(thread);
	memcpy(args, slot->args, sizeof(args));
	check_half_call(worker, nr, args);
	thread->call = nr;
	open_windows(thread, slot);
	if (host__tracing)
		trace__enter(worker, nr, args);
	do
		result = core_dispatch(thread, nr, args);
	while (result == ZX_ERR_INTERNAL_INTR_RETRY && !thread__suspend_asked(thread));
	if (host__tracing)
		trace__leave(worker, result);
	close_windows(thread, slot);
	if (result == ZX_ERR_INTERNAL_INTR_RETRY)
		retry_later(worker, nr, args);
	/* Raised at the end of the call, where the registers are known: see host__stop(). */
	if (thread->noted)
		__atomic_fetch_or(&slot->stop, ZXABI_STOP_ASKED, __ATOMIC_SEQ_CST);
	slot->result = result;
}

/* Whether the next one may follow at once: one that stood still goes on with program code. */
static bool run_call(struct worker *worker)
{
	bool soon = false;
	uint32_t nr = __atomic_load_n(&worker->slot->nr, __ATOMIC_RELAXED);

	__atomic_store_n(&worker->in_call, true, __ATOMIC_RELAXED);
	switch (nr) {
	case ZXABI_CALL_EXCEPTION:
		/* Of pages that are not there yet the next one may be wanted next. */
		soon = !host__exception(worker);
		host__stop(worker);
		break;
	case ZXABI_CALL_FAULT:
		worker->slot->result = host__resolve_fault(worker);
		soon = true;
		break;
	case ZXABI_CALL_START:
		host__thread_starting(worker);
		host__stop(worker);
		break;
	case ZXABI_CALL_STOP:
		host__noted_exception(worker);
		host__stop(worker);
		break;
	default:
		run_zircon_call(worker, nr);
		soon = true;
	}
	__atomic_store_n(&worker->in_call, false, __ATOMIC_RELEASE);
	return soon;
}

/* Serves calls until the thread, or its process, is to end. */
static void serve(struct worker *worker)
{
	bool soon = true;

	for (;;) {
		uint32_t state = slot__wait(worker, ZXABI_DONE, soon);

		if (state & (ZXABI_DEAD | ZXABI_KILL) || thread__killed(worker->thread))
			return;
		soon = run_call(worker);
		if (thread__killed(worker->thread))
			return;
		slot__set(worker, ZXABI_DONE);
	}
}

/* Has the Linux thread end, and waits until it has. */
static void finish(struct worker *worker)
{
	struct host_process *host = worker->host;
	struct zxabi_slot *slot = worker->slot;

	__atomic_store_n(&slot->exit, 1, __ATOMIC_SEQ_CST);
	slot__set(worker, ZXABI_DONE);
	for (;;) {
		uint32_t tid = __atomic_load_n(&slot->tid, __ATOMIC_ACQUIRE);

		if (!tid || __atomic_load_n(&host->gone, __ATOMIC_SEQ_CST))
			return;
		/*
		 * One that waited for an answer ends by itself; one that runs program code must
		 * be told.
		 */
		if (host__futex_wait(&slot->tid, tid, host__monotonic() + EXIT_PATIENCE_NS))
			continue;
		host__interrupt(worker, ZXABI_KILL_SIGNAL);
	}
}

static void free_slot(struct host_process *host, uint32_t index)
{
	pthread_mutex_lock(&host->lock);
	__atomic_store_n(&host->slot_used[index], 0, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&host->lock);
}

/* From here on nobody finds the worker through its thread. */
static void detach(struct thread *thread)
{
	object__lock(&thread->object);
	__atomic_store_n(&thread->host, NULL, __ATOMIC_RELAXED);
	object__unlock(&thread->object);
}

/* The process may end before its starter knows how the start went. */
static uint32_t wait_launch(struct worker *worker)
{
	uint32_t launch;

	while (!(launch = __atomic_load_n(&worker->launch, __ATOMIC_ACQUIRE)))
		host__futex_wait(&worker->launch, LAUNCH_PENDING, ZX_TIME_INFINITE);
	return launch;
}

static void set_launch(struct worker *worker, uint32_t launch)
{
	__atomic_store_n(&worker->launch, launch, __ATOMIC_RELEASE);
	/* The worker may be gone now: its address only serves as the futex's name. */
	host__futex_wake(&worker->launch, 1);
}

static void worker_free(struct worker *worker)
{
	struct thread *thread = worker->thread;
	struct process *process = thread->process;

	object__put(&thread->object);
	object__put(&process->object);
	free(worker);
}

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	struct thread *thread = worker->thread;
	bool launched;

	self = worker;
	if (host__tracing)
		trace__thread_begins(worker, worker->slot->entry);
	serve(worker);
	launched = wait_launch(worker) == LAUNCH_DONE;
	if (host__tracing)
		trace__thread_ends(worker, launched);
	if (launched)
		finish(worker);
	if (launched)
		detach(thread);
	host__clear_breakpoints(worker);
	free_slot(worker->host, worker->slot_index);
	if (launched)
		thread__host_gone(thread);
	worker_free(worker);
	return NULL;
}

static void prepare_slot(struct zxabi_slot *slot, uint32_t index, const struct thread_entry *entry)
{
	memset(slot, 0, sizeof(*slot));
	slot->state = ZXABI_DONE;
	slot->index = index;
	slot->tid = ZXABI_TID_STARTING;
	slot->entry = entry->pc;
	slot->entry_stack = entry->sp;
	slot->entry_arg1 = entry->arg1;
	slot->entry_arg2 = entry->arg2;
	slot->entry_tp = entry->tp;
	slot->entry_abi_reg = entry->abi_reg;
}

/* A free slot, prepared for a thread that begins at @entry; -1 where all are taken. */
static int take_slot(struct host_process *host, const struct thread_entry *entry)
{
	int index;

	pthread_mutex_lock(&host->lock);
	for (index = 0; index < ZXABI_THREADS && host->slot_used[index]; index++)
		;
	if (index < ZXABI_THREADS && !host->gone) {
		prepare_slot(host__slot(host, (uint32_t)index), (uint32_t)index, entry);
		/* Last: from here on the end of the process is told to it. */
		__atomic_store_n(&host->slot_used[index], 1, __ATOMIC_RELEASE);
	} else {
		index = -1;
	}
	pthread_mutex_unlock(&host->lock);
	return index;
}

static struct worker *worker_create(struct thread *thread, uint32_t index)
{
	struct host_process *host = thread->process->host;
	struct worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	worker->thread = thread;
	worker->host = host;
	worker->slot_index = index;
	worker->slot = host__slot(host, index);
	/*
	 * The worker uses the host's part of the process until its very end; and where the start
	 * fails, the one who started it forgets the thread while the worker still looks at it.
	 */
	object__get(&thread->process->object);
	object__get(&thread->object);
	object__lock(&thread->object);
	__atomic_store_n(&thread->host, worker, __ATOMIC_RELAXED);
	object__unlock(&thread->object);
	return worker;
}

zx_status_t host__thread_start(struct thread *caller, struct thread *thread,
			       const struct thread_entry *entry)
{
	struct host_process *host = thread->process->host;
	struct zxabi_action action = { .op = ZXABI_START };
	struct worker *worker;
	zx_status_t status;
	int index = take_slot(host, entry);

	if (index < 0)
		return ZX_ERR_NO_RESOURCES;
	worker = worker_create(thread, (uint32_t)index);
	if (!worker) {
		free_slot(host, (uint32_t)index);
		return ZX_ERR_NO_MEMORY;
	}
	if (host__start_pthread(worker_main, worker)) {
		detach(thread);
		free_slot(worker->host, worker->slot_index);
		worker_free(worker);
		return ZX_ERR_NO_RESOURCES;
	}
	/* From here on whoever wants it to stop finds the worker; before that it is seen here. */
	if (thread__suspend_asked(thread) || exception__start_watched(thread))
		__atomic_fetch_or(&worker->slot->stop, ZXABI_STOP_ASKED, __ATOMIC_SEQ_CST);
	action.prot = (uint32_t)index;
	status = host__act(caller, thread->process, &action, -1);
	/* The thread may have run, and ended the process, before the agent could answer. */
	if (status == ZX_ERR_BAD_STATE &&
	    __atomic_load_n(&worker->slot->tid, __ATOMIC_ACQUIRE) != ZXABI_TID_STARTING)
		status = ZX_OK;
	if (status == ZX_OK) {
		set_launch(worker, LAUNCH_DONE);
		return ZX_OK;
	}
	detach(thread);
	/* In this order: once the launch is decided, the worker gives the slot to others. */
	slot__flag(worker->slot, ZXABI_KILL);
	set_launch(worker, LAUNCH_FAILED);
	return status;
}

void host__thread_kill(struct thread *thread)
{
	struct worker *worker;

	object__lock(&thread->object);
	worker = thread->host;
	if (worker)
		slot__flag(worker->slot, ZXABI_KILL);
	object__unlock(&thread->object);
}

void host__release_workers(struct host_process *host)
{
	for (uint32_t i = 0; i < ZXABI_THREADS; i++) {
		if (__atomic_load_n(&host->slot_used[i], __ATOMIC_ACQUIRE)) {
			slot__flag(host__slot(host, i), ZXABI_DEAD);
			host__futex_wake(&host__slot(host, i)->tid, INT32_MAX);
		}
	}
}
