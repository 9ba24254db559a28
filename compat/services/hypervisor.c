#include "compat/services/hypervisor.h"

#include <stdlib.h>
#include <string.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/resource.h"
#include "compat/services/fidl.h"

#define GET_2018 0x3868a16bu
#define GET_SYSINFO 0x1ab9d2b80bbb43a4u
#define GET_KERNEL 0x1c312131d3b824a2u

static const char name[] = "hypervisor";

struct hypervisor_conn {
	struct fidl_conn fidl;
	uint32_t era;
};

/* One of its own: since 2021 it is a part of the system's privileges. */
static zx_status_t make_resource(uint32_t era, struct handle *out)
{
	uint32_t form = era__of(era)->resource_form;
	struct resource *resource = NULL;
	zx_status_t status = ZX_OK;

	if (form < RESOURCE_FORM_2021) {
		resource = resource__create_all(RESOURCE_HYPERVISOR, form, name);
	} else {
		struct resource_request request = {
			.kind = RESOURCE_SYSTEM,
			.number = ZX_RSRC_KIND_SYSTEM_2021,
			.base = ZX_RSRC_SYSTEM_HYPERVISOR_BASE,
			.size = 1,
		};

		memcpy(request.name, name, sizeof(name));
		status = resource__create(&request, &resource);
	}
	if (status == ZX_OK && !resource)
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK)
		*out = handle__make(&resource->object, ZX_RIGHT_TRANSFER);
	return status;
}

static bool is_empty(struct message *message)
{
	struct fidl_reader reader;

	fidl_reader__begin(&reader, message, 0);
	return fidl_reader__end(&reader);
}

/* -> (zx.status status, handle<resource>? resource) */
static zx_status_t get_with_status(struct fidl_conn *fidl, struct message *message)
{
	struct hypervisor_conn *conn = (struct hypervisor_conn *)fidl;
	struct handle resource = { .object = NULL };
	struct fidl_writer writer;
	zx_status_t status;

	if (!is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	status = make_resource(conn->era, &resource);
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__handle(&writer, &resource);
	return fidl_conn__reply(fidl, &writer);
}

/* -> (handle<resource> resource): there is no way to say that there is none. */
static zx_status_t get_alone(struct fidl_conn *fidl, struct message *message)
{
	struct hypervisor_conn *conn = (struct hypervisor_conn *)fidl;
	struct fidl_writer writer;
	struct handle resource;
	zx_status_t status;

	if (!is_empty(message))
		return ZX_ERR_INVALID_ARGS;
	status = make_resource(conn->era, &resource);
	if (status != ZX_OK)
		return status;
	fidl_conn__begin_reply(fidl, &writer, 2 * sizeof(uint32_t));
	fidl_writer__handle(&writer, &resource);
	fidl_writer__u32(&writer, 0); /* padding */
	return fidl_conn__reply(fidl, &writer);
}

static void conn_destroy(struct fidl_conn *conn)
{
	free(conn);
}

static const struct fidl_method sysinfo_methods[] = {
	{ GET_2018, GET_SYSINFO, get_with_status, false },
};

static const struct fidl_protocol sysinfo_protocol = {
	.methods = sysinfo_methods,
	.num_methods = 1,
	.destroy = conn_destroy,
};

static const struct fidl_method kernel_methods[] = {
	{ 0, GET_KERNEL, get_alone, false },
};

static const struct fidl_protocol kernel_protocol = {
	.methods = kernel_methods,
	.num_methods = 1,
	.destroy = conn_destroy,
};

static zx_status_t serve(uint32_t era, const struct fidl_protocol *protocol, struct handle *channel)
{
	struct hypervisor_conn *conn = calloc(1, sizeof(*conn));

	if (!conn) {
		handle__close(channel);
		return ZX_ERR_NO_MEMORY;
	}
	conn->era = era;
	return fidl_conn__serve(&conn->fidl, protocol, channel);
}

zx_status_t sysinfo__serve(uint32_t era, struct handle *channel)
{
	return serve(era, &sysinfo_protocol, channel);
}

zx_status_t hypervisor_resource__serve(uint32_t era, struct handle *channel)
{
	return serve(era, &kernel_protocol, channel);
}
