/*
 * A process that runs a function of this program: it has a copy of all its memory at the same
 * addresses, and the vDSO where this program has it. For what a program cannot try on itself, such
 * as a policy of its job, or its end.
 */
#ifndef CONFORMANCE_TWIN_H
#define CONFORMANCE_TWIN_H

#include "rt.h"

/* What a twin does. It has no handle but `channel`, and rt_boot is this program's. */
typedef int64_t (*twin_fn)(zx_handle_t channel);

struct twin {
	zx_handle_t process;
	zx_handle_t root_vmar;
	zx_handle_t thread;
	zx_handle_t vdso_vmar;	/* where its vDSO is */
	zx_handle_t channel;	/* the end that stays here */
};

/* Makes a process in `job` that is not started. All its handles are closed with the check. */
zx_status_t twin__create(struct twin *twin, zx_handle_t job);

/* Starts it; `fn` runs, and what it returns is the process's return code. */
zx_status_t twin__start(struct twin *twin, twin_fn fn);

/* Waits for the end, and gives the return code. */
int64_t twin__wait(struct twin *twin);

/* All of this in a new process of `job`: the return code, or INT64_MIN where it cannot be made. */
int64_t twin__run(zx_handle_t job, twin_fn fn);

/* Where the vDSO's code begins, here and in a twin. */
zx_vaddr_t twin__vdso_code(void);

/* A job below the program's. */
zx_handle_t empty_job(void);

/* Such a job in which `condition` (a ZX_POL_*) is denied. */
zx_handle_t job_without(uint32_t condition);

#endif
