/*
 * Random calls: what the parts of fuzz-calls share. The driver starts processes that are copies of
 * itself; each makes calls by the generated tables, with arguments that are random or nearly right.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <zxabi/calls.h>
#include <zxabi/trace.h>

#include "rt.h"

#define FUZZ_THREADS 6
/* Rows of the record: of each thread, of all victims, and of the one who handles exceptions. */
#define FUZZ_VICTIMS FUZZ_THREADS
#define FUZZ_HANDLER (FUZZ_THREADS + 1)
#define FUZZ_ROWS (FUZZ_THREADS + 2)
#define FUZZ_POOL 96
#define FUZZ_FOREIGN 8
#define FUZZ_SERVICES 4
/* What arguments may point into, per thread; unmapped memory follows. */
#define FUZZ_MEMORY (256u << 10)

/* What a fuzzing process does beyond making calls; bits of config.modes. */
#define FUZZ_SCRIBBLE 1u /* a thread overwrites the others' slots */
#define FUZZ_BREED 2u	 /* it starts a process that fuzzes too */
#define FUZZ_WILD 4u	 /* calls that are likely to end it are made as often as others */
#define FUZZ_SHOUT 8u	 /* each call is written to the debug log before it is made */
#define FUZZ_TASKS 16u	 /* victims run, crash, are stopped and changed; exceptions are handled */

/* A call, as it is noted down before it is made. */
struct fuzz_row {
	uint64_t nr;
	uint64_t args[8];
	uint64_t count;
};

/* What a process and its driver share. */
struct fuzz_record {
	struct fuzz_row rows[FUZZ_ROWS];
	uint8_t succeeded[ZXCALL_COUNT]; /* by number: whether the call ever did */
};

/* The first message to a process. */
struct fuzz_config {
	uint64_t seed;
	uint32_t modes;
	uint32_t threads;
	uint64_t calls; /* of each thread */
	uint32_t era_forms; /* whether forms of other eras are called too */
	uint32_t guests; /* whether FUZZ_HYPERVISOR is of any use */
	/* Handles of the sender: numbers that mean nothing here. */
	zx_handle_t foreign[FUZZ_FOREIGN];
};

/* With it come, in this order: */
enum fuzz_handles {
	FUZZ_PROCESS,
	FUZZ_VMAR,
	FUZZ_JOB,
	FUZZ_RECORD, /* a VMO with a struct fuzz_record */
	FUZZ_VDSO,
	FUZZ_HYPERVISOR, /* a resource */
	FUZZ_VMEX,
	FUZZ_SERVICE, /* and more of these */
	FUZZ_HANDLES = FUZZ_SERVICE + FUZZ_SERVICES,
};

/* One stream of random calls. */
struct fuzz {
	uint64_t seed;
	struct fuzz_record *record;
	struct fuzz_row *row; /* of the record */
	uint8_t *memory;
	uint64_t mapped; /* what the last mapping call said */
};

/* Shared by the threads of a process. */
extern zx_handle_t fuzz_services[FUZZ_SERVICES];
extern zx_handle_t fuzz_hypervisor;
extern zx_handle_t fuzz_vmex;
extern struct fuzz_config fuzz_config;
extern const struct zxabi_trace fuzz_calls[ZXCALL_COUNT];

uint64_t fuzz__next(struct fuzz *fuzz);
/* True once in @n times. */
bool fuzz__one_in(struct fuzz *fuzz, uint64_t n);
/* Some handle: valid or not, mostly of @type (ZX_OBJ_TYPE_NONE: of any). */
zx_handle_t fuzz__handle(struct fuzz *fuzz, zx_obj_type_t type);

/* pool.c */
void pool__fill(struct fuzz *fuzz);
/* Makes some object, in place of a handle of the pool. */
void pool__renew(struct fuzz *fuzz);
/* A handle of the pool, of @type where a few looks find one. */
zx_handle_t pool__find(struct fuzz *fuzz, zx_obj_type_t type);
void pool__adopt(struct fuzz *fuzz, zx_handle_t handle);

/* args.c: fills fuzz->row with a call. */
void args__make(struct fuzz *fuzz, uint32_t nr);
/* An address, mostly in fuzz->memory. */
uint64_t args__address(struct fuzz *fuzz);

/* call.c */
/* Makes the call in fuzz->row, and takes the handles that it gave. */
void call__make(struct fuzz *fuzz);
/* Makes this call in the form that the number stands for, whatever the process's era. */
#define call__exact(fuzz, nr, ...) call__with(fuzz, nr, (const uint64_t[8]){ __VA_ARGS__ })
int64_t call__with(struct fuzz *fuzz, uint32_t nr, const uint64_t *args);
/* Makes some call. */
void call__random(struct fuzz *fuzz);
void call__show(void (*print)(const char *format, ...), const struct fuzz_row *row);

/* message.c: sends something like FIDL to a service, and perhaps reads what comes back. */
void message__send(struct fuzz *fuzz);

/* scene.c: a few calls that belong together, with arguments that are right. */
void scene__play(struct fuzz *fuzz);

/* task_scene.c, pager_scene.c, guest_scene.c: likewise. */
void scene__play_with_tasks(struct fuzz *fuzz);
void scene__play_with_pagers(struct fuzz *fuzz);
void scene__play_with_guests(struct fuzz *fuzz);
/* Reads and overwrites registers. */
void scene__touch_state(struct fuzz *fuzz, zx_handle_t thread);

/* victim.c */
/* Starts a thread, or a process, that runs until somebody ends it. */
void victim__start(struct fuzz *fuzz);
/* Somewhere in what victims run, or in their stacks. */
uint64_t victim__address(struct fuzz *fuzz);
/* Takes and answers the exceptions of the job. */
void victim__handle_all(struct fuzz *fuzz);

/* leak.c */
/* Whether @thread is in the exception that a new handle without a place for its value is. */
bool leak__met(zx_handle_t thread);
/* From now on lets all threads below @job go on from that. */
void leak__forgive_all(zx_handle_t job);

/* scribble.c: overwrites slots of this process's threads, but not the caller's, for ever. */
void scribble__run(struct fuzz *fuzz);

/* clone.c: processes that are copies of this one, at the same addresses. */
struct clone {
	zx_handle_t process;
	zx_handle_t vmar;
	zx_handle_t channel;
};

/* Starts entry(channel, arg) in a new process of @job. */
zx_status_t clone__start(struct clone *clone, zx_handle_t job, const char *name,
			 void (*entry)(zx_handle_t channel, uintptr_t arg));
void clone__close(struct clone *clone);

/* fuzzer.c */
struct fuzz *fuzzer__stream(uint64_t row);
/* Starts a process that fuzzes. Takes the handles in @services. */
zx_status_t fuzzer__start(struct clone *clone, zx_handle_t job, const struct fuzz_config *config,
			  zx_handle_t record, const zx_handle_t *services);

/* witness.c: a process that has nothing to do with all this, and checks that it is so. */
void witness__main(zx_handle_t channel, uintptr_t arg);

#endif
