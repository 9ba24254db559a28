#include "exception.h"

static bool uses_ports(void)
{
	return era() < ERA_2020_07;
}

zx_status_t try_handle(struct handler *handler, zx_handle_t task, uint32_t options)
{
	static uint64_t next_key = 1;
	zx_status_t status;

	handler->key = next_key++;
	if (uses_ports()) {
		handler->handle = make_port();
		return zx_task_bind_exception_port(task, handler->handle, handler->key, options);
	}
	status = zx_task_create_exception_channel(task, options, &handler->handle);
	if (status == ZX_OK)
		own(handler->handle);
	return status;
}

void handle(struct handler *handler, zx_handle_t task, uint32_t options)
{
	EXPECT_OK(try_handle(handler, task, options));
}

static struct exception from_port(struct handler *handler)
{
	struct exception exception = { .handler = handler };
	const zx_packet_exception_202002_t *body;
	zx_port_packet_t packet;

	EXPECT_OK(zx_port_wait(handler->handle, LATE, &packet));
	EXPECT(ZX_PKT_IS_EXCEPTION_202002(packet.type));
	EXPECT_OK(packet.status);
	body = (const void *)&packet.user;
	exception.type = packet.type;
	exception.key = packet.key;
	exception.pid = body->pid;
	exception.tid = body->tid;
	EXPECT_EQ(exception.key, handler->key);
	return exception;
}

static struct exception from_channel(struct handler *handler)
{
	struct exception exception = { .handler = handler };
	zx_exception_info_t info;
	uint32_t bytes, handles;

	EXPECT_OK(zx_object_wait_one(handler->handle, ZX_CHANNEL_READABLE, LATE, NULL));
	EXPECT_OK(zx_channel_read(handler->handle, 0, &info, &exception.exception, sizeof(info), 1,
				  &bytes, &handles));
	own(exception.exception);
	EXPECT_EQ(bytes, sizeof(info));
	EXPECT_EQ(handles, 1);
	exception.type = info.type;
	exception.pid = info.pid;
	exception.tid = info.tid;
	return exception;
}

struct exception next_exception(struct handler *handler, zx_handle_t thread, zx_excp_type_t type)
{
	struct exception exception = uses_ports() ? from_port(handler) : from_channel(handler);

	exception.thread = thread;
	EXPECT_EQ(exception.type, type);
	EXPECT_EQ(exception.tid, rt_koid(thread));
	return exception;
}

bool nothing_comes(struct handler *handler)
{
	zx_port_packet_t packet;

	if (uses_ports())
		return zx_port_wait(handler->handle, SOON, &packet) == ZX_ERR_TIMED_OUT;
	return zx_object_wait_one(handler->handle, ZX_CHANNEL_READABLE, SOON, NULL) ==
	       ZX_ERR_TIMED_OUT;
}

static void answer(struct exception *exception, uint32_t state, uint32_t options)
{
	if (uses_ports()) {
		EXPECT_OK(zx_task_resume_from_exception(exception->thread,
							exception->handler->handle, options));
		return;
	}
	EXPECT_OK(zx_object_set_property(exception->exception, ZX_PROP_EXCEPTION_STATE, &state,
					 sizeof(state)));
	EXPECT_OK(zx_handle_close(exception->exception));
}

void resume(struct exception *exception)
{
	answer(exception, ZX_EXCEPTION_STATE_HANDLED, 0);
}

void pass_on(struct exception *exception)
{
	answer(exception, ZX_EXCEPTION_STATE_TRY_NEXT, ZX_RESUME_TRY_NEXT_202002);
}

void resume_next(struct handler *handler, zx_handle_t thread, zx_excp_type_t type)
{
	struct exception exception = next_exception(handler, thread, type);

	resume(&exception);
}
