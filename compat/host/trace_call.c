#include "compat/host/trace_call.h"

#include <stdio.h>
#include <string.h>

size_t trace_call__prefix(char *to, size_t size, const struct process *process,
			  const struct thread *thread)
{
	if (thread)
		return (size_t)snprintf(to, size, "[%llu:%llu] ",
					(unsigned long long)process->object.koid,
					(unsigned long long)thread->object.koid);
	return (size_t)snprintf(to, size, "[%llu] ", (unsigned long long)process->object.koid);
}

void trace_call__begin(struct trace_call *call, struct thread *thread, uint32_t nr,
		       const uint64_t *args, uint32_t max_text)
{
	call->nr = nr;
	memcpy(call->args, args, sizeof(call->args));
	trace_view__init(&call->view, thread, nr, call->args, max_text);
	call->line = (struct trace_line){ .text = call->text, .size = sizeof(call->text) };
	for (unsigned i = 0; i < call->view.call->nargs; i++) {
		call->in[i].at = (uint32_t)call->line.used;
		trace_view__add_in(&call->view, &call->line, i);
		call->in[i].size = (uint32_t)call->line.used - call->in[i].at;
		call->out[i] = (struct trace_piece){ 0 };
	}
	/* It does not change; only the first call of a thread writes it down. */
	if (!call->prefix_size)
		call->prefix_size = trace_call__prefix(call->prefix, sizeof(call->prefix),
						       thread->process, thread);
}

void trace_call__end(struct trace_call *call, bool succeeded)
{
	call->view.after = true;
	call->view.succeeded = succeeded;
	for (unsigned i = 0; i < call->view.call->nargs; i++) {
		call->out[i].at = (uint32_t)call->line.used;
		trace_view__add_out(&call->view, &call->line, i);
		call->out[i].size = (uint32_t)call->line.used - call->out[i].at;
	}
}

static void add_piece(const struct trace_call *call, struct trace_line *line,
		      const struct trace_piece *piece)
{
	trace_line__bytes(line, call->text + piece->at, piece->size);
}

/* The first argument of which something is known only when the call has ended. */
static unsigned first_written(const struct zxabi_trace *call)
{
	unsigned i;

	for (i = 0; i < call->nargs; i++) {
		const struct zxabi_trace_arg *arg = &call->args[i];

		if (arg->direction == ZXABI_OUT || arg->direction == ZXABI_INOUT ||
		    (arg->direction == ZXABI_IN && arg->format == ZXABI_FORMAT_STRUCT))
			break;
	}
	return i;
}

void trace_call__add_first(const struct trace_call *call, struct trace_line *line)
{
	const struct zxabi_trace *row = call->view.call;
	unsigned stop = first_written(row);

	trace_line__add(line, row->name);
	trace_line__add(line, "(");
	for (unsigned i = 0; i < row->nargs && i <= stop; i++) {
		if (row->args[i].direction == ZXABI_OUT)
			break;
		trace_line__add(line, i ? ", " : "");
		add_piece(call, line, &call->in[i]);
	}
}

void trace_call__add_rest(const struct trace_call *call, struct trace_line *line)
{
	const struct zxabi_trace *row = call->view.call;
	unsigned stop = first_written(row);

	for (unsigned i = stop; i < row->nargs; i++) {
		if (i > stop || row->args[i].direction == ZXABI_OUT) {
			trace_line__add(line, i ? ", " : "");
			add_piece(call, line, &call->in[i]);
		}
		add_piece(call, line, &call->out[i]);
	}
	trace_line__add(line, ")");
}
