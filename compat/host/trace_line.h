/* Text of a trace as it grows, in a buffer of a fixed size: what does not fit is left out. */
#ifndef COMPAT_HOST_TRACE_LINE_H
#define COMPAT_HOST_TRACE_LINE_H

#include <stddef.h>
#include <stdint.h>

struct trace_line {
	char *text; /* no NUL at the end */
	size_t used;
	size_t size;
};

void trace_line__add(struct trace_line *line, const char *string);
void trace_line__bytes(struct trace_line *line, const char *bytes, size_t size);
void trace_line__decimal(struct trace_line *line, uint64_t value);
void trace_line__signed(struct trace_line *line, int64_t value);
/* "0x...", and 0 as "0". */
void trace_line__hex(struct trace_line *line, uint64_t value);
/* As a string of C, whatever is in it; "..." behind it says that there is @more. */
void trace_line__quoted(struct trace_line *line, const void *bytes, size_t size, int more);
void trace_line__print(struct trace_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
