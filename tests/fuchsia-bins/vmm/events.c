#include "events.h"

#include <zircon/errors.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>

static void run(void *arg)
{
	struct events *events = arg;
	zx_port_packet_t packet;

	while (zx_port_wait(events->port, ZX_TIME_INFINITE, &packet) == ZX_OK) {
		switch (packet.key) {
		case EVENT_TIMER_SET:
			timer__arm(events->timer, (zx_duration_t)packet.user.u64[0]);
			break;
		case EVENT_TICK:
			timer__tick(events->timer);
			break;
		case EVENT_BELL:
			journal__print(events->machine);
			break;
		case EVENT_LIMIT:
			zx_vcpu_kick(events->machine->vcpu);
			break;
		default:
			return;
		}
	}
}

zx_status_t events__create(struct events *events, struct machine *machine, struct timer *timer)
{
	events->machine = machine;
	events->timer = timer;
	return zx_port_create(0, &events->port);
}

zx_status_t events__start(struct events *events, zx_duration_t limit)
{
	zx_status_t status = ZX_OK;

	if (limit) {
		status = zx_timer_create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC, &events->limit);
		if (status == ZX_OK)
			status = zx_object_wait_async(events->limit, events->port, EVENT_LIMIT,
						      ZX_TIMER_SIGNALED, 0);
		if (status == ZX_OK)
			status = zx_timer_set(events->limit, zx_deadline_after(limit), 0);
	}
	if (status == ZX_OK)
		status = rt_thread__start(&events->thread, "events", run, events);
	return status;
}

void events__stop(struct events *events)
{
	const zx_port_packet_t packet = { .key = EVENT_STOP, .type = ZX_PKT_TYPE_USER };

	if (zx_port_queue(events->port, &packet) == ZX_OK)
		rt_thread__join(&events->thread);
}
