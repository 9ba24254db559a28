/*
 * Scripts, for a launcher of 2018: in place of a file that begins with "#!" it starts the program
 * that the first line names, with the rest of that line as one argument before all others.
 */
#ifndef LOADER_LAUNCHER_SCRIPT_H
#define LOADER_LAUNCHER_SCRIPT_H

#include <zircon/types.h>

struct launcher_job;

/*
 * Puts the interpreter of @job's executable into job->script and before its arguments, where it is
 * a script. Errors: ZX_ERR_NOT_SUPPORTED (an interpreter's interpreter, and so on too often),
 * ZX_ERR_OUT_OF_RANGE (the line is too long), ZX_ERR_NOT_FOUND (it names nothing), ZX_ERR_NO_MEMORY.
 */
zx_status_t launcher_script__examine(struct launcher_job *job);
/* The client's loader service gave job->script as job->interp: it is the executable now. */
void launcher_script__loaded(struct launcher_job *job);

#endif
