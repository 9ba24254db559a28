/* What the files of this program share: guests, where the machine can run them, at any date. */
#ifndef CONFORMANCE_GUEST_H
#define CONFORMANCE_GUEST_H

#include "conformance.h"

#include <zircon/eras.h>

#include "guest/vm.h"

#define GUEST(name) name##_start, name##_end
/* Traps of what make_vm() makes. */
#define EXIT_KEY 7
#define PORT_KEY 8

extern zx_status_t guest_create_2018(zx_handle_t resource, uint32_t options, zx_handle_t physmem,
				     zx_handle_t *out)
	__asm__("zx_guest_create") __attribute__((weak));

/* A guest; its memory is *vmar, or in 2018-07 @physmem. Skips the check where there can be none. */
zx_handle_t make_guest(zx_handle_t physmem, zx_handle_t *vmar);
/* One without memory to speak of, for checks that do not run it. */
zx_handle_t any_guest(void);
/* Its processor. */
zx_handle_t any_vcpu(void);
/* All of it: memory with code, a trap at VM_EXIT, one for the port VM_PORT, a processor. */
void make_vm(struct vm *vm, const char *start, const char *end);
/* The call by the name that it has at this date. */
zx_status_t run(zx_handle_t vcpu, zx_port_packet_t *packet);
/* Runs until the guest stores to VM_EXIT. */
void run_to_exit(struct vm *vm);
zx_vcpu_state_t state_of(zx_handle_t vcpu);

#endif
