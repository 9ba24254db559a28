/*
 * One launch: the part of fuchsia.process.Launcher that may block, in steps for a thread of the I/O
 * pool. Between them the launcher asks the client's loader service for the interpreter.
 */
#ifndef LOADER_LAUNCHER_JOB_H
#define LOADER_LAUNCHER_JOB_H

#include "loader/build.h"
#include "loader/launcher_inputs.h"

/* So much of a script is looked at for the end of its first line. */
#define LAUNCHER_SCRIPT_LINE 127

struct launcher_job {
	const struct options *options;
	enum fidl_era form; /* of the request: whose launcher this is to be */
	bool start;         /* or only made ready */
	struct launcher_inputs inputs;
	struct handle executable;
	struct handle job;
	char name[ZX_MAX_NAME_LEN];

	/* Found by the first step. */
	struct elf_image program;
	bool has_program;
	/* What the interpreter is asked for by; NULL: the program has none. */
	const char *interp_name;
	struct handle interp; /* for the second step, from the loader service */
	/* Not empty: the executable is a script, and this comes first, for the first step again. */
	char script[LAUNCHER_SCRIPT_LINE + 1];
	uint32_t scripts; /* so far */

	struct build build;
	bool built;         /* the second step has begun */
	const char *failed; /* what went wrong, where a step failed */
	struct error error;
};

/* Looks at what the client wants, and at the program. */
zx_status_t launcher_job__examine(struct launcher_job *job);
/* Builds the process, and starts it where asked. */
zx_status_t launcher_job__build(struct launcher_job *job);
/* Gives up all that is left; the process goes on where somebody has it. */
void launcher_job__free(struct launcher_job *job);

#endif
