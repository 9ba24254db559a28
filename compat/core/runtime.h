/* The time that tasks have spent on the processor, and waiting for it, also when they have ended. */
#ifndef COMPAT_CORE_RUNTIME_H
#define COMPAT_CORE_RUNTIME_H

#include "compat/core/host.h"

struct job;
struct process;
struct thread;

/* Of one that has not run yet, all is 0 and the processor ZX_INFO_INVALID_CPU. */
void runtime__of_thread(struct thread *thread, struct host_runtime *out);
/* Sums over all threads that there were, and so for a job, over all processes in and below it. */
void runtime__of_process(struct process *process, struct host_runtime *out);
void runtime__of_job(struct job *job, struct host_runtime *out);

/* What they have used by now is kept. The host still knows them, and no longer from here on. */
void runtime__thread_ends(struct thread *thread);
void runtime__process_ends(struct process *process);

void runtime__add(struct host_runtime *sum, const struct host_runtime *part);

#endif
