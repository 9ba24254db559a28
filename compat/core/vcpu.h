/* Processors of guests. One belongs to the thread that made it, which alone runs it. */
#ifndef COMPAT_CORE_VCPU_H
#define COMPAT_CORE_VCPU_H

#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>

#include "compat/core/guest_host.h"
#include "compat/core/handle.h"
#include "compat/core/object.h"

struct guest;
struct thread;

extern const struct object_ops vcpu_ops;

#define VCPU_VECTORS 256u
#define VCPU_PLAIN_OUTPUTS 16u

/* What of its local APIC a guest can see: a timer, and that interrupts come. */
struct vcpu_apic {
	uint32_t lvt_timer; /* all under the processor's lock */
	uint32_t initial_count;
	uint32_t divide;
	struct handle timer;
};

/* The last store to a trap: the next one is most often by the same instruction. */
struct vcpu_store {
	uint64_t end; /* what rip is behind it; 0: none */
	uint32_t length;
	uint8_t bytes[15];
};

struct vcpu {
	struct object object;
	struct guest *guest;   /* referenced */
	struct thread *thread; /* referenced */
	uint32_t id;           /* from 0 */
	void *host;
	struct vcpu_exit exit; /* the last one; */
	bool unfinished;       /* ... it is not handled to the end: the next call goes on */
	struct vcpu_store store;
	/* Where the guest was after outputs that are no strings, by the low bits of that. */
	uint64_t plain_outputs[VCPU_PLAIN_OUTPUTS];
	/* Under the object's lock */
	uint64_t pending[VCPU_VECTORS / 64];
	bool signaled; /* an interrupt came since the last time that it waited for one */
	bool kicked;
	bool listening; /* its thread runs the guest, or sleeps for it: it is to be woken */
	struct vcpu_apic apic;
};

/*
 * One for @self. Errors: ZX_ERR_INVALID_ARGS (@entry), ZX_ERR_BAD_STATE (the thread has one),
 * ZX_ERR_NO_RESOURCES, ZX_ERR_NOT_SUPPORTED, ZX_ERR_NO_MEMORY.
 */
zx_status_t vcpu__create(struct thread *self, struct guest *guest, uint64_t entry,
			 struct vcpu **out);
/* Runs it until something is to be told. Errors as zx_vcpu_enter(). */
zx_status_t vcpu__enter(struct thread *self, struct vcpu *vcpu, zx_port_packet_t *packet);
/* Has the guest take an interrupt, exception (below 32) or NMI (2). */
void vcpu__interrupt(struct vcpu *vcpu, uint32_t vector);
void vcpu__kick(struct vcpu *vcpu);
/* Errors: ZX_ERR_BAD_STATE (not the thread's own). */
zx_status_t vcpu__read_state(struct thread *self, struct vcpu *vcpu, zx_vcpu_state_t *out);
zx_status_t vcpu__write_state(struct thread *self, struct vcpu *vcpu,
			      const zx_vcpu_state_t *state);
zx_status_t vcpu__write_io(struct thread *self, struct vcpu *vcpu, const zx_vcpu_io_t *io);

/* --- for the processor's own files --- */

/*
 * What a stop means: ZX_OK (it can run on), ZX_ERR_NEXT (*packet tells it), or the error that ends
 * the call.
 */
zx_status_t vcpu__handle_exit(struct thread *self, struct vcpu *vcpu, const struct vcpu_exit *exit,
			      zx_port_packet_t *packet);
/* vcpu_memory.c: the guest used an address without memory, or wrote where it may not. */
zx_status_t vcpu__handle_memory(struct thread *self, struct vcpu *vcpu,
				const struct vcpu_exit *exit, zx_port_packet_t *packet);
/* Whether an output to a port is one of a string. @registers: as they are after it. */
bool vcpu__is_string(struct vcpu *vcpu, const struct vcpu_registers *registers,
		     const struct vcpu_exit *exit);
/* The next instruction cannot be run, perhaps because its memory is not there. */
zx_status_t vcpu__handle_instruction(struct thread *self, struct vcpu *vcpu);
/* Brings memory of the guest there that is mapped, but was not. Errors as vmar__fault(). */
zx_status_t vcpu__fault_in(struct thread *self, struct vcpu *vcpu, uint64_t addr, uint32_t prot);
/* vcpu_msr.c */
zx_status_t vcpu__read_msr(struct vcpu *vcpu, uint32_t msr);
zx_status_t vcpu__write_msr(struct thread *self, struct vcpu *vcpu, uint32_t msr, uint64_t value,
			    zx_port_packet_t *packet);
/* vcpu_apic.c: the registers at MSRs 0x800 to 0x83f, and the timer. */
zx_status_t vcpu_apic__init(struct vcpu *vcpu);
void vcpu_apic__free(struct vcpu *vcpu);
zx_status_t vcpu_apic__read(struct vcpu *vcpu, uint32_t msr);
zx_status_t vcpu_apic__write(struct thread *self, struct vcpu *vcpu, uint32_t msr, uint64_t value,
			     zx_port_packet_t *packet);
zx_status_t vcpu_apic__set_tsc_deadline(struct vcpu *vcpu, uint64_t ticks);
/*
 * The timer has fired; returns when it is to fire again, or 0. Called with the timer's lock held.
 */
zx_time_t vcpu_apic__timer_fired(struct vcpu *vcpu);

#endif
