/* Making guests, their traps and their processors. */
#include "guest.h"

#include <zircon/syscalls/resource.h>

static zx_handle_t out[2];

#define NEWER .from = ERA_2018_10
#define WITH_ROOT NEWER, .root = true

static zx_status_t create(zx_handle_t resource)
{
	return zx_guest_create(resource, 0, &out[0], &out[1]);
}

/* A resource for something else. */
static zx_handle_t other_resource(void)
{
	zx_handle_t other;

	if (era() == ERA_NEWEST)
		EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_SYSTEM_2021,
					     ZX_RSRC_SYSTEM_INFO_BASE, 1, "check", 5, &other));
	else
		EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_IRQ, 33, 1, "check", 5,
					     &other));
	return own(other);
}

/* --- guest_create --- */

CHECK_HANDLE_VALID(guest_create, resource, create(h), NEWER)
REFUSES(guest_create, ZX_ERR_WRONG_TYPE, no_resource, create(make_event()), NEWER)
REFUSES(guest_create, ZX_ERR_WRONG_TYPE, other_kind, create(other_resource()), WITH_ROOT,
	.to = ERA_2020_07)
REFUSES(guest_create, ZX_ERR_OUT_OF_RANGE, other_base, create(other_resource()),
	.from = ERA_NEWEST, .root = true)
REFUSES(guest_create, ZX_ERR_INVALID_ARGS, options,
	zx_guest_create(ZX_HANDLE_INVALID, 1, &out[0], &out[1]), .line = "options", NEWER)

CHECK_ERROR(guest_create, ZX_ERR_INVALID_ARGS, bad_pointers, .line = "bad pointer", WITH_ROOT)
{
	(void)any_guest();
	EXPECT_STATUS(zx_guest_create(root_resource(), 0, BAD_OUT, &out[1]),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_guest_create(root_resource(), 0, &out[0], BAD_OUT),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(guest_create, handles, WITH_ROOT)
{
	zx_handle_t vmar;
	zx_handle_t guest = make_guest(ZX_HANDLE_INVALID, &vmar);

	EXPECT_EQ(type_of(guest), ZX_OBJ_TYPE_GUEST);
	EXPECT_EQ(type_of(vmar), ZX_OBJ_TYPE_VMAR);
}

CHECK(guest_create, memory_from_zero_on, WITH_ROOT)
{
	zx_handle_t vmar;
	zx_vaddr_t addr;

	(void)make_guest(ZX_HANDLE_INVALID, &vmar);
	EXPECT_OK(zx_vmar_map(vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, 0, make_vmo(RT_PAGE_SIZE), 0,
			      RT_PAGE_SIZE, &addr));
	EXPECT_EQ(addr, 0);
	EXPECT_OK(zx_vmar_unmap(vmar, 0, RT_PAGE_SIZE));
}

/* --- guest_create, in the form of July 2018 --- */

#define FIRST .to = ERA_2018_07
#define FIRST_ROOT FIRST, .root = true

static zx_status_t create_first(zx_handle_t resource, zx_handle_t physmem)
{
	zx_status_t status = guest_create_2018(resource, 0, physmem, &out[0]);

	if (status == ZX_ERR_NOT_SUPPORTED)
		skip("the machine cannot run guests");
	return status;
}

REFUSES(guest_create, ZX_ERR_BAD_HANDLE, first_form_resource,
	create_first(ZX_HANDLE_INVALID, make_vmo(RT_PAGE_SIZE)), FIRST)
REFUSES(guest_create, ZX_ERR_BAD_HANDLE, first_form_physmem,
	create_first(root_resource(), ZX_HANDLE_INVALID), FIRST_ROOT)
REFUSES(guest_create, ZX_ERR_WRONG_TYPE, first_form_resource,
	create_first(make_event(), make_vmo(RT_PAGE_SIZE)), FIRST)
REFUSES(guest_create, ZX_ERR_WRONG_TYPE, first_form_physmem,
	create_first(root_resource(), make_event()), FIRST_ROOT)
extern zx_status_t resource_create_2018(zx_handle_t parent, uint32_t kind, uint64_t low,
					uint64_t high, zx_handle_t *handle)
	__asm__("zx_resource_create") __attribute__((weak));

static zx_handle_t first_other_resource(void)
{
	zx_handle_t other;

	EXPECT_OK(resource_create_2018(root_resource(), ZX_RSRC_KIND_IRQ, 33, 34, &other));
	return own(other);
}

REFUSES(guest_create, ZX_ERR_ACCESS_DENIED, first_form_other_kind,
	create_first(first_other_resource(), make_vmo(RT_PAGE_SIZE)), FIRST_ROOT)
REFUSES(guest_create, ZX_ERR_ACCESS_DENIED, first_form_physmem,
	create_first(root_resource(), without_rights(make_vmo(RT_PAGE_SIZE), ZX_RIGHT_EXECUTE)),
	FIRST_ROOT)
REFUSES(guest_create, ZX_ERR_INVALID_ARGS, first_form_options,
	guest_create_2018(ZX_HANDLE_INVALID, 1, ZX_HANDLE_INVALID, &out[0]), .line = "options",
	FIRST)

/* --- guest_set_trap --- */

static zx_status_t set_trap(uint32_t kind, zx_vaddr_t addr, size_t size, zx_handle_t port)
{
	return zx_guest_set_trap(any_guest(), kind, addr, size, port, 0);
}

static zx_status_t ring(zx_handle_t guest, zx_handle_t port)
{
	return zx_guest_set_trap(guest, ZX_GUEST_TRAP_BELL, 0, RT_PAGE_SIZE, port, 0);
}

#define NO_PORT ZX_HANDLE_INVALID
#define ROOT .root = true

CHECK_HANDLE_VALID(guest_set_trap, handle, ring(h, NO_PORT))
CHECK_HANDLE_TYPE(guest_set_trap, handle, make_event(), ring(h, NO_PORT))
CHECK_HANDLE_RIGHT(guest_set_trap, handle, WRITE, any_guest(), ring(h, make_port()), ROOT)
REFUSES(guest_set_trap, ZX_ERR_BAD_HANDLE, port_closed, ring(any_guest(), closed_handle()), ROOT)
REFUSES(guest_set_trap, ZX_ERR_WRONG_TYPE, no_port, ring(any_guest(), make_event()), ROOT)
REFUSES(guest_set_trap, ZX_ERR_ACCESS_DENIED, port_lacks_write,
	ring(any_guest(), without_rights(make_port(), ZX_RIGHT_WRITE)), ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, kind, set_trap(3, 0, RT_PAGE_SIZE, NO_PORT),
	.line = "kind is unknown", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, empty, set_trap(ZX_GUEST_TRAP_MEM, 0, 0, NO_PORT),
	.line = "kind is unknown", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, bell_without_port,
	set_trap(ZX_GUEST_TRAP_BELL, 0, RT_PAGE_SIZE, NO_PORT), .line = "there is no port", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, memory_with_port,
	set_trap(ZX_GUEST_TRAP_MEM, 0, RT_PAGE_SIZE, make_port()), .line = "there is a port", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, ports_with_port,
	set_trap(ZX_GUEST_TRAP_IO, 1, 1, make_port()), .line = "there is a port", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, half_a_page,
	set_trap(ZX_GUEST_TRAP_MEM, 0x800, RT_PAGE_SIZE, NO_PORT), .line = "whole pages", ROOT)
REFUSES(guest_set_trap, ZX_ERR_INVALID_ARGS, size_of_half_a_page,
	set_trap(ZX_GUEST_TRAP_BELL, 0, 0x800, make_port()), .line = "whole pages", ROOT)
REFUSES(guest_set_trap, ZX_ERR_OUT_OF_RANGE, beyond_the_ports,
	set_trap(ZX_GUEST_TRAP_IO, UINT16_MAX, 2, NO_PORT), ROOT)
REFUSES(guest_set_trap, ZX_ERR_OUT_OF_RANGE, around_the_end,
	set_trap(ZX_GUEST_TRAP_IO, UINT64_MAX, 2, NO_PORT), ROOT)

CHECK_ERROR(guest_set_trap, ZX_ERR_ALREADY_EXISTS, same_address, ROOT)
{
	zx_handle_t guest = any_guest();

	EXPECT_OK(ring(guest, make_port()));
	EXPECT_STATUS(zx_guest_set_trap(guest, ZX_GUEST_TRAP_MEM, 0, RT_PAGE_SIZE, NO_PORT, 0),
		      ZX_ERR_ALREADY_EXISTS);
	/* Ports are other addresses. */
	EXPECT_OK(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 0, 1, NO_PORT, 0));
}

/* Until 2019 only the first address counted. */
CHECK(guest_set_trap, overlap, .to = ERA_2019_01, ROOT)
{
	zx_handle_t guest = any_guest();

	EXPECT_OK(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 10, 10, NO_PORT, 0));
	EXPECT_OK(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 12, 10, NO_PORT, 0));
}

CHECK_ERROR(guest_set_trap, ZX_ERR_ALREADY_EXISTS, overlaps, .from = ERA_NEWEST, ROOT)
{
	zx_handle_t guest = any_guest();

	EXPECT_OK(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 10, 10, NO_PORT, 0));
	EXPECT_STATUS(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 12, 10, NO_PORT, 0),
		      ZX_ERR_ALREADY_EXISTS);
	EXPECT_STATUS(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 5, 10, NO_PORT, 0),
		      ZX_ERR_ALREADY_EXISTS);
	EXPECT_OK(zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, 20, 10, NO_PORT, 0));
}

/* --- vcpu_create --- */

static zx_status_t create_vcpu(zx_handle_t guest)
{
	return zx_vcpu_create(guest, 0, 0, &out[0]);
}

static zx_handle_t guest_that_makes_none(void)
{
	return without_rights(any_guest(), ZX_RIGHT_WRITE | ZX_RIGHT_MANAGE_PROCESS |
						   ZX_RIGHT_MANAGE_THREAD);
}

CHECK_HANDLE_VALID(vcpu_create, guest, create_vcpu(h))
CHECK_HANDLE_TYPE(vcpu_create, guest, make_event(), create_vcpu(h))
REFUSES(vcpu_create, ZX_ERR_ACCESS_DENIED, right, create_vcpu(guest_that_makes_none()), ROOT)
REFUSES(vcpu_create, ZX_ERR_INVALID_ARGS, options, zx_vcpu_create(any_guest(), 1, 0, &out[0]),
	.line = "options", ROOT)
REFUSES(vcpu_create, ZX_ERR_INVALID_ARGS, entry,
	zx_vcpu_create(any_guest(), 0, 1ull << 48, &out[0]), .line = "entry", ROOT)
REFUSES(vcpu_create, ZX_ERR_INVALID_ARGS, bad_out, zx_vcpu_create(any_guest(), 0, 0, BAD_OUT),
	.line = "bad pointer", ROOT)

CHECK_ERROR(vcpu_create, ZX_ERR_BAD_STATE, second_of_a_thread, .from = ERA_2020_07, ROOT)
{
	zx_handle_t first = any_vcpu();

	EXPECT_STATUS(create_vcpu(any_guest()), ZX_ERR_BAD_STATE);
	/* It can have another one when the first is gone. */
	EXPECT_OK(zx_handle_close(first));
	EXPECT_OK(create_vcpu(any_guest()));
	own(out[0]);
}

CHECK_ERROR(vcpu_create, ZX_ERR_NO_RESOURCES, too_many, .to = ERA_2019_01, ROOT)
{
	zx_handle_t guest = any_guest();
	zx_status_t status = ZX_OK;
	int count = 0;

	while (count < 1000 && (status = create_vcpu(guest)) == ZX_OK) {
		own(out[0]);
		count++;
	}
	EXPECT_STATUS(status, ZX_ERR_NO_RESOURCES);
	EXPECT_EQ(count, 64);
}
