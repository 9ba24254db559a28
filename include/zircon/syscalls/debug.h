/*
 * Registers of threads, for zx_thread_read_state and zx_thread_write_state, on x86-64. In 2018
 * the general ones ended before fs_base: see <zircon/eras.h>.
 */
#ifndef ZIRCON_SYSCALLS_DEBUG_H_
#define ZIRCON_SYSCALLS_DEBUG_H_

#include <stdint.h>
#include <zircon/compiler.h>

__BEGIN_CDECLS

typedef uint32_t zx_thread_state_topic_t;

#define ZX_THREAD_STATE_GENERAL_REGS	((uint32_t)0)
#define ZX_THREAD_STATE_FP_REGS		((uint32_t)1)
#define ZX_THREAD_STATE_VECTOR_REGS	((uint32_t)2)
#define ZX_THREAD_STATE_DEBUG_REGS	((uint32_t)4)
#define ZX_THREAD_STATE_SINGLE_STEP	((uint32_t)5)
#define ZX_THREAD_X86_REGISTER_FS	((uint32_t)6)	/* gone from the newest interface, */
#define ZX_THREAD_X86_REGISTER_GS	((uint32_t)7)	/* like this one */

typedef struct zx_thread_state_general_regs {
	uint64_t rax;
	uint64_t rbx;
	uint64_t rcx;
	uint64_t rdx;
	uint64_t rsi;
	uint64_t rdi;
	uint64_t rbp;
	uint64_t rsp;
	uint64_t r8;
	uint64_t r9;
	uint64_t r10;
	uint64_t r11;
	uint64_t r12;
	uint64_t r13;
	uint64_t r14;
	uint64_t r15;
	uint64_t rip;
	uint64_t rflags;
	uint64_t fs_base;
	uint64_t gs_base;
} zx_thread_state_general_regs_t;

/* x87 and MMX, in the order of FXSAVE */
typedef struct zx_thread_state_fp_regs {
	uint16_t fcw;
	uint16_t fsw;
	uint8_t ftw;
	uint8_t reserved;
	uint16_t fop;
	uint64_t fip;
	uint64_t fdp;
	uint8_t padding1[8];
	__ALIGNED(16) struct {
		uint64_t low;	/* all of an MMX register */
		uint64_t high;	/* its low 16 bits count: x87 registers have 80 */
	} st[8];
} zx_thread_state_fp_regs_t;

/* SSE, AVX and AVX-512: what the machine lacks reads as 0. */
typedef struct zx_thread_state_vector_regs {
	struct {
		uint64_t v[8];	/* xmm is the first two, ymm the first four */
	} zmm[32];
	uint64_t opmask[8];
	uint32_t mxcsr;
	uint8_t padding1[4];
} zx_thread_state_vector_regs_t;

typedef struct zx_thread_state_debug_regs {
	uint64_t dr[4];
	uint64_t dr6;
	uint64_t dr7;
} zx_thread_state_debug_regs_t;

typedef uint32_t zx_thread_state_single_step_t;	/* 0 or 1 */
typedef uint64_t zx_thread_x86_register_fs_t;	/* the base, not the selector */
typedef uint64_t zx_thread_x86_register_gs_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_DEBUG_H_ */
