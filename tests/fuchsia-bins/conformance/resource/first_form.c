/* zx_resource_create in the form of July 2018: a range from low to high, and no name. */
#include "conformance.h"

#include <zircon/syscalls/resource.h>

extern zx_status_t resource_create_2018(zx_handle_t parent, uint32_t kind, uint64_t low,
					uint64_t high, zx_handle_t *out)
	__asm__("zx_resource_create") __attribute__((weak));

static zx_handle_t out;

static zx_status_t create(zx_handle_t parent, uint32_t kind, uint64_t low, uint64_t high)
{
	zx_status_t status = resource_create_2018(parent, kind, low, high, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

/* Of the interrupts from 10 to 20. */
static zx_handle_t make_part(void)
{
	EXPECT_OK(create(root_resource(), ZX_RSRC_KIND_IRQ, 10, 20));
	return out;
}

REFUSES(resource_create, ZX_ERR_BAD_HANDLE, no_parent,
	create(ZX_HANDLE_INVALID, ZX_RSRC_KIND_IRQ, 1, 1), .to = ERA_2018_07)
REFUSES(resource_create, ZX_ERR_BAD_HANDLE, closed_parent,
	create(closed_handle(), ZX_RSRC_KIND_IRQ, 1, 1), .to = ERA_2018_07)
REFUSES(resource_create, ZX_ERR_WRONG_TYPE, no_resource,
	create(make_event(), ZX_RSRC_KIND_IRQ, 1, 1), .to = ERA_2018_07)
REFUSES(resource_create, ZX_ERR_ACCESS_DENIED, parent_lacks_write,
	create(without_rights(make_part(), ZX_RIGHT_WRITE), ZX_RSRC_KIND_IRQ, 10, 20),
	.to = ERA_2018_07, .root = true)
REFUSES(resource_create, ZX_ERR_ACCESS_DENIED, parent_of_another_kind,
	create(make_part(), ZX_RSRC_KIND_MMIO, 10, 20), .to = ERA_2018_07, .root = true)
REFUSES(resource_create, ZX_ERR_OUT_OF_RANGE, beyond_the_parent,
	create(make_part(), ZX_RSRC_KIND_IRQ, 10, 21), .to = ERA_2018_07, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, backwards,
	create(root_resource(), ZX_RSRC_KIND_IRQ, 2, 1), .to = ERA_2018_07, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, bad_out,
	resource_create_2018(root_resource(), ZX_RSRC_KIND_IRQ, 1, 1, BAD_POINTER),
	.to = ERA_2018_07, .root = true)

CHECK(resource_create, part_of_a_part, .to = ERA_2018_07, .root = true)
{
	EXPECT_OK(create(make_part(), ZX_RSRC_KIND_IRQ, 11, 20));
	EXPECT_EQ(type_of(out), ZX_OBJ_TYPE_RESOURCE);
}
