/* A thread whose registers are all known: it takes them from state_in, and leaves state_out. */
#ifndef CONFORMANCE_STATE_H
#define CONFORMANCE_STATE_H

#include "tasks.h"

#include <zircon/eras.h>
#include <zircon/syscalls/debug.h>

/* The order is that of zx_thread_state_general_regs_t. */
enum {
	RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, R13, R14, R15,
	GENERAL_COUNT
};

struct state {
	uint64_t general[GENERAL_COUNT];	/* but the stack pointer */
	uint64_t xmm[16][2];
	uint64_t st0[2];
	uint64_t flags;
};

extern struct state state_in;
extern struct state state_out;
extern volatile uint32_t state_stop;
extern volatile uint32_t state_waits;	/* 1 when it is in its loop */
extern volatile uint32_t state_place;	/* 2 when it came through state_second */

/* The loop in which it waits, and a second way to its end. */
extern const char state_loop[];
extern const char state_loop_end[];
extern const char state_second[];

/* Starts it: its bases are at these words, its general registers hold REGISTER_VALUE(i). */
#define REGISTER_VALUE(i) (UINT64_C(0x1111111111111111) * ((i) % 15 + 1))
#define XMM_VALUE(i, half) (UINT64_C(0x0102030405060708) * (2 * (i) + (half) + 1))

extern uint64_t state_fs_word;
extern uint64_t state_gs_word;
extern uint64_t state_fs_seen;	/* what it found there at its end */
extern uint64_t state_gs_seen;

zx_handle_t start_state_thread(void);
void end_state_thread(zx_handle_t thread);

/* The general registers of a stopped thread, in the form of this date. */
zx_thread_state_general_regs_t read_general(zx_handle_t thread);
zx_status_t write_general(zx_handle_t thread, const zx_thread_state_general_regs_t *regs);
size_t general_size(void);

/* The topic behind that of the vector registers, whose number is another in July 2018. */
uint32_t single_step_topic(void);

#endif
