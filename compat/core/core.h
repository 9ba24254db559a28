/* The root of the core: what exists once, at the start of the arena. */
#ifndef COMPAT_CORE_CORE_H
#define COMPAT_CORE_CORE_H

#include "compat/core/arena.h"
#include "compat/core/handle.h"
#include "compat/core/host.h"
#include "compat/core/list.h"
#include "compat/core/mutex.h"
#include "compat/core/object.h"
#include "compat/core/process.h"
#include "compat/core/thread.h"
#include "compat/core/user.h"

struct debuglog_ring;
struct futex_table;
struct resource_registry;
struct timer_queue;

struct core {
	zx_koid_t next_koid; /* atomic */
	struct job *root_job;
	struct process *internal_process;
	struct timer_queue *timers;
	struct futex_table *futexes;
	struct debuglog_ring *debuglog;
	struct resource_registry *resources;
};

#define core_root ((struct core *)ARENA_BASE)

/* Brings the core up in an arena that is mapped and zero. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t core__init(void);

/* Runs one call; generated from the abi definitions. */
int64_t core_dispatch(struct thread *self, uint32_t nr, const uint64_t args[8]);

/*
 * A time that a program says, as the core counts: in 2018-07 times had no sign, and what lies
 * beyond the largest one of now was as good as forever.
 */
static inline uint64_t core_time(const struct thread *self, uint64_t time)
{
	return time > INT64_MAX && era__of(self->process->era)->time_unsigned ? INT64_MAX : time;
}

/*
 * What a refused call gives whose first argument is @handle: @status, or what is wrong with the
 * handle. The second takes the handle, as the call would have.
 */
zx_status_t core_refuse(struct thread *self, zx_handle_t handle, zx_status_t status);
zx_status_t core_refuse_taken(struct thread *self, zx_handle_t handle, zx_status_t status);

/*
 * What a call for debugging the kernel gives: it wants the resource for ZX_RSRC_SYSTEM_* @base, and
 * then something that is not there. From 2020 on, systems that are not built for debugging refuse
 * such calls before they look.
 */
zx_status_t core_refuse_debugging(struct thread *self, zx_handle_t resource, uint64_t base);

#endif
