#include "compat/services/service_thread.h"

#include <signal.h>

#include "compat/core/object.h"
#include "compat/core/thread.h"

#define STACK_SIZE (256u << 10)

static int start_blocked(pthread_t *id, void *(*main)(void *), void *arg)
{
	pthread_attr_t attr;
	sigset_t all;
	sigset_t before;
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	sigfillset(&all);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(id, &attr, main, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

zx_status_t service_thread__start(struct service_thread *thread, const char *name,
				  void *(*main)(void *arg), void *arg)
{
	thread->self = thread__create_internal(name);
	if (!thread->self)
		return ZX_ERR_NO_MEMORY;
	if (start_blocked(&thread->id, main, arg)) {
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

void service_thread__stop(struct service_thread *thread, bool cancel)
{
	if (!thread->self)
		return;
	thread__kill(thread->self);
	if (cancel)
		pthread_cancel(thread->id);
	service_thread__join(thread);
}
