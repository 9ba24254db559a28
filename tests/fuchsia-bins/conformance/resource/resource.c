/* zx_resource_create, in the form from 2018-10 on. */
#include "conformance.h"

#include <zircon/syscalls/resource.h>

/* Of the memory of a PC's devices: the registers of its interrupt controllers. */
#define BASE 0xfec00000u

static zx_handle_t out;

/* What allows all of the memory of devices. */
static zx_handle_t all(void)
{
	return era() < ERA_NEWEST ? root_resource() : rt_boot__handle(PA_MMIO_RESOURCE, 0);
}

static zx_status_t create(zx_handle_t parent, uint32_t options, uint64_t base, size_t size)
{
	zx_status_t status = zx_resource_create(parent, options, base, size, "check", 5, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

static zx_status_t create_part(zx_handle_t parent)
{
	return create(parent, ZX_RSRC_KIND_MMIO, BASE, 0x1000);
}

static zx_handle_t make_part(void)
{
	EXPECT_OK(create_part(all()));
	return out;
}

/* An exclusive part; a system that uses it itself has none to give. */
static zx_handle_t make_exclusive_part(void)
{
	zx_status_t status = create(all(), ZX_RSRC_KIND_MMIO | ZX_RSRC_FLAG_EXCLUSIVE, BASE, 0x1000);

	if (status == ZX_ERR_NOT_FOUND)
		skip("the system uses the range itself");
	EXPECT_OK(status);
	return out;
}

CHECK_HANDLE_VALID(resource_create, parent_rsrc, create_part(h), .from = ERA_2018_10)
CHECK_HANDLE_TYPE(resource_create, parent_rsrc, make_event(), create_part(h), .from = ERA_2018_10)
CHECK_HANDLE_RIGHT(resource_create, parent_rsrc, WRITE, all(), create_part(h),
		   .from = ERA_2018_10, .root = true)

CHECK_ERROR(resource_create, ZX_ERR_ACCESS_DENIED, beyond_the_parent, .line = "?parent_rsrc lacks",
	    .from = ERA_2020_07, .root = true)
{
	zx_handle_t part = make_part();

	EXPECT_STATUS(create(part, ZX_RSRC_KIND_MMIO, BASE + 0x100000, 0x1000),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_STATUS(create(part, ZX_RSRC_KIND_IRQ, 1, 1), ZX_ERR_ACCESS_DENIED);
}

REFUSES(resource_create, ZX_ERR_ACCESS_DENIED, of_a_part,
	create_part(make_part()),
	.line = "is not the root", .from = ERA_2018_10, .to = ERA_2019_01, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, kind,
	create(all(), 0xff, BASE, 0x1000), .line = "options has", .from = ERA_2018_10, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, flag,
	create(all(), ZX_RSRC_KIND_MMIO | 0x80000000u, BASE, 0x1000),
	.line = "options has", .from = ERA_2018_10, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, bad_name,
	zx_resource_create(all(), ZX_RSRC_KIND_MMIO, BASE, 0x1000, BAD_POINTER, 5, &out),
	.line = "bad pointer", .from = ERA_2018_10, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, bad_resource_out,
	zx_resource_create(all(), ZX_RSRC_KIND_MMIO, BASE, 0x1000, NULL, 0, BAD_OUT),
	.line = "bad pointer", .from = ERA_2018_10, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, part_of_an_exclusive_one,
	create_part(make_exclusive_part()), .line = "a part is", .from = ERA_2020_07, .root = true)
REFUSES(resource_create, ZX_ERR_INVALID_ARGS, exclusive_part_of_a_part,
	create(make_part(), ZX_RSRC_KIND_MMIO | ZX_RSRC_FLAG_EXCLUSIVE, BASE, 0x1000),
	.line = "a part is", .from = ERA_2020_07, .root = true)

CHECK_ERROR(resource_create, ZX_ERR_INVALID_ARGS, overflow, .line = "the range is empty",
	    .from = ERA_NEWEST, .root = true)
{
	EXPECT_STATUS(create(all(), ZX_RSRC_KIND_MMIO, UINT64_MAX - 0xfff, 0x2000),
		      ZX_ERR_INVALID_ARGS);
	/* Before anything else. */
	EXPECT_STATUS(create(ZX_HANDLE_INVALID, ZX_RSRC_KIND_MMIO, UINT64_MAX - 0xfff, 0x2000),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(resource_create, ZX_ERR_NOT_FOUND, taken, .from = ERA_2018_10, .root = true)
{
	make_exclusive_part();
	EXPECT_STATUS(create_part(all()), ZX_ERR_NOT_FOUND);
}

CHECK(resource_create, part, .from = ERA_2018_10, .root = true)
{
	zx_handle_t part = make_part();
	zx_info_resource_t info;

	EXPECT_EQ(type_of(part), ZX_OBJ_TYPE_RESOURCE);
	EXPECT_OK(zx_object_get_info(part, ZX_INFO_RESOURCE, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.kind, ZX_RSRC_KIND_MMIO);
	EXPECT_EQ(info.base, BASE);
	EXPECT_EQ(info.size, 0x1000);
}

CHECK(resource_create, exclusive_part_is_free_again, .from = ERA_2018_10, .root = true)
{
	EXPECT_OK(zx_handle_close(make_exclusive_part()));
	EXPECT_OK(create_part(all()));
}

REFUSES(resource_create, ZX_ERR_INVALID_ARGS, range_of_a_kind_without,
	create(root_resource(), ZX_RSRC_KIND_HYPERVISOR, 1, 1),
	.line = "for a kind", .from = ERA_2018_10, .to = ERA_2020_07, .root = true)

/* What only machines of another architecture have. */
REFUSES(resource_create, ZX_ERR_BAD_STATE, secure_monitor,
	create(all(), era() < ERA_2021_01 ? ZX_RSRC_KIND_SMC : ZX_RSRC_KIND_SMC_2021, 0, 1),
	.from = ERA_2018_12, .to = ERA_2021_01, .root = true)
