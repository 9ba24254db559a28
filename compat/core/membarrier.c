/* Barriers that act on all threads of the calling process, so that these can do without. */
#include <core/calls.h>

#include "compat/core/core.h"

/*
 * A call that cannot fail. Where Linux was built without the means, the program must not go on as
 * if its memory were in order.
 */
static void sync_process(struct thread *self, bool instructions)
{
	zx_status_t status = core_host.sync_process(self, instructions);

	if (status != ZX_OK && status != ZX_ERR_INTERNAL_INTR_KILLED)
		process__crash(self, "this Linux has no membarrier()");
}

void sys_membarrier_sync_process_data(struct thread *self)
{
	sync_process(self, false);
}

void sys_membarrier_sync_process_insn(struct thread *self)
{
	sync_process(self, true);
}
