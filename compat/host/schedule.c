/*
 * Priority and processors of program threads, as far as Linux lets an ordinary user choose them.
 * Deadlines are for the privileged, and stay a note in the core.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zircon/syscalls/profile.h>

#include "compat/host/host.h"

#define NICE_LOWEST 19
#define NICE_HIGHEST (-20)

static pthread_once_t probe_once = PTHREAD_ONCE_INIT;
static bool can_raise;

/* On a thread of its own: where Linux does not let it raise, it stays low. */
static void *lower_and_raise(void *arg)
{
	bool *raised = arg;

	*raised = !setpriority(PRIO_PROCESS, (id_t)gettid(), 1) &&
		  !setpriority(PRIO_PROCESS, (id_t)gettid(), 0);
	return NULL;
}

static void probe(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, lower_and_raise, &can_raise))
		pthread_join(thread, NULL);
}

static int nice_of(int32_t priority)
{
	if (priority <= ZX_PRIORITY_DEFAULT)
		return NICE_LOWEST * (ZX_PRIORITY_DEFAULT - priority) / ZX_PRIORITY_DEFAULT;
	return NICE_HIGHEST * (priority - ZX_PRIORITY_DEFAULT) /
	       (ZX_PRIORITY_HIGHEST - ZX_PRIORITY_DEFAULT);
}

/* The processors that a program counts are those that zxrun may use, in their order. */
static void make_set(uint64_t affinity, cpu_set_t *set)
{
	unsigned int number = 0;
	cpu_set_t mine;

	CPU_ZERO(set);
	if (sched_getaffinity(getpid(), sizeof(mine), &mine))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE && number < 64; cpu++) {
		if (!CPU_ISSET(cpu, &mine))
			continue;
		if (affinity >> number++ & 1)
			CPU_SET(cpu, set);
	}
	/* A wish that cannot be met is passed over, as by Zircon's scheduler. */
	if (!CPU_COUNT(set))
		*set = mine;
}

/* A program can write what it likes into its slots: the number must be that of its own thread. */
static pid_t own_thread(pid_t pid, uint32_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%u", pid, tid);
	return access(path, F_OK) ? 0 : (pid_t)tid;
}

void host__thread_schedule(struct thread *thread)
{
	struct worker *worker;
	int32_t priority;
	cpu_set_t set;
	pid_t tid;

	object__lock(&thread->object);
	worker = thread->host;
	priority = thread->priority;
	make_set(thread->affinity, &set);
	if (worker) {
		pthread_mutex_lock(&worker->host->lock);
		tid = own_thread(worker->host->pid, worker->slot->tid);
		pthread_once(&probe_once, probe);
		if (tid && can_raise)
			(void)setpriority(PRIO_PROCESS, (id_t)tid, nice_of(priority));
		if (tid)
			(void)sched_setaffinity(tid, sizeof(set), &set);
		pthread_mutex_unlock(&worker->host->lock);
	}
	object__unlock(&thread->object);
}
