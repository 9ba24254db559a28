/* Starts the first program. */
#ifndef LOADER_LAUNCH_H
#define LOADER_LAUNCH_H

#include <stdint.h>

#include "compat/core/handle.h"
#include "compat/services/ldsvc.h"
#include "loader/error.h"
#include "loader/file.h"
#include "loader/options.h"

struct process;

struct launch_config {
	const struct options *options;
	const struct program_file *program;
	const struct program_file *interp; /* NULL: the program is started itself */
	uint32_t era;                      /* enum zxabi_era */
	const struct ldsvc_config *ldsvc;
	struct handle *stdio;              /* ends for 0, 1 and 2; empty ones are left out */
};

/*
 * Makes a job and a process in it, maps what it needs, sends the bootstrap messages and starts the
 * first thread, in the way of launchpad (2018) and process_builder (2019 on), which hand over the
 * same but for names of a few handles. Takes over the handles of @stdio, also on failure.
 * Gives a reference to the process in @out. Errors: EXIT_ZXRUN, EXIT_NO_EXEC. The supervisor and
 * the services run already, and end what is left of a failed attempt.
 */
int launch__start(const struct launch_config *config, struct process **out, struct error *error);

#endif
