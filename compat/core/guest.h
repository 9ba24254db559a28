/*
 * Guests: virtual machines. The memory of one is an address space (that of a process which never
 * runs, so that all about VMARs and mappings holds there too); what it does elsewhere ends in
 * traps.
 */
#ifndef COMPAT_CORE_GUEST_H
#define COMPAT_CORE_GUEST_H

#include <zircon/syscalls/hypervisor.h>

#include "compat/core/object.h"
#include "compat/core/port.h"

struct guest_trap;
struct thread;
struct vmar;

extern const struct object_ops guest_ops;

#define GUEST_MAX_VCPUS 64u

/* Traps of one kind of address, sorted by where they begin. They stay as long as the guest. */
struct guest_traps {
	struct guest_trap **at;
	uint32_t count;
	uint32_t capacity;
};

struct guest {
	struct object object;
	struct process *memory;  /* referenced */
	struct guest_traps memory_traps; /* these and what follows under the object's lock */
	struct guest_traps port_traps;
	uint64_t vcpus; /* a bit for each that exists */
};

struct guest_trap {
	uint32_t kind; /* ZX_GUEST_TRAP_* */
	uint64_t addr;
	uint64_t size;
	uint64_t key;
	struct port *port; /* referenced; NULL but for bells */
	struct port_quota quota;
};

/* @era: that of the program it is for. Errors: ZX_ERR_NOT_SUPPORTED, ZX_ERR_NO_MEMORY. */
zx_status_t guest__create(uint32_t era, struct guest **out);
/* A reference to the VMAR of its memory. */
struct vmar *guest__vmar(struct guest *guest);
/*
 * Sets a trap; errors as zx_guest_set_trap() in the era of @self. @port: NULL where there is none.
 */
zx_status_t guest__set_trap(struct thread *self, struct guest *guest, uint32_t kind, uint64_t addr,
			    uint64_t size, struct port *port, uint64_t key);
/* The trap at an address (of memory, or of I/O ports where @ports), or NULL. */
struct guest_trap *guest__find_trap(struct guest *guest, bool ports, uint64_t addr);
/*
 * The bell at @addr rings. Waits while its packets fill the port. Errors: ZX_ERR_BAD_STATE (the
 * port is closed; ZX_ERR_BAD_HANDLE before the newest interface), ZX_ERR_NO_MEMORY, and those of
 * thread__block().
 */
zx_status_t guest__ring(struct thread *self, struct guest_trap *trap, uint64_t addr);

/* A number for a processor, from 0; -1 where all are taken. */
int guest__take_vcpu(struct guest *guest);
void guest__free_vcpu(struct guest *guest, uint32_t id);

#endif
