/*
 * What guests cost with KVM alone, in nanoseconds: one line each, NAME VALUE. The guests do what
 * those of bench/fuchsia/guest.c do. Prints nothing where there is no KVM.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "bench/guest_code.h"

#define ROUNDS 141
#define CALLS 100

static struct kvm_run *run;
static int vcpu;
static char *memory;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void check(const char *what, int result)
{
	if (result < 0)
		die(what);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static struct kvm_segment segment(uint8_t type, uint8_t s, uint8_t l)
{
	return (struct kvm_segment){
		.limit = 0xffff, .type = type, .present = 1, .s = s, .l = l, .selector = l ? 8 : 0
	};
}

static void set_state(void)
{
	struct kvm_regs regs = { .rip = GUEST_ENTRY, .rsp = GUEST_STACK, .rflags = 2 };
	struct kvm_sregs sregs;

	check("KVM_GET_SREGS", ioctl(vcpu, KVM_GET_SREGS, &sregs));
	sregs.cs = segment(11, 1, 1);
	sregs.ss = sregs.ds = sregs.es = sregs.fs = sregs.gs = segment(3, 1, 0);
	sregs.tr = segment(11, 0, 0);
	sregs.ldt = segment(2, 0, 0);
	sregs.gdt = (struct kvm_dtable){ .base = GUEST_GDT, .limit = 23 };
	sregs.idt = (struct kvm_dtable){ .base = GUEST_IDT, .limit = 0xfff };
	sregs.cr0 = 0x80000031;
	sregs.cr3 = 0;
	sregs.cr4 = 0x20;
	sregs.efer = 0xd01;
	check("KVM_SET_SREGS", ioctl(vcpu, KVM_SET_SREGS, &sregs));
	check("KVM_SET_REGS", ioctl(vcpu, KVM_SET_REGS, &regs));
}

static void make_guest(int kvm, const uint8_t *code, size_t size)
{
	struct kvm_userspace_memory_region region = { .memory_size = GUEST_DEVICE };
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	check("KVM_CREATE_VM", vm);
	memory = mmap(NULL, GUEST_DEVICE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (memory == MAP_FAILED)
		die("mmap");
	guest_code__fill(memory, code, size);
	region.userspace_addr = (uint64_t)(uintptr_t)memory;
	check("KVM_SET_USER_MEMORY_REGION", ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region));
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	check("KVM_CREATE_VCPU", vcpu);
	run = mmap(NULL, (size_t)ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
		   MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		die("mmap");
	set_state();
}

static void run_to(uint32_t reason)
{
	check("KVM_RUN", ioctl(vcpu, KVM_RUN, 0));
	if (run->exit_reason != reason) {
		fprintf(stderr, "exit %u, not %u\n", run->exit_reason, reason);
		exit(1);
	}
}

static void output(void)
{
	run_to(KVM_EXIT_IO);
}

static void store(void)
{
	run_to(KVM_EXIT_MMIO);
}

static void halt_and_output(void)
{
	run_to(KVM_EXIT_HLT);
	run_to(KVM_EXIT_IO);
}

static uint64_t measure(void (*call)(void))
{
	uint64_t best = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = now();

		for (int i = 0; i < CALLS; i++)
			call();
		begin = now() - begin;
		if (begin < best)
			best = begin;
	}
	return best / CALLS;
}

/* From an interrupt to the output of its handler. */
static uint64_t measure_interrupt(void)
{
	struct kvm_interrupt interrupt = { .irq = GUEST_VECTOR };
	uint64_t best = UINT64_MAX;

	run_to(KVM_EXIT_IO);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t total = 0;

		for (int i = 0; i < CALLS; i++) {
			uint64_t begin = now();

			check("KVM_INTERRUPT", ioctl(vcpu, KVM_INTERRUPT, &interrupt));
			run_to(KVM_EXIT_IO);
			total += now() - begin;
			run_to(KVM_EXIT_IO);
		}
		if (total < best)
			best = total;
	}
	return best / CALLS;
}

int main(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		return 0;
	make_guest(kvm, guest_outputs, sizeof(guest_outputs));
	printf("guest_out %llu\n", (unsigned long long)measure(output));
	make_guest(kvm, guest_stores, sizeof(guest_stores));
	printf("guest_mmio %llu\n", (unsigned long long)measure(store));
	make_guest(kvm, guest_halts, sizeof(guest_halts));
	printf("guest_hlt_out %llu\n", (unsigned long long)measure(halt_and_output));
	make_guest(kvm, guest_handles, sizeof(guest_handles));
	printf("guest_interrupt %llu\n", (unsigned long long)measure_interrupt());
	return 0;
}
