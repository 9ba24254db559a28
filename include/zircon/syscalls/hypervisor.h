/* Virtual machines, with guests of x86-64. The packets that they send are in port.h. */
#ifndef ZIRCON_SYSCALLS_HYPERVISOR_H_
#define ZIRCON_SYSCALLS_HYPERVISOR_H_

#include <zircon/types.h>

__BEGIN_CDECLS

/* zx_guest_set_trap: what to trap on, and how it is told */
typedef uint32_t zx_guest_trap_t;

#define ZX_GUEST_TRAP_BELL	((zx_guest_trap_t)0u)	/* packet on a port, the VCPU goes on */
#define ZX_GUEST_TRAP_MEM	((zx_guest_trap_t)1u)	/* packet of the VCPU, which stops */
#define ZX_GUEST_TRAP_IO	((zx_guest_trap_t)2u)	/* likewise, for I/O ports */

/* zx_vcpu_read_state and zx_vcpu_write_state; the newest interface renames the type */
typedef uint32_t zx_vcpu_t;
typedef uint32_t zx_vcpu_state_topic_t;

#define ZX_VCPU_STATE		((zx_vcpu_t)0u)
#define ZX_VCPU_IO		((zx_vcpu_t)1u)		/* written only */

/* In the order of the machine's own numbering, unlike zx_thread_state_general_regs_t */
typedef struct zx_vcpu_state {
	uint64_t rax;
	uint64_t rcx;
	uint64_t rdx;
	uint64_t rbx;
	uint64_t rsp;
	uint64_t rbp;
	uint64_t rsi;
	uint64_t rdi;
	uint64_t r8;
	uint64_t r9;
	uint64_t r10;
	uint64_t r11;
	uint64_t r12;
	uint64_t r13;
	uint64_t r14;
	uint64_t r15;
	uint64_t rflags;	/* those of the low 32 bits that user code may change */
} zx_vcpu_state_t;

/* The answer to an input from an I/O port */
typedef struct zx_vcpu_io {
	uint8_t access_size;	/* bytes: 1, 2 or 4 */
	uint8_t padding1[3];
	__ZX_EXTENSION union {
		__ZX_EXTENSION struct {
			uint8_t u8;
			uint8_t padding2[3];
		};
		__ZX_EXTENSION struct {
			uint16_t u16;
			uint8_t padding3[2];
		};
		uint32_t u32;
		uint8_t data[4];
	};
} zx_vcpu_io_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_HYPERVISOR_H_ */
