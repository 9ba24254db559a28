/*
 * Where a trace goes: text is collected, and written by a thread of its own, so that a call does not
 * wait for a file. All is written in the order in which it was put.
 */
#ifndef COMPAT_HOST_TRACE_OUT_H
#define COMPAT_HOST_TRACE_OUT_H

#include <stdbool.h>
#include <stddef.h>

/* @path NULL: standard error. Returns 0 or -errno. */
int trace_out__open(const char *path);
/* The lock of all that is shared by those who trace. With @wait: only once there is room. */
void trace_out__lock(bool wait);
void trace_out__unlock(void);
/* With the lock. What is put after the end goes nowhere. */
void trace_out__put(const char *bytes, size_t size);
/* With the lock: trace__show_overdue() is to be called from now on until it says otherwise. */
void trace_out__watch(void);
/* Returns once all that was put before is written, or lost. Without the lock. */
void trace_out__flush(void);
/* The same, for good. */
void trace_out__close(void);

#endif
