/*
 * Instructions that some KVMs cannot run, though each machine with Zircon's guests can: those that
 * interpret a guest's kernel know few that are rare, and machines differ in what SYSENTER does in
 * 64-bit code. They are carried out here when KVM gives up on one, or when the exception for it was
 * the first of three.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat/host/kvm.h"

#define FLAG_IF (1ull << 9)
#define FLAG_AC (1ull << 18)
#define EFER_LMA (1ull << 10)

#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u

#define HYPERCALL_CLOCK_PAIRING 9u
#define HYPERCALL_NOT_SUPPORTED (-95ll)
#define HYPERCALL_UNKNOWN (-1000ll)

#define OPCODE_SIZE 3u

static bool fetch(struct kvm_vcpu *vcpu, uint8_t *bytes)
{
	const struct kvm_sregs *sregs = &vcpu->run->s.regs.sregs;
	uint64_t addr = vcpu->run->s.regs.regs.rip;
	struct iovec local = { .iov_base = bytes, .iov_len = OPCODE_SIZE };
	struct iovec remote = { .iov_len = OPCODE_SIZE };

	if (!sregs->cs.l)
		addr += sregs->cs.base;
	if (!host__vcpu_translate(vcpu, addr, &addr))
		return false;
	pthread_mutex_lock(&vcpu->guest->lock);
	remote.iov_base = kvm_guest__at(vcpu->guest, addr);
	pthread_mutex_unlock(&vcpu->guest->lock);
	/* In this way it is an error, and no signal, where nothing is mapped. */
	return remote.iov_base &&
	       process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == OPCODE_SIZE;
}

static void go_on(struct kvm_vcpu *vcpu, uint32_t length)
{
	vcpu->run->s.regs.regs.rip += length;
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
}

static bool set_ac(struct kvm_vcpu *vcpu, bool set)
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;

	if (vcpu->run->s.regs.sregs.ss.dpl)
		return false;
	regs->rflags = set ? regs->rflags | FLAG_AC : regs->rflags & ~FLAG_AC;
	go_on(vcpu, OPCODE_SIZE);
	return true;
}

/*
 * Zircon has no hypercalls but one, which it answers only for a clock that zxrun's KVM may not
 * have.
 */
static bool hypercall(struct kvm_vcpu *vcpu)
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;

	if (vcpu->run->s.regs.sregs.ss.dpl)
		return false;
	regs->rax = (uint64_t)(regs->rax == HYPERCALL_CLOCK_PAIRING ? HYPERCALL_NOT_SUPPORTED :
								      HYPERCALL_UNKNOWN);
	go_on(vcpu, OPCODE_SIZE);
	return true;
}

static struct kvm_segment flat(uint16_t selector, bool code)
{
	return (struct kvm_segment){
		.limit = UINT32_MAX,
		.selector = selector,
		.type = code ? 11 : 3,
		.present = 1,
		.db = !code,
		.s = 1,
		.l = code,
		.g = 1,
	};
}

/* From user code, 64-bit or not, to 64-bit code of the guest's kernel. */
static bool sysenter(struct kvm_vcpu *vcpu)
{
	struct kvm_sync_regs *state = &vcpu->run->s.regs;
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry[3];
	} msrs = {
		.head = { .nmsrs = 3 },
		.entry = { { .index = MSR_SYSENTER_CS }, { .index = MSR_SYSENTER_ESP },
			   { .index = MSR_SYSENTER_EIP } },
	};
	uint16_t selector;

	if (!(state->sregs.efer & EFER_LMA) || ioctl(vcpu->fd, KVM_GET_MSRS, &msrs) != 3)
		return false;
	selector = (uint16_t)msrs.entry[0].data & 0xfffc;
	if (!selector)
		return false;
	state->sregs.cs = flat(selector, true);
	state->sregs.ss = flat(selector + 8, false);
	state->regs.rsp = msrs.entry[1].data;
	state->regs.rip = msrs.entry[2].data;
	state->regs.rflags &= ~FLAG_IF;
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
	return true;
}

bool kvm_vcpu__emulate(struct kvm_vcpu *vcpu)
{
	uint8_t bytes[OPCODE_SIZE];

	if (!fetch(vcpu, bytes) || bytes[0] != 0x0f)
		return false;
	if (bytes[1] == 0x34)
		return sysenter(vcpu);
	if (bytes[1] != 0x01)
		return false;
	switch (bytes[2]) {
	case 0xc1: /* vmcall */
	case 0xd9: /* vmmcall */
		return hypercall(vcpu);
	case 0xca: /* clac */
		return set_ac(vcpu, false);
	case 0xcb: /* stac */
		return set_ac(vcpu, true);
	default:
		return false;
	}
}
