/* Threads that raise an exception, and what their handlers do, for the tests about exceptions. */
#ifndef TESTS_CORE_EXCEPTION_HELPERS_H
#define TESTS_CORE_EXCEPTION_HELPERS_H

#include "compat/core/exception.h"
#include "tests/core/core_fixture.h"

/* A thread that raises one exception and ends. */
struct raiser {
	struct runner runner;
	uint32_t type;
	enum exception_outcome outcome;
};

static inline void raise_body(struct thread *self, void *data)
{
	struct raiser *raiser = data;
	zx_exception_report_v2_t report;

	exception__init_report(&report, raiser->type);
	report.context.arch.u.x86_64.cr2 = 0x123000;
	report.context.synth_code = 77;
	raiser->outcome = exception__raise(self, &report);
}

static inline void raise_one(struct raiser *raiser, uint32_t type)
{
	raiser->type = type;
	fixture__run(&raiser->runner, raise_body, raiser);
}

static inline enum exception_outcome outcome_of(struct raiser *raiser)
{
	fixture__join(&raiser->runner);
	return raiser->outcome;
}

static inline zx_handle_t handle_to(void *object, zx_rights_t rights)
{
	object__get(object);
	return fixture__handle(object, rights);
}

/* Rights with which all handlers can be made. */
#define TASK_RIGHTS                                                                                \
	(ZX_RIGHT_INSPECT | ZX_RIGHT_DUPLICATE | ZX_RIGHT_TRANSFER | ZX_RIGHT_MANAGE_THREAD |      \
	 ZX_RIGHT_ENUMERATE | ZX_RIGHT_READ)

static inline zx_status_t create_channel(void *task, uint32_t options, zx_handle_t *out)
{
	zx_handle_t *user = user_scratch();
	zx_handle_t handle = handle_to(task, TASK_RIGHTS);
	zx_status_t status;

	status = sys_task_create_exception_channel(fx.self, handle, options, UADDR(user));
	if (status == ZX_OK)
		*out = *user;
	fixture__close(handle);
	return status;
}

static inline zx_handle_t channel_of(void *task, uint32_t options)
{
	zx_handle_t channel = ZX_HANDLE_INVALID;

	assert_int_equal(create_channel(task, options, &channel), ZX_OK);
	return channel;
}

static inline bool readable(zx_handle_t channel)
{
	return fixture__signals(fixture__object(channel)) & ZX_CHANNEL_READABLE;
}

/* The next exception on @channel, which comes from @raiser. */
static inline zx_handle_t next_exception(zx_handle_t channel, const struct thread *thread, uint32_t type)
{
	struct {
		zx_exception_info_t info;
		zx_handle_t exception;
		uint32_t bytes;
		uint32_t handles;
	} *user = user_scratch();

	assert_int_equal(sys_object_wait_one(fx.self, channel, ZX_CHANNEL_READABLE,
					     fixture__after_ms(30000), 0),
			 ZX_OK);
	assert_int_equal(sys_channel_read(fx.self, channel, 0, UADDR(&user->info),
					  UADDR(&user->exception), sizeof(user->info), 1,
					  UADDR(&user->bytes), UADDR(&user->handles)),
			 ZX_OK);
	assert_int_equal(user->bytes, sizeof(user->info));
	assert_int_equal(user->handles, 1);
	assert_int_equal(user->info.pid, thread->process->object.koid);
	assert_int_equal(user->info.tid, thread->object.koid);
	assert_int_equal(user->info.type, type);
	return user->exception;
}

static inline zx_status_t set_property(zx_handle_t exception, uint32_t property, uint32_t value)
{
	uint32_t *user = user_scratch();

	*user = value;
	return sys_object_set_property(fx.self, exception, property, UADDR(user), sizeof(*user));
}

static inline void answer(zx_handle_t exception, uint32_t state)
{
	assert_int_equal(set_property(exception, ZX_PROP_EXCEPTION_STATE, state), ZX_OK);
	fixture__close(exception);
}

#endif
