/* Eventpairs: two ends that signal each other, and see each other's end. */
#ifndef COMPAT_CORE_EVENTPAIR_H
#define COMPAT_CORE_EVENTPAIR_H

#include "compat/core/object.h"

struct eventpair {
	struct object object;
	struct eventpair *peer; /* not referenced; NULL once it is gone; under the shared lock */
};

extern const struct object_ops eventpair_ops;

/* Errors: ZX_ERR_NO_MEMORY. */
zx_status_t eventpair__create(struct eventpair **out0, struct eventpair **out1);

#endif
