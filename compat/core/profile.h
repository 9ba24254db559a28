/* Profiles: settings of the scheduler that are made by the privileged and applied by others. */
#ifndef COMPAT_CORE_PROFILE_H
#define COMPAT_CORE_PROFILE_H

#include <zircon/eras.h>
#include <zircon/syscalls/profile.h>

#include "compat/core/object.h"

struct thread;

struct profile {
	struct object object;
	zx_profile_info_t info; /* found to be consistent */
};

extern const struct object_ops profile_ops;

/*
 * Whether @info is consistent, by the rules of the newest interface or of those before. Errors:
 * ZX_ERR_INVALID_ARGS, ZX_ERR_OUT_OF_RANGE.
 */
zx_status_t profile__check(const zx_profile_info_t *info, bool newest);
/* NULL where there is no memory. */
struct profile *profile__create(const zx_profile_info_t *info);
/* Errors: ZX_ERR_BAD_STATE (@thread has not started, or has ended). */
zx_status_t profile__apply(const struct profile *profile, struct thread *thread);

#endif
