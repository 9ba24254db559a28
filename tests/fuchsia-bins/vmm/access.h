/* Instructions by which guests reach devices in memory. */
#ifndef VMM_ACCESS_H
#define VMM_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <zircon/eras.h>
#include <zircon/syscalls/hypervisor.h>

#include "machine.h"

struct access {
	bool write;
	uint32_t size; /* bytes */
	uint32_t value;
	uint32_t target; /* of a load: the register, by its place in zx_vcpu_state_t */
	uint64_t keep;	 /* what the load leaves of it */
	uint64_t mask;	 /* what it brings */
};

/*
 * The access that a packet tells of. MOV and MOVZX of up to 4 bytes, as compilers make them of
 * volatile accesses in 64-bit code; all else is ZX_ERR_NOT_SUPPORTED.
 */
zx_status_t access__decode(struct machine *machine, const zx_packet_guest_mem_newest_t *packet,
			   const zx_vcpu_state_t *state, struct access *out);

#endif
