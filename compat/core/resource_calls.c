#include <core/calls.h>
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/resource.h"

static uint32_t form_of(struct thread *self)
{
	return era__of(self->process->era)->resource_form;
}

static zx_status_t give(struct thread *self, const struct resource_request *request,
			user_addr_t out)
{
	struct resource *resource;
	zx_status_t status = resource__create(request, &resource);

	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &resource->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_RESOURCE),
				out);
}

/* Whether @parent allows @request to be made of it, in the order of each era's checks. */
static zx_status_t check_parent(const struct resource *parent, uint32_t form,
				const struct resource_request *request)
{
	bool exclusive = (parent->flags | request->flags) & ZX_RSRC_FLAG_EXCLUSIVE;

	/* Then resources were made of the root resource alone. */
	if (form < RESOURCE_FORM_2020 && parent->kind != RESOURCE_ROOT)
		return ZX_ERR_ACCESS_DENIED;
	if (request->kind == RESOURCE_UNKNOWN || request->flags & ~ZX_RSRC_FLAGS_MASK)
		return ZX_ERR_INVALID_ARGS;
	if (resource__covers(parent, form, request->kind, request->base, request->size) != ZX_OK)
		return ZX_ERR_ACCESS_DENIED;
	return exclusive && !resource__is_all(parent, request->kind) ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

static zx_status_t copy_name(struct thread *self, user_addr_t name, size_t size, char *out)
{
	if (size > ZX_MAX_NAME_LEN - 1)
		size = ZX_MAX_NAME_LEN - 1;
	return user__copy_in(self, out, name, size);
}

zx_status_t sys_resource_create(struct thread *self, zx_handle_t parent_rsrc, uint32_t options,
				uint64_t base, size_t size, user_addr_t name, size_t name_size,
				user_addr_t resource_out)
{
	uint32_t form = form_of(self);
	struct resource_request request = {
		.kind = resource__kind(form, ZX_RSRC_EXTRACT_KIND(options)),
		.number = ZX_RSRC_EXTRACT_KIND(options),
		.flags = ZX_RSRC_EXTRACT_FLAGS(options),
		.base = base,
		.size = size,
	};
	struct resource *parent;
	zx_status_t status;

	if (form == RESOURCE_FORM_NEWEST && base + size < base)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, parent_rsrc, ZX_OBJ_TYPE_RESOURCE, ZX_RIGHT_WRITE, &parent);
	if (status != ZX_OK)
		return status;
	status = check_parent(parent, form, &request);
	object__put(&parent->object);
	if (status == ZX_OK)
		status = copy_name(self, name, name_size, request.name);
	return status == ZX_OK ? give(self, &request, resource_out) : status;
}

/*
 * Nothing was looked at but the parent: the root resource made any kind and range, also such as
 * had no meaning. The range includes its last number.
 */
static zx_status_t check_parent_201807(const struct resource *parent, uint32_t number,
				       const struct resource_request *request)
{
	if (parent->kind == RESOURCE_ROOT)
		return ZX_OK;
	if (parent->number != number)
		return ZX_ERR_ACCESS_DENIED;
	if (request->base < parent->base ||
	    request->base + request->size - 1 > parent->base + parent->size - 1)
		return ZX_ERR_OUT_OF_RANGE;
	return ZX_OK;
}

zx_status_t sys_resource_create_2018_07(struct thread *self, zx_handle_t parent_rsrc, uint32_t kind,
					uint64_t low, uint64_t high, user_addr_t resource_out)
{
	struct resource_request request = {
		.kind = resource__kind(form_of(self), kind),
		.number = kind,
		.base = low,
		.size = high - low + 1,
		.unchecked = true,
	};
	struct resource *parent;
	zx_status_t status;

	if (high < low)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, parent_rsrc, ZX_OBJ_TYPE_RESOURCE, ZX_RIGHT_WRITE, &parent);
	if (status != ZX_OK)
		return status;
	status = check_parent_201807(parent, kind, &request);
	object__put(&parent->object);
	return status == ZX_OK ? give(self, &request, resource_out) : status;
}
