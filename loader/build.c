#include "loader/build.h"

#include <stdlib.h>
#include <string.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>
#include <zircon/vm_types.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/host/supervisor.h"
#include "loader/map.h"
#include "loader/note.h"
#include "loader/stack.h"
#include "loader/vmo_image.h"

/* A VMAR that can be mapped in every way has these beside its default rights. */
#define VMAR_RWX_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)

static zx_status_t check(struct build *build, zx_status_t status, const char *what)
{
	if (status != ZX_OK)
		build->failed = what;
	return status;
}

zx_rights_t build__rights(const struct build *build, uint32_t type)
{
	zx_rights_t rights = era__default_rights(build->era, type);

	return type == ZX_OBJ_TYPE_VMAR ? rights | VMAR_RWX_RIGHTS : rights;
}

struct handle build__handle_to(const struct build *build, void *object)
{
	object__get(object);
	return handle__make(object, build__rights(build, ((struct object *)object)->type));
}

void build__init(struct build *build, const struct options *options, uint32_t era)
{
	memset(build, 0, sizeof(*build));
	build->options = options;
	build->era = era;
	build->self = supervisor__self();
	bootstrap__init(&build->main);
}

static zx_status_t make_channel(struct build *build)
{
	struct channel *child;
	zx_status_t status = channel__create(&build->channel, &child);

	if (status != ZX_OK)
		return status;
	object__get(&build->channel->object);
	build->to_child = handle__make(&build->channel->object, ZX_DEFAULT_CHANNEL_RIGHTS);
	build->to_parent = handle__make(&child->object, build__rights(build, ZX_OBJ_TYPE_CHANNEL));
	return ZX_OK;
}

zx_status_t build__create(struct build *build, struct job *job, const char *name)
{
	zx_status_t status = process__create(job, name, build->era, &build->process);

	if (status != ZX_OK)
		return check(build, status, "create a process");
	mutex__lock(&build->process->aspace_lock);
	build->root = build->process->root_vmar;
	if (build->root)
		object__get(&build->root->object);
	mutex__unlock(&build->process->aspace_lock);
	if (!build->root)
		return check(build, ZX_ERR_BAD_STATE, "keep its process alive");
	status = thread__create(build->process, "initial-thread", &build->thread);
	if (status != ZX_OK)
		return check(build, status, "create a thread");
	return check(build, make_channel(build), "create its bootstrap channel");
}

/*
 * Sanitizers want the lower half of the address space for themselves, and ask for it before
 * anything else: what is mapped for a program with an interpreter stays above. The start of
 * the rest varies, so that addresses differ from run to run.
 */
static zx_status_t reserve_low_half(struct build *build)
{
	uint64_t half = (ASPACE_BASE + ASPACE_END) / 2 & -ELF_PAGE;
	uint64_t base;
	uint32_t random;

	core_host.random(&random, sizeof(random));
	half += (uint64_t)(random & 0x3fffff) << 20;
	return vmar__allocate(build->root, ZX_VM_SPECIFIC, 0, half - ASPACE_BASE, &build->reserve,
			      &base);
}

zx_status_t build__map(struct build *build, const struct elf_image *image, struct vmo *vmo,
		       const char *name, bool is_interp)
{
	struct mapped_image mapped;
	zx_status_t status;

	if (is_interp) {
		status = reserve_low_half(build);
		if (status != ZX_OK)
			return check(build, status, "reserve address space");
	}
	status = mapped_image__map(&mapped, build->self, build->root, build->era, image, vmo);
	if (status != ZX_OK)
		return check(build, status, "map its segments");
	build->image_vmar = mapped.vmar;
	build->base = mapped.base;
	build->entry = image->entry + mapped.bias;
	note(build->options, "%s at %#llx-%#llx, entry %#llx", name,
	     (unsigned long long)mapped.base, (unsigned long long)(mapped.base + image->span),
	     (unsigned long long)build->entry);
	return ZX_OK;
}

static zx_status_t map_vdso(struct build *build, struct vmo *vmo)
{
	struct mapped_image mapped;
	struct elf_image image;
	struct error error;
	zx_status_t status = vmo_image__parse(&image, vmo, "libzircon.so", &error);

	if (status != ZX_OK)
		return status;
	status = mapped_image__map(&mapped, build->self, build->root, build->era, &image, vmo);
	if (status == ZX_OK) {
		build->vdso_base = mapped.base;
		build->process->vdso_base = mapped.base;
		object__put(&mapped.vmar->object);
		note(build->options, "libzircon.so at %#llx-%#llx",
		     (unsigned long long)mapped.base,
		     (unsigned long long)(mapped.base + image.span));
	}
	elf_image__free(&image);
	return status;
}

zx_status_t build__map_vdso(struct build *build, struct handle *vdso)
{
	zx_status_t status;

	if (!vdso->object)
		supervisor__vdso(vdso);
	status = map_vdso(build, (struct vmo *)vdso->object);
	if (status != ZX_OK) {
		handle__close(vdso);
		return check(build, status, "map libzircon.so");
	}
	return check(build, bootstrap__add(&build->main, vdso, PA_VMO_VDSO),
		     "hand over libzircon.so");
}

static zx_status_t add_object(struct build *build, struct bootstrap *message, void *object,
			      uint32_t info)
{
	struct handle handle = build__handle_to(build, object);

	return bootstrap__add(message, &handle, info);
}

/* Handles that both messages carry. */
static zx_status_t add_self(struct build *build, struct bootstrap *message)
{
	zx_status_t status = add_object(build, message, build->process, PA_PROC_SELF);

	if (status == ZX_OK)
		status = add_object(build, message, build->root, PA_VMAR_ROOT);
	if (status == ZX_OK)
		status = add_object(build, message, build->thread, PA_THREAD_SELF);
	return status;
}

static zx_status_t add_interp_handles(struct build *build, struct bootstrap *message,
				      struct handle *ldsvc, struct handle *executable)
{
	zx_status_t status = bootstrap__add(message, ldsvc, PA_LDSVC_LOADER);

	if (status == ZX_OK)
		status = bootstrap__add(message, executable, PA_VMO_EXECUTABLE);
	if (status == ZX_OK)
		status = add_object(build, message, build->image_vmar, PA_VMAR_LOADED);
	if (status == ZX_OK)
		status = add_self(build, message);
	return status;
}

/* The variables that make an interpreter tell more. */
static size_t choose_environ(const struct bootstrap *from, const char **out, size_t room)
{
	static const char *const prefixes[] = { "LD_DEBUG=", "LD_TRACE=" };
	size_t count = 0;

	for (size_t i = 0; i < from->num_environ; i++) {
		for (size_t j = 0; j < 2 && count < room; j++) {
			if (!strncmp(from->environ[i], prefixes[j], strlen(prefixes[j])))
				out[count++] = from->environ[i];
		}
	}
	return count;
}

/*
 * The interpreter looks at the program's name, for what it has to report, and at few variables; it
 * leaves the second message alone.
 */
zx_status_t build__send_interp(struct build *build, struct handle *ldsvc,
			       struct handle *executable)
{
	const char *environ[8];
	struct bootstrap message;
	zx_status_t status;

	bootstrap__init(&message);
	message.args = build->main.args;
	message.num_args = build->main.num_args ? 1 : 0;
	message.environ = environ;
	message.num_environ = choose_environ(&build->main, environ, 8);
	status = check(build, add_interp_handles(build, &message, ldsvc, executable),
		       "prepare its interpreter");
	if (status == ZX_OK)
		status = check(build, bootstrap__send(&message, build->channel),
			       "send its interpreter a message");
	bootstrap__free(&message);
	handle__close(ldsvc);
	handle__close(executable);
	return status;
}

zx_status_t build__add_own(struct build *build, bool is_interp)
{
	zx_status_t status = add_self(build, &build->main);

	if (status == ZX_OK && !is_interp)
		status = add_object(build, &build->main, build->image_vmar, PA_VMAR_LOADED);
	return check(build, status, "prepare its bootstrap message");
}

static zx_status_t make_stack(struct build *build, uint64_t size)
{
	struct vmo *vmo;
	zx_status_t status = stack__create(build->self, build->root, size, &vmo, &build->sp);

	if (status != ZX_OK)
		return check(build, status, "make its stack");
	note(build->options, "stack of %llu bytes below %#llx", (unsigned long long)size,
	     (unsigned long long)build->sp);
	status = add_object(build, &build->main, vmo, PA_VMO_STACK);
	object__put(&vmo->object);
	return check(build, status, "hand over its stack");
}

zx_status_t build__finish(struct build *build, bool is_interp, uint64_t stack_size)
{
	uint64_t size = is_interp ? stack__size_interp(bootstrap__size(&build->main, 1)) :
				    stack__size_static(stack_size);
	zx_status_t status = make_stack(build, size);

	if (status == ZX_OK)
		status = check(build, bootstrap__send(&build->main, build->channel),
			       "send its bootstrap message");
	if (status == ZX_OK && build->reserve)
		status = check(build, vmar__destroy(build->self, build->reserve),
			       "free address space");
	return status;
}

zx_status_t build__start(struct build *build)
{
	struct thread_entry entry = {
		.pc = build->entry,
		.sp = build->sp,
		.arg2 = build->vdso_base,
	};
	zx_handle_t value;
	zx_status_t status = handle__add(build->process, &build->to_parent, &value);

	if (status != ZX_OK)
		return check(build, status, "hand over its bootstrap channel");
	entry.arg1 = value;
	return check(build, thread__start(build->self, build->thread, &entry, true),
		     "start its first thread");
}

static void put(void *object)
{
	if (object)
		object__put(object);
}

void build__end(struct build *build)
{
	bootstrap__free(&build->main);
	handle__close(&build->to_child);
	handle__close(&build->to_parent);
	put(build->channel);
	put(build->image_vmar);
	put(build->reserve);
	put(build->thread);
	put(build->root);
	put(build->process);
}
