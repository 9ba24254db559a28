/* Threads of the supervisor that use the core's objects and may block in the core. */
#ifndef COMPAT_SERVICES_SERVICE_THREAD_H
#define COMPAT_SERVICES_SERVICE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <zircon/types.h>

struct thread;

struct service_thread {
	struct thread *self;
	pthread_t id;
};

/*
 * Starts @main(@arg) with all signals blocked, so that signals to zxrun reach its main thread.
 * @thread->self is set before @main begins.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES.
 */
zx_status_t service_thread__start(struct service_thread *thread, const char *name,
				  void *(*main)(void *arg), void *arg);
/*
 * Asks the thread to end, and waits for it: what blocks in the core returns
 * ZX_ERR_INTERNAL_INTR_KILLED, what blocks in Linux is interrupted again and again (EINTR) in
 * threads that called service_thread__allow_interrupt().
 */
void service_thread__stop(struct service_thread *thread);
/*
 * For a thread that makes blocking calls of Linux; after EINTR it asks service_thread__stopping().
 */
void service_thread__allow_interrupt(void);
bool service_thread__stopping(const struct service_thread *thread);
/* Waits for a thread that ends by itself. */
void service_thread__join(struct service_thread *thread);

#endif
