/*
 * The supervisor: what stands behind all program processes. The loader brings it up, makes the
 * first process in it, and runs it until that process has ended.
 */
#ifndef COMPAT_HOST_SUPERVISOR_H
#define COMPAT_HOST_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

struct handle;
struct process;
struct thread;

/*
 * Brings up arena, core, and what program processes need. Call once, from the main thread, before
 * other threads exist. Returns 0 or -errno; *@what then says in a few words what failed.
 */
int supervisor__init(const char **what);
/* Has what stands behind program processes say what does not work, and why: --verbose. */
void supervisor__set_verbose(bool verbose);
/* The main thread, as a thread of the core. */
struct thread *supervisor__self(void);
/*
 * A handle to a VMO with the image of libzircon.so, with read, map, execute, and property rights.
 */
int supervisor__vdso(struct handle *out);
/*
 * Serves until @first has ended: returns 0 then, or the number of the signal (SIGINT, SIGTERM)
 * that asked zxrun to end.
 */
int supervisor__run(struct process *first);
/* True where @process ended by an exception that nobody handled. */
bool supervisor__crashed(struct process *process);
/* Ends all program processes and waits until they are gone. */
void supervisor__shutdown(void);

#endif
