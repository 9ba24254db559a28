/*
 * A process in the making, as launchpad (2018) and process_builder (2019 on) make it; these hand
 * over the same but for names of a few handles. For the first program, and for
 * fuchsia.process.Launcher.
 */
#ifndef LOADER_BUILD_H
#define LOADER_BUILD_H

#include <stdint.h>

#include "compat/core/handle.h"
#include "loader/bootstrap.h"
#include "loader/elf.h"
#include "loader/options.h"

struct channel;
struct job;
struct process;
struct thread;
struct vmar;
struct vmo;

/* References are NULL until they exist. */
struct build {
	const struct options *options; /* whether to tell what is done */
	uint32_t era;                  /* enum zxabi_era */
	const char *failed;            /* what the step that failed wanted: "map its segments" */
	struct thread *self;           /* the caller */
	struct process *process;
	struct vmar *root;
	struct thread *thread;
	struct vmar *reserve;
	struct vmar *image_vmar; /* of what is started */
	struct channel *channel; /* our end of the bootstrap channel */
	struct handle to_child;  /* a handle to it */
	struct handle to_parent; /* the child's end */
	uint64_t entry;
	uint64_t base; /* of what is started */
	uint64_t vdso_base;
	uint64_t sp;
	struct bootstrap main; /* the program's own message */
};

/*
 * The steps, in the order that they are to be called in. Those that fail leave a text in
 * @build->failed; build__end() in any case.
 */
void build__init(struct build *build, const struct options *options, uint32_t era);
/* The process in @job, its first thread, and the bootstrap channel. */
zx_status_t build__create(struct build *build, struct job *job, const char *name);
/* Maps what is started from its file @vmo: the interpreter where @is_interp, or the program. */
zx_status_t build__map(struct build *build, const struct elf_image *image, struct vmo *vmo,
		       const char *name, bool is_interp);
/* Maps libzircon.so and hands it over. @vdso: empty for zxrun's own; taken over. */
zx_status_t build__map_vdso(struct build *build, struct handle *vdso);
/*
 * Sends the message that the interpreter reads. Takes over both handles, also on failure.
 * @build->main has its arguments and environment already.
 */
zx_status_t build__send_interp(struct build *build, struct handle *ldsvc,
			       struct handle *executable);
/* Adds to the program's message what comes from this process itself, but for its stack. */
zx_status_t build__add_own(struct build *build, bool is_interp);
/*
 * Makes the first thread's stack and sends the program's message. @stack_size: what a program
 * without an interpreter wants, 0 for the usual; an interpreter gets what its message needs.
 */
zx_status_t build__finish(struct build *build, bool is_interp, uint64_t stack_size);
/* Lets the first thread begin. */
zx_status_t build__start(struct build *build);
/* Gives up all that is left. */
void build__end(struct build *build);

/* The rights of a first handle to an object of @type in the process's era. */
zx_rights_t build__rights(const struct build *build, uint32_t type);
/* A handle for the child's maker, where nothing is started yet. */
struct handle build__handle_to(const struct build *build, void *object);

#endif
