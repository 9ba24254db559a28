/*
 * What core and host tell each other of virtual processors. The host knows how guests are run
 * (KVM); what their accesses mean is the core's matter.
 */
#ifndef COMPAT_CORE_GUEST_HOST_H
#define COMPAT_CORE_GUEST_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* Why a processor does not run on. */
enum vcpu_exit_kind {
	VCPU_EXIT_INTERRUPTED, /* for no reason of the guest's */
	VCPU_EXIT_IO,          /* an I/O port; the answer to an input is vcpu_answer() */
	VCPU_EXIT_MEMORY,      /* an address without memory, or a write where there is no writing */
	VCPU_EXIT_PAGE,        /* no memory at @address; UINT64_MAX: at one not known */
	VCPU_EXIT_HALT,
	VCPU_EXIT_READ_MSR,  /* answered by vcpu_answer(), or vcpu_refuse() */
	VCPU_EXIT_WRITE_MSR, /* the same, the value of the answer counting for nothing */
	VCPU_EXIT_INSTRUCTION, /* the next instruction cannot be run, or not even read */
	VCPU_EXIT_SHUTDOWN,  /* three faults one within the other */
	VCPU_EXIT_BAD_STATE, /* the machine refuses to enter the guest */
	VCPU_EXIT_FAILED,
};

struct vcpu_exit {
	enum vcpu_exit_kind kind;
	bool write;       /* the guest writes: @data */
	bool repeated;    /* of an I/O port: a string of more than one */
	uint32_t size;    /* bytes of @data, at most 8 */
	uint64_t address; /* in the guest's memory, or the number of the port or MSR */
	uint64_t data;
};

/* By the machine's own numbers: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15. */
#define VCPU_GENERAL 16

struct vcpu_registers {
	uint64_t general[VCPU_GENERAL];
	uint64_t rip;
	uint64_t rflags;
};

/* By the machine's own numbers, too: es, cs, ss, ds, fs, gs. */
#define VCPU_SEGMENTS 6

struct vcpu_mode {
	bool long_mode;  /* 64-bit code */
	bool code_32;    /* else: 32-bit, or 16-bit */
	uint64_t page_table; /* cr3 */
	uint64_t base[VCPU_SEGMENTS];
};

#endif
