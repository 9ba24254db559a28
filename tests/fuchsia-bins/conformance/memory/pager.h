/* What checks of pagers share. */
#ifndef CONFORMANCE_PAGER_H
#define CONFORMANCE_PAGER_H

#include "memory.h"

#include <zircon/syscalls/port.h>

#define KEY 42u

static zx_handle_t the_pager;
static zx_handle_t the_port;

static inline zx_handle_t make_pager(void)
{
	zx_handle_t pager = ZX_HANDLE_INVALID;

	EXPECT_OK(zx_pager_create(0, &pager));
	return own(pager);
}

static inline zx_status_t create_vmo(zx_handle_t pager, uint32_t options, zx_handle_t port, uint64_t size)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	zx_status_t status = zx_pager_create_vmo(pager, options, port, KEY, size, &vmo);

	if (status == ZX_OK)
		own(vmo);
	return status;
}

/* One of the_pager, with requests on the_port. */
static inline zx_handle_t paged_vmo_with(uint64_t size, uint32_t options)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	the_pager = make_pager();
	the_port = make_port();
	EXPECT_OK(zx_pager_create_vmo(the_pager, options, the_port, KEY, size, &vmo));
	return own(vmo);
}

static inline zx_handle_t paged_vmo(uint64_t size)
{
	return paged_vmo_with(size, 0);
}

static inline zx_handle_t committed_vmo(uint64_t size)
{
	zx_handle_t vmo = fixed_vmo(size);

	for (uint64_t i = 0; i < size; i += PAGE)
		put_byte(vmo, i, 7);
	return vmo;
}

static inline zx_status_t supply(zx_handle_t vmo, uint64_t offset, uint64_t size)
{
	return zx_pager_supply_pages(the_pager, vmo, offset, size, committed_vmo(4 * PAGE), 0);
}

static inline zx_status_t fail_range(zx_handle_t vmo, uint64_t offset, uint64_t size, zx_status_t data)
{
	return zx_pager_op_range(the_pager, ZX_PAGER_OP_FAIL, vmo, offset, size,
				 (uint64_t)(int64_t)data);
}

static inline void expect_request(uint16_t command, uint64_t offset, uint64_t length)
{
	zx_port_packet_t packet;

	EXPECT_OK(zx_port_wait(the_port, LATE, &packet));
	EXPECT_EQ(packet.key, KEY);
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_PAGE_REQUEST);
	EXPECT_EQ(packet.page_request.command, command);
	EXPECT_EQ(packet.page_request.offset, offset);
	EXPECT_EQ(packet.page_request.length, length);
}

#endif
