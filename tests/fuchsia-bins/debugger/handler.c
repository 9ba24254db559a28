#include "handler.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>

#include "check.h"
#include "era.h"

#define KEY UINT64_C(0x646267)

#if RT_ERA == 2018

zx_status_t debugger__attach(struct debugger *debugger, zx_handle_t task)
{
	zx_status_t status = zx_port_create(0, &debugger->handle);

	debugger->process = task;
	return status == ZX_OK ? zx_task_bind_exception_port(task, debugger->handle, KEY,
							     ZX_EXCEPTION_PORT_DEBUGGER_202002) :
				 status;
}

static bool take(const struct debugger *debugger, zx_time_t deadline, struct stop *stop)
{
	const zx_packet_exception_202002_t *body;
	zx_port_packet_t packet;

	if (zx_port_wait(debugger->handle, deadline, &packet) != ZX_OK)
		return false;
	body = (const void *)&packet.user;
	CHECK_EQ(packet.key, KEY);
	stop->type = packet.type;
	stop->pid = body->pid;
	stop->tid = body->tid;
	return true;
}

static void answer(struct stop *stop, uint32_t options, uint32_t state)
{
	(void)state;
	CHECK_OK(zx_task_resume_from_exception(stop->thread, stop->debugger->handle, options));
}

#else

zx_status_t debugger__attach(struct debugger *debugger, zx_handle_t task)
{
	debugger->process = task;
	return zx_task_create_exception_channel(task, ZX_EXCEPTION_CHANNEL_DEBUGGER,
						&debugger->handle);
}

static bool take(const struct debugger *debugger, zx_time_t deadline, struct stop *stop)
{
	zx_exception_info_t info;
	uint32_t size, count;

	if (zx_object_wait_one(debugger->handle, ZX_CHANNEL_READABLE, deadline, NULL) != ZX_OK)
		return false;
	if (!CHECK_OK(zx_channel_read(debugger->handle, 0, &info, &stop->exception, sizeof(info), 1,
				      &size, &count)))
		return false;
	stop->type = info.type;
	stop->pid = info.pid;
	stop->tid = info.tid;
	return true;
}

static void answer(struct stop *stop, uint32_t options, uint32_t state)
{
	(void)options;
	CHECK_OK(zx_object_set_property(stop->exception, ZX_PROP_EXCEPTION_STATE, &state,
					sizeof(state)));
	zx_handle_close(stop->exception);
}

#endif

void debugger__detach(struct debugger *debugger)
{
	zx_handle_close(debugger->handle);
}

bool debugger__next(const struct debugger *debugger, zx_handle_t job, zx_time_t deadline,
		    struct stop *stop, zx_handle_t *process)
{
	zx_handle_t of = debugger->process;

	stop->debugger = debugger;
	if (!take(debugger, deadline, stop))
		return false;
	if (process) {
		if (!CHECK_OK(zx_object_get_child(job, stop->pid, ZX_RIGHT_SAME_RIGHTS, process)))
			return false;
		of = *process;
	}
	CHECK_EQ(stop->pid, rt_koid(of));
	return CHECK_OK(zx_object_get_child(of, stop->tid, ZX_RIGHT_SAME_RIGHTS, &stop->thread));
}

void debugger__go(struct stop *stop)
{
	answer(stop, 0, ZX_EXCEPTION_STATE_HANDLED);
	zx_handle_close(stop->thread);
}

void debugger__pass_on(struct stop *stop)
{
	answer(stop, ZX_RESUME_TRY_NEXT_202002, ZX_EXCEPTION_STATE_TRY_NEXT);
	zx_handle_close(stop->thread);
}
