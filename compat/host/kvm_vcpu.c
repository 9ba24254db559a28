/* Processors of guests, and the state that they begin in. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

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
 * The first processor begins in 64-bit code, with a page table at 0 that its monitor has made; others
 * as if a startup interrupt had come.
 */
static int set_initial(struct kvm_vcpu *vcpu, uint32_t id, uint64_t entry)
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;
	struct kvm_sregs *sregs = &vcpu->run->s.regs.sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, sregs) < 0)
		return -errno;
	memset(regs, 0, sizeof(*regs));
	regs->rflags = FLAGS_RESERVED;
	fill_segments(sregs);
	sregs->cr3 = 0;
	if (!id) {
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

/* Only what ends KVM_RUN is let through while it runs. */
static int set_signal_mask(struct kvm_vcpu *vcpu)
{
	uint64_t blocked = ~(1ull << (KVM_STOP_SIGNAL - 1));
	struct {
		struct kvm_signal_mask head;
		uint8_t set[sizeof(blocked)];
	} mask = { .head = { .len = sizeof(blocked) } };

	memcpy(mask.head.sigset, &blocked, sizeof(blocked));
	return ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, &mask) < 0 ? -errno : 0;
}

static int set_up(struct kvm_vcpu *vcpu, uint32_t id, uint64_t entry)
{
	struct kvm_enable_cap features = {
		.cap = KVM_CAP_ENFORCE_PV_FEATURE_CPUID,
		.args = { 1 },
	};
	int khz = ioctl(vcpu->fd, KVM_GET_TSC_KHZ, 0);
	int error;

	vcpu->ticks_per_ms = khz > 0 ? (uint64_t)khz : 1000000;
	/* Older ones answer hypercalls that the guest was not offered. */
	(void)ioctl(vcpu->fd, KVM_ENABLE_CAP, &features);
	error = kvm_vcpu__set_cpuid(vcpu, id);
	if (!error)
		error = set_signal_mask(vcpu);
	return error ? error : set_initial(vcpu, id, entry);
}

static int make(struct kvm_vcpu *vcpu, uint32_t id)
{
	vcpu->fd = ioctl(vcpu->guest->fd, KVM_CREATE_VCPU, (unsigned long)id);
	if (vcpu->fd < 0)
		return -errno;
	vcpu->run_size = kvm__run_size();
	vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED) {
		vcpu->run = NULL;
		return -errno;
	}
	return 0;
}

static void vcpu_free(struct kvm_vcpu *vcpu)
{
	if (vcpu->run)
		munmap(vcpu->run, vcpu->run_size);
	if (vcpu->fd >= 0)
		close(vcpu->fd);
	free(vcpu);
}

zx_status_t host__vcpu_create(struct process *memory, uint32_t id, uint64_t entry, void **out)
{
	struct kvm_guest *guest = memory->host;
	struct kvm_vcpu *vcpu = calloc(1, sizeof(*vcpu));
	int error;

	if (!vcpu)
		return ZX_ERR_NO_MEMORY;
	vcpu->guest = guest;
	vcpu->fd = -1;
	error = make(vcpu, id);
	if (!error)
		error = set_up(vcpu, id, entry);
	if (error) {
		host__note("making a processor of a virtual machine: %s", strerror(-error));
		vcpu_free(vcpu);
		return error == -ENOMEM ? ZX_ERR_NO_MEMORY : ZX_ERR_NOT_SUPPORTED;
	}
	pthread_mutex_lock(&guest->lock);
	vcpu->next = guest->vcpus;
	guest->vcpus = vcpu;
	pthread_mutex_unlock(&guest->lock);
	*out = vcpu;
	return ZX_OK;
}

void host__vcpu_destroy(void *data)
{
	struct kvm_vcpu *vcpu = data;
	struct kvm_vcpu **link = &vcpu->guest->vcpus;

	pthread_mutex_lock(&vcpu->guest->lock);
	while (*link != vcpu)
		link = &(*link)->next;
	*link = vcpu->next;
	pthread_mutex_unlock(&vcpu->guest->lock);
	vcpu_free(vcpu);
}
