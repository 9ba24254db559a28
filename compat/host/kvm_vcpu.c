/* Processors of guests. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compat/host/kvm.h"

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

static int set_up(struct kvm_vcpu *vcpu)
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
	error = kvm_vcpu__set_cpuid(vcpu, vcpu->id);
	return error ? error : set_signal_mask(vcpu);
}

static int open_vcpu(struct kvm_vcpu *vcpu)
{
	vcpu->fd = ioctl(vcpu->guest->fd, KVM_CREATE_VCPU, (unsigned long)vcpu->id);
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

void kvm_guest__free_vcpus(struct kvm_guest *guest)
{
	while (guest->unused) {
		struct kvm_vcpu *vcpu = guest->unused;

		guest->unused = vcpu->next;
		vcpu_free(vcpu);
	}
}

static int make(struct kvm_guest *guest, uint32_t id, struct kvm_vcpu **out)
{
	struct kvm_vcpu *vcpu = calloc(1, sizeof(*vcpu));
	int error;

	if (!vcpu)
		return -ENOMEM;
	vcpu->guest = guest;
	vcpu->id = id;
	vcpu->fd = -1;
	error = open_vcpu(vcpu);
	if (!error)
		error = set_up(vcpu);
	if (error)
		vcpu_free(vcpu);
	else
		*out = vcpu;
	return error;
}

static void unlink_vcpu(struct kvm_vcpu **link, struct kvm_vcpu *vcpu)
{
	while (*link != vcpu)
		link = &(*link)->next;
	*link = vcpu->next;
}

static void link_vcpu(struct kvm_vcpu **list, struct kvm_vcpu *vcpu)
{
	vcpu->next = *list;
	*list = vcpu;
}

/* One that was made with this number before. */
static struct kvm_vcpu *take_unused(struct kvm_guest *guest, uint32_t id)
{
	struct kvm_vcpu *vcpu;

	pthread_mutex_lock(&guest->lock);
	for (vcpu = guest->unused; vcpu && vcpu->id != id; vcpu = vcpu->next)
		;
	if (vcpu)
		unlink_vcpu(&guest->unused, vcpu);
	pthread_mutex_unlock(&guest->lock);
	return vcpu;
}

zx_status_t host__vcpu_create(struct process *memory, uint32_t id, uint64_t entry, void **out)
{
	struct kvm_guest *guest = memory->host;
	struct kvm_vcpu *vcpu = take_unused(guest, id);
	int error = vcpu ? 0 : make(guest, id, &vcpu);

	if (!error)
		error = kvm_vcpu__set_initial(vcpu, entry);
	if (error)
		host__note("making a processor of a virtual machine: %s", strerror(-error));
	if (vcpu) {
		pthread_mutex_lock(&guest->lock);
		link_vcpu(error ? &guest->unused : &guest->vcpus, vcpu);
		pthread_mutex_unlock(&guest->lock);
	}
	*out = vcpu;
	if (error)
		return error == -ENOMEM ? ZX_ERR_NO_MEMORY : ZX_ERR_NOT_SUPPORTED;
	return ZX_OK;
}

void host__vcpu_destroy(void *data)
{
	struct kvm_vcpu *vcpu = data;
	struct kvm_guest *guest = vcpu->guest;

	pthread_mutex_lock(&guest->lock);
	unlink_vcpu(&guest->vcpus, vcpu);
	link_vcpu(&guest->unused, vcpu);
	pthread_mutex_unlock(&guest->lock);
}
