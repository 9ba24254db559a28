/* The arguments of a call as text. */
#ifndef COMPAT_HOST_TRACE_DECODE_H
#define COMPAT_HOST_TRACE_DECODE_H

#include <stdbool.h>
#include <zxabi/trace.h>

#include "compat/core/core.h"
#include "compat/host/trace_line.h"
#include "compat/host/trace_sets.h"

#define TRACE_ARGS 8
/* Bytes of a buffer that can be shown at most. */
#define TRACE_TEXT_MAX 2048

/* Whose call is shown, and how far it is. */
struct trace_view {
	struct thread *thread;
	const struct zxabi_trace *call;
	const struct trace_set *const *sets; /* of each argument, or NULL */
	const uint64_t *args;
	uint32_t type;	   /* of the object behind the first handle: says what its signals mean */
	uint32_t max_text; /* bytes of a buffer that are shown */
	bool after;	   /* what the call has written can be seen */
	bool succeeded;
};

extern const struct zxabi_trace trace_calls[];

/* Finds the names that the definitions speak of. Once, before the rest. */
void trace_decode__init(void);
/* @nr: below ZXCALL_COUNT. The view keeps @args. */
void trace_view__init(struct trace_view *view, struct thread *thread, uint32_t nr,
		      const uint64_t *args, uint32_t max_text);
/* The argument @index as it goes into the call; nothing where it is only written. */
void trace_view__add_in(struct trace_view *view, struct trace_line *line, unsigned index);
/* What the call has written there; nothing where it is only read. */
void trace_view__add_out(struct trace_view *view, struct trace_line *line, unsigned index);
/* What the call gives back. */
void trace_view__add_result(struct trace_view *view, struct trace_line *line, int64_t result);

/* --- trace_value.c --- */

void trace_value__init(void);
/* @value without what lies beyond @size bytes. */
uint64_t trace_value__cut(uint64_t value, unsigned size);
void trace_view__add_value(struct trace_view *view, struct trace_line *line, unsigned format,
			   const struct trace_set *set, unsigned size, uint64_t value);
void trace_view__add_handle(struct trace_view *view, struct trace_line *line, zx_handle_t handle,
			    uint32_t *out_type);

/* --- for trace_struct.c and trace_info.c --- */

/*
 * Reads what the program has, or will have when the call returns, at @addr; how many bytes of @size
 * that was. Never waits, and never fails by more than 0.
 */
size_t trace_view__fetch(const struct trace_view *view, void *to, uint64_t addr, size_t size);
/* Whether the buffer at @addr travels with the call, so that what was written there is known. */
bool trace_view__is_carried(const struct trace_view *view, uint64_t addr);
void trace_view__add_text(struct trace_view *view, struct trace_line *line, uint64_t addr,
			  uint64_t size);
void trace_view__add_handles(struct trace_view *view, struct trace_line *line, uint64_t addr,
			     uint64_t count);
/* As many structures as a trace shows of @count that have @size bytes each. */
void trace_view__add_structs(struct trace_view *view, struct trace_line *line, const char *type,
			     size_t size, uint64_t addr, uint64_t count);

/* --- trace_info.c --- */

/* Adds a buffer whose contents another argument tells; false where none does, or it is not known. */
bool trace_info__add(struct trace_view *view, struct trace_line *line, uint64_t addr,
		     uint64_t size);
/* The same for the argument @index, of which only the kind tells the size. */
bool trace_info__add_unsized(struct trace_view *view, struct trace_line *line, unsigned index);

/* --- trace_struct.c --- */

/* Adds the structure @type at @addr and returns true, or false where nothing is known of it. */
bool trace_struct__add(struct trace_view *view, struct trace_line *line, const char *type,
		       uint64_t addr);
/* Whether the bytes of a message are given as an array of vectors, ... */
bool trace_struct__by_vectors(const struct trace_view *view);
/* ... and such an array. */
void trace_struct__add_vectors(struct trace_view *view, struct trace_line *line, uint64_t addr,
			       uint64_t count);
/*
 * What a call that succeeded wrote where the structures of an argument point: " => {...}", or false
 * where they point to nothing of the kind.
 */
bool trace_struct__add_answer(struct trace_view *view, struct trace_line *line, const char *type,
			      uint64_t addr);

#endif
