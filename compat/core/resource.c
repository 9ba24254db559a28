#include "compat/core/resource.h"

#include <string.h>
#include <zircon/eras.h>

#include "compat/core/core.h"

/* Each resource that exists, so that one can be made that nobody else overlaps. */
struct resource_registry {
	struct mutex lock;
	struct list list;
};

#define PAGE_MASK 4095ull

/* What a PC has; the hardware itself is Linux's, and no resource gives it to a program. */
static const struct {
	uint64_t base;
	uint64_t size;
} ranges[RESOURCE_KINDS] = {
	[RESOURCE_MMIO] = { 0, (1ull << 46) - 1 },
	[RESOURCE_IRQ] = { 32, 255 },
	[RESOURCE_IOPORT] = { 0, UINT16_MAX },
	[RESOURCE_SYSTEM] = { 0, ZX_RSRC_SYSTEM_COUNT },
};

/* The numbers of the kinds, plus one; 0 where a form has no such kind. */
#define KINDS_201810                                                                               \
	[RESOURCE_MMIO] = ZX_RSRC_KIND_MMIO + 1, [RESOURCE_IRQ] = ZX_RSRC_KIND_IRQ + 1,            \
	[RESOURCE_IOPORT] = ZX_RSRC_KIND_IOPORT + 1
#define KINDS_2020                                                                                 \
	KINDS_201810, [RESOURCE_HYPERVISOR] = ZX_RSRC_KIND_HYPERVISOR + 1,                         \
		      [RESOURCE_ROOT] = ZX_RSRC_KIND_ROOT + 1,                                     \
		      [RESOURCE_VMEX] = ZX_RSRC_KIND_VMEX + 1
#define KINDS_NEWEST                                                                               \
	KINDS_201810, [RESOURCE_SMC] = ZX_RSRC_KIND_SMC_2021 + 1,                                  \
		      [RESOURCE_SYSTEM] = ZX_RSRC_KIND_SYSTEM_2021 + 1

static const uint32_t numbers[RESOURCE_FORMS][RESOURCE_KINDS] = {
	[RESOURCE_FORM_201807] = {
		[RESOURCE_ROOT] = ZX_RSRC_KIND_ROOT_201807 + 1,
		[RESOURCE_MMIO] = ZX_RSRC_KIND_MMIO_201807 + 1,
		[RESOURCE_IOPORT] = ZX_RSRC_KIND_IOPORT_201807 + 1,
		[RESOURCE_IRQ] = ZX_RSRC_KIND_IRQ_201807 + 1,
		[RESOURCE_HYPERVISOR] = ZX_RSRC_KIND_HYPERVISOR_201807 + 1,
	},
	[RESOURCE_FORM_201810] = { KINDS_2020 },
	[RESOURCE_FORM_201812] = { KINDS_2020, [RESOURCE_SMC] = ZX_RSRC_KIND_SMC + 1 },
	[RESOURCE_FORM_2020] = { KINDS_2020, [RESOURCE_SMC] = ZX_RSRC_KIND_SMC + 1 },
	[RESOURCE_FORM_2021] = { KINDS_NEWEST, [RESOURCE_ROOT] = ZX_RSRC_KIND_ROOT_2021 + 1 },
	[RESOURCE_FORM_NEWEST] = { KINDS_NEWEST },
};

static void resource_destroy(struct object *object)
{
	struct resource_registry *registry = core_root->resources;

	mutex__lock(&registry->lock);
	list__remove(&((struct resource *)object)->node);
	mutex__unlock(&registry->lock);
}

/* Only the handles of 2018-07 have the right to signal one. */
const struct object_ops resource_ops = {
	.name = "resource",
	.default_rights = ZX_DEFAULT_RESOURCE_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = resource_destroy,
};

zx_status_t resource__init(void)
{
	struct resource_registry *registry = arena__alloc(sizeof(*registry));

	if (!registry)
		return ZX_ERR_NO_MEMORY;
	mutex__init(&registry->lock);
	list__init(&registry->list);
	core_root->resources = registry;
	return ZX_OK;
}

uint32_t resource__kind(uint32_t form, uint32_t number)
{
	for (uint32_t kind = 0; kind < RESOURCE_KINDS; kind++) {
		if (numbers[form][kind] && numbers[form][kind] == number + 1)
			return kind;
	}
	return RESOURCE_UNKNOWN;
}

/* Kinds that are a yes or no. */
static bool rangeless(uint32_t kind)
{
	return kind == RESOURCE_ROOT || kind == RESOURCE_HYPERVISOR || kind == RESOURCE_VMEX;
}

static bool within(uint64_t base, uint64_t size, uint64_t outer_base, uint64_t outer_size)
{
	return base >= outer_base && base - outer_base < outer_size &&
	       size <= outer_size - (base - outer_base);
}

/* Neither range goes beyond 64 bits; an empty one overlaps nothing. */
static bool overlap(const struct resource *resource, const struct resource_request *request)
{
	return resource->kind == request->kind && resource->size && request->size &&
	       resource->base < request->base + request->size &&
	       request->base < resource->base + resource->size;
}

static zx_status_t check_available_locked(const struct resource_registry *registry,
					  const struct resource_request *request)
{
	const struct resource *other;

	if (rangeless(request->kind))
		return request->base || request->size ? ZX_ERR_INVALID_ARGS : ZX_OK;
	if (!ranges[request->kind].size)
		return ZX_ERR_BAD_STATE;
	if (!request->size || request->base + request->size < request->base)
		return ZX_ERR_INVALID_ARGS;
	if (!within(request->base, request->size, ranges[request->kind].base,
		    ranges[request->kind].size))
		return ZX_ERR_NOT_FOUND;
	list_for_each(other, &registry->list, node) {
		if (overlap(other, request) &&
		    (other->flags | request->flags) & ZX_RSRC_FLAG_EXCLUSIVE)
			return ZX_ERR_NOT_FOUND;
	}
	return ZX_OK;
}

static zx_status_t add_locked(struct resource_registry *registry,
			      const struct resource_request *request, struct resource **out)
{
	struct resource *resource = object__alloc(sizeof(*resource), ZX_OBJ_TYPE_RESOURCE);

	if (!resource)
		return ZX_ERR_NO_MEMORY;
	resource->kind = request->kind;
	resource->number = request->number;
	resource->flags = request->flags;
	resource->base = request->base;
	resource->size = request->size;
	memcpy(resource->name, request->name, sizeof(resource->name));
	list__add_tail(&registry->list, &resource->node);
	*out = resource;
	return ZX_OK;
}

zx_status_t resource__create(const struct resource_request *request, struct resource **out)
{
	struct resource_registry *registry = core_root->resources;
	zx_status_t status = ZX_OK;

	mutex__lock(&registry->lock);
	if (!request->unchecked)
		status = check_available_locked(registry, request);
	if (status == ZX_OK)
		status = add_locked(registry, request, out);
	mutex__unlock(&registry->lock);
	return status;
}

struct resource *resource__create_all(uint32_t kind, uint32_t form, const char *name)
{
	struct resource_registry *registry = core_root->resources;
	struct resource_request request = { .kind = kind, .number = numbers[form][kind] - 1 };
	struct resource *resource = NULL;

	memcpy(request.name, name, strnlen(name, sizeof(request.name) - 1));
	mutex__lock(&registry->lock);
	(void)add_locked(registry, &request, &resource);
	mutex__unlock(&registry->lock);
	return resource;
}

bool resource__is_all(const struct resource *resource, uint32_t kind)
{
	return resource->kind == RESOURCE_ROOT ||
	       (resource->kind == kind && !rangeless(kind) && !resource->base && !resource->size);
}

zx_status_t resource__covers(const struct resource *resource, uint32_t form, uint32_t kind,
			     uint64_t base, uint64_t size)
{
	uint64_t outer_base = resource->base;
	uint64_t outer_size = resource->size;
	bool old = form == RESOURCE_FORM_201807;

	if (resource__is_all(resource, kind))
		return ZX_OK;
	if (resource->kind != kind)
		return old ? ZX_ERR_ACCESS_DENIED : ZX_ERR_WRONG_TYPE;
	/* Memory of devices comes in pages. */
	if (kind == RESOURCE_MMIO && !old) {
		outer_base &= ~PAGE_MASK;
		outer_size = (resource->base - outer_base + outer_size + PAGE_MASK) & ~PAGE_MASK;
	}
	if (within(base, size, outer_base, outer_size))
		return ZX_OK;
	return old ? ZX_ERR_ACCESS_DENIED : ZX_ERR_OUT_OF_RANGE;
}

void resource__info(const struct resource *resource, uint32_t form, zx_info_resource_t *out)
{
	bool known = resource->kind < RESOURCE_KINDS && numbers[form][resource->kind];

	memset(out, 0, sizeof(*out));
	out->kind = known ? numbers[form][resource->kind] - 1 : resource->number;
	out->flags = resource->flags;
	out->base = resource->base;
	out->size = resource->size;
	memcpy(out->name, resource->name, sizeof(out->name));
}

zx_status_t resource__check_range(struct thread *self, zx_handle_t handle, uint32_t kind,
				  uint64_t base, uint64_t size)
{
	struct resource *resource;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_RESOURCE, ZX_RIGHT_NONE, &resource);
	if (status != ZX_OK)
		return status;
	status = resource__covers(resource, era__of(self->process->era)->resource_form, kind, base,
				  size);
	object__put(&resource->object);
	return status;
}

zx_status_t resource__check_kind(struct thread *self, zx_handle_t handle, uint32_t kind)
{
	zx_status_t status = resource__check_range(self, handle, kind, 0, 0);

	return status == ZX_ERR_OUT_OF_RANGE ? ZX_OK : status;
}

zx_status_t resource__check(struct thread *self, zx_handle_t handle, uint64_t base)
{
	uint32_t form = era__of(self->process->era)->resource_form;
	struct resource *resource;
	zx_status_t status;

	if (form >= RESOURCE_FORM_2021)
		return resource__check_range(self, handle, RESOURCE_SYSTEM, base, 1);
	status = handle__get(self, handle, ZX_OBJ_TYPE_RESOURCE, ZX_RIGHT_NONE, &resource);
	if (status != ZX_OK)
		return status;
	if (resource->kind != RESOURCE_ROOT &&
	    !(resource->kind == RESOURCE_HYPERVISOR && base == ZX_RSRC_SYSTEM_HYPERVISOR_BASE) &&
	    !(resource->kind == RESOURCE_VMEX && base == ZX_RSRC_SYSTEM_VMEX_BASE))
		status = form == RESOURCE_FORM_201807 ? ZX_ERR_ACCESS_DENIED : ZX_ERR_WRONG_TYPE;
	object__put(&resource->object);
	return status;
}
