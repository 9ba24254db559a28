#include "loader/launcher_job.h"

#include <zircon/errors.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/vmo.h"
#include "loader/era.h"
#include "loader/launcher_script.h"
#include "loader/note.h"
#include "loader/quirk.h"
#include "loader/vmo_image.h"

/* Process, root VMAR, thread, vDSO and stack; what is started by itself gets its VMAR as well. */
#define OWN_HANDLES 5u

#define MAP_RIGHTS (ZX_RIGHT_READ | ZX_RIGHT_EXECUTE | ZX_RIGHT_MAP)

static zx_status_t fail(struct launcher_job *job, zx_status_t status, const char *what)
{
	job->failed = what;
	return status;
}

/* A launcher of either form is one of its time; only rights depend on that. */
static const struct era_traits *launcher_traits(const struct launcher_job *job)
{
	return era__of(job->form == FIDL_2018 ? ZXERA_2018_12 : ZXERA_2020_07);
}

/* As the launcher's own call of zx_process_create would find it. */
static zx_status_t check_job(const struct launcher_job *job)
{
	struct job *parent = (struct job *)job->job.object;
	bool killed;

	if (parent->object.type != ZX_OBJ_TYPE_JOB)
		return ZX_ERR_WRONG_TYPE;
	if (!(job->job.rights & launcher_traits(job)->right_process_create))
		return ZX_ERR_ACCESS_DENIED;
	object__lock(&parent->object);
	killed = parent->killed;
	object__unlock(&parent->object);
	return killed ? ZX_ERR_BAD_STATE : ZX_OK;
}

static zx_status_t check_vmo(const struct handle *handle, zx_rights_t rights)
{
	if (handle->object->type != ZX_OBJ_TYPE_VMO)
		return ZX_ERR_WRONG_TYPE;
	return (handle->rights & rights) == rights ? ZX_OK : ZX_ERR_ACCESS_DENIED;
}

static zx_status_t examine_program(struct launcher_job *job)
{
	zx_status_t status = check_vmo(&job->executable, ZX_RIGHT_READ);

	if (status != ZX_OK)
		return fail(job, status, "cannot read the executable");
	/* Later ones left scripts to their clients. */
	if (job->form == FIDL_2018)
		status = launcher_script__examine(job);
	if (status != ZX_OK || job->script[0])
		return status;
	status = vmo_image__parse(&job->program, (struct vmo *)job->executable.object, job->name,
				  &job->error);
	if (status != ZX_OK)
		return fail(job, status, job->error.text);
	job->has_program = true;
	job->interp_name = job->program.interp;
	if (job->interp_name && !job->inputs.ldsvc.object)
		return fail(job, ZX_ERR_INVALID_ARGS, "need ldsvc to load PT_INTERP");
	return ZX_OK;
}

zx_status_t launcher_job__examine(struct launcher_job *job)
{
	zx_status_t status = check_job(job);

	if (status != ZX_OK)
		return fail(job, status, "cannot create a process in the job");
	/* Of 2018 even for programs that need none; it found what was bad only at the end. */
	if (job->form == FIDL_2018 && !job->inputs.ldsvc.object)
		return fail(job, ZX_ERR_INVALID_ARGS, "need ldsvc to load PT_INTERP");
	if (job->form == FIDL_2020 && job->inputs.bad != ZX_OK)
		return fail(job, job->inputs.bad, "cannot use what was added");
	status = examine_program(job);
	if (status == ZX_OK && !job->script[0] && job->inputs.bad != ZX_OK)
		return fail(job, job->inputs.bad, "cannot use what was added");
	return status;
}

/* What is started, and of which date it is. */
struct first_image {
	const struct elf_image *image;
	struct vmo *vmo;
	struct elf_image interp; /* parsed where there is one */
};

static zx_status_t build_with(struct launcher_job *job, const struct first_image *first)
{
	struct build *build = &job->build;
	bool is_interp = job->interp_name;
	zx_status_t status;

	status = build__create(build, (struct job *)job->job.object, job->name);
	if (status == ZX_OK)
		status = launcher_inputs__fill(&job->inputs, &build->main);
	if (status == ZX_OK)
		status = build__map(build, first->image, first->vmo, job->name, is_interp);
	if (status == ZX_OK && is_interp)
		status = build__send_interp(build, &job->inputs.ldsvc, &job->executable);
	if (status == ZX_OK)
		status = build__map_vdso(build, &job->inputs.vdso);
	if (status == ZX_OK)
		status = build__add_own(build, is_interp);
	if (status == ZX_OK)
		status = build__finish(build, is_interp, job->program.stack_size);
	if (status == ZX_OK && job->start)
		status = build__start(build);
	return status;
}

/* Programs without a note get a copy that has one: the file itself may be others' too. */
static zx_status_t apply_quirk(struct launcher_job *job, uint32_t era)
{
	struct vmo *vmo = (struct vmo *)job->executable.object;
	zx_rights_t rights = job->executable.rights;
	struct vmo *copy;
	zx_status_t status;

	if (!job->interp_name || !quirk__lacks_note(vmo, era))
		return ZX_OK;
	status = vmo__create_snapshot(vmo, 0, vmo__size(vmo), false, &copy);
	if (status != ZX_OK)
		return status;
	copy->executable = vmo->executable;
	vmo__set_name(copy, vmo->name);
	quirk__add_note(copy, era);
	handle__close(&job->executable);
	job->executable = handle__make(&copy->object, rights);
	return ZX_OK;
}

static zx_status_t build_first(struct launcher_job *job, const struct first_image *first)
{
	uint32_t era = job->options->era_given ?
			       job->options->era :
			       loader_era__detect(&job->program,
						  job->interp_name ? first->image : NULL);
	zx_status_t status;

	note(job->options, "%s, launched by a program, is one of %s", job->name,
	     era__of(era)->date);
	status = apply_quirk(job, era);
	if (status != ZX_OK)
		return fail(job, status, "cannot copy the executable");
	build__init(&job->build, job->options, era);
	job->built = true;
	status = build_with(job, first);
	if (status == ZX_OK)
		return ZX_OK;
	/* Where nobody has got a handle yet, nobody's last one ends it. */
	if (job->build.process)
		process__kill(job->build.process, 0);
	return fail(job, status, job->build.failed);
}

zx_status_t launcher_job__build(struct launcher_job *job)
{
	struct handle *file = job->interp_name ? &job->interp : &job->executable;
	struct first_image first = { .image = &job->program };
	zx_status_t status = check_vmo(file, MAP_RIGHTS);

	if (status != ZX_OK)
		return fail(job, status, "cannot map what is to be started");
	status = launcher_inputs__check_room(&job->inputs, job->form,
					     job->interp_name ? OWN_HANDLES : OWN_HANDLES + 1);
	if (status != ZX_OK)
		return fail(job, status, "more than a bootstrap message holds");
	first.vmo = (struct vmo *)file->object;
	if (job->interp_name) {
		status = vmo_image__parse(&first.interp, first.vmo, job->interp_name, &job->error);
		if (status != ZX_OK)
			return fail(job, status, job->error.text);
		first.image = &first.interp;
	}
	status = build_first(job, &first);
	if (job->interp_name)
		elf_image__free(&first.interp);
	return status;
}

void launcher_job__free(struct launcher_job *job)
{
	if (job->built)
		build__end(&job->build);
	if (job->has_program)
		elf_image__free(&job->program);
	launcher_inputs__free(&job->inputs);
	handle__close(&job->executable);
	handle__close(&job->job);
	handle__close(&job->interp);
}
