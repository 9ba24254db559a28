/* Registers, interrupts and time of guests' processors. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "compat/host/kvm.h"

#define VECTOR_NMI 2u
#define FIRST_INTERRUPT 32u
#define MSR_TSC 0x10u

/* Exceptions that push an error code: 8, 10 to 14, and 17. */
#define WITH_ERROR_CODE (1u << 8 | 0x1fu << 10 | 1u << 17)

static bool inject_exception(struct kvm_vcpu *vcpu, uint32_t vector)
{
	struct kvm_vcpu_events events;

	if (ioctl(vcpu->fd, KVM_GET_VCPU_EVENTS, &events) < 0)
		return false;
	events.flags = 0;
	events.exception.injected = 1;
	events.exception.nr = (uint8_t)vector;
	events.exception.has_error_code = WITH_ERROR_CODE >> vector & 1;
	events.exception.error_code = 0;
	return ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, &events) >= 0;
}

static bool inject_interrupt(struct kvm_vcpu *vcpu, uint32_t vector)
{
	struct kvm_interrupt interrupt = { .irq = vector };

	if (!vcpu->run->ready_for_interrupt_injection)
		return false;
	/* One at a time: the next run says when another one can come. */
	vcpu->run->ready_for_interrupt_injection = 0;
	return ioctl(vcpu->fd, KVM_INTERRUPT, &interrupt) >= 0;
}

bool host__vcpu_interrupt(void *data, uint32_t vector)
{
	struct kvm_vcpu *vcpu = data;

	if (vector == VECTOR_NMI)
		return ioctl(vcpu->fd, KVM_NMI, 0) >= 0;
	if (vector < FIRST_INTERRUPT)
		return inject_exception(vcpu, vector);
	return inject_interrupt(vcpu, vector);
}

void host__vcpu_wants_interrupts(void *data, bool more)
{
	((struct kvm_vcpu *)data)->run->request_interrupt_window = more;
}

void host__vcpu_get_registers(void *data, struct vcpu_registers *out)
{
	const struct kvm_regs *regs = &((struct kvm_vcpu *)data)->run->s.regs.regs;

	*out = (struct vcpu_registers){
		.general = { regs->rax, regs->rcx, regs->rdx, regs->rbx, regs->rsp, regs->rbp,
			     regs->rsi, regs->rdi, regs->r8, regs->r9, regs->r10, regs->r11,
			     regs->r12, regs->r13, regs->r14, regs->r15 },
		.rip = regs->rip,
		.rflags = regs->rflags,
	};
}

void host__vcpu_set_registers(void *data, const struct vcpu_registers *registers)
{
	struct kvm_run *run = ((struct kvm_vcpu *)data)->run;
	const uint64_t *general = registers->general;

	run->s.regs.regs = (struct kvm_regs){
		.rax = general[0],
		.rcx = general[1],
		.rdx = general[2],
		.rbx = general[3],
		.rsp = general[4],
		.rbp = general[5],
		.rsi = general[6],
		.rdi = general[7],
		.r8 = general[8],
		.r9 = general[9],
		.r10 = general[10],
		.r11 = general[11],
		.r12 = general[12],
		.r13 = general[13],
		.r14 = general[14],
		.r15 = general[15],
		.rip = registers->rip,
		.rflags = registers->rflags,
	};
	run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
}

void host__vcpu_get_mode(void *data, struct vcpu_mode *out)
{
	const struct kvm_sregs *sregs = &((struct kvm_vcpu *)data)->run->s.regs.sregs;

	*out = (struct vcpu_mode){
		.long_mode = sregs->cs.l && sregs->efer & 1u << 10,
		.code_32 = sregs->cs.db,
		.page_table = sregs->cr3,
		.base = { sregs->es.base, sregs->cs.base, sregs->ss.base, sregs->ds.base,
			  sregs->fs.base, sregs->gs.base },
	};
}

bool host__vcpu_translate(void *data, uint64_t addr, uint64_t *out)
{
	struct kvm_translation translation = { .linear_address = addr };

	if (ioctl(((struct kvm_vcpu *)data)->fd, KVM_TRANSLATE, &translation) < 0 ||
	    !translation.valid)
		return false;
	*out = translation.physical_address;
	return true;
}

uint64_t host__vcpu_ticks(void *data)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry tsc;
	} msrs = { .head = { .nmsrs = 1 }, .tsc = { .index = MSR_TSC } };

	if (ioctl(((struct kvm_vcpu *)data)->fd, KVM_GET_MSRS, &msrs) != 1)
		return 0;
	return msrs.tsc.data;
}

uint64_t host__vcpu_ticks_per_ms(void *data)
{
	return ((struct kvm_vcpu *)data)->ticks_per_ms;
}

void host__vcpu_note(void *data, const char *what, uint64_t where)
{
	const struct kvm_run *run = ((struct kvm_vcpu *)data)->run;
	char bytes[3 * sizeof(run->emulation_failure.insn_bytes) + 2] = "";
	size_t used = 0;

	if (run->exit_reason == KVM_EXIT_INTERNAL_ERROR && run->emulation_failure.ndata >= 4) {
		for (uint32_t i = 0; i < run->emulation_failure.insn_size &&
				     i < sizeof(run->emulation_failure.insn_bytes); i++)
			used += (size_t)snprintf(bytes + used, sizeof(bytes) - used, "%s%02x",
						 i ? " " : ": ",
						 run->emulation_failure.insn_bytes[i]);
	}
	host__note("guest: %s %#llx%s", what, (unsigned long long)where, bytes);
}
