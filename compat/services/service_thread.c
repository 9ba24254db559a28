#include "compat/services/service_thread.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "compat/core/object.h"
#include "compat/core/thread.h"
#include "compat/host/io_thread.h"

/* Interrupts blocking calls; its handler does nothing. */
#define SIGNAL_INTERRUPT (SIGRTMIN + 7)
#define INTERRUPT_PERIOD_NS 1000000

zx_status_t service_thread__start(struct service_thread *thread, const char *name,
				  void *(*main)(void *arg), void *arg)
{
	thread->self = thread__create_internal(name);
	if (!thread->self)
		return ZX_ERR_NO_MEMORY;
	if (io_thread__start(&thread->id, main, arg)) {
		object__put(&thread->self->object);
		thread->self = NULL;
		return ZX_ERR_NO_RESOURCES;
	}
	return ZX_OK;
}

void service_thread__join(struct service_thread *thread)
{
	pthread_join(thread->id, NULL);
	object__put(&thread->self->object);
	thread->self = NULL;
}

static void ignore(int signal)
{
	(void)signal;
}

void service_thread__allow_interrupt(void)
{
	struct sigaction action;
	sigset_t set;

	/* Without SA_RESTART, so that the call ends. */
	memset(&action, 0, sizeof(action));
	action.sa_handler = ignore;
	sigaction(SIGNAL_INTERRUPT, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGNAL_INTERRUPT);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

bool service_thread__stopping(const struct service_thread *thread)
{
	return __atomic_load_n(&thread->self->killed, __ATOMIC_ACQUIRE);
}

/* A signal that comes just before the call is lost: hence more than one. */
void service_thread__stop(struct service_thread *thread)
{
	const struct timespec period = { .tv_nsec = INTERRUPT_PERIOD_NS };

	if (!thread->self)
		return;
	thread__kill(thread->self);
	while (pthread_tryjoin_np(thread->id, NULL)) {
		pthread_kill(thread->id, SIGNAL_INTERRUPT);
		nanosleep(&period, NULL);
	}
	object__put(&thread->self->object);
	thread->self = NULL;
}
