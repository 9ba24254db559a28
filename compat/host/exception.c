/* Exceptions of program threads. */
#include <signal.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/vmar.h"
#include "compat/host/host.h"

/* x86 vectors, as Linux tells them. */
#define VECTOR_DEBUG 1
#define VECTOR_PAGE_FAULT 14

/* Bits of a page fault's error code. */
#define FAULT_WRITE 2
#define FAULT_FETCH 16

uint32_t host__exception_type(const struct zxabi_exception *exception)
{
	switch (exception->signal) {
	case SIGSEGV:
	case SIGBUS:
		if (exception->trap == VECTOR_PAGE_FAULT)
			return ZX_EXCP_FATAL_PAGE_FAULT;
		return exception->signal == SIGBUS ? ZX_EXCP_UNALIGNED_ACCESS : ZX_EXCP_GENERAL;
	case SIGILL:
		return ZX_EXCP_UNDEFINED_INSTRUCTION;
	case SIGTRAP:
		return exception->trap == VECTOR_DEBUG ? ZX_EXCP_HW_BREAKPOINT
						       : ZX_EXCP_SW_BREAKPOINT;
	case SIGSYS:
		return ZX_EXCP_POLICY_ERROR;
	default:
		return ZX_EXCP_GENERAL;
	}
}

/* Was it an access that the program may make, to pages that are only not there yet? */
static bool resolve(struct thread *thread, const struct zxabi_exception *exception)
{
	if (exception->signal != SIGSEGV || exception->trap != VECTOR_PAGE_FAULT)
		return false;
	return vmar__fault_in(thread, exception->address,
			      exception->error & FAULT_FETCH   ? HOST_PROT_EXEC
			      : exception->error & FAULT_WRITE ? HOST_PROT_WRITE
							       : HOST_PROT_READ) == ZX_OK;
}

int64_t host__resolve_fault(struct worker *worker)
{
	struct zxabi_exception exception = worker->slot->exception;

	return resolve(worker->thread, &exception);
}

void host__exception(struct worker *worker)
{
	struct zxabi_exception exception = worker->slot->exception;
	struct thread *thread = worker->thread;
	struct process *process = thread->process;
	struct thread_context context;

	/* One that is told to end while it waits for a pager has done nothing wrong. */
	if (resolve(thread, &exception) || thread__killed(thread))
		return;
	host__context_open(worker, &context);
	host__crash_report(thread, &exception, &context);
	process__kill(process, era__of(process->era)->retcode_exception);
	host__context_close(worker, &context);
}
