/* Moving pages from one memory object to another. */
#include "conformance.h"

#include "memory.h"

/* One page, to the start of `to`. */
static zx_status_t move(zx_handle_t to, zx_handle_t from)
{
	return zx_vmo_transfer_data(to, 0, 0, PAGE, from, 0);
}

/* Between two objects of two pages. */
static zx_status_t move_range(uint32_t options, uint64_t offset, uint64_t length,
			      uint64_t from_offset)
{
	return zx_vmo_transfer_data(fixed_vmo(2 * PAGE), options, offset, length,
				    fixed_vmo(2 * PAGE), from_offset);
}

REFUSES(vmo_transfer_data, ZX_ERR_BAD_HANDLE, closed, move(closed_handle(), fixed_vmo(PAGE)))
REFUSES(vmo_transfer_data, ZX_ERR_BAD_HANDLE, closed_source,
	move(fixed_vmo(PAGE), closed_handle()))
REFUSES(vmo_transfer_data, ZX_ERR_WRONG_TYPE, event, move(make_event(), fixed_vmo(PAGE)))
REFUSES(vmo_transfer_data, ZX_ERR_WRONG_TYPE, source_is_an_event,
	move(fixed_vmo(PAGE), make_event()))
REFUSES(vmo_transfer_data, ZX_ERR_ACCESS_DENIED, no_write_right,
	move(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), fixed_vmo(PAGE)))
REFUSES(vmo_transfer_data, ZX_ERR_ACCESS_DENIED, source_without_read,
	move(fixed_vmo(PAGE), without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ)))
REFUSES(vmo_transfer_data, ZX_ERR_ACCESS_DENIED, source_without_write,
	move(fixed_vmo(PAGE), without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE)))
REFUSES(vmo_transfer_data, ZX_ERR_INVALID_ARGS, option, move_range(1, 0, PAGE, 0),
	.line = "options is not 0")
REFUSES(vmo_transfer_data, ZX_ERR_INVALID_ARGS, offset, move_range(0, 1, PAGE, 0),
	.line = "page-aligned")
REFUSES(vmo_transfer_data, ZX_ERR_INVALID_ARGS, length, move_range(0, 0, 1, 0),
	.line = "page-aligned")
REFUSES(vmo_transfer_data, ZX_ERR_INVALID_ARGS, source_offset, move_range(0, 0, PAGE, 1),
	.line = "page-aligned")
REFUSES(vmo_transfer_data, ZX_ERR_OUT_OF_RANGE, target, move_range(0, 2 * PAGE, PAGE, 0))
REFUSES(vmo_transfer_data, ZX_ERR_OUT_OF_RANGE, source, move_range(0, 0, PAGE, 2 * PAGE))

CHECK(vmo_transfer_data, moves_the_pages)
{
	zx_handle_t to = fixed_vmo(2 * PAGE);
	zx_handle_t from = fixed_vmo(2 * PAGE);

	put_byte(from, 3, 7);
	put_byte(from, PAGE, 8);
	put_byte(to, PAGE + 3, 1);
	EXPECT_OK(zx_vmo_transfer_data(to, 0, PAGE, PAGE, from, 0));
	EXPECT_EQ(byte_at(to, PAGE + 3), 7);
	EXPECT_EQ(byte_at(to, 3), 0);
	EXPECT_EQ(byte_at(from, 3), 0);
	EXPECT_EQ(byte_at(from, PAGE), 8);
}
