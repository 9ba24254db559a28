#include "compat/core/profile.h"

#include "compat/core/core.h"

#define SCHEDULING (ZX_PROFILE_INFO_FLAG_PRIORITY | ZX_PROFILE_INFO_FLAG_DEADLINE)

/* Nanoseconds that Zircon's scheduler keeps in 32 bits. */
#define DEADLINE_MAX INT32_MAX

/* Processors that Zircon knows on this machine; bits above are dropped. */
#define CPU_MASK UINT32_MAX

const struct object_ops profile_ops = {
	.name = "profile",
	.default_rights = ZX_DEFAULT_PROFILE_RIGHTS,
};

static bool priority_fits(int32_t priority)
{
	return priority >= ZX_PRIORITY_LOWEST && priority <= ZX_PRIORITY_HIGHEST;
}

static bool deadline_rises(const zx_sched_deadline_params_t *params)
{
	return params->capacity > 0 && params->capacity <= params->relative_deadline &&
	       params->relative_deadline <= params->period;
}

static zx_status_t check_before_newest(const zx_profile_info_t *info)
{
	const uint32_t known = SCHEDULING | ZX_PROFILE_INFO_FLAG_CPU_MASK;

	if (!info->flags || (info->flags & SCHEDULING) == SCHEDULING)
		return ZX_ERR_INVALID_ARGS;
	if (info->flags & ZX_PROFILE_INFO_FLAG_PRIORITY && !priority_fits(info->priority))
		return ZX_ERR_INVALID_ARGS;
	if (info->flags & ZX_PROFILE_INFO_FLAG_DEADLINE && !deadline_rises(&info->deadline_params))
		return ZX_ERR_INVALID_ARGS;
	return info->flags & ~known ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

static zx_status_t check_deadline(const zx_profile_info_t *info)
{
	const zx_sched_deadline_params_t *params = &info->deadline_params;

	if (info->flags & ZX_PROFILE_INFO_FLAG_NO_INHERIT || !deadline_rises(params))
		return ZX_ERR_INVALID_ARGS;
	/* The period is the largest of the three. */
	return params->period > DEADLINE_MAX ? ZX_ERR_OUT_OF_RANGE : ZX_OK;
}

/* Flags that go with those of scheduling only; without these nobody looks at them. */
static zx_status_t check_scheduling(const zx_profile_info_t *info)
{
	const uint32_t known = SCHEDULING | ZX_PROFILE_INFO_FLAG_CPU_MASK |
			       ZX_PROFILE_INFO_FLAG_NO_INHERIT | ZX_PROFILE_INFO_FLAG_CRITICAL;

	if (info->flags & ~known || (info->flags & SCHEDULING) == SCHEDULING)
		return ZX_ERR_INVALID_ARGS;
	if (info->flags & ZX_PROFILE_INFO_FLAG_DEADLINE)
		return check_deadline(info);
	return priority_fits(info->priority) && !(info->flags & ZX_PROFILE_INFO_FLAG_CRITICAL) ?
		       ZX_OK :
		       ZX_ERR_INVALID_ARGS;
}

static zx_status_t check_newest(const zx_profile_info_t *info)
{
	bool memory = info->flags & ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY;
	bool thread = info->flags & (SCHEDULING | ZX_PROFILE_INFO_FLAG_CPU_MASK);

	if (memory == thread)
		return ZX_ERR_INVALID_ARGS;
	if (info->flags & SCHEDULING)
		return check_scheduling(info);
	if (memory && info->priority != ZX_PRIORITY_HIGH && info->priority != ZX_PRIORITY_DEFAULT)
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

zx_status_t profile__check(const zx_profile_info_t *info, bool newest)
{
	return newest ? check_newest(info) : check_before_newest(info);
}

struct profile *profile__create(const zx_profile_info_t *info)
{
	struct profile *profile = object__alloc(sizeof(*profile), ZX_OBJ_TYPE_PROFILE);

	if (profile)
		profile->info = *info;
	return profile;
}

static void set_locked(struct thread *thread, const zx_profile_info_t *info)
{
	if (info->flags & ZX_PROFILE_INFO_FLAG_PRIORITY) {
		thread->priority = info->priority;
		thread->deadline = (zx_sched_deadline_params_t){ 0 };
	}
	if (info->flags & ZX_PROFILE_INFO_FLAG_DEADLINE)
		thread->deadline = info->deadline_params;
	if (info->flags & ZX_PROFILE_INFO_FLAG_CPU_MASK)
		thread->affinity = info->cpu_affinity_mask.mask[0] & CPU_MASK;
}

zx_status_t profile__apply(const struct profile *profile, struct thread *thread)
{
	zx_status_t status = ZX_OK;

	if (profile->info.flags & ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY)
		return ZX_OK;
	object__lock(&thread->object);
	if (!thread_state__alive(thread->state) || thread__killed(thread))
		status = ZX_ERR_BAD_STATE;
	else
		set_locked(thread, &profile->info);
	object__unlock(&thread->object);
	if (status == ZX_OK)
		thread__schedule(thread);
	return status;
}
