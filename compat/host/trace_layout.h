/* Structures as tables of their members, so that a trace can show them. */
#ifndef COMPAT_HOST_TRACE_LAYOUT_H
#define COMPAT_HOST_TRACE_LAYOUT_H

#include <stddef.h>

#include "compat/host/trace_decode.h"

/* The most that is read of one structure. */
#define TRACE_LAYOUT_MAX 192

struct trace_member {
	const char *name; /* NULL: no more; "" stands for a value without a name */
	uint16_t offset;
	uint8_t size;
	uint8_t format; /* enum zxabi_format; TEXT: a name, up to its NUL byte */
	const char *set;
};

struct trace_layout {
	uint32_t number; /* of the topic, property and so on that has it */
	uint8_t first;	 /* enum zxabi_era: of programs of these dates */
	uint8_t last;
	uint16_t size;	 /* bytes that a buffer must have; members behind them may be missing */
	uint16_t record; /* of a whole structure of several; 0: there is one */
	const struct trace_member *members;
};

/* They end with a row without members. */
extern const struct trace_layout trace_topics[];
extern const struct trace_layout trace_properties[];
extern const struct trace_layout trace_thread_states[];
extern const struct trace_layout trace_vcpu_states[];
extern const struct trace_layout trace_policies[];
extern const struct trace_layout trace_clock_create_args[];
extern const struct trace_layout trace_clock_update_args[];
extern const struct trace_layout trace_clock_details[];

/* The row of @number at the date @era, or NULL. */
const struct trace_layout *trace_layout__find(const struct trace_layout *layouts, uint32_t number,
					      uint32_t era);
/* How many bytes its members reach over. */
size_t trace_layout__reach(const struct trace_layout *layout);
/* Adds what is in @size bytes at @addr; false, and nothing, where they cannot be read. */
bool trace_layout__add(struct trace_view *view, struct trace_line *line,
		       const struct trace_layout *layout, uint64_t addr, uint64_t size);

#endif
