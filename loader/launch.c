#include "loader/launch.h"

#include <elf.h>
#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>

#include "compat/core/channel.h"
#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/vmo.h"
#include "compat/services/file_vmo.h"
#include "loader/build.h"
#include "loader/namespace.h"
#include "loader/quirk.h"
#include "loader/root_resource.h"

/* What handles to file images allow: as fuchsia.io and fuchsia.ldsvc give them out. */
#define FILE_VMO_RIGHTS                                                                            \
	(ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP | ZX_RIGHT_EXECUTE | ZX_RIGHT_GET_PROPERTY)

/* UTC is the system's: programs read it. */
#define UTC_CLOCK_RIGHTS (ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT | ZX_RIGHT_READ)

/* A launch under way. */
struct launch {
	const struct launch_config *config;
	struct error *error;
	struct job *job; /* referenced */
	struct build build;
};

static int check(struct launch *launch, zx_status_t status, const char *what)
{
	if (status == ZX_OK)
		return 0;
	return error__set(launch->error, EXIT_ZXRUN, "%s: cannot %s: %s",
			  launch->config->program->path, what, status__name(status));
}

/* Of a step of the build, which knows itself what it wanted. */
static int check_step(struct launch *launch, zx_status_t status)
{
	return check(launch, status, launch->build.failed);
}

/* The first program of a booted Zircon is in the root job itself, others in a job of their own. */
static zx_status_t make_job(struct launch *launch)
{
	uint32_t era = launch->config->era;

	if (!launch->config->options->root_resource)
		return job__create(core_root->root_job, era, &launch->job);
	job__set_era(core_root->root_job, era);
	launch->job = core_root->root_job;
	object__get(&launch->job->object);
	return ZX_OK;
}

static int make_process(struct launch *launch)
{
	const char *name = path__base(launch->config->program->path);

	if (check(launch, make_job(launch), "create a job"))
		return -1;
	return check_step(launch, build__create(&launch->build, launch->job, name));
}

/* Since memory is executable only by a right of its own, no copy of a file is both. */
static int check_write_execute(struct launch *launch, const struct program_file *file)
{
	if (era__of(launch->config->era)->vmo_rights_execute)
		return 0;
	for (size_t i = 0; i < file->image.num_segments; i++) {
		uint32_t flags = file->image.segments[i].flags;

		if (flags & PF_W && flags & PF_X)
			return error__set(launch->error, EXIT_NO_EXEC, "%s: has a segment that is "
					  "writable and executable, which Fuchsia of %s does not "
					  "allow", file->path, era__of(launch->config->era)->date);
	}
	return 0;
}

/* Maps what is started: the interpreter, or the program itself. */
static int map_first_image(struct launch *launch)
{
	const struct program_file *file = launch->config->interp;
	struct vmo *vmo;
	int err;

	if (!file)
		file = launch->config->program;
	if (check_write_execute(launch, file) ||
	    check(launch, vmo_from_file(file->fd, path__base(file->path), &vmo), "read its file"))
		return -1;
	err = check_step(launch, build__map(&launch->build, &file->image, vmo, file->path,
					    file == launch->config->interp));
	object__put(&vmo->object);
	return err;
}

/* The end of a new connection to the loader service. */
static zx_status_t connect_ldsvc(struct launch *launch, struct handle *out)
{
	struct channel *ends[2];
	struct handle server;
	zx_status_t status = channel__create(&ends[0], &ends[1]);

	if (status != ZX_OK)
		return status;
	server = handle__make(&ends[0]->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	*out = handle__make(&ends[1]->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	status = ldsvc__serve(launch->config->ldsvc, &server);
	if (status != ZX_OK)
		handle__close(out);
	return status;
}

static int send_interp_message(struct launch *launch)
{
	const struct program_file *program = launch->config->program;
	struct handle executable;
	struct handle ldsvc;
	struct vmo *vmo;

	if (check(launch, vmo_from_file(program->fd, path__base(program->path), &vmo),
		  "read its file"))
		return -1;
	quirk__add_note(vmo, launch->config->era);
	executable = handle__make(&vmo->object, FILE_VMO_RIGHTS);
	if (check(launch, connect_ldsvc(launch, &ldsvc), "prepare its interpreter")) {
		handle__close(&executable);
		return -1;
	}
	return check_step(launch, build__send_interp(&launch->build, &ldsvc, &executable));
}

/* The standard streams, under the name that the era has for sockets that are file descriptors. */
static zx_status_t add_stdio(struct launch *launch)
{
	bool sockets = era__of(launch->config->era)->fd_sockets_2018;
	zx_status_t status = ZX_OK;

	for (uint32_t fd = 0; fd < 3 && status == ZX_OK; fd++) {
		uint32_t type = sockets ? PA_FDIO_SOCKET_2018 : PA_FD;

		if (launch->config->stdio[fd].object)
			status = bootstrap__add(&launch->build.main, &launch->config->stdio[fd],
						PA_HND(type, fd));
	}
	return status;
}

static zx_status_t add_utc_clock(struct launch *launch)
{
	struct clock *clock;
	zx_status_t status;

	if (!era__of(launch->config->era)->utc_clock_handle)
		return ZX_OK;
	status = clock__create_utc(&clock);
	if (status != ZX_OK)
		return status;
	status = bootstrap__add_object(&launch->build.main, clock, UTC_CLOCK_RIGHTS, PA_CLOCK_UTC);
	object__put(&clock->object);
	return status;
}

/* Everything in the program's own message but the stack, whose size depends on the rest. */
static int fill_main_message(struct launch *launch)
{
	struct build *build = &launch->build;
	zx_status_t status;

	if (check_step(launch, build__add_own(build, launch->config->interp)))
		return -1;
	status = bootstrap__add_object(&build->main, launch->job,
				       build__rights(build, ZX_OBJ_TYPE_JOB), PA_JOB_DEFAULT);
	if (status == ZX_OK && launch->config->options->root_resource)
		status = root_resource__add(&build->main, launch->config->era);
	if (status == ZX_OK)
		status = add_stdio(launch);
	if (status == ZX_OK)
		status = add_utc_clock(launch);
	if (check(launch, status, "prepare its bootstrap message"))
		return -1;
	return namespace__add(launch->config->options, launch->config->era, &build->main,
			      launch->error);
}

/* Arguments and environment come from the user, who is told where they are too much. */
static int check_size(struct launch *launch)
{
	size_t size = bootstrap__size(&launch->build.main, 1);

	if (size <= ZX_CHANNEL_MAX_MSG_BYTES)
		return 0;
	return error__set(launch->error, EXIT_ZXRUN, "%s: its arguments and environment make a "
			  "message of %zu bytes; a Fuchsia program gets at most %u",
			  launch->config->program->path, size, ZX_CHANNEL_MAX_MSG_BYTES);
}

static int run_steps(struct launch *launch)
{
	const struct options *options = launch->config->options;
	struct build *build = &launch->build;
	struct handle vdso = { .object = NULL };
	bool is_interp = launch->config->interp;

	build->main.args = (const char *const *)options->argv;
	build->main.num_args = options->argc;
	build->main.environ = options->env;
	build->main.num_environ = options->num_env;
	if (make_process(launch) || map_first_image(launch) ||
	    check_step(launch, build__map_vdso(build, &vdso)))
		return -1;
	if (is_interp && send_interp_message(launch))
		return -1;
	if (fill_main_message(launch) || check_size(launch))
		return -1;
	if (check_step(launch, build__finish(build, is_interp,
					     launch->config->program->image.stack_size)))
		return -1;
	return check_step(launch, build__start(build));
}

int launch__start(const struct launch_config *config, struct process **out, struct error *error)
{
	struct launch launch = { .config = config, .error = error };
	int err;

	build__init(&launch.build, config->options, config->era);
	err = run_steps(&launch);
	if (err && launch.build.process)
		process__kill(launch.build.process, -1);
	for (int fd = 0; fd < 3; fd++)
		handle__close(&config->stdio[fd]);
	if (!err) {
		*out = launch.build.process;
		object__get(&launch.build.process->object);
	}
	build__end(&launch.build);
	if (launch.job)
		object__put(&launch.job->object);
	return err;
}
