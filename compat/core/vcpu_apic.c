/*
 * The local APIC of a guest's processor, by its x2APIC registers. As in Zircon it is one in name:
 * it has a timer and sends interrupts to others (which its monitor delivers), and no priorities.
 */
#include <string.h>
#include <zircon/eras.h>
#include <zircon/time.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/timer.h"
#include "compat/core/vcpu.h"

enum register_number { /* from 0x800 */
	REG_ID = 0x02,
	REG_VERSION = 0x03,
	REG_TPR = 0x08,
	REG_EOI = 0x0b,
	REG_LDR = 0x0d,
	REG_SVR = 0x0f,
	REG_ISR = 0x10, /* 8 each: in service, level-triggered, requested */
	REG_IRR_LAST = 0x27,
	REG_ESR = 0x28,
	REG_LVT_CMCI = 0x2f,
	REG_ICR = 0x30,
	REG_LVT_TIMER = 0x32,
	REG_LVT_THERMAL = 0x33,
	REG_LVT_MONITOR = 0x34,
	REG_LVT_LINT0 = 0x35,
	REG_LVT_LINT1 = 0x36,
	REG_LVT_ERROR = 0x37,
	REG_INITIAL_COUNT = 0x38,
	REG_DIVIDE = 0x3e,
	REG_SELF_IPI = 0x3f,
};

#define FIRST_MSR 0x800u
/* A version that guests take for a modern one, with seven entries of interrupts. */
#define VERSION 0x60015u
#define SVR_RESET 0xffu

#define LVT_VECTOR 0xffu
#define LVT_MASKED (1u << 16)
#define LVT_MODE (3u << 17)
#define LVT_MODE_PERIODIC (1u << 17)
#define LVT_MODE_DEADLINE (2u << 17)
#define LVT_MODE_RESERVED (3u << 17)

#define ICR_LOGICAL (1u << 11)
#define ICR_MODE(value) (uint32_t)((value) >> 8 & 7)
#define ICR_MODE_FIXED 0u
#define ICR_MODE_INIT 5u
#define ICR_MODE_STARTUP 6u
#define ICR_SHORTHAND(value) (uint32_t)((value) >> 18 & 3)
#define BROADCAST UINT32_MAX

#define NS_PER_MS 1000000ull
/* Nobody needs to be told more often, and the timers of others are served by the same thread. */
#define MIN_PERIOD_NS 20000ll

static struct timer *timer_of(struct vcpu *vcpu)
{
	return (struct timer *)vcpu->apic.timer.object;
}

zx_status_t vcpu_apic__init(struct vcpu *vcpu)
{
	struct timer *timer;
	zx_status_t status = timer__create(ZX_TIMER_SLACK_LATE, ZX_CLOCK_MONOTONIC, &timer);

	if (status != ZX_OK)
		return status;
	timer->vcpu = vcpu;
	vcpu->apic.timer = handle__make(&timer->object, 0);
	return ZX_OK;
}

void vcpu_apic__free(struct vcpu *vcpu)
{
	struct timer *timer = timer_of(vcpu);

	if (!timer)
		return;
	object__lock(&timer->object);
	timer->vcpu = NULL;
	object__unlock(&timer->object);
	handle__close(&vcpu->apic.timer);
}

static zx_duration_t ticks_to_ns(struct vcpu *vcpu, uint64_t ticks)
{
	uint64_t per_ms = core_host.vcpu_ticks_per_ms(vcpu->host);
	uint64_t ms = ticks / per_ms;

	if (ms >= INT64_MAX / NS_PER_MS)
		return INT64_MAX;
	return (zx_duration_t)(ms * NS_PER_MS + ticks % per_ms * NS_PER_MS / per_ms);
}

/* When the timer fires that begins to count now; 0 where it does not count by itself. */
static zx_time_t deadline_locked(struct vcpu *vcpu)
{
	const struct vcpu_apic *apic = &vcpu->apic;
	uint32_t mode = apic->lvt_timer & LVT_MODE;
	uint32_t shift = (apic->divide & 3) | (apic->divide >> 1 & 4);

	if (mode == LVT_MODE_DEADLINE || mode == LVT_MODE_RESERVED)
		return 0;
	shift = (shift + 1) & 7;
	return zx_time_add_duration(core_host.clock_monotonic(),
				    ticks_to_ns(vcpu, (uint64_t)apic->initial_count << shift));
}

static void set_timer(struct vcpu *vcpu, zx_time_t deadline)
{
	if (deadline > 0)
		timer__set(timer_of(vcpu), deadline, 0);
	else
		timer__cancel(timer_of(vcpu));
}

/* A register that the timer counts by gets another value; it begins anew. */
static void set_count(struct vcpu *vcpu, uint32_t *which, uint32_t value)
{
	zx_time_t deadline;

	object__lock(&vcpu->object);
	*which = value;
	deadline = vcpu->apic.initial_count ? deadline_locked(vcpu) : 0;
	object__unlock(&vcpu->object);
	set_timer(vcpu, deadline);
}

zx_time_t vcpu_apic__timer_fired(struct vcpu *vcpu)
{
	zx_time_t again = 0;
	uint32_t lvt;

	object__lock(&vcpu->object);
	lvt = vcpu->apic.lvt_timer;
	if (!(lvt & LVT_MASKED) && (lvt & LVT_MODE) == LVT_MODE_PERIODIC) {
		zx_time_t earliest = core_host.clock_monotonic() + MIN_PERIOD_NS;

		again = deadline_locked(vcpu);
		if (again < earliest)
			again = earliest;
	}
	object__unlock(&vcpu->object);
	if (!(lvt & LVT_MASKED))
		vcpu__interrupt(vcpu, lvt & LVT_VECTOR);
	return again;
}

zx_status_t vcpu_apic__set_tsc_deadline(struct vcpu *vcpu, uint64_t ticks)
{
	uint64_t now = core_host.vcpu_ticks(vcpu->host);
	uint32_t lvt;

	object__lock(&vcpu->object);
	lvt = vcpu->apic.lvt_timer;
	object__unlock(&vcpu->object);
	if ((lvt & LVT_MODE) != LVT_MODE_DEADLINE)
		return ZX_ERR_INVALID_ARGS;
	if (!ticks)
		set_timer(vcpu, 0);
	else
		set_timer(vcpu, zx_time_add_duration(core_host.clock_monotonic(),
						     ticks > now ? ticks_to_ns(vcpu, ticks - now) :
								   0));
	return ZX_OK;
}

zx_status_t vcpu_apic__read(struct vcpu *vcpu, uint32_t msr)
{
	uint32_t which = msr - FIRST_MSR;
	uint64_t value = 0;

	switch (which) {
	case REG_ID:
		value = vcpu->id;
		break;
	case REG_VERSION:
		value = VERSION;
		break;
	case REG_SVR:
		value = SVR_RESET;
		break;
	case REG_TPR:
	case REG_LDR:
	case REG_ISR ... REG_IRR_LAST:
	case REG_ESR:
	case REG_LVT_MONITOR:
		break;
	case REG_LVT_LINT0:
	case REG_LVT_LINT1:
	case REG_LVT_THERMAL:
	case REG_LVT_CMCI:
		value = LVT_MASKED;
		break;
	case REG_LVT_TIMER:
		value = vcpu->apic.lvt_timer;
		break;
	default:
		core_host.vcpu_refuse(vcpu->host);
		return ZX_OK;
	}
	core_host.vcpu_answer(vcpu->host, value);
	return ZX_OK;
}

/* The processors that an interrupt is for, by their bits. */
static uint64_t targets(const struct vcpu *vcpu, uint64_t icr)
{
	uint64_t self = 1ull << vcpu->id;
	uint32_t destination = (uint32_t)(icr >> 32);

	switch (ICR_SHORTHAND(icr)) {
	case 0:
		if (destination == BROADCAST)
			return UINT64_MAX;
		return destination < GUEST_MAX_VCPUS ? 1ull << destination : 0;
	case 1:
		return self;
	case 2:
		return UINT64_MAX;
	default:
		return ~self;
	}
}

static void make_interrupt(const struct era_traits *era, uint64_t mask, uint8_t vector,
			   zx_port_packet_t *packet)
{
	if (era->guest_201807) {
		zx_packet_guest_vcpu_201807_t *old = (void *)&packet->user;

		old->type = ZX_PKT_GUEST_VCPU_INTERRUPT;
		old->interrupt.mask = (uint32_t)mask;
		old->interrupt.vector = vector;
	} else if (era->guest_newest) {
		zx_packet_guest_vcpu_newest_t *newest = (void *)&packet->user;

		newest->type = ZX_PKT_GUEST_VCPU_INTERRUPT;
		newest->interrupt.mask = mask;
		newest->interrupt.vector = vector;
	} else {
		packet->guest_vcpu.type = ZX_PKT_GUEST_VCPU_INTERRUPT;
		packet->guest_vcpu.interrupt.mask = mask;
		packet->guest_vcpu.interrupt.vector = vector;
	}
}

static void make_startup(const struct era_traits *era, uint64_t id, uint64_t entry,
			 zx_port_packet_t *packet)
{
	if (era->guest_201807) {
		zx_packet_guest_vcpu_201807_t *old = (void *)&packet->user;

		old->type = ZX_PKT_GUEST_VCPU_STARTUP;
		old->startup.id = id;
		old->startup.entry = entry;
	} else if (era->guest_newest) {
		zx_packet_guest_vcpu_newest_t *newest = (void *)&packet->user;

		newest->type = ZX_PKT_GUEST_VCPU_STARTUP;
		newest->startup.id = id;
		newest->startup.entry = entry;
	} else {
		packet->guest_vcpu.type = ZX_PKT_GUEST_VCPU_STARTUP;
		packet->guest_vcpu.startup.id = id;
		packet->guest_vcpu.startup.entry = entry;
	}
}

/* An interrupt for other processors, or the start of one: the guest's monitor carries it out. */
static zx_status_t send(struct thread *self, struct vcpu *vcpu, uint64_t icr,
			zx_port_packet_t *packet)
{
	const struct era_traits *era = era__of(self->process->era);
	uint32_t mode = ICR_MODE(icr);

	if (icr & ICR_LOGICAL || (mode != ICR_MODE_FIXED && mode != ICR_MODE_INIT &&
				  mode != ICR_MODE_STARTUP)) {
		core_host.vcpu_note(vcpu->host, "an interrupt of an unknown kind", icr);
		return ZX_ERR_NOT_SUPPORTED;
	}
	/* Only the second half of the way to start a processor counts. */
	if (mode == ICR_MODE_INIT)
		return ZX_OK;
	memset(packet, 0, sizeof(*packet));
	packet->type = ZX_PKT_TYPE_GUEST_VCPU;
	if (mode == ICR_MODE_FIXED)
		make_interrupt(era, targets(vcpu, icr), icr & LVT_VECTOR, packet);
	else
		make_startup(era, icr >> 32, (icr & LVT_VECTOR) << 12, packet);
	return ZX_ERR_NEXT;
}

static zx_status_t set_lvt_timer(struct vcpu *vcpu, uint32_t value)
{
	if ((value & LVT_MODE) == LVT_MODE_RESERVED)
		return ZX_ERR_INVALID_ARGS;
	set_count(vcpu, &vcpu->apic.lvt_timer, value);
	return ZX_OK;
}

static zx_status_t write_32(struct vcpu *vcpu, uint32_t which, uint32_t value)
{
	switch (which) {
	case REG_EOI:
	case REG_ESR:
		if (value)
			break;
		return ZX_OK;
	case REG_TPR:
	case REG_SVR:
	case REG_LVT_MONITOR:
	case REG_LVT_ERROR:
	case REG_LVT_LINT0:
	case REG_LVT_LINT1:
	case REG_LVT_THERMAL:
	case REG_LVT_CMCI:
		return ZX_OK;
	case REG_LVT_TIMER:
		return set_lvt_timer(vcpu, value);
	case REG_INITIAL_COUNT:
		set_count(vcpu, &vcpu->apic.initial_count, value);
		return ZX_OK;
	case REG_DIVIDE:
		set_count(vcpu, &vcpu->apic.divide, value);
		return ZX_OK;
	case REG_SELF_IPI:
		vcpu__interrupt(vcpu, value & LVT_VECTOR);
		return ZX_OK;
	default:
		break;
	}
	core_host.vcpu_refuse(vcpu->host);
	return ZX_OK;
}

zx_status_t vcpu_apic__write(struct thread *self, struct vcpu *vcpu, uint32_t msr, uint64_t value,
			     zx_port_packet_t *packet)
{
	uint32_t which = msr - FIRST_MSR;

	if (which == REG_ICR)
		return send(self, vcpu, value, packet);
	/* Registers have 32 bits. */
	if (value > UINT32_MAX) {
		core_host.vcpu_refuse(vcpu->host);
		return ZX_OK;
	}
	return write_32(vcpu, which, (uint32_t)value);
}
