#include "loader/launcher_script.h"

#include <string.h>
#include <zircon/errors.h>

#include "compat/core/vmo.h"
#include "loader/launcher_job.h"

#define NESTING_MAX 5u

static zx_status_t fail(struct launcher_job *job, zx_status_t status, const char *what)
{
	job->failed = what;
	return status;
}

/* @line is the first one without its end. Finds the interpreter in it, and what stands behind. */
static zx_status_t parse(char *line, char **interp, char **arg)
{
	char *end;

	*interp = line + 2 + strspn(line + 2, " \t");
	end = *interp + strcspn(*interp, " \t");
	*arg = end + strspn(end, " \t");
	*end = '\0';
	return **interp ? ZX_OK : ZX_ERR_NOT_FOUND;
}

zx_status_t launcher_script__examine(struct launcher_job *job)
{
	struct vmo *vmo = (struct vmo *)job->executable.object;
	char line[LAUNCHER_SCRIPT_LINE + 1];
	zx_status_t status;
	char *interp;
	char *arg;
	char *end;

	if (vmo__size(vmo) < sizeof(line) || vmo__read(vmo, line, 0, sizeof(line)) != ZX_OK ||
	    memcmp(line, "#!", 2))
		return ZX_OK;
	if (++job->scripts > NESTING_MAX)
		return fail(job, ZX_ERR_NOT_SUPPORTED, "too many scripts run scripts");
	end = memchr(line, '\n', sizeof(line));
	if (!end)
		return fail(job, ZX_ERR_OUT_OF_RANGE, "the first line of the script is too long");
	*end = '\0';
	status = parse(line, &interp, &arg);
	if (status != ZX_OK)
		return fail(job, status, "the script names no interpreter");
	memcpy(job->script, interp, strlen(interp) + 1);
	if (*arg)
		status = launcher_inputs__insert_arg(&job->inputs, arg);
	if (status == ZX_OK)
		status = launcher_inputs__insert_arg(&job->inputs, interp);
	return status == ZX_OK ? ZX_OK : fail(job, status, "no memory for arguments");
}

void launcher_script__loaded(struct launcher_job *job)
{
	handle__close(&job->executable);
	job->executable = job->interp;
	job->interp.object = NULL;
	job->script[0] = '\0';
}
