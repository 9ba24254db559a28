/* /dev/kvm, and the virtual machines made by it. */
#include "compat/host/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t device_lock = PTHREAD_MUTEX_INITIALIZER;
static int device = -1;
static size_t run_size;

/* MSRs that a guest has as the machine has them; all others are the core's matter. */
static uint64_t msrs_all = UINT64_MAX;
static uint64_t msrs_syscall = 0x17; /* EFER, STAR, LSTAR; not CSTAR; FMASK */

#define MSR_RANGE(first, count, bits)                                                              \
	{                                                                                          \
		.flags = KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE, .base = (first),              \
		.nmsrs = (count), .bitmap = (uint8_t *)(bits),                                     \
	}

static const struct kvm_msr_filter msr_filter = {
	.flags = KVM_MSR_FILTER_DEFAULT_DENY,
	.ranges = {
		MSR_RANGE(0x11, 2, &msrs_all),	     /* the clock that KVM gives guests */
		MSR_RANGE(0x3b, 1, &msrs_all),	     /* TSC_ADJUST */
		MSR_RANGE(0x174, 3, &msrs_all),	     /* SYSENTER_* */
		MSR_RANGE(0x277, 1, &msrs_all),	     /* PAT */
		MSR_RANGE(0x4b564d00, 2, &msrs_all), /* the clock by its newer numbers */
		MSR_RANGE(0xc0000080, 5, &msrs_syscall),
		MSR_RANGE(0xc0000100, 4, &msrs_all), /* FS_BASE, GS_BASE, KERNEL_GS_BASE, TSC_AUX */
	},
};

/* What guests need of KVM. */
static const struct {
	int number;
	const char *name;
} needed[] = {
	{ KVM_CAP_USER_MEMORY, "memory of programs" },
	{ KVM_CAP_READONLY_MEM, "read-only memory" },
	{ KVM_CAP_SYNC_REGS, "registers in shared memory" },
	{ KVM_CAP_IMMEDIATE_EXIT, "a way to end instructions" },
	{ KVM_CAP_X86_USER_SPACE_MSR, "MSRs in user space" },
	{ KVM_CAP_X86_MSR_FILTER, "a filter of MSRs" },
	{ KVM_CAP_VCPU_EVENTS, "exceptions" },
	{ KVM_CAP_USER_NMI, "NMIs" },
};

static int check_device(int fd)
{
	int version = ioctl(fd, KVM_GET_API_VERSION, 0);
	int size;

	if (version != KVM_API_VERSION) {
		host__note("KVM has interface %d, not %d: no guests", version, KVM_API_VERSION);
		return -ENOSYS;
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (ioctl(fd, KVM_CHECK_EXTENSION, needed[i].number) <= 0) {
			host__note("this KVM lacks %s: no guests", needed[i].name);
			return -ENOSYS;
		}
	}
	size = ioctl(fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < (int)sizeof(struct kvm_run))
		return -ENOSYS;
	run_size = (size_t)size;
	return 0;
}

static int open_device(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int error;

	if (fd < 0) {
		error = -errno;
		host__note("/dev/kvm: %s: no guests", strerror(-error));
		return error;
	}
	error = check_device(fd);
	if (error) {
		close(fd);
		return error;
	}
	return fd;
}

/* The device's descriptor, which stays open, or -errno. */
static int get_device(void)
{
	int fd;

	pthread_mutex_lock(&device_lock);
	if (device < 0) {
		fd = open_device();
		if (fd >= 0)
			device = fd;
	} else {
		fd = device;
	}
	pthread_mutex_unlock(&device_lock);
	return fd;
}

size_t kvm__run_size(void)
{
	return run_size;
}

int kvm__supported_cpuid(struct kvm_cpuid2 *cpuid)
{
	return ioctl(get_device(), KVM_GET_SUPPORTED_CPUID, cpuid) < 0 ? -errno : 0;
}

/*
 * A KVM without the machine's help may try for ever to replace a VMCALL by what it takes for the
 * machine's own form of it.
 */
static bool is_in_software(void)
{
	return access("/sys/module/kvm_intel", F_OK) && access("/sys/module/kvm_amd", F_OK);
}

static int set_up(int vm)
{
	struct kvm_enable_cap no_patches = {
		.cap = KVM_CAP_DISABLE_QUIRKS2,
		.args = { KVM_X86_QUIRK_FIX_HYPERCALL_INSN },
	};
	struct kvm_enable_cap msrs = {
		.cap = KVM_CAP_X86_USER_SPACE_MSR,
		.args = { KVM_MSR_EXIT_REASON_INVAL | KVM_MSR_EXIT_REASON_UNKNOWN |
			  KVM_MSR_EXIT_REASON_FILTER },
	};
	struct kvm_enable_cap failures = {
		.cap = KVM_CAP_EXIT_ON_EMULATION_FAILURE,
		.args = { 1 },
	};

	if (ioctl(vm, KVM_ENABLE_CAP, &msrs) < 0 ||
	    ioctl(vm, KVM_X86_SET_MSR_FILTER, &msr_filter) < 0)
		return -errno;
	/* Older ones do without. */
	(void)ioctl(vm, KVM_ENABLE_CAP, &failures);
	if (is_in_software())
		(void)ioctl(vm, KVM_ENABLE_CAP, &no_patches);
	return 0;
}

static int make_vm(void)
{
	int kvm = get_device();
	int vm;

	if (kvm < 0)
		return kvm;
	do {
		vm = ioctl(kvm, KVM_CREATE_VM, 0);
	} while (vm < 0 && errno == EINTR);
	return vm < 0 ? -errno : vm;
}

static zx_status_t status_of(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE ? ZX_ERR_NO_MEMORY :
									  ZX_ERR_NOT_SUPPORTED;
}

zx_status_t host__guest_create(struct process *memory)
{
	struct kvm_guest *guest = calloc(1, sizeof(*guest));
	int error = guest ? make_vm() : -ENOMEM;

	if (error >= 0) {
		guest->fd = error;
		error = set_up(guest->fd);
	} else if (guest) {
		guest->fd = -1;
	}
	if (!error) {
		guest->max_slots = (uint32_t)ioctl(guest->fd, KVM_CHECK_EXTENSION,
						   KVM_CAP_NR_MEMSLOTS);
		guest->slot_used = calloc(guest->max_slots, sizeof(bool));
		error = guest->slot_used ? 0 : -ENOMEM;
	}
	if (error) {
		host__note("making a virtual machine: %s", strerror(-error));
		if (guest && guest->fd >= 0)
			close(guest->fd);
		free(guest);
		return status_of(error);
	}
	guest->memory = memory;
	pthread_mutex_init(&guest->lock, NULL);
	pthread_mutex_init(&guest->pages_lock, NULL);
	pthread_cond_init(&guest->idle, NULL);
	pthread_cond_init(&guest->settled, NULL);
	memory->host = guest;
	return ZX_OK;
}

void kvm_guest__free(struct kvm_guest *guest)
{
	kvm_guest__free_vcpus(guest);
	close(guest->fd);
	kvm_guest__free_memory(guest);
	kvm_guest__free_hidden(guest);
	free(guest->slot_used);
	pthread_cond_destroy(&guest->idle);
	pthread_cond_destroy(&guest->settled);
	pthread_mutex_destroy(&guest->pages_lock);
	pthread_mutex_destroy(&guest->lock);
	free(guest);
}

/* Leaves the lock held. */
void kvm_guest__pause(struct kvm_guest *guest)
{
	pthread_mutex_lock(&guest->lock);
	while (guest->changing)
		pthread_cond_wait(&guest->settled, &guest->lock);
	guest->changing = true;
	for (struct kvm_vcpu *vcpu = guest->vcpus; vcpu; vcpu = vcpu->next) {
		if (vcpu->runner)
			host__vcpu_stop((uint32_t)vcpu->runner);
	}
	while (guest->running)
		pthread_cond_wait(&guest->idle, &guest->lock);
}

void kvm_guest__resume(struct kvm_guest *guest)
{
	guest->changing = false;
	pthread_cond_broadcast(&guest->settled);
	pthread_mutex_unlock(&guest->lock);
}
