/* Program threads that stop: how they are brought to it, and their registers meanwhile. */
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/core/suspend.h"
#include "compat/host/host.h"

static void context_load(struct worker *worker, struct thread_context *context)
{
	const struct zxabi_context *from = &worker->slot->context;
	uint32_t size = __atomic_load_n(&from->xstate_size, __ATOMIC_RELAXED);

	/* A program may write what it likes into its slot: it is looked at once. */
	context->xstate_size = size <= ZXABI_XSTATE_SIZE ? size : 0;
	context->regs = from->regs;
	memcpy(context->xstate, from->xstate, sizeof(context->xstate));
	context->changed = false;
	context->in_call = false;
	context->no_registers = false;
}

static void context_store(struct worker *worker, const struct thread_context *context)
{
	struct zxabi_context *to = &worker->slot->context;

	if (!context->changed)
		return;
	to->regs = context->regs;
	memcpy(to->xstate, context->xstate, sizeof(to->xstate));
	to->xstate_size = context->xstate_size;
	to->changed = 1;
}

void host__context_open(struct worker *worker, struct thread_context *context)
{
	context_load(worker, context);
	thread__set_context(worker->thread, context);
}

void host__context_close(struct worker *worker, struct thread_context *context)
{
	thread__set_context(worker->thread, NULL);
	context_store(worker, context);
}

static void send_signal(struct host_process *host, uint32_t tid, int signal)
{
	pthread_mutex_lock(&host->lock);
	if (host->pid > 0 && tid && tid != ZXABI_TID_STARTING)
		syscall(SYS_tgkill, host->pid, tid, signal);
	pthread_mutex_unlock(&host->lock);
}

void host__interrupt(struct worker *worker, int signal)
{
	send_signal(worker->host, __atomic_load_n(&worker->slot->tid, __ATOMIC_ACQUIRE), signal);
}

void host__thread_stop(struct thread *thread)
{
	struct host_process *host = thread->process->host;
	struct worker *worker;
	uint32_t tid = 0;

	object__lock(&thread->object);
	worker = thread->host;
	if (worker) {
		__atomic_fetch_or(&worker->slot->stop, ZXABI_STOP_ASKED, __ATOMIC_SEQ_CST);
		/* One that is in a call looks at its end; another is interrupted. */
		if (!__atomic_load_n(&worker->in_call, __ATOMIC_SEQ_CST))
			tid = __atomic_load_n(&worker->slot->tid, __ATOMIC_ACQUIRE);
	}
	object__unlock(&thread->object);
	/*
	 * Without the lock, which the thread needs in order to stop. Should it have ended by now,
	 * and another one have its number: that one finds that nobody asked it to stop.
	 */
	if (tid)
		send_signal(host, tid, ZXABI_STOP_SIGNAL);
}

void host__stop(struct worker *worker)
{
	struct thread_context context;

	/* In this order: what is asked for from now on sets it again. */
	__atomic_fetch_and(&worker->slot->stop, ~ZXABI_STOP_ASKED, __ATOMIC_SEQ_CST);
	if (!thread__suspend_asked(worker->thread))
		return;
	context_load(worker, &context);
	context.in_call = __atomic_load_n(&worker->slot->in_call, __ATOMIC_RELAXED);
	thread__park(worker->thread, &context);
	context_store(worker, &context);
}
