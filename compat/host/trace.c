#include "compat/host/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <zircon/eras.h>

#include "compat/core/thread_context.h"
#include "compat/host/host.h"
#include "compat/host/trace_call.h"
#include "compat/host/trace_out.h"
#include "compat/host/trace_stats.h"

/* A call that takes longer is shown before it has ended. */
#define OVERDUE_NS 100000000ll
/* A whole line, which holds the text of a call. */
#define LINE_SIZE (TRACE_CALL_TEXT + 1024)

#define NS_PER_SECOND 1000000000ll

bool host__tracing;

static struct trace_config config;
/* Under trace_out's lock: calls under way of which nothing is shown, and the one that is open. */
static struct list listed = { &listed, &listed };
static struct trace_call *open_call;

int trace__open(const struct trace_config *wanted)
{
	int error;

	config = *wanted;
	trace_decode__init();
	error = trace_out__open(config.path);
	host__tracing = !error;
	return error;
}

/* --- With trace_out's lock --- */

static void put(const struct trace_line *line)
{
	trace_out__put(line->text, line->used);
}

static void put_unfinished(struct trace_call *call)
{
	static const char text[] = " <unfinished ...>\n";

	trace_out__put(text, sizeof(text) - 1);
	call->state = TRACE_CALL_SPLIT;
}

static void close_open(void)
{
	if (open_call)
		put_unfinished(open_call);
	open_call = NULL;
}

static void put_first(struct trace_call *call)
{
	char text[LINE_SIZE];
	struct trace_line line = { .text = text, .size = sizeof(text) };

	close_open();
	trace_line__bytes(&line, call->prefix, call->prefix_size);
	trace_call__add_first(call, &line);
	put(&line);
}

/* Shows the first parts of what began before @call; of all where there is none. */
static void show_older(const struct trace_call *call)
{
	while (!list__empty(&listed)) {
		struct trace_call *oldest = list_first(&listed, struct trace_call, node);

		if (oldest == call)
			return;
		list__remove(&oldest->node);
		put_first(oldest);
		put_unfinished(oldest);
	}
}

bool trace__show_overdue(void)
{
	zx_time_t limit = host__monotonic() - OVERDUE_NS;

	while (!list__empty(&listed)) {
		struct trace_call *oldest = list_first(&listed, struct trace_call, node);

		if (oldest->began > limit)
			return true;
		list__remove(&oldest->node);
		put_first(oldest);
		oldest->state = TRACE_CALL_OPEN;
		open_call = oldest;
	}
	return false;
}

/* --- Calls --- */

static struct trace_call *call_of(struct worker *worker)
{
	if (!worker->trace)
		worker->trace = calloc(1, sizeof(*worker->trace));
	return worker->trace;
}

/* A call that has no end is shown whole at once. */
static void show_endless(struct trace_call *call)
{
	static const char text[] = ") = ?\n";

	trace_out__lock(true);
	show_older(NULL);
	put_first(call);
	trace_out__put(text, sizeof(text) - 1);
	trace_out__unlock();
}

static void show_begin(struct trace_call *call)
{
	trace_out__lock(true);
	list__add_tail(&listed, &call->node);
	call->state = TRACE_CALL_LISTED;
	trace_out__watch();
	trace_out__unlock();
}

void trace__enter(struct worker *worker, uint32_t nr, const uint64_t *args)
{
	struct trace_call *call = call_of(worker);

	if (!call)
		return;
	call->traced = false;
	call->nr = nr;
	call->began = host__monotonic();
	if (nr >= ZXCALL_COUNT || !config.filter.calls[nr])
		return;
	if (trace_calls[nr].flags & ZXABI_TRACE_NORETURN && config.stats)
		trace_stats__add(nr, 0, false);
	if (!config.show)
		return;
	trace_call__begin(call, worker->thread, nr, args, config.max_text);
	call->traced = !(trace_calls[nr].flags & ZXABI_TRACE_NORETURN);
	call->state = TRACE_CALL_HIDDEN;
	if (config.filter.hide_failed || config.filter.hide_succeeded)
		return;
	if (call->traced)
		show_begin(call);
	else
		show_endless(call);
}

/* Of what was killed there is no result to tell. */
static void put_killed(struct trace_call *call)
{
	switch (call->state) {
	case TRACE_CALL_LISTED:
		show_older(call);
		list__remove(&call->node);
		put_first(call);
		put_unfinished(call);
		break;
	case TRACE_CALL_OPEN:
		close_open();
		break;
	default:
		break;
	}
}

static void put_end(struct trace_call *call, const struct trace_line *rest)
{
	static const char before[] = "<... ";
	static const char after[] = " resumed>";
	const char *name = call->view.call->name;

	switch (call->state) {
	case TRACE_CALL_LISTED:
		show_older(call);
		list__remove(&call->node);
		put_first(call);
		break;
	case TRACE_CALL_HIDDEN:
		put_first(call);
		break;
	case TRACE_CALL_OPEN:
		open_call = NULL;
		break;
	default:
		close_open();
		trace_out__put(call->prefix, call->prefix_size);
		trace_out__put(before, sizeof(before) - 1);
		trace_out__put(name, strlen(name));
		trace_out__put(after, sizeof(after) - 1);
		break;
	}
	put(rest);
}

static bool has_failed(const struct trace_call *call, int64_t result)
{
	return trace_calls[call->nr].result == ZXABI_FORMAT_STATUS && (zx_status_t)result < 0;
}

static void show_end(struct worker *worker, struct trace_call *call, int64_t result, int64_t ns)
{
	char text[LINE_SIZE];
	struct trace_line rest = { .text = text, .size = sizeof(text) - 64 };
	bool killed = thread__killed(worker->thread) ||
		      __atomic_load_n(&worker->host->gone, __ATOMIC_SEQ_CST);

	if (!killed) {
		trace_call__end(call, !has_failed(call, result));
		trace_call__add_rest(call, &rest);
		rest.size = sizeof(text);
		trace_line__add(&rest, " = ");
		trace_view__add_result(&call->view, &rest, result);
		trace_line__print(&rest, " <%lld.%09lld>\n", (long long)(ns / NS_PER_SECOND),
				  (long long)(ns % NS_PER_SECOND));
	}
	trace_out__lock(false);
	if (killed)
		put_killed(call);
	else
		put_end(call, &rest);
	trace_out__unlock();
}

void trace__leave(struct worker *worker, int64_t result)
{
	struct trace_call *call = worker->trace;
	int64_t ns;
	bool failed;

	if (!call || call->nr >= ZXCALL_COUNT || !config.filter.calls[call->nr] ||
	    trace_calls[call->nr].flags & ZXABI_TRACE_NORETURN)
		return;
	ns = host__monotonic() - call->began;
	/* To be killed is no failure of the call. */
	failed = has_failed(call, result) && !thread__killed(worker->thread);
	if (config.stats)
		trace_stats__add(call->nr, (uint64_t)ns, failed);
	if (!call->traced || (failed && config.filter.hide_failed) ||
	    (!failed && config.filter.hide_succeeded))
		return;
	show_end(worker, call, result, ns);
}

/* --- Events --- */

/* A line about @process, or one thread of it, in which names of programs are quoted. */
static void show_event(const struct process *process, const struct thread *thread,
		       const struct trace_line *event)
{
	char prefix[64];
	size_t size = trace_call__prefix(prefix, sizeof(prefix), process, thread);

	trace_out__lock(false);
	show_older(NULL);
	close_open();
	trace_out__put(prefix, size);
	put(event);
	trace_out__unlock();
}

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

	if (!config.show)
		return;
	add_name(&line, "+++ thread ", worker->thread->name);
	add_name(&line, " of process ", worker->thread->process->name);
	trace_line__add(&line, " begins at ");
	trace_line__hex(&line, entry);
	trace_line__add(&line, " +++\n");
	show_event(worker->thread->process, worker->thread, &line);
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
	if (!config.show || dying)
		return;
	trace_line__add(&line, started ? "+++ thread ends +++\n" : "+++ thread did not begin +++\n");
	show_event(process, worker->thread, &line);
}

void trace__process_made(struct process *process)
{
	EVENT(line);

	if (!config.show)
		return;
	add_name(&line, "+++ process ", process->name);
	trace_line__print(&line, " made in job %llu, as of %s +++\n",
			  (unsigned long long)process->object.related_koid,
			  era__of(process->era)->date);
	show_event(process, NULL, &line);
}

void trace__process_ends(struct process *process, int wait_status)
{
	bool asked;
	EVENT(line);

	if (!config.show)
		return;
	object__lock(&process->object);
	asked = process->state >= PROCESS_DYING;
	object__unlock(&process->object);
	if (asked)
		trace_line__print(&line, "+++ process ends with %lld +++\n",
				  (long long)process->return_code);
	else if (WIFSIGNALED(wait_status))
		trace_line__print(&line, "+++ process was killed by Linux signal %d +++\n",
				  WTERMSIG(wait_status));
	else
		trace_line__add(&line, "+++ process could not run +++\n");
	show_event(process, NULL, &line);
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

	if (!host__tracing || !config.show)
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
	show_event(self->process, self, &line);
	/* A report may follow, on the same terminal. */
	trace_out__flush();
}

void host__exception_resumed(struct thread *self)
{
	EVENT(line);

	if (!host__tracing || !config.show)
		return;
	trace_line__add(&line, "--- goes on after the exception ---\n");
	show_event(self->process, self, &line);
}

/* --- The end --- */

void trace__close(void)
{
	if (!host__tracing)
		return;
	trace_out__lock(false);
	show_older(NULL);
	close_open();
	if (config.stats)
		trace_stats__show(trace_out__put);
	trace_out__unlock();
	trace_out__close();
}
