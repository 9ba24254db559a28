#include "compat/host/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What a line begins with, about what was at the time @when. */
static void put_prefix(const char *prefix, size_t size, int64_t when)
{
	char text[32];

	trace_out__put(prefix, size);
	if (config.times)
		trace_out__put(text, (size_t)snprintf(text, sizeof(text), "%lld.%06lld ",
						      (long long)(when / NS_PER_SECOND),
						      (long long)(when % NS_PER_SECOND / 1000)));
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
	put_prefix(call->prefix, call->prefix_size, call->began);
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
		put_prefix(call->prefix, call->prefix_size, host__monotonic());
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

bool trace__shows(void)
{
	return host__tracing && config.show;
}

void trace__show_event(const struct process *process, const struct thread *thread,
		       const struct trace_line *event)
{
	char prefix[64];
	size_t size = trace_call__prefix(prefix, sizeof(prefix), process, thread);

	trace_out__lock(false);
	show_older(NULL);
	close_open();
	put_prefix(prefix, size, host__monotonic());
	put(event);
	trace_out__unlock();
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
