/*
 * zxrun --trace and --stats: what programs call, and how it went. A call is shown when it has ended,
 * or in two parts: the first one as soon as something that began later is shown, or after a while.
 */
#ifndef COMPAT_HOST_TRACE_H
#define COMPAT_HOST_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "compat/host/trace_filter.h"

struct process;
struct thread;
struct trace_line;
struct worker;
struct zx_exception_report_v2;

struct trace_config {
	bool show;  /* calls, and what becomes of threads and processes */
	bool stats; /* a table at the end */
	bool times; /* each line says when it began */
	struct trace_filter filter;
	const char *path;  /* where it goes; NULL: standard error */
	uint32_t max_text; /* bytes of a buffer that are shown */
};

/* Whether anything of this is wanted: only then the functions below may be called. */
extern bool host__tracing;

/* Before there are programs. Returns 0 or -errno. */
int trace__open(const struct trace_config *config);
/* When there are none any more: shows the table, and writes what is left. */
void trace__close(void);

/* Around a call of the worker's thread, while the buffers that came with it are open. */
void trace__enter(struct worker *worker, uint32_t nr, const uint64_t *args);
void trace__leave(struct worker *worker, int64_t result);
/* --- table entries of core_host, which may be called always; see compat/core/host.h --- */
void host__exception_raised(struct thread *self, const struct zx_exception_report_v2 *report);
void host__exception_resumed(struct thread *self);

void trace__thread_begins(struct worker *worker, uint64_t entry);
/* @started: it did run. Frees what the worker has for traces. */
void trace__thread_ends(struct worker *worker, bool started);
void trace__process_made(struct process *process);
/* @wait_status: of the Linux process. */
void trace__process_ends(struct process *process, int wait_status);

/* --- between the files of traces --- */

/* Whether more than a table is wanted. */
bool trace__shows(void);
/* Shows a line about @process, or about @thread of it, behind all calls that began before. */
void trace__show_event(const struct process *process, const struct thread *thread,
		       const struct trace_line *event);
/*
 * For trace_out.c, with its lock: shows calls that have been under way for long. Whether there are
 * some that may become such.
 */
bool trace__show_overdue(void);

#endif
