/* CPU time of program threads and processes, as Linux counts it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zircon/syscalls/object.h>

#include "compat/host/host.h"

#define NS_PER_SECOND 1000000000ll

/* What a file of /proc says of the thread; false when there is no such thread. */
static bool read_file(struct thread *thread, const char *name, char *text, size_t size)
{
	struct worker *worker;
	char path[64] = "";
	size_t got = 0;
	FILE *file;

	object__lock(&thread->object);
	worker = thread->host;
	if (worker)
		snprintf(path, sizeof(path), "/proc/%d/task/%u/%s", worker->host->pid,
			 worker->slot->tid, name);
	object__unlock(&thread->object);
	file = path[0] ? fopen(path, "re") : NULL;
	if (!file)
		return false;
	got = fread(text, 1, size - 1, file);
	fclose(file);
	text[got] = 0;
	return got;
}

/* Field 39, counted on from field 3: the name before that may hold anything. */
static uint32_t last_cpu(const char *stat)
{
	const char *at = strrchr(stat, ')');

	for (int field = 2; at && field < 39; field++)
		at = strchr(at + 1, ' ');
	return at ? (uint32_t)strtoul(at, NULL, 10) : ZX_INFO_INVALID_CPU;
}

bool host__thread_runtime(struct thread *thread, struct host_runtime *out)
{
	char text[1024];
	long long cpu;
	long long queued;

	if (!read_file(thread, "schedstat", text, sizeof(text)) ||
	    sscanf(text, "%lld %lld", &cpu, &queued) != 2)
		return false;
	out->cpu = cpu;
	out->queued = queued;
	out->last_cpu = read_file(thread, "stat", text, sizeof(text)) ? last_cpu(text) :
									ZX_INFO_INVALID_CPU;
	return true;
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
