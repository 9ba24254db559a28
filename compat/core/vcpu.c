/*
 * Locks: a timer's, then the processor's own, under which stands what others may change: its
 * interrupts, and that it was kicked. All else is its thread's.
 *
 * Interrupts are kept here, as Zircon keeps them, until the guest can take one; the machine's own
 * interrupt controllers are not used.
 */
#include "compat/core/vcpu.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/vmar.h"

#define VECTOR_NMI 2u
#define EXCEPTIONS 21u /* that the machine has; the vectors up to FIRST_INTERRUPT are nothing */
#define FIRST_INTERRUPT 32u

/* Those flags that programs may change; bit 1 is always set, and says that flags were given. */
#define FLAGS_USER 0x244dd5ull
#define FLAGS_GIVEN 0x2ull

static void vcpu_destroy(struct object *object)
{
	struct vcpu *vcpu = (struct vcpu *)object;

	vcpu_apic__free(vcpu);
	if (vcpu->host)
		core_host.vcpu_destroy(vcpu->host);
	guest__free_vcpu(vcpu->guest, vcpu->id);
	if (vcpu->thread) {
		__atomic_fetch_sub(&vcpu->thread->vcpus, 1, __ATOMIC_RELAXED);
		object__put(&vcpu->thread->object);
	}
	object__put(&vcpu->guest->object);
}

const struct object_ops vcpu_ops = {
	.name = "vcpu",
	.default_rights = ZX_DEFAULT_VCPU_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = vcpu_destroy,
};

static struct vcpu *vcpu_alloc(struct guest *guest, uint32_t id)
{
	struct vcpu *vcpu = object__alloc(sizeof(*vcpu), ZX_OBJ_TYPE_VCPU);

	if (!vcpu)
		return NULL;
	object__get(&guest->object);
	vcpu->guest = guest;
	vcpu->id = id;
	return vcpu;
}

zx_status_t vcpu__create(struct thread *self, struct guest *guest, uint64_t entry,
			 struct vcpu **out)
{
	struct vcpu *vcpu;
	zx_status_t status;
	int id;

	if (entry >= GUEST_ASPACE_SIZE)
		return ZX_ERR_INVALID_ARGS;
	if (era__of(self->process->era)->vcpu_one_for_thread &&
	    __atomic_load_n(&self->vcpus, __ATOMIC_RELAXED))
		return ZX_ERR_BAD_STATE;
	id = guest__take_vcpu(guest);
	if (id < 0)
		return ZX_ERR_NO_RESOURCES;
	vcpu = vcpu_alloc(guest, (uint32_t)id);
	if (!vcpu) {
		guest__free_vcpu(guest, (uint32_t)id);
		return ZX_ERR_NO_MEMORY;
	}
	status = core_host.vcpu_create(guest->memory, vcpu->id, entry, &vcpu->host);
	if (status == ZX_OK)
		status = vcpu_apic__init(vcpu);
	if (status != ZX_OK) {
		object__put(&vcpu->object);
		return status;
	}
	object__get(&self->object);
	__atomic_fetch_add(&self->vcpus, 1, __ATOMIC_RELAXED);
	vcpu->thread = self;
	*out = vcpu;
	return ZX_OK;
}

static bool is_pending_locked(const struct vcpu *vcpu)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < VCPU_VECTORS / 64; i++)
		any |= vcpu->pending[i];
	return any;
}

static void set_locked(struct vcpu *vcpu, uint32_t vector)
{
	vcpu->pending[vector / 64] |= 1ull << vector % 64;
}

static void clear_locked(struct vcpu *vcpu, uint32_t vector)
{
	vcpu->pending[vector / 64] &= ~(1ull << vector % 64);
}

/* NMIs come first, then interrupts, then exceptions, of which the guest makes most by itself. */
static bool first_pending_locked(const struct vcpu *vcpu, uint32_t *vector)
{
	if (vcpu->pending[0] & 1ull << VECTOR_NMI) {
		*vector = VECTOR_NMI;
		return true;
	}
	for (uint32_t i = VCPU_VECTORS / 64; i--;) {
		if (vcpu->pending[i]) {
			*vector = 64 * i + 63 - (uint32_t)__builtin_clzll(vcpu->pending[i]);
			return true;
		}
	}
	return false;
}

/* Under the lock: it does not do something else meanwhile, from which this would wake it. */
static void wake_locked(struct vcpu *vcpu)
{
	if (vcpu->listening)
		thread__wake(vcpu->thread);
}

void vcpu__interrupt(struct vcpu *vcpu, uint32_t vector)
{
	/* As in Zircon, what is no vector comes to nothing. */
	if (vector >= VCPU_VECTORS)
		return;
	object__lock(&vcpu->object);
	set_locked(vcpu, vector);
	vcpu->signaled = true;
	wake_locked(vcpu);
	object__unlock(&vcpu->object);
}

void vcpu__kick(struct vcpu *vcpu)
{
	object__lock(&vcpu->object);
	vcpu->kicked = true;
	wake_locked(vcpu);
	object__unlock(&vcpu->object);
}

/*
 * Exceptions that were not taken are forgotten: they come again when the guest comes to that point
 * again.
 */
static void forget_exceptions_locked(struct vcpu *vcpu)
{
	vcpu->pending[0] &= ~((1ull << EXCEPTIONS) - 1) | 1ull << VECTOR_NMI;
}

static zx_status_t inject_locked(struct vcpu *vcpu)
{
	uint32_t vector;

	if (!first_pending_locked(vcpu, &vector))
		return ZX_OK;
	if (vector >= EXCEPTIONS && vector < FIRST_INTERRUPT) {
		clear_locked(vcpu, vector);
		return ZX_ERR_NOT_SUPPORTED;
	}
	if (core_host.vcpu_interrupt(vcpu->host, vector)) {
		clear_locked(vcpu, vector);
		forget_exceptions_locked(vcpu);
	}
	core_host.vcpu_wants_interrupts(vcpu->host, is_pending_locked(vcpu));
	return ZX_OK;
}

/* What keeps the guest from running on, or its next interrupt. */
static zx_status_t prepare(struct thread *self, struct vcpu *vcpu)
{
	zx_status_t status = ZX_OK;

	if (thread__killed(self))
		return ZX_ERR_INTERNAL_INTR_KILLED;
	if (thread__suspend_asked(self))
		return ZX_ERR_INTERNAL_INTR_RETRY;
	object__lock(&vcpu->object);
	if (vcpu->kicked) {
		vcpu->kicked = false;
		status = ZX_ERR_CANCELED;
	} else {
		status = inject_locked(vcpu);
	}
	vcpu->listening = status == ZX_OK;
	object__unlock(&vcpu->object);
	return status;
}

static void run(struct thread *self, struct vcpu *vcpu)
{
	/* Who wakes the thread after this looks whether it runs a guest: see thread__wake(). */
	__atomic_store_n(&self->in_guest, core_host.self_id(), __ATOMIC_SEQ_CST);
	core_host.vcpu_run(vcpu->host, &self->wake, &vcpu->exit);
	__atomic_store_n(&self->in_guest, 0, __ATOMIC_SEQ_CST);
	object__lock(&vcpu->object);
	vcpu->listening = false;
	object__unlock(&vcpu->object);
}

zx_status_t vcpu__enter(struct thread *self, struct vcpu *vcpu, zx_port_packet_t *packet)
{
	zx_status_t status = ZX_OK;

	if (self != vcpu->thread)
		return ZX_ERR_BAD_STATE;
	do {
		if (!vcpu->unfinished) {
			thread__prepare(self);
			status = prepare(self, vcpu);
			if (status != ZX_OK)
				break;
			run(self, vcpu);
		}
		status = vcpu__handle_exit(self, vcpu, &vcpu->exit, packet);
		vcpu->unfinished = status == ZX_ERR_INTERNAL_INTR_RETRY;
	} while (status == ZX_OK);
	return status == ZX_ERR_NEXT ? ZX_OK : status;
}

zx_status_t vcpu__read_state(struct thread *self, struct vcpu *vcpu, zx_vcpu_state_t *out)
{
	struct vcpu_registers registers;

	if (self != vcpu->thread)
		return ZX_ERR_BAD_STATE;
	core_host.vcpu_get_registers(vcpu->host, &registers);
	memcpy(out, registers.general, sizeof(registers.general));
	out->rflags = registers.rflags & FLAGS_USER;
	return ZX_OK;
}

zx_status_t vcpu__write_state(struct thread *self, struct vcpu *vcpu, const zx_vcpu_state_t *state)
{
	struct vcpu_registers registers;

	if (self != vcpu->thread)
		return ZX_ERR_BAD_STATE;
	core_host.vcpu_get_registers(vcpu->host, &registers);
	memcpy(registers.general, state, sizeof(registers.general));
	if (state->rflags & FLAGS_GIVEN)
		registers.rflags = (registers.rflags & ~FLAGS_USER) | (state->rflags & FLAGS_USER);
	core_host.vcpu_set_registers(vcpu->host, &registers);
	return ZX_OK;
}

zx_status_t vcpu__write_io(struct thread *self, struct vcpu *vcpu, const zx_vcpu_io_t *io)
{
	struct vcpu_registers registers;

	if (self != vcpu->thread)
		return ZX_ERR_BAD_STATE;
	core_host.vcpu_get_registers(vcpu->host, &registers);
	memcpy(&registers.general[0], io->data, io->access_size);
	core_host.vcpu_set_registers(vcpu->host, &registers);
	return ZX_OK;
}
