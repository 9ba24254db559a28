#include "timer.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>

#include "events.h"
#include "platform.h"

/* On the guest's thread. The other one has the timer: so no two of them ever change it at once. */
static void write(struct device *device, uint64_t offset, uint32_t size, uint32_t value)
{
	struct timer *timer = device->data;
	const zx_port_packet_t packet = {
		.key = EVENT_TIMER_SET,
		.type = ZX_PKT_TYPE_USER,
		.user.u64 = { ZX_USEC((zx_duration_t)value) },
	};

	(void)size;
	if (offset == PLATFORM_TIMER_PERIOD)
		zx_port_queue(timer->port, &packet);
}

static uint32_t read(struct device *device, uint64_t offset, uint32_t size)
{
	struct timer *timer = device->data;

	(void)size;
	if (offset != PLATFORM_TIMER_TICKS)
		return 0;
	return __atomic_load_n(&timer->ticks, __ATOMIC_RELAXED);
}

zx_status_t timer__add(struct timer *timer, struct machine *machine, zx_handle_t port)
{
	zx_status_t status = zx_timer_create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC,
					     &timer->timer);

	timer->device = (struct device){ .name = "timer", .read = read, .write = write,
					 .data = timer };
	timer->machine = machine;
	timer->port = port;
	if (status == ZX_OK)
		status = zx_object_wait_async(timer->timer, port, EVENT_TICK, ZX_TIMER_SIGNALED, 0);
	if (status != ZX_OK)
		return status;
	return machine__add_memory(machine, &timer->device, PLATFORM_TIMER, PLATFORM_TIMER_SIZE);
}

void timer__arm(struct timer *timer, zx_duration_t period)
{
	timer->period = period;
	timer->deadline = zx_deadline_after(period);
	if (period)
		zx_timer_set(timer->timer, timer->deadline, 0);
	else
		zx_timer_cancel(timer->timer);
}

/* A tick may have come just before the timer was stopped. */
void timer__tick(struct timer *timer)
{
	zx_time_t now = zx_clock_get_monotonic();

	if (timer->period) {
		__atomic_add_fetch(&timer->ticks, 1, __ATOMIC_RELAXED);
		zx_vcpu_interrupt(timer->machine->vcpu, PLATFORM_TIMER_VECTOR);
		/* Ticks that nobody had time for are lost. */
		timer->deadline += timer->period;
		if (timer->deadline <= now)
			timer->deadline = now + timer->period;
		zx_timer_set(timer->timer, timer->deadline, 0);
	} else {
		zx_timer_cancel(timer->timer);
	}
	zx_object_wait_async(timer->timer, timer->port, EVENT_TICK, ZX_TIMER_SIGNALED, 0);
}
