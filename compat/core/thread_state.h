/* The sets of registers of zx_thread_read_state and zx_thread_write_state. */
#ifndef COMPAT_CORE_THREAD_STATE_H
#define COMPAT_CORE_THREAD_STATE_H

#include <stddef.h>
#include <zircon/eras.h>
#include <zircon/syscalls/debug.h>
#include <zircon/types.h>

struct thread;

enum thread_state_set {
	STATE_GENERAL,
	STATE_GENERAL_2018, /* without the segment bases */
	STATE_FP,
	STATE_VECTOR,
	STATE_DEBUG,
	STATE_DEBUG_2018, /* with two of its values twice */
	STATE_SINGLE_STEP,
	STATE_FS,
	STATE_GS,
	STATE_SETS,
};

/* Room for any of them. */
union thread_state_buffer {
	zx_thread_state_general_regs_t general;
	zx_thread_state_general_regs_2018_t general_2018;
	zx_thread_state_fp_regs_t fp;
	zx_thread_state_vector_regs_t vector;
	zx_thread_state_debug_regs_t debug;
	zx_thread_state_debug_regs_2018_t debug_2018;
	zx_thread_state_single_step_t single_step;
	uint64_t base;
};

extern const size_t thread_state_sizes[STATE_SETS];

/* @self has made a single step, which the debug registers tell. */
void thread__note_step(struct thread *self);
/* That was handled, and newer kernels forget it then. */
void thread__end_step(struct thread *self);
/* It has come upon one of its breakpoints. */
void thread__note_breakpoint(struct thread *self, uint64_t index);

/*
 * Errors of both: ZX_ERR_BAD_STATE (not stopped), ZX_ERR_NOT_SUPPORTED (an exception without
 * registers). Writing also has ZX_ERR_INVALID_ARGS, for what no program can have.
 */
zx_status_t thread__read_state(struct thread *thread, enum thread_state_set set,
			       union thread_state_buffer *out);
zx_status_t thread__write_state(struct thread *thread, enum thread_state_set set,
				const union thread_state_buffer *in);

#endif
