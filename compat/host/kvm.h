/*
 * Guests, run by Linux's KVM: what kvm_*.c share. The core's side is in compat/core/guest_host.h.
 */
#ifndef COMPAT_HOST_KVM_H
#define COMPAT_HOST_KVM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "compat/core/guest_host.h"
#include "compat/host/host.h"

/* Memory of the guest that KVM knows as one slot. */
struct kvm_slot {
	uint64_t begin; /* in the guest's memory */
	uint64_t end;
	char *addr; /* where zxrun has it mapped */
	uint32_t id;
	bool writable;
};

/* A part of zxrun's own address space that shows a part of the guest's memory. */
struct kvm_window {
	struct kvm_window *next;
	uint64_t begin;
	char *addr;
};

/* The virtual machine behind a guest; process.host of its memory points here. */
struct kvm_guest {
	int fd;
	struct process *memory; /* not referenced: outlives this */
	uint32_t max_slots;
	/* All under @lock */
	pthread_mutex_t lock;
	pthread_cond_t idle;	/* no processor runs any more */
	pthread_cond_t settled; /* slots are no longer being changed */
	bool changing;
	uint32_t running;
	struct kvm_vcpu *vcpus;
	struct kvm_vcpu *unused; /* KVM keeps those that are gone, for others of the same number */
	struct kvm_window *windows;
	struct kvm_slot *slots; /* sorted, without overlap */
	uint32_t slot_count;
	uint32_t slot_capacity;
	bool *slot_used; /* by id */
	/* Of kvm_pages.c */
	pthread_mutex_t pages_lock; /* before the other one */
	char *hidden;		    /* NULL while there are none */
	uint32_t hidden_used;
};

/* A processor; what the core knows as the host's part of it. */
struct kvm_vcpu {
	struct kvm_guest *guest;
	struct kvm_vcpu *next; /* of the guest's, under its lock */
	pid_t runner;	       /* the thread that is in KVM_RUN, or 0; under the guest's lock */
	uint32_t id;
	int fd;
	struct kvm_run *run;
	size_t run_size;
	uint64_t ticks_per_ms;
	bool started; /* it has run once */
};

/* The signal that ends KVM_RUN; all of zxrun's threads block it but there. */
#define KVM_STOP_SIGNAL SIGUSR2

/* --- kvm_vm.c --- */
zx_status_t host__guest_create(struct process *memory);
void kvm_guest__free(struct kvm_guest *guest);
/* Bytes of a struct kvm_run. */
size_t kvm__run_size(void);
/* What KVM can do for guests: kvm_cpuid.c's input. Returns 0 or -errno. */
int kvm__supported_cpuid(struct kvm_cpuid2 *cpuid);
/* Keeps the guest's processors out of it until kvm_guest__resume(). */
void kvm_guest__pause(struct kvm_guest *guest);
void kvm_guest__resume(struct kvm_guest *guest);

/* --- kvm_memory.c: as core_host.map, unmap and protect --- */
zx_status_t kvm_guest__map(struct kvm_guest *guest, uint64_t addr, uint64_t size, uint32_t prot,
			   int fd, uint64_t offset);
zx_status_t kvm_guest__unmap(struct kvm_guest *guest, uint64_t addr, uint64_t size);
zx_status_t kvm_guest__protect(struct kvm_guest *guest, uint64_t addr, uint64_t size,
			       uint32_t prot);
void kvm_guest__free_memory(struct kvm_guest *guest);
/* Where zxrun would have a page of the guest mapped, under the guest's lock; NULL: nowhere. */
char *kvm_guest__at(struct kvm_guest *guest, uint64_t addr);

/* --- kvm_pages.c --- */
/* Sees to pages of 1 GiB where KVM has none; false where there was nothing to do. */
bool kvm_vcpu__split_pages(struct kvm_vcpu *vcpu);
void kvm_guest__free_hidden(struct kvm_guest *guest);

/* --- kvm_emulate.c --- */
/* Carries out the instruction that the processor could not; false where it is not known here. */
bool kvm_vcpu__emulate(struct kvm_vcpu *vcpu);

/* --- kvm_vcpu.c, kvm_initial.c, kvm_cpuid.c --- */
zx_status_t host__vcpu_create(struct process *memory, uint32_t id, uint64_t entry, void **out);
void host__vcpu_destroy(void *vcpu);
/* Frees those that are gone. */
void kvm_guest__free_vcpus(struct kvm_guest *guest);
/* Has it begin at @entry, whatever it did before. Returns 0 or -errno. */
int kvm_vcpu__set_initial(struct kvm_vcpu *vcpu, uint64_t entry);
/* Tells the guest what processor it has. Returns 0 or -errno. */
int kvm_vcpu__set_cpuid(struct kvm_vcpu *vcpu, uint32_t id);
/* Whether KVM understands pages of 1 GiB; known once there is a processor. */
bool kvm__has_gib_pages(void);

/* --- kvm_run.c --- */
void host__vcpu_run(void *vcpu, const uint32_t *wake, struct vcpu_exit *out);
void host__vcpu_stop(uint32_t id);
void host__vcpu_answer(void *vcpu, uint64_t data);
void host__vcpu_finish(void *vcpu);
void host__vcpu_refuse(void *vcpu);

/* --- kvm_state.c --- */
bool host__vcpu_interrupt(void *vcpu, uint32_t vector);
void host__vcpu_wants_interrupts(void *vcpu, bool more);
void host__vcpu_get_registers(void *vcpu, struct vcpu_registers *out);
void host__vcpu_set_registers(void *vcpu, const struct vcpu_registers *registers);
void host__vcpu_get_mode(void *vcpu, struct vcpu_mode *out);
bool host__vcpu_translate(void *vcpu, uint64_t addr, uint64_t *out);
uint64_t host__vcpu_ticks(void *vcpu);
uint64_t host__vcpu_ticks_per_ms(void *vcpu);
void host__vcpu_note(void *vcpu, const char *what, uint64_t where);

#endif
