#include "loader/root_resource.h"

#include <zircon/errors.h>
#include <zircon/processargs.h>

#include "compat/core/era.h"
#include "compat/core/resource.h"
#include "loader/bootstrap.h"

/* In the newest interface each kind has a resource of its own; before, one stood for all. */
static const struct root {
	bool newest;
	uint32_t kind;
	uint32_t info;
	const char *name;
} roots[] = {
	{ false, RESOURCE_ROOT, PA_RESOURCE, "root" },
	{ true, RESOURCE_MMIO, PA_MMIO_RESOURCE, "mmio" },
	{ true, RESOURCE_IRQ, PA_IRQ_RESOURCE, "irq" },
	{ true, RESOURCE_IOPORT, PA_IOPORT_RESOURCE, "io_port" },
	{ true, RESOURCE_SYSTEM, PA_SYSTEM_RESOURCE, "system" },
};

zx_status_t root_resource__add(struct bootstrap *bootstrap, uint32_t era)
{
	uint32_t form = era__of(era)->resource_form;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct resource *resource;
		struct handle handle;
		zx_status_t status;

		if (roots[i].newest != (form == RESOURCE_FORM_NEWEST))
			continue;
		resource = resource__create_all(roots[i].kind, form, roots[i].name);
		if (!resource)
			return ZX_ERR_NO_MEMORY;
		handle = handle__make(&resource->object,
				      era__default_rights(era, ZX_OBJ_TYPE_RESOURCE));
		status = bootstrap__add(bootstrap, &handle, PA_HND(roots[i].info, 0));
		if (status != ZX_OK)
			return status;
	}
	return ZX_OK;
}
