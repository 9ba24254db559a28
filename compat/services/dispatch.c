#include "compat/services/dispatch.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>

#include "compat/core/handle.h"
#include "compat/core/port.h"
#include "compat/services/service_thread.h"

/* The key of the packet that says "work was posted"; waits have their address as key. */
#define KEY_WORK 0u

static struct {
	pthread_mutex_t lock; /* for start and stop, and the list of work */
	bool running;
	struct service_thread thread;
	struct handle port;
	struct dispatch_work *first;
	struct dispatch_work *last;
	/* Only on the thread. */
	unsigned int operations;
	bool (*shut_down)(void);
} dispatcher = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct port *the_port(void)
{
	return (struct port *)dispatcher.port.object;
}

static struct dispatch_work *take_work(void)
{
	struct dispatch_work *work;

	pthread_mutex_lock(&dispatcher.lock);
	work = dispatcher.first;
	dispatcher.first = NULL;
	dispatcher.last = NULL;
	pthread_mutex_unlock(&dispatcher.lock);
	return work;
}

static void run_work(void)
{
	struct dispatch_work *work = take_work();

	while (work) {
		struct dispatch_work *next = work->next;

		work->run(work);
		work = next;
	}
}

static void handle_packet(const zx_port_packet_t *packet)
{
	struct dispatch_wait *wait = (struct dispatch_wait *)(uintptr_t)packet->key;

	if (packet->key == KEY_WORK) {
		run_work();
	} else {
		wait->armed = false;
		wait->ready(wait, packet->signal.observed);
	}
}

static bool finished(void)
{
	return dispatcher.shut_down && dispatcher.shut_down() && !dispatcher.operations;
}

static void *dispatch_main(void *arg)
{
	zx_port_packet_t packet;

	(void)arg;
	while (!finished()) {
		if (port__wait(dispatcher.thread.self, the_port(), ZX_TIME_INFINITE, &packet) !=
		    ZX_OK)
			break;
		handle_packet(&packet);
	}
	return NULL;
}

static zx_status_t start_locked(void)
{
	struct port *port;
	zx_status_t status = port__create(0, &port);

	if (status != ZX_OK)
		return status;
	dispatcher.port = handle__make(&port->object, ZX_DEFAULT_PORT_RIGHTS);
	dispatcher.shut_down = NULL;
	status = service_thread__start(&dispatcher.thread, "services", dispatch_main, NULL);
	if (status != ZX_OK) {
		handle__close(&dispatcher.port);
		return status;
	}
	dispatcher.running = true;
	return ZX_OK;
}

/* Work must not get lost, so a port without memory for a packet is asked again. */
static void ring_bell(void)
{
	zx_port_packet_t packet;

	memset(&packet, 0, sizeof(packet));
	packet.key = KEY_WORK;
	packet.type = ZX_PKT_TYPE_USER;
	while (port__queue_user(the_port(), &packet, NULL) != ZX_OK)
		sched_yield();
}

zx_status_t dispatch__post(struct dispatch_work *work)
{
	zx_status_t status = ZX_OK;
	bool first = false;

	work->next = NULL;
	pthread_mutex_lock(&dispatcher.lock);
	if (!dispatcher.running)
		status = start_locked();
	if (status == ZX_OK) {
		first = !dispatcher.first;
		if (first)
			dispatcher.first = work;
		else
			dispatcher.last->next = work;
		dispatcher.last = work;
		if (first)
			ring_bell();
	}
	pthread_mutex_unlock(&dispatcher.lock);
	return status;
}

zx_status_t dispatch__wait(struct dispatch_wait *wait, struct object *object, uint32_t signals)
{
	zx_status_t status = port__wait_async(the_port(), object, NULL, 0, (uintptr_t)wait, signals,
					      0);

	wait->armed = status == ZX_OK;
	return status;
}

void dispatch__cancel(struct dispatch_wait *wait)
{
	if (!wait->armed)
		return;
	wait->armed = false;
	(void)port__cancel(the_port(), NULL, 0, (uintptr_t)wait);
}

void dispatch__begin(void)
{
	dispatcher.operations++;
}

void dispatch__end(void)
{
	dispatcher.operations--;
}

/* Work, so that it runs after all that was posted before. */
struct stop_work {
	struct dispatch_work work;
	bool (*shut_down)(void);
};

static void begin_stop(struct dispatch_work *work)
{
	struct stop_work *stop = (struct stop_work *)work;

	dispatcher.shut_down = stop->shut_down;
}

void dispatch__stop(bool (*shut_down)(void))
{
	struct stop_work stop = { .work = { .run = begin_stop }, .shut_down = shut_down };
	bool running;

	pthread_mutex_lock(&dispatcher.lock);
	running = dispatcher.running;
	pthread_mutex_unlock(&dispatcher.lock);
	if (!running || dispatch__post(&stop.work) != ZX_OK)
		return;
	service_thread__join(&dispatcher.thread);
	pthread_mutex_lock(&dispatcher.lock);
	dispatcher.running = false;
	handle__close(&dispatcher.port);
	pthread_mutex_unlock(&dispatcher.lock);
}
