/* A call that is traced, from its beginning to its end, as text. */
#ifndef COMPAT_HOST_TRACE_CALL_H
#define COMPAT_HOST_TRACE_CALL_H

#include "compat/core/list.h"
#include "compat/host/trace_decode.h"

/* Text of all arguments. */
#define TRACE_CALL_TEXT 16384

enum trace_call_state {
	TRACE_CALL_HIDDEN, /* nothing is shown until the outcome is known */
	TRACE_CALL_LISTED, /* under way, nothing is shown yet */
	TRACE_CALL_OPEN,   /* its first part ends the output: the line can go on */
	TRACE_CALL_SPLIT,  /* the first part is shown, with a line of its own */
};

struct trace_piece {
	uint32_t at;
	uint32_t size;
};

/* What a worker has for the call that it runs. Others read the first part, with trace_out's lock. */
struct trace_call {
	struct list node; /* of those that are listed, the oldest first; under trace_out's lock */
	uint32_t state;	  /* enum trace_call_state, under that lock */
	bool traced;	  /* it will be shown, if the outcome is of the right kind */
	uint32_t nr;
	int64_t began; /* of the monotonic clock */
	uint64_t args[TRACE_ARGS];
	struct trace_view view;
	struct trace_piece in[TRACE_ARGS];
	struct trace_piece out[TRACE_ARGS];
	struct trace_line line; /* over @text */
	char prefix[64];
	size_t prefix_size;
	char text[TRACE_CALL_TEXT];
};

/* Takes down what goes into the call. */
void trace_call__begin(struct trace_call *call, struct thread *thread, uint32_t nr,
		       const uint64_t *args, uint32_t max_text);
/* Takes down what came out. */
void trace_call__end(struct trace_call *call, bool succeeded);

/* The first part: name and arguments, up to one that the call may write. */
void trace_call__add_first(const struct trace_call *call, struct trace_line *line);
/* The rest of the arguments, and the bracket. */
void trace_call__add_rest(const struct trace_call *call, struct trace_line *line);
/* What stands before everything that @thread (or only @process) does; returns its length. */
size_t trace_call__prefix(char *to, size_t size, const struct process *process,
			  const struct thread *thread);

#endif
