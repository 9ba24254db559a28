/* What it means that a guest's processor stops. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/vcpu.h"

static zx_status_t handle_io(struct vcpu *vcpu, const struct vcpu_exit *exit,
			     zx_port_packet_t *packet)
{
	const struct guest_trap *trap = guest__find_trap(vcpu->guest, true, exit->address);
	struct vcpu_registers before;
	struct vcpu_registers after;

	core_host.vcpu_get_registers(vcpu->host, &before);
	if (exit->repeated || (exit->write && vcpu__is_string(vcpu, &before, exit))) {
		core_host.vcpu_note(vcpu->host, "a string of I/O ports at port", exit->address);
		return ZX_ERR_NOT_SUPPORTED;
	}
	if (!trap) {
		core_host.vcpu_note(vcpu->host, "no trap for I/O port", exit->address);
		return ZX_ERR_NOT_FOUND;
	}
	memset(packet, 0, sizeof(*packet));
	packet->key = trap->key;
	packet->type = ZX_PKT_TYPE_GUEST_IO;
	packet->guest_io.port = (uint16_t)exit->address;
	packet->guest_io.access_size = (uint8_t)exit->size;
	packet->guest_io.input = !exit->write;
	if (exit->write) {
		memcpy(packet->guest_io.data, &exit->data, exit->size);
		return ZX_ERR_NEXT;
	}
	/* The answer comes later, into the register: until then that is as it was. */
	core_host.vcpu_answer(vcpu->host, exit->size == 4 ? 0 : before.general[0]);
	core_host.vcpu_finish(vcpu->host);
	core_host.vcpu_get_registers(vcpu->host, &after);
	/* A string moves rdi on. */
	if (after.general[7] == before.general[7])
		return ZX_ERR_NEXT;
	core_host.vcpu_note(vcpu->host, "a string of I/O ports at port", exit->address);
	return ZX_ERR_NOT_SUPPORTED;
}

/* Sleeps until there is an interrupt, and one has come since it slept last. */
static zx_status_t handle_halt(struct thread *self, struct vcpu *vcpu)
{
	zx_status_t status = ZX_OK;

	for (;;) {
		bool wake;

		thread__prepare(self);
		object__lock(&vcpu->object);
		wake = vcpu->kicked;
		if (vcpu->signaled) {
			vcpu->signaled = false;
			for (uint32_t i = 0; i < VCPU_VECTORS / 64; i++)
				wake |= vcpu->pending[i] != 0;
		}
		vcpu->listening = !wake && status == ZX_OK;
		object__unlock(&vcpu->object);
		if (wake || status != ZX_OK)
			return status;
		status = thread__block(self, ZX_TIME_INFINITE, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	}
}

static zx_status_t handle_page(struct thread *self, struct vcpu *vcpu, uint64_t addr)
{
	if (addr == UINT64_MAX)
		return ZX_ERR_INTERNAL;
	return vcpu__fault_in(self, vcpu, addr, HOST_PROT_READ);
}

static zx_status_t failed(struct vcpu *vcpu, const char *what, zx_status_t status)
{
	struct vcpu_registers registers;

	core_host.vcpu_get_registers(vcpu->host, &registers);
	core_host.vcpu_note(vcpu->host, what, registers.rip);
	return status;
}

zx_status_t vcpu__handle_exit(struct thread *self, struct vcpu *vcpu, const struct vcpu_exit *exit,
			      zx_port_packet_t *packet)
{
	switch (exit->kind) {
	case VCPU_EXIT_INTERRUPTED:
		return ZX_OK;
	case VCPU_EXIT_IO:
		return handle_io(vcpu, exit, packet);
	case VCPU_EXIT_MEMORY:
		return vcpu__handle_memory(self, vcpu, exit, packet);
	case VCPU_EXIT_PAGE:
		return handle_page(self, vcpu, exit->address);
	case VCPU_EXIT_HALT:
		return handle_halt(self, vcpu);
	case VCPU_EXIT_READ_MSR:
		return vcpu__read_msr(vcpu, (uint32_t)exit->address);
	case VCPU_EXIT_WRITE_MSR:
		return vcpu__write_msr(self, vcpu, (uint32_t)exit->address, exit->data, packet);
	case VCPU_EXIT_INSTRUCTION:
		return vcpu__handle_instruction(self, vcpu);
	case VCPU_EXIT_SHUTDOWN:
		return failed(vcpu, "triple fault at", ZX_ERR_NOT_SUPPORTED);
	case VCPU_EXIT_BAD_STATE:
		return failed(vcpu, "KVM refuses its state at", ZX_ERR_BAD_STATE);
	default:
		return failed(vcpu, "KVM failed at", ZX_ERR_INTERNAL);
	}
}
