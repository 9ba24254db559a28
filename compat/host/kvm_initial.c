/* The state that a guest's processor begins in. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "compat/host/kvm.h"

#define CR0_PE (1ull << 0)
#define CR0_ET (1ull << 4)
#define CR0_NE (1ull << 5)
#define CR0_PG (1ull << 31)
#define CR4_PAE (1ull << 5)
#define EFER_SCE (1ull << 0)
#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)
#define EFER_NXE (1ull << 11)
#define FLAGS_RESERVED 0x2ull

#define LIMIT 0xffffu
#define TYPE_DATA 3u	 /* writable, accessed */
#define TYPE_CODE 11u	 /* readable, accessed */
#define TYPE_LDT 2u
#define TYPE_TASK_BUSY 11u

static struct kvm_segment segment(uint8_t type, bool system)
{
	return (struct kvm_segment){ .limit = LIMIT, .type = type, .present = 1, .s = !system };
}

/* All but the code segment is the same for all processors. */
static void fill_segments(struct kvm_sregs *sregs)
{
	sregs->cs = segment(TYPE_CODE, false);
	sregs->ss = sregs->ds = sregs->es = sregs->fs = sregs->gs = segment(TYPE_DATA, false);
	sregs->tr = segment(TYPE_TASK_BUSY, true);
	sregs->ldt = segment(TYPE_LDT, true);
	sregs->gdt = (struct kvm_dtable){ .limit = LIMIT };
	sregs->idt = (struct kvm_dtable){ .limit = LIMIT };
}

/*
 * The first processor begins in 64-bit code, with a page table at 0 that its monitor has made;
 * others as if a startup interrupt had come.
 */
static int set_registers(struct kvm_vcpu *vcpu, uint64_t entry)
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;
	struct kvm_sregs *sregs = &vcpu->run->s.regs.sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, sregs) < 0)
		return -errno;
	memset(regs, 0, sizeof(*regs));
	regs->rflags = FLAGS_RESERVED;
	fill_segments(sregs);
	sregs->cr3 = 0;
	if (!vcpu->id) {
		sregs->cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_PG;
		sregs->cr4 = CR4_PAE;
		sregs->efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE;
		sregs->cs.l = 1;
		regs->rip = entry;
	} else {
		sregs->cr0 = CR0_ET | CR0_NE;
		sregs->cr4 = 0;
		sregs->efer = EFER_SCE | EFER_NXE;
		sregs->cs.base = entry;
		sregs->cs.selector = (uint16_t)(entry >> 4);
	}
	if (ioctl(vcpu->fd, KVM_SET_SREGS, sregs) < 0 || ioctl(vcpu->fd, KVM_SET_REGS, regs) < 0)
		return -errno;
	vcpu->run->kvm_valid_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
	return 0;
}

/* What the guest can have set before, where the processor is not new. */
static const uint32_t msrs[] = {
	0x174, 0x175, 0x176,				 /* SYSENTER_* */
	0xc0000081, 0xc0000082, 0xc0000084,		 /* STAR, LSTAR, FMASK */
	0xc0000102, 0xc0000103,				 /* KERNEL_GS_BASE, TSC_AUX */
	0x11, 0x12, 0x4b564d00, 0x4b564d01,		 /* KVM's clock */
};

#define MSRS (sizeof(msrs) / sizeof(msrs[0]))

static void clear_msrs(struct kvm_vcpu *vcpu)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entries[MSRS];
	} list = { .head = { .nmsrs = MSRS } };

	for (size_t i = 0; i < MSRS; i++)
		list.entries[i].index = msrs[i];
	/* One that KVM lacks ends it; those are the last ones. */
	(void)ioctl(vcpu->fd, KVM_SET_MSRS, &list);
}

static int clear(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events = { .flags = 0 };
	struct kvm_fpu fpu = { .fcw = 0x37f, .mxcsr = 0x1f80 };
	struct kvm_xcrs xcrs = { .nr_xcrs = 1, .xcrs = { { .xcr = 0, .value = 1 } } };

	/* An access may not have come to its end. */
	host__vcpu_finish(vcpu);
	vcpu->run->request_interrupt_window = 0;
	vcpu->run->ready_for_interrupt_injection = 0;
	vcpu->started = false;
	clear_msrs(vcpu);
	/* Not all machines have XCR0. */
	(void)ioctl(vcpu->fd, KVM_SET_XCRS, &xcrs);
	if (ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, &events) < 0 ||
	    ioctl(vcpu->fd, KVM_SET_FPU, &fpu) < 0)
		return -errno;
	return 0;
}

int kvm_vcpu__set_initial(struct kvm_vcpu *vcpu, uint64_t entry)
{
	int error = vcpu->started ? clear(vcpu) : 0;

	return error ? error : set_registers(vcpu, entry);
}
