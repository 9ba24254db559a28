/*
 * The dispatcher: one thread that serves all connections of all services. It waits on objects of
 * the core, and runs work that other threads hand to it. State of services is touched on this
 * thread only, and needs no locks.
 */
#ifndef COMPAT_SERVICES_DISPATCH_H
#define COMPAT_SERVICES_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>

struct object;

/* A wait for signals of an object. Belongs to the service; must stay while it is armed. */
struct dispatch_wait {
	/* Runs once, no longer armed, with the signals that were active. */
	void (*ready)(struct dispatch_wait *wait, uint32_t observed);
	bool armed;
};

/* A piece of work. Belongs to whoever posts it; must stay until @run is called. */
struct dispatch_work {
	void (*run)(struct dispatch_work *work);
	struct dispatch_work *next;
};

/*
 * Arms @wait; only on the dispatcher's thread. The caller keeps @object referenced until the wait
 * is over. Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t dispatch__wait(struct dispatch_wait *wait, struct object *object, uint32_t signals);
/* Disarms @wait, armed or not; only on the dispatcher's thread. */
void dispatch__cancel(struct dispatch_wait *wait);

/*
 * Has @work run on the dispatcher's thread; from any thread. Work runs in the order of posting.
 * Starts the thread where it does not run; fails only then: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES.
 */
zx_status_t dispatch__post(struct dispatch_work *work);

/*
 * Brackets an operation that another thread works on and that ends with posted work; the dispatcher
 * does not stop in between. Only on the dispatcher's thread.
 */
void dispatch__begin(void);
void dispatch__end(void);

/*
 * Ends the thread. @shut_down runs on it first, and again after each piece of work, until it
 * returns true and no operation is under way.
 */
void dispatch__stop(bool (*shut_down)(void));

#endif
