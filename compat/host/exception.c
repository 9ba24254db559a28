/* Exceptions of program threads. */
#include <signal.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/exception.h"
#include "compat/core/thread_state.h"
#include "compat/core/vmar.h"
#include "compat/host/host.h"
#include "compat/host/trace.h"

/* x86 vectors, as Linux tells them. */
#define VECTOR_DEBUG 1
#define VECTOR_ALIGNMENT 17
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
		return exception->trap == VECTOR_ALIGNMENT ? ZX_EXCP_UNALIGNED_ACCESS
							   : ZX_EXCP_GENERAL;
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

static bool is_page_fault(const struct zxabi_exception *exception)
{
	return exception->trap == VECTOR_PAGE_FAULT &&
	       (exception->signal == SIGSEGV || exception->signal == SIGBUS);
}

/*
 * Was it an access that the program may make, to pages that are only not there yet? ZX_OK, or why
 * not; an interruption where it is to be made again later.
 */
static zx_status_t resolve(struct thread *thread, const struct zxabi_exception *exception)
{
	if (!is_page_fault(exception))
		return ZX_ERR_NOT_SUPPORTED;
	if (exception->signal == SIGBUS)
		return ZX_ERR_OUT_OF_RANGE;
	return vmar__fault_in(thread, exception->address,
			      exception->error & FAULT_FETCH   ? HOST_PROT_EXEC
			      : exception->error & FAULT_WRITE ? HOST_PROT_WRITE
							       : HOST_PROT_READ);
}

int64_t host__resolve_fault(struct worker *worker)
{
	struct zxabi_exception exception = worker->slot->exception;
	zx_status_t status;

	/* The shim is in the middle of a call. */
	worker->thread->unstoppable = true;
	status = resolve(worker->thread, &exception);
	worker->thread->unstoppable = false;
	return status == ZX_OK;
}

static void fill_report(zx_exception_report_v2_t *report, const struct zxabi_exception *exception,
			zx_status_t fault)
{
	zx_x86_64_exc_data_t *arch = &report->context.arch.u.x86_64;

	exception__init_report(report, host__exception_type(exception));
	if (exception->signal == SIGSYS) {
		report->context.synth_code = ZX_EXCP_POLICY_CODE_BAD_SYSCALL;
		report->context.synth_data = (uint32_t)exception->syscall;
		return;
	}
	arch->vector = exception->trap;
	arch->err_code = exception->error;
	if (is_page_fault(exception)) {
		arch->cr2 = exception->address;
		report->context.synth_code = (uint32_t)fault;
	}
}

/*
 * Fuchsia's crash service, which gets what nobody else wants, prints where a thread is and lets it go
 * on when it comes to a breakpoint with one of these in rax. Libraries call that a backtrace request.
 */
#define REQUEST_OF_ALL_THREADS 0xee726573756d65eeull
#define REQUEST_OF_CURRENT_THREAD 0xee726573756d65efull

static bool is_backtrace_request(const zx_exception_report_v2_t *report,
				 const struct thread_context *context)
{
	return report->header.type == ZX_EXCP_SW_BREAKPOINT &&
	       (context->regs.rax == REQUEST_OF_ALL_THREADS ||
		context->regs.rax == REQUEST_OF_CURRENT_THREAD);
}

static void end_unhandled(struct thread *thread, const struct zxabi_exception *exception,
			  const zx_exception_report_v2_t *report,
			  const struct thread_context *context)
{
	if (is_backtrace_request(report, context)) {
		host__backtrace_report(thread, exception, context);
		host__exception_resumed(thread);
		return;
	}
	host__crash_report(thread, exception, context);
	process__kill(thread->process, era__of(thread->process->era)->retcode_exception);
}

bool host__exception(struct worker *worker)
{
	struct zxabi_exception exception = worker->slot->exception;
	struct thread *thread = worker->thread;
	struct thread_context context;
	zx_exception_report_v2_t report;
	zx_status_t fault;

	fault = resolve(thread, &exception);
	/* One that is told to end, or to stop, while it waits for a pager has done nothing wrong. */
	if (fault == ZX_OK || thread__interrupted(fault) || thread__killed(thread))
		return false;
	fill_report(&report, &exception, fault);
	if (exception.signal == SIGTRAP && exception.code == TRAP_TRACE)
		thread__note_step(thread);
	if (exception.signal == SIGTRAP && exception.code == ZXABI_CODE_BREAKPOINT)
		thread__note_breakpoint(thread, exception.breakpoint);
	host__context_open(worker, &context);
	/* What a system call returns that does not exist, should a handler let the thread go on. */
	if (exception.signal == SIGSYS) {
		context.in_call = true;
		context.regs.rax = (uint64_t)ZX_ERR_BAD_SYSCALL;
		context.changed = true;
	}
	if (exception__raise(thread, &report) == EXCEPTION_UNHANDLED)
		end_unhandled(thread, &exception, &report, &context);
	if (exception.signal == SIGTRAP)
		thread__end_step(thread);
	host__context_close(worker, &context);
	return true;
}

void host__noted_exception(struct worker *worker)
{
	struct thread *thread = worker->thread;
	struct thread_context context;

	if (!thread->noted)
		return;
	host__context_open(worker, &context);
	context.in_call = true;
	/* Zircon does not show the general registers of a thread that tells something itself. */
	object__lock(&thread->object);
	context.no_registers = thread->noted == ZX_EXCP_USER;
	object__unlock(&thread->object);
	exception__raise_noted(thread);
	host__context_close(worker, &context);
}

void host__thread_starting(struct worker *worker)
{
	struct thread *thread = worker->thread;
	struct thread_context context;

	/* Once, whatever the program may say. */
	if (worker->begun)
		return;
	worker->begun = true;
	host__context_open(worker, &context);
	object__lock(&thread->object);
	context.no_registers = era__of(thread->process->era)->exception_start_bare;
	object__unlock(&thread->object);
	exception__thread_starting(thread, thread->first);
	host__context_close(worker, &context);
}
