/* Topics about single objects, and those that nobody here may ask. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/interrupt.h"
#include "compat/core/resource.h"
#include "compat/core/socket.h"
#include "compat/core/stream.h"
#include "compat/core/timer.h"
#include "compat/core/vmo.h"

zx_status_t info__socket(const struct info_request *request)
{
	zx_info_socket_201810_t old;
	zx_info_socket_t info;
	struct socket *socket;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_SOCKET, ZX_RIGHT_INSPECT, &socket);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	socket__info(socket, &info);
	object__put(socket__object(socket));
	if (!request->era->info_socket_201810)
		return info__single(request, &info, sizeof(info));
	memset(&old, 0, sizeof(old));
	old.options = info.options;
	old.rx_buf_max = info.rx_buf_max;
	old.rx_buf_size = info.rx_buf_size;
	old.tx_buf_max = info.tx_buf_max;
	old.tx_buf_size = info.tx_buf_size;
	return info__single(request, &old, sizeof(old));
}

/*
 * The newest form has the number of the timer's clock in what was padding. It is 0, the monotonic
 * one, in all eras that know no other.
 */
zx_status_t info__timer(const struct info_request *request)
{
	zx_info_timer_newest_t info;
	struct timer *timer;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_TIMER, ZX_RIGHT_INSPECT, &timer);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	info.options = timer->options;
	info.clock_id = timer->clock;
	object__lock(&timer->object);
	info.deadline = timer->deadline;
	info.slack = timer->slack;
	object__unlock(&timer->object);
	object__put(&timer->object);
	return info__single(request, &info, sizeof(info));
}

_Static_assert(sizeof(zx_info_timer_t) == sizeof(zx_info_timer_newest_t) &&
		       offsetof(zx_info_timer_newest_t, clock_id) ==
			       offsetof(zx_info_timer_t, padding1) &&
		       ZX_CLOCK_MONOTONIC == 0,
	       "both forms of a timer's record are one");

zx_status_t info__interrupt(const struct info_request *request)
{
	zx_info_interrupt_t info;
	struct interrupt *interrupt;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_INTERRUPT, ZX_RIGHT_INSPECT, &interrupt);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	info.options = interrupt->options;
	object__put(&interrupt->object);
	return info__single(request, &info, sizeof(info));
}

zx_status_t info__stream(const struct info_request *request)
{
	zx_info_stream_t info;
	struct stream *stream;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_STREAM, ZX_RIGHT_INSPECT, &stream);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	object__lock(&stream->object);
	info.options = stream->options;
	info.seek = stream->seek;
	object__unlock(&stream->object);
	info.content_size = vmo__stream_size(stream->vmo);
	object__put(&stream->object);
	return info__single(request, &info, sizeof(info));
}

/* There is no right to look at a resource; from 2018-10 on handles have it anyway. */
zx_status_t info__resource(const struct info_request *request)
{
	uint32_t form = request->era->resource_form;
	bool oldest = form == RESOURCE_FORM_201807;
	zx_info_resource_201807_t old;
	zx_info_resource_t info;
	struct resource *resource;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_RESOURCE,
			   oldest ? ZX_RIGHT_NONE : ZX_RIGHT_INSPECT, &resource);
	if (status != ZX_OK)
		return status;
	resource__info(resource, form, &info);
	object__put(&resource->object);
	if (!oldest)
		return info__single(request, &info, sizeof(info));
	memset(&old, 0, sizeof(old));
	old.kind = info.kind;
	old.low = info.base;
	old.high = info.size ? info.base + info.size - 1 : info.base;
	return info__single(request, &old, sizeof(old));
}

/* What the topic's resource would let see is Linux's, and is kept from programs. */
zx_status_t info__system(const struct info_request *request)
{
	zx_status_t status = resource__check(request->self, request->handle,
					     ZX_RSRC_SYSTEM_INFO_BASE);

	return status == ZX_OK ? ZX_ERR_NOT_SUPPORTED : status;
}

/* No time is ever lost that way: see sysevent.c. */
zx_status_t info__memory_stall(const struct info_request *request)
{
	static const zx_info_memory_stall_t none;
	zx_status_t status = resource__check(request->self, request->handle,
					     ZX_RSRC_SYSTEM_STALL_BASE);

	return status == ZX_OK ? info__single(request, &none, sizeof(none)) : status;
}

zx_status_t info__no_such_type(const struct info_request *request)
{
	struct object *object;
	zx_status_t status = info__get(request, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &object);

	if (status != ZX_OK)
		return status;
	object__put(object);
	return ZX_ERR_WRONG_TYPE;
}
