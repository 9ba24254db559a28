/* Counters: a signed number that processes share, and signals that tell its sign. */
#ifndef COMPAT_CORE_COUNTER_H
#define COMPAT_CORE_COUNTER_H

#include "compat/core/object.h"

struct counter {
	struct object object;
	int64_t value; /* under the object's lock */
};

extern const struct object_ops counter_ops;

/* A counter of 0, or NULL where there is no memory. */
struct counter *counter__create(void);
/* Errors: ZX_ERR_OUT_OF_RANGE where the sum does not fit; the value stays as it was. */
zx_status_t counter__add(struct counter *counter, int64_t value);
int64_t counter__read(struct counter *counter);
void counter__write(struct counter *counter, int64_t value);

#endif
