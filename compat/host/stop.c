/* Program threads that are stopped: their registers come from the slot, and go back there. */
#include <string.h>

#include "compat/host/host.h"

void host__context_open(struct worker *worker, struct thread_context *context)
{
	const struct zxabi_context *from = &worker->slot->context;
	uint32_t size = __atomic_load_n(&from->xstate_size, __ATOMIC_RELAXED);

	/* A program may write what it likes into its slot: it is looked at once. */
	context->xstate_size = size <= ZXABI_XSTATE_SIZE ? size : 0;
	context->regs = from->regs;
	memcpy(context->xstate, from->xstate, sizeof(context->xstate));
	context->changed = false;
	context->no_registers = false;
	thread__set_context(worker->thread, context);
}

void host__context_close(struct worker *worker, struct thread_context *context)
{
	struct zxabi_context *to = &worker->slot->context;

	thread__set_context(worker->thread, NULL);
	if (!context->changed)
		return;
	to->regs = context->regs;
	memcpy(to->xstate, context->xstate, sizeof(to->xstate));
	to->xstate_size = context->xstate_size;
	to->changed = 1;
}
