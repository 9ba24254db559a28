#include "loader/launch.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>
#include <zircon/vm_types.h>

#include "compat/core/channel.h"
#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/host/supervisor.h"
#include "compat/services/file_vmo.h"
#include "loader/bootstrap.h"
#include "loader/map.h"
#include "loader/namespace.h"
#include "loader/note.h"
#include "loader/quirk.h"
#include "loader/stack.h"

/* What handles to file images allow: as fuchsia.io and fuchsia.ldsvc give them out. */
#define FILE_VMO_RIGHTS                                                                            \
	(ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP | ZX_RIGHT_EXECUTE | ZX_RIGHT_GET_PROPERTY)
/* A VMAR that can be mapped in every way has these beside its default rights. */
#define VMAR_RWX_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)

/* UTC is the system's: programs read it. */
#define UTC_CLOCK_RIGHTS (ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT | ZX_RIGHT_READ)

/* A launch under way. References are NULL until they exist. */
struct launch {
	const struct launch_config *config;
	struct error *error;
	struct thread *self; /* the loader's own */
	struct job *job;
	struct process *process;
	struct vmar *root;
	struct thread *thread;
	struct vmar *reserve;
	struct vmar *image_vmar; /* of what is started */
	struct channel *channel; /* our end of the bootstrap channel */
	struct handle to_child;  /* a handle to it */
	struct handle to_parent; /* the child's end */
	uint64_t entry;
	uint64_t vdso_base;
	uint64_t sp;
	struct bootstrap main;
};

static int check(struct launch *launch, zx_status_t status, const char *what)
{
	if (status == ZX_OK)
		return 0;
	return error__set(launch->error, EXIT_ZXRUN, "%s: cannot %s: %s",
			  launch->config->program->path, what, status__name(status));
}

static zx_rights_t rights_of(const struct launch *launch, uint32_t type)
{
	return era__default_rights(launch->config->era, type);
}

static zx_status_t make_channel(struct launch *launch)
{
	struct channel *child;
	zx_status_t status = channel__create(&launch->channel, &child);

	if (status != ZX_OK)
		return status;
	object__get(&launch->channel->object);
	launch->to_child = handle__make(&launch->channel->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	launch->to_parent = handle__make(&child->object,
					 rights_of(launch, ZX_OBJ_TYPE_CHANNEL));
	return ZX_OK;
}

static int make_process(struct launch *launch)
{
	const char *name = path__base(launch->config->program->path);

	if (check(launch, job__create(core_root->root_job, launch->config->era, &launch->job),
		  "create a job") ||
	    check(launch,
		  process__create(launch->job, name, launch->config->era, &launch->process),
		  "create a process"))
		return -1;
	mutex__lock(&launch->process->aspace_lock);
	launch->root = launch->process->root_vmar;
	if (launch->root)
		object__get(&launch->root->object);
	mutex__unlock(&launch->process->aspace_lock);
	if (check(launch, launch->root ? ZX_OK : ZX_ERR_BAD_STATE, "keep its process alive") ||
	    check(launch, thread__create(launch->process, "initial-thread", &launch->thread),
		  "create a thread"))
		return -1;
	return check(launch, make_channel(launch), "create its bootstrap channel");
}

/* Handles that both messages carry. */
static zx_status_t add_own_handles(struct launch *launch, struct bootstrap *message)
{
	zx_status_t status;

	status = bootstrap__add_object(message, launch->process,
				       rights_of(launch, ZX_OBJ_TYPE_PROCESS), PA_PROC_SELF);
	if (status == ZX_OK)
		status = bootstrap__add_object(message, launch->root,
					       rights_of(launch, ZX_OBJ_TYPE_VMAR) |
					       VMAR_RWX_RIGHTS, PA_VMAR_ROOT);
	if (status == ZX_OK)
		status = bootstrap__add_object(message, launch->thread,
					       rights_of(launch, ZX_OBJ_TYPE_THREAD),
					       PA_THREAD_SELF);
	return status;
}

static zx_status_t add_image_vmar(struct launch *launch, struct bootstrap *message)
{
	return bootstrap__add_object(message, launch->image_vmar,
				     rights_of(launch, ZX_OBJ_TYPE_VMAR) | VMAR_RWX_RIGHTS,
				     PA_VMAR_LOADED);
}

/*
 * Sanitizers want the lower half of the address space for themselves, and ask for it before
 * anything else: what is mapped for a program with an interpreter stays above. The start of
 * the rest varies, so that addresses differ from run to run.
 */
static zx_status_t reserve_low_half(struct launch *launch)
{
	uint64_t half = (ASPACE_BASE + ASPACE_END) / 2 & -ELF_PAGE;
	uint64_t base;
	uint32_t random;

	core_host.random(&random, sizeof(random));
	half += (uint64_t)(random & 0x3fffff) << 20;
	return vmar__allocate(launch->root, ZX_VM_SPECIFIC, 0, half - ASPACE_BASE,
			      &launch->reserve, &base);
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

static int map_image(struct launch *launch, const struct program_file *file, struct vmo *vmo)
{
	struct mapped_image mapped;

	if (check_write_execute(launch, file))
		return -1;
	if (check(launch,
		  mapped_image__map(&mapped, launch->self, launch->root, launch->config->era,
				    &file->image, vmo), "map its segments"))
		return -1;
	launch->image_vmar = mapped.vmar;
	launch->entry = file->image.entry + mapped.bias;
	note(launch->config->options, "%s at %#llx-%#llx, entry %#llx", file->path,
	     (unsigned long long)mapped.base,
	     (unsigned long long)(mapped.base + file->image.span),
	     (unsigned long long)launch->entry);
	return 0;
}

/* Maps what is started: the interpreter, or the program itself. */
static int map_first_image(struct launch *launch)
{
	const struct program_file *file = launch->config->interp;
	struct vmo *vmo;
	int err;

	if (file) {
		if (check(launch, reserve_low_half(launch), "reserve address space"))
			return -1;
	} else {
		file = launch->config->program;
	}
	if (check(launch, vmo_from_file(file->fd, path__base(file->path), &vmo), "read its file"))
		return -1;
	err = map_image(launch, file, vmo);
	object__put(&vmo->object);
	return err;
}

static int parse_vdso(struct launch *launch, struct vmo *vmo, struct elf_image *image)
{
	size_t size = vmo__stream_size(vmo);
	char *data = malloc(size);
	zx_status_t status = data ? vmo__read(vmo, data, 0, size) : ZX_ERR_NO_MEMORY;
	int err = check(launch, status, "read libzircon.so");

	if (!err)
		err = elf_image__parse(image, data, size, "libzircon.so", launch->error);
	free(data);
	return err;
}

static int map_vdso(struct launch *launch)
{
	struct mapped_image mapped;
	struct elf_image image;
	struct handle handle;
	struct vmo *vmo;
	int err = supervisor__vdso(&handle);

	if (err)
		return error__set(launch->error, EXIT_ZXRUN, "cannot get at libzircon.so: %s",
				  strerror(-err));
	vmo = (struct vmo *)handle.object;
	if (parse_vdso(launch, vmo, &image)) {
		handle__close(&handle);
		return -1;
	}
	err = check(launch,
		    mapped_image__map(&mapped, launch->self, launch->root, launch->config->era,
				      &image, vmo), "map libzircon.so");
	if (!err) {
		launch->vdso_base = mapped.base;
		launch->process->vdso_base = mapped.base;
		object__put(&mapped.vmar->object);
		note(launch->config->options, "libzircon.so at %#llx-%#llx",
		     (unsigned long long)mapped.base,
		     (unsigned long long)(mapped.base + image.span));
		err = check(launch, bootstrap__add(&launch->main, &handle, PA_VMO_VDSO),
			    "hand over libzircon.so");
	} else {
		handle__close(&handle);
	}
	elf_image__free(&image);
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

static zx_status_t add_interp_handles(struct launch *launch, struct bootstrap *message)
{
	const struct program_file *program = launch->config->program;
	struct handle handle;
	struct vmo *vmo;
	zx_status_t status = connect_ldsvc(launch, &handle);

	if (status == ZX_OK)
		status = bootstrap__add(message, &handle, PA_LDSVC_LOADER);
	if (status != ZX_OK)
		return status;
	status = vmo_from_file(program->fd, path__base(program->path), &vmo);
	if (status != ZX_OK)
		return status;
	quirk__add_note(vmo, launch->config->era);
	handle = handle__make(&vmo->object, FILE_VMO_RIGHTS);
	status = bootstrap__add(message, &handle, PA_VMO_EXECUTABLE);
	if (status == ZX_OK)
		status = add_image_vmar(launch, message);
	if (status == ZX_OK)
		status = add_own_handles(launch, message);
	return status;
}

/*
 * The message that the interpreter reads. It looks at the program's name, for what it has to
 * report, and at the variables that make it tell more; it leaves the second message alone.
 */
static int send_interp_message(struct launch *launch)
{
	static const char *const prefixes[] = { "LD_DEBUG=", "LD_TRACE=" };
	const struct options *options = launch->config->options;
	const char *environ[2];
	struct bootstrap message;
	int err;

	bootstrap__init(&message);
	message.args = (const char *const *)options->argv;
	message.num_args = 1;
	message.environ = environ;
	for (size_t i = 0; i < options->num_env; i++) {
		for (size_t j = 0; j < 2; j++) {
			if (!strncmp(options->env[i], prefixes[j], strlen(prefixes[j])))
				environ[message.num_environ++] = options->env[i];
		}
	}
	err = check(launch, add_interp_handles(launch, &message), "prepare its interpreter");
	if (!err)
		err = check(launch, bootstrap__send(&message, launch->channel),
			    "send its interpreter a message");
	bootstrap__free(&message);
	return err;
}

/* The standard streams, under the name that the era has for sockets that are file descriptors. */
static zx_status_t add_stdio(struct launch *launch)
{
	bool sockets = era__of(launch->config->era)->fd_sockets_2018;
	zx_status_t status = ZX_OK;

	for (uint32_t fd = 0; fd < 3 && status == ZX_OK; fd++) {
		uint32_t type = sockets ? PA_FDIO_SOCKET_2018 : PA_FD;

		if (launch->config->stdio[fd].object)
			status = bootstrap__add(&launch->main, &launch->config->stdio[fd],
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
	status = bootstrap__add_object(&launch->main, clock, UTC_CLOCK_RIGHTS, PA_CLOCK_UTC);
	object__put(&clock->object);
	return status;
}

/* Everything in the program's own message but the stack, whose size depends on the rest. */
static int fill_main_message(struct launch *launch)
{
	const struct options *options = launch->config->options;
	zx_status_t status;

	launch->main.args = (const char *const *)options->argv;
	launch->main.num_args = options->argc;
	launch->main.environ = options->env;
	launch->main.num_environ = options->num_env;
	status = add_own_handles(launch, &launch->main);
	if (status == ZX_OK)
		status = bootstrap__add_object(&launch->main, launch->job,
					       rights_of(launch, ZX_OBJ_TYPE_JOB), PA_JOB_DEFAULT);
	if (status == ZX_OK && !launch->config->interp)
		status = add_image_vmar(launch, &launch->main);
	if (status == ZX_OK)
		status = add_stdio(launch);
	if (status == ZX_OK)
		status = add_utc_clock(launch);
	if (check(launch, status, "prepare its bootstrap message"))
		return -1;
	return namespace__add(options, &launch->main, launch->error);
}

static int make_stack(struct launch *launch)
{
	const struct elf_image *image = &launch->config->program->image;
	uint64_t size = launch->config->interp ?
				stack__size_interp(bootstrap__size(&launch->main, 1)) :
				stack__size_static(image->stack_size);
	struct vmo *vmo;
	zx_status_t status;

	status = stack__create(launch->self, launch->root, size, &vmo, &launch->sp);
	if (check(launch, status, "make its stack"))
		return -1;
	note(launch->config->options, "stack of %llu bytes below %#llx", (unsigned long long)size,
	     (unsigned long long)launch->sp);
	status = bootstrap__add_object(&launch->main, vmo, rights_of(launch, ZX_OBJ_TYPE_VMO),
				       PA_VMO_STACK);
	object__put(&vmo->object);
	return check(launch, status, "hand over its stack");
}

static int send_main_message(struct launch *launch)
{
	size_t size = bootstrap__size(&launch->main, 0);

	if (size > ZX_CHANNEL_MAX_MSG_BYTES)
		return error__set(launch->error, EXIT_ZXRUN, "%s: its arguments and environment "
				  "make a message of %zu bytes; a Fuchsia program gets at most %u",
				  launch->config->program->path, size, ZX_CHANNEL_MAX_MSG_BYTES);
	return check(launch, bootstrap__send(&launch->main, launch->channel),
		     "send its bootstrap message");
}

static int start_thread(struct launch *launch)
{
	zx_handle_t value;

	if (launch->reserve &&
	    check(launch, vmar__destroy(launch->self, launch->reserve), "free address space"))
		return -1;
	if (check(launch, handle__add(launch->process, &launch->to_parent, &value),
		  "hand over its bootstrap channel"))
		return -1;
	return check(launch,
		     thread__start(launch->self, launch->thread, launch->entry, launch->sp, value,
				   launch->vdso_base, true), "start its first thread");
}

static int run_steps(struct launch *launch)
{
	if (make_process(launch) || map_first_image(launch) || map_vdso(launch))
		return -1;
	if (launch->config->interp && send_interp_message(launch))
		return -1;
	if (fill_main_message(launch) || make_stack(launch) || send_main_message(launch))
		return -1;
	return start_thread(launch);
}

static void put(void *object)
{
	if (object)
		object__put(object);
}

int launch__start(const struct launch_config *config, struct process **out, struct error *error)
{
	struct launch launch = {
		.config = config, .error = error, .self = supervisor__self(),
	};
	int err;

	bootstrap__init(&launch.main);
	err = run_steps(&launch);
	if (err && launch.process)
		process__kill(launch.process, -1);
	for (int fd = 0; fd < 3; fd++)
		handle__close(&config->stdio[fd]);
	bootstrap__free(&launch.main);
	handle__close(&launch.to_child);
	handle__close(&launch.to_parent);
	put(launch.channel);
	put(launch.image_vmar);
	put(launch.reserve);
	put(launch.thread);
	put(launch.root);
	put(launch.job);
	if (err)
		put(launch.process);
	else
		*out = launch.process;
	return err;
}
