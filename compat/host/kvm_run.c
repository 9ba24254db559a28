/* Running a processor of a guest, and why it stopped. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "compat/host/kvm.h"

/* One instruction has no more accesses than this; repeated ones stop after each. */
#define ACCESSES_MAX 64

/* Newer than the headers of some systems: the guest used memory that zxrun has not. */
#define EXIT_MEMORY_FAULT 39

struct memory_fault {
	uint64_t flags;
	uint64_t addr;
	uint64_t size;
};

/* Waits until the slots are settled. */
static void come_in(struct kvm_vcpu *vcpu)
{
	struct kvm_guest *guest = vcpu->guest;

	pthread_mutex_lock(&guest->lock);
	while (guest->changing)
		pthread_cond_wait(&guest->settled, &guest->lock);
	guest->running++;
	vcpu->runner = (pid_t)host__self_id();
	pthread_mutex_unlock(&guest->lock);
}

static void go_out(struct kvm_vcpu *vcpu)
{
	struct kvm_guest *guest = vcpu->guest;

	pthread_mutex_lock(&guest->lock);
	vcpu->runner = 0;
	guest->running--;
	if (guest->changing && !guest->running)
		pthread_cond_signal(&guest->idle);
	pthread_mutex_unlock(&guest->lock);
}

void host__vcpu_stop(uint32_t id)
{
	syscall(SYS_tgkill, getpid(), id, KVM_STOP_SIGNAL);
}

/* The signal that ended KVM_RUN is still there, and would end the next one. */
static void take_signal(void)
{
	const struct timespec now = { 0, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, KVM_STOP_SIGNAL);
	while (sigtimedwait(&set, NULL, &now) < 0 && errno == EINTR)
		;
}

static void read_io(struct kvm_run *run, struct vcpu_exit *out)
{
	out->kind = VCPU_EXIT_IO;
	out->write = run->io.direction == KVM_EXIT_IO_OUT;
	out->size = run->io.size;
	out->repeated = run->io.count > 1;
	out->address = run->io.port;
	if (out->write)
		memcpy(&out->data, (char *)run + run->io.data_offset, run->io.size);
}

static void read_mmio(struct kvm_run *run, struct vcpu_exit *out)
{
	out->kind = VCPU_EXIT_MEMORY;
	out->write = run->mmio.is_write;
	out->size = run->mmio.len;
	out->address = run->mmio.phys_addr;
	if (out->write)
		memcpy(&out->data, run->mmio.data, sizeof(out->data));
}

static void read_msr(struct kvm_run *run, struct vcpu_exit *out)
{
	out->write = run->exit_reason == KVM_EXIT_X86_WRMSR;
	out->kind = out->write ? VCPU_EXIT_WRITE_MSR : VCPU_EXIT_READ_MSR;
	out->address = run->msr.index;
	out->data = run->msr.data;
	run->msr.error = 0;
}

static void read_exit(struct kvm_run *run, struct vcpu_exit *out)
{
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		read_io(run, out);
		break;
	case KVM_EXIT_MMIO:
		read_mmio(run, out);
		break;
	case KVM_EXIT_X86_RDMSR:
	case KVM_EXIT_X86_WRMSR:
		read_msr(run, out);
		break;
	case KVM_EXIT_HLT:
		out->kind = VCPU_EXIT_HALT;
		break;
	case KVM_EXIT_IRQ_WINDOW_OPEN:
	case KVM_EXIT_INTR:
		out->kind = VCPU_EXIT_INTERRUPTED;
		break;
	case KVM_EXIT_SHUTDOWN:
		out->kind = VCPU_EXIT_SHUTDOWN;
		break;
	case KVM_EXIT_FAIL_ENTRY:
		out->kind = VCPU_EXIT_BAD_STATE;
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		out->kind = run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION ?
				    VCPU_EXIT_INSTRUCTION :
				    VCPU_EXIT_FAILED;
		break;
	default:
		out->kind = VCPU_EXIT_FAILED;
		break;
	}
}

static void read_fault(const struct kvm_run *run, struct vcpu_exit *out)
{
	struct memory_fault fault;

	memcpy(&fault, &run->hw, sizeof(fault));
	out->kind = VCPU_EXIT_PAGE;
	out->address = run->exit_reason == EXIT_MEMORY_FAULT ? fault.addr : UINT64_MAX;
}

/* KVM_RUN itself failed. */
static void read_error(struct kvm_run *run, int error, struct vcpu_exit *out)
{
	switch (error) {
	case EINTR:
		take_signal();
		/* fallthrough */
	case EAGAIN:
		out->kind = VCPU_EXIT_INTERRUPTED;
		break;
	case EFAULT:
		read_fault(run, out);
		break;
	default:
		out->kind = VCPU_EXIT_FAILED;
		break;
	}
}

/* The guest stays where it was before the first of the three faults. */
static bool undo_shutdown(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_events events;

	if (ioctl(vcpu->fd, KVM_GET_VCPU_EVENTS, &events) < 0)
		return false;
	memset(&events.exception, 0, sizeof(events.exception));
	events.flags = 0;
	return ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, &events) >= 0;
}

void host__vcpu_run(void *data, const uint32_t *wake, struct vcpu_exit *out)
{
	struct kvm_vcpu *vcpu = data;
	int error = EINTR;

	memset(out, 0, sizeof(*out));
	if (!vcpu->started)
		(void)kvm_vcpu__split_pages(vcpu);
	vcpu->started = true;
	come_in(vcpu);
	if (!__atomic_load_n(wake, __ATOMIC_SEQ_CST))
		error = ioctl(vcpu->fd, KVM_RUN, 0) < 0 ? errno : 0;
	go_out(vcpu);
	if (error)
		read_error(vcpu->run, error, out);
	else
		read_exit(vcpu->run, out);
	if (out->kind == VCPU_EXIT_SHUTDOWN &&
	    (kvm_vcpu__split_pages(vcpu) || kvm_vcpu__emulate(vcpu)) && undo_shutdown(vcpu))
		out->kind = VCPU_EXIT_INTERRUPTED;
	if (out->kind == VCPU_EXIT_INSTRUCTION && kvm_vcpu__emulate(vcpu))
		out->kind = VCPU_EXIT_INTERRUPTED;
}

void host__vcpu_answer(void *data, uint64_t value)
{
	struct kvm_run *run = ((struct kvm_vcpu *)data)->run;

	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		memcpy((char *)run + run->io.data_offset, &value, run->io.size);
		break;
	case KVM_EXIT_MMIO:
		memcpy(run->mmio.data, &value, sizeof(value));
		break;
	case KVM_EXIT_X86_RDMSR:
		run->msr.data = value;
		break;
	default:
		break;
	}
}

void host__vcpu_refuse(void *data)
{
	((struct kvm_vcpu *)data)->run->msr.error = 1;
}

void host__vcpu_finish(void *data)
{
	struct kvm_vcpu *vcpu = data;
	int more = 0;

	vcpu->run->immediate_exit = 1;
	come_in(vcpu);
	for (int i = 0; !more && i < ACCESSES_MAX; i++) {
		more = ioctl(vcpu->fd, KVM_RUN, 0);
		/* Other accesses of the same instruction come to nothing either. */
		if (!more)
			host__vcpu_answer(vcpu, 0);
	}
	go_out(vcpu);
	vcpu->run->immediate_exit = 0;
}
