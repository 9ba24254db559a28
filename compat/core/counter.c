#include "compat/core/counter.h"

#include <core/calls.h>

#include "compat/core/core.h"

const struct object_ops counter_ops = {
	.name = "counter",
	.default_rights = ZX_DEFAULT_COUNTER_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL | ZX_COUNTER_SIGNALED,
};

struct counter *counter__create(void)
{
	struct counter *counter = object__alloc(sizeof(*counter), ZX_OBJ_TYPE_COUNTER);

	if (counter)
		counter->object.signals = ZX_COUNTER_NON_POSITIVE;
	return counter;
}

static void set_locked(struct counter *counter, int64_t value)
{
	counter->value = value;
	if (value > 0)
		object__update_signals_locked(&counter->object, ZX_COUNTER_NON_POSITIVE,
					      ZX_COUNTER_POSITIVE);
	else
		object__update_signals_locked(&counter->object, ZX_COUNTER_POSITIVE,
					      ZX_COUNTER_NON_POSITIVE);
}

zx_status_t counter__add(struct counter *counter, int64_t value)
{
	zx_status_t status = ZX_OK;
	int64_t sum;

	object__lock(&counter->object);
	if (__builtin_add_overflow(counter->value, value, &sum))
		status = ZX_ERR_OUT_OF_RANGE;
	else
		set_locked(counter, sum);
	object__unlock(&counter->object);
	return status;
}

int64_t counter__read(struct counter *counter)
{
	int64_t value;

	object__lock(&counter->object);
	value = counter->value;
	object__unlock(&counter->object);
	return value;
}

void counter__write(struct counter *counter, int64_t value)
{
	object__lock(&counter->object);
	set_locked(counter, value);
	object__unlock(&counter->object);
}

/* --- the calls --- */

zx_status_t sys_counter_create(struct thread *self, uint32_t options, user_addr_t out)
{
	struct counter *counter;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	counter = counter__create();
	if (!counter)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, &counter->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_COUNTER), out);
}

/* Who may not read must not learn the value from errors and signals either. */
zx_status_t sys_counter_add(struct thread *self, zx_handle_t handle, int64_t value)
{
	struct counter *counter;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_COUNTER, ZX_RIGHT_READ | ZX_RIGHT_WRITE,
			     &counter);
	if (status != ZX_OK)
		return status;
	status = counter__add(counter, value);
	object__put(&counter->object);
	return status;
}

zx_status_t sys_counter_read(struct thread *self, zx_handle_t handle, user_addr_t value)
{
	struct counter *counter;
	zx_status_t status;
	int64_t now;

	status = handle__get(self, handle, ZX_OBJ_TYPE_COUNTER, ZX_RIGHT_READ, &counter);
	if (status != ZX_OK)
		return status;
	now = counter__read(counter);
	object__put(&counter->object);
	return user__put(self, value, &now);
}

zx_status_t sys_counter_write(struct thread *self, zx_handle_t handle, int64_t value)
{
	struct counter *counter;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_COUNTER, ZX_RIGHT_WRITE, &counter);
	if (status != ZX_OK)
		return status;
	counter__write(counter, value);
	object__put(&counter->object);
	return ZX_OK;
}
