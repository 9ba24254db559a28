/* Processes and jobs. */
#ifndef COMPAT_CORE_PROCESS_H
#define COMPAT_CORE_PROCESS_H

#include <zircon/limits.h>
#include <zircon/syscalls/policy.h>

#include "compat/core/era.h"
#include "compat/core/exception_place.h"
#include "compat/core/handle.h"
#include "compat/core/object.h"
#include "compat/core/thread.h"

struct vmar;

extern const struct object_ops job_ops;
extern const struct object_ops process_ops;

enum process_state {
	PROCESS_NEW,
	PROCESS_RUNNING,
	PROCESS_DYING, /* its threads are being stopped */
	PROCESS_DEAD,
};

struct job {
	struct object object;
	struct job *parent; /* referenced; NULL for the root job */
	struct list parent_node;
	struct list jobs;      /* struct job.parent_node, under the object's lock */
	struct list processes; /* struct process.job_node, under the object's lock */
	uint32_t process_count;
	uint32_t job_count;
	char name[ZX_MAX_NAME_LEN];
	uint32_t max_height;
	uint32_t era; /* enum zxabi_era */
	bool killed;
	bool dead; /* killed, and nothing is left in it */
	bool kill_on_oom; /* as the property says; running out of memory is Linux's matter */
	int64_t return_code;
	uint32_t policy[18]; /* action by ZX_POL_* condition, newest numbering */
	bool policy_locked[18];
	struct exception_place handler;
	struct exception_place debugger; /* is told of processes that start */
	struct host_runtime runtime; /* of what has ended in it */
	zx_duration_t timer_slack; /* at least this much have the timers of its processes */
};

struct process {
	struct object object;
	struct job *job; /* referenced */
	struct list job_node;
	char name[ZX_MAX_NAME_LEN];
	uint32_t state; /* enum process_state, under the object's lock */
	uint32_t era;   /* enum zxabi_era */
	int64_t return_code;
	bool is_guest; /* its address space is the memory of a guest */
	bool started;
	zx_time_t start_time; /* monotonic, once started */
	bool host_gone;    /* no code of it runs any more */
	bool finishing;    /* its end is being carried out */
	uint32_t live_threads; /* that the host runs, under the object's lock */
	uint32_t suspensions;  /* by tokens, under the object's lock */
	struct list threads;   /* struct thread.process_node */
	struct handle_table handles;
	struct vmo_account *vmos; /* those that it made */

	/* Address space; aspace_lock covers the whole tree and the host's mappings. */
	struct mutex aspace_lock;
	struct vmar *root_vmar; /* referenced */
	/* Where the vDSO's code is mapped; size 0 while it is not. */
	uint64_t vdso_code;
	uint64_t vdso_code_size;

	struct exception_place handler;
	struct exception_place debugger; /* is asked first, and told of threads */

	/* Properties that a program sets. */
	uint64_t debug_addr;
	uint64_t break_on_load;
	uint64_t vdso_base;

	bool runtime_known; /* it has ended, and this is what it used; before, its ended threads */
	struct host_runtime runtime;

	struct job *critical_job; /* referenced to the last; killed when this process ends */
	bool critical_retcode_nonzero;

	/* Owned by the host. */
	void *host;
};

/* --- jobs --- */
/*
 * A job below @parent (NULL: the root job). @era: whose meaning its signals have. Errors:
 * ZX_ERR_OUT_OF_RANGE (too deep), ZX_ERR_NO_MEMORY, ZX_ERR_BAD_STATE (parent killed).
 */
zx_status_t job__create(struct job *parent, uint32_t era, struct job **out);
/* Gives the signals of @job the meaning of another era. */
void job__set_era(struct job *job, uint32_t era);
/* Errors: ZX_ERR_BAD_STATE where the job was killed. */
zx_status_t job__add_process(struct job *job, struct process *process);
/* @process has ended. */
void job__remove_process(struct job *job, struct process *process);
/*
 * A reference to the first process, or child job, with a koid above @after; NULL where there is
 * none.
 */
struct process *job__next_process(struct job *job, zx_koid_t after);
struct job *job__next_job(struct job *job, zx_koid_t after);
/* Ends all processes of the job and of the jobs below it; nothing new can be made in them. */
void job__kill(struct job *job, int64_t return_code);

/* --- processes --- */

/*
 * A process in @job without threads, with its root VMAR, and a Linux process behind it.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES, ZX_ERR_BAD_STATE (job killed).
 */
zx_status_t process__create(struct job *job, const char *name, uint32_t era, struct process **out);
/* Ends it with @return_code; the first call counts. Asynchronous. */
void process__kill(struct process *process, int64_t return_code);
/* The host says that no code of it runs any more. */
void process__host_gone(struct process *process);
/* @thread has ended; the last one ends its process with return code 0. */
void process__thread_gone(struct process *process, struct thread *thread);

/* The process that stands for the supervisor itself: in no job, without memory or Linux process. */
struct process *process__create_internal(void);
/*
 * The process whose address space is the memory of a guest: in no job, and no code of it ever runs.
 * process__forget_memory() ends it. Errors: ZX_ERR_NO_MEMORY, and those of core_host.guest_create().
 */
zx_status_t process__create_guest_memory(uint32_t era, struct process **out);
void process__forget_memory(struct process *process);

/*
 * Asks the job's policy about @condition (ZX_POL_*). ZX_OK where allowed,
 * ZX_ERR_ACCESS_DENIED where denied; a policy that kills ends the process.
 */
zx_status_t policy__check(struct thread *self, uint32_t condition);
/*
 * What @self needs is not there, and no call can tell it so: the process ends as by an exception
 * that nobody handles, reported with @what, a few words.
 */
void process__crash(struct thread *self, const char *what);

#endif
