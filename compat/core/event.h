/* Events: objects that are nothing but their signals. */
#ifndef COMPAT_CORE_EVENT_H
#define COMPAT_CORE_EVENT_H

#include "compat/core/object.h"

extern const struct object_ops event_ops;

/* An event without signals, or NULL where there is no memory. */
struct object *event__create(void);

#endif
