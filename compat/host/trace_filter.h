/* Which calls a trace shows: the FILTER of --trace. */
#ifndef COMPAT_HOST_TRACE_FILTER_H
#define COMPAT_HOST_TRACE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <zxabi/calls.h>

struct trace_filter {
	bool calls[ZXCALL_COUNT];
	bool hide_failed;
	bool hide_succeeded;
};

/* NULL stands for all. False where @text is wrong: @error then says how, in one line. */
bool trace_filter__parse(struct trace_filter *filter, const char *text, char *error, size_t size);

#endif
