/* CPU time of program threads and processes, as Linux counts it. */
#include <stdio.h>
#include <time.h>

#include "compat/host/host.h"

#define NS_PER_SECOND 1000000000ll

zx_duration_t host__thread_runtime(struct thread *thread)
{
	unsigned long long runtime = 0;
	struct worker *worker;
	char path[64] = "";
	FILE *file;

	object__lock(&thread->object);
	worker = thread->host;
	if (worker)
		snprintf(path, sizeof(path), "/proc/%d/task/%u/schedstat", worker->host->pid,
			 worker->slot->tid);
	object__unlock(&thread->object);
	file = path[0] ? fopen(path, "re") : NULL;
	if (!file)
		return 0;
	if (fscanf(file, "%llu", &runtime) != 1)
		runtime = 0;
	fclose(file);
	return (zx_duration_t)runtime;
}

zx_duration_t host__process_runtime(struct process *process)
{
	struct host_process *host = process->host;
	struct timespec ts = { 0, 0 };
	clockid_t clock;

	if (!host)
		return 0;
	pthread_mutex_lock(&host->lock);
	if (host->pid > 0 && !clock_getcpuclockid(host->pid, &clock))
		clock_gettime(clock, &ts);
	pthread_mutex_unlock(&host->lock);
	return ts.tv_sec * NS_PER_SECOND + ts.tv_nsec;
}
