/* How a debugger is told of exceptions: by a port in 2018, by a channel since. */
#ifndef SDK_DEBUG_EVENTS_H
#define SDK_DEBUG_EVENTS_H

#include <zircon/syscalls.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#include "check.h"

struct stop {
	zx_excp_type_t type;
	zx_handle_t thread;
	zx_handle_t exception;
};

#ifdef ZX_EXCEPTION_CHANNEL_DEBUGGER

static zx_status_t attach(zx_handle_t process, zx_handle_t *handler)
{
	return zx_task_create_exception_channel(process, ZX_EXCEPTION_CHANNEL_DEBUGGER, handler);
}

static zx_status_t next(zx_handle_t process, zx_handle_t handler, zx_time_t deadline,
			struct stop *stop)
{
	zx_status_t status = zx_object_wait_one(handler, ZX_CHANNEL_READABLE, deadline, NULL);
	zx_exception_info_t info;

	(void)process;
	if (status == ZX_OK)
		status = zx_channel_read(handler, 0, &info, &stop->exception, sizeof(info), 1, NULL,
					 NULL);
	if (status != ZX_OK)
		return status;
	stop->type = info.type;
	return zx_exception_get_thread(stop->exception, &stop->thread);
}

static void go_on(zx_handle_t handler, struct stop *stop)
{
	uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;

	(void)handler;
	CHECK_EQ(zx_object_set_property(stop->exception, ZX_PROP_EXCEPTION_STATE, &handled,
					sizeof(handled)), ZX_OK);
	zx_handle_close(stop->exception);
	zx_handle_close(stop->thread);
}

#else

static zx_status_t attach(zx_handle_t process, zx_handle_t *handler)
{
	zx_status_t status = zx_port_create(0, handler);

	return status == ZX_OK ? zx_task_bind_exception_port(process, *handler, 0,
							     ZX_EXCEPTION_PORT_DEBUGGER) : status;
}

static zx_status_t next(zx_handle_t process, zx_handle_t handler, zx_time_t deadline,
			struct stop *stop)
{
	zx_port_packet_t packet;
	zx_status_t status = zx_port_wait(handler, deadline, &packet);

	if (status != ZX_OK)
		return status;
	stop->type = packet.type;
	return zx_object_get_child(process, packet.exception.tid, ZX_RIGHT_SAME_RIGHTS,
				   &stop->thread);
}

static void go_on(zx_handle_t handler, struct stop *stop)
{
	CHECK_EQ(zx_task_resume_from_exception(stop->thread, handler, 0), ZX_OK);
	zx_handle_close(stop->thread);
}

#endif

#endif
