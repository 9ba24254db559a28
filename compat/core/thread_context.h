/*
 * What a stopped thread will go on with: its registers, which zx_thread_read_state and
 * zx_thread_write_state show and change.
 *
 * thread->context is not NULL, under the thread's object lock, exactly while the thread is stopped
 * where its state may be looked at: suspended, or in an exception. Whoever changes something sets
 * @changed; the thread goes on from what is here then.
 */
#ifndef COMPAT_CORE_THREAD_CONTEXT_H
#define COMPAT_CORE_THREAD_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/syscalls/debug.h>
#include <zircon/types.h>
#include <zxabi/layout.h>

struct thread;

struct thread_context {
	struct zxabi_registers regs;
	bool changed;
	bool in_call; /* stopped there: what the thread goes on with is the kernel's care */
	/* An exception that is no event of the machine: general registers are ZX_ERR_NOT_SUPPORTED. */
	bool no_registers;
	uint32_t xstate_size; /* bytes of @xstate that mean something */
	uint8_t xstate[ZXABI_XSTATE_SIZE]; /* an XSAVE area in the standard format */
};

/* @self stops with @context, or goes on where that is NULL. Only by the thread itself. */
void thread__set_context(struct thread *self, struct thread_context *context);

/* --- thread_xstate.c: the parts of context.xstate --- */
void thread_context__get_fp(const struct thread_context *context, zx_thread_state_fp_regs_t *regs);
void thread_context__set_fp(struct thread_context *context, const zx_thread_state_fp_regs_t *regs);
void thread_context__get_vector(const struct thread_context *context,
				zx_thread_state_vector_regs_t *regs);
/* ZX_ERR_INVALID_ARGS where mxcsr has bits that the machine does not know. */
zx_status_t thread_context__set_vector(struct thread_context *context,
				       const zx_thread_state_vector_regs_t *regs);

#endif
