/* Lines about processes, threads and exceptions. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <zircon/eras.h>

#include "compat/core/thread_context.h"
#include "compat/host/host.h"
#include "compat/host/trace.h"
#include "compat/host/trace_call.h"
#include "compat/host/trace_out.h"

#define EVENT(line)                                                                               \
	char event_text[512];                                                                      \
	struct trace_line line = { .text = event_text, .size = sizeof(event_text) }

static void add_name(struct trace_line *line, const char *what, const char *name)
{
	trace_line__add(line, what);
	trace_line__quoted(line, name, strnlen(name, ZX_MAX_NAME_LEN), false);
}

void trace__thread_begins(struct worker *worker, uint64_t entry)
{
	EVENT(line);

	if (!trace__shows())
		return;
	add_name(&line, "+++ thread ", worker->thread->name);
	add_name(&line, " of process ", worker->thread->process->name);
	trace_line__add(&line, " begins at ");
	trace_line__hex(&line, entry);
	trace_line__add(&line, " +++\n");
	trace__show_event(worker->thread->process, worker->thread, &line);
}

void trace__thread_ends(struct worker *worker, bool started)
{
	struct process *process = worker->thread->process;
	bool dying;
	EVENT(line);

	free(worker->trace);
	worker->trace = NULL;
	object__lock(&process->object);
	dying = process->state >= PROCESS_DYING;
	object__unlock(&process->object);
	/* That all threads end with their process goes without saying. */
	if (!trace__shows() || dying)
		return;
	trace_line__add(&line, started ? "+++ thread ends +++\n" : "+++ thread did not begin +++\n");
	trace__show_event(process, worker->thread, &line);
}

void trace__process_made(struct process *process)
{
	EVENT(line);

	if (!trace__shows())
		return;
	add_name(&line, "+++ process ", process->name);
	trace_line__print(&line, " made in job %llu, as of %s +++\n",
			  (unsigned long long)process->object.related_koid,
			  era__of(process->era)->date);
	trace__show_event(process, NULL, &line);
}

void trace__process_ends(struct process *process, int wait_status)
{
	int signal = host__ending_signal(wait_status);
	bool asked;
	EVENT(line);

	if (!trace__shows())
		return;
	object__lock(&process->object);
	asked = process->state >= PROCESS_DYING;
	object__unlock(&process->object);
	if (asked)
		trace_line__print(&line, "+++ process ends with %lld +++\n",
				  (long long)process->return_code);
	else if (signal)
		trace_line__print(&line, "+++ process was killed by Linux signal %d +++\n",
				  signal);
	else
		trace_line__add(&line, "+++ process could not run +++\n");
	trace__show_event(process, NULL, &line);
	/* What is said of it next belongs behind this. */
	if (!asked)
		trace_out__flush();
}

/* Where an instruction raised it, and which address it was about. */
static void add_place(struct trace_line *line, struct thread *thread,
		      const zx_exception_report_v2_t *report)
{
	uint64_t rip = 0;

	object__lock(&thread->object);
	if (thread->context && !thread->context->no_registers)
		rip = thread->context->regs.rip;
	object__unlock(&thread->object);
	if (rip) {
		trace_line__add(line, " at ");
		trace_line__hex(line, rip);
	}
	if (report->header.type != ZX_EXCP_FATAL_PAGE_FAULT)
		return;
	trace_line__add(line, ", address ");
	trace_line__hex(line, report->context.arch.u.x86_64.cr2);
}

void host__exception_raised(struct thread *self, const struct zx_exception_report_v2 *report)
{
	uint32_t type = report->header.type;
	uint32_t era = self->process->era;
	EVENT(line);

	if (!trace__shows())
		return;
	trace_line__add(&line, "--- ");
	trace_set__add_one(&line, trace_set__find("exception"), type, era);
	if (type == ZX_EXCP_POLICY_ERROR || type == ZX_EXCP_USER) {
		trace_line__add(&line, ", ");
		trace_set__add_one(&line,
				   trace_set__find(type == ZX_EXCP_USER ? "user_code" :
									  "policy_code"),
				   report->context.synth_code, era);
	}
	add_place(&line, self, report);
	trace_line__add(&line, " ---\n");
	trace__show_event(self->process, self, &line);
	/* A report may follow, on the same terminal. */
	trace_out__flush();
}

void host__exception_resumed(struct thread *self)
{
	EVENT(line);

	if (!trace__shows())
		return;
	trace_line__add(&line, "--- goes on after the exception ---\n");
	trace__show_event(self->process, self, &line);
}
