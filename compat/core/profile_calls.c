#include <core/calls.h>
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/profile.h"
#include "compat/core/resource.h"
#include "compat/core/vmar.h"

static zx_status_t check_root_job(struct thread *self, zx_handle_t handle)
{
	struct job *job;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_JOB, ZX_RIGHT_MANAGE_PROCESS, &job);
	if (status != ZX_OK)
		return status;
	if (job != core_root->root_job)
		status = ZX_ERR_ACCESS_DENIED;
	object__put(&job->object);
	return status;
}

/* The resource must be the one for profiles and no other, not even one for all privileges. */
static zx_status_t check_profile_resource(struct thread *self, zx_handle_t handle)
{
	struct resource *resource;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_RESOURCE, ZX_RIGHT_NONE, &resource);
	if (status != ZX_OK)
		return status == ZX_ERR_BAD_HANDLE ? status : ZX_ERR_ACCESS_DENIED;
	if (resource->kind != RESOURCE_SYSTEM || resource->base != ZX_RSRC_SYSTEM_PROFILE_BASE)
		status = ZX_ERR_ACCESS_DENIED;
	object__put(&resource->object);
	return status;
}

static zx_status_t give(struct thread *self, const zx_profile_info_t *info, user_addr_t out)
{
	struct profile *profile = profile__create(info);

	if (!profile)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, &profile->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_PROFILE), out);
}

zx_status_t sys_profile_create(struct thread *self, zx_handle_t profile_rsrc, uint32_t options,
			       user_addr_t profile, user_addr_t out)
{
	bool newest = era__of(self->process->era)->profile_newest;
	zx_profile_info_t info;
	zx_status_t status;

	status = policy__check(self, ZX_POL_NEW_PROFILE);
	if (status != ZX_OK)
		return status;
	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = newest ? check_profile_resource(self, profile_rsrc) :
			  check_root_job(self, profile_rsrc);
	if (status == ZX_OK)
		status = user__get(self, &info, profile);
	if (status == ZX_OK)
		status = profile__check(&info, newest);
	return status == ZX_OK ? give(self, &info, out) : status;
}

/* Of what the structure held only the priority ever had an effect. */
zx_status_t sys_profile_create_2018(struct thread *self, zx_handle_t root_job, user_addr_t profile,
				    user_addr_t out)
{
	zx_profile_info_t info = { .flags = ZX_PROFILE_INFO_FLAG_PRIORITY };
	zx_profile_info_2018_t old;
	zx_status_t status;

	if (era__of(self->process->era)->profile_by_resource)
		status = resource__check(self, root_job, ZX_RSRC_SYSTEM_PROFILE_BASE);
	else
		status = check_root_job(self, root_job);
	if (status != ZX_OK)
		return status;
	status = user__get(self, &old, profile);
	if (status != ZX_OK)
		return status;
	if (old.type != ZX_PROFILE_INFO_SCHEDULER_2018)
		return ZX_ERR_NOT_SUPPORTED;
	info.priority = old.scheduler.priority;
	status = profile__check(&info, false);
	return status == ZX_OK ? give(self, &info, out) : status;
}

/*
 * A profile for memory says what is to be kept when memory is scarce, which is Linux's matter: it
 * is checked and has no effect.
 */
static zx_status_t apply_to_vmar(const struct profile *profile, struct vmar *vmar)
{
	zx_status_t status = ZX_OK;

	if (!(profile->info.flags & ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY))
		return ZX_OK;
	mutex__lock(&vmar->process->aspace_lock);
	if (!vmar->alive)
		status = ZX_ERR_BAD_STATE;
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

static zx_status_t apply(struct thread *self, zx_handle_t handle, const struct profile *profile)
{
	struct object *object;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &object,
				    &rights);
	if (status != ZX_OK)
		return status;
	if (object->type == ZX_OBJ_TYPE_THREAD)
		status = rights & ZX_RIGHT_MANAGE_THREAD ?
				 profile__apply(profile, (struct thread *)object) :
				 ZX_ERR_ACCESS_DENIED;
	else if (object->type == ZX_OBJ_TYPE_VMAR)
		status = rights & ZX_RIGHT_OP_CHILDREN ?
				 apply_to_vmar(profile, (struct vmar *)object) :
				 ZX_ERR_ACCESS_DENIED;
	else
		status = ZX_ERR_WRONG_TYPE;
	object__put(object);
	return status;
}

/* Until 2021 the thread was looked at first, and the options not at all. */
static zx_status_t set_before_newest(struct thread *self, zx_handle_t handle,
				     zx_handle_t profile_handle)
{
	struct profile *profile;
	struct thread *thread;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_MANAGE_THREAD, &thread);
	if (status != ZX_OK)
		return status;
	status = handle__get(self, profile_handle, ZX_OBJ_TYPE_PROFILE, ZX_RIGHT_APPLY_PROFILE,
			     &profile);
	if (status == ZX_OK) {
		status = profile__apply(profile, thread);
		object__put(&profile->object);
	}
	object__put(&thread->object);
	return status;
}

zx_status_t sys_object_set_profile(struct thread *self, zx_handle_t handle,
				   zx_handle_t profile_handle, uint32_t options)
{
	struct profile *profile;
	zx_status_t status;

	if (!era__of(self->process->era)->profile_newest)
		return set_before_newest(self, handle, profile_handle);
	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, profile_handle, ZX_OBJ_TYPE_PROFILE, ZX_RIGHT_APPLY_PROFILE,
			     &profile);
	if (status != ZX_OK)
		return status;
	status = apply(self, handle, profile);
	object__put(&profile->object);
	return status;
}
