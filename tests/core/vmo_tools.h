/* What the tests of VMOs share. */
#ifndef TESTS_VMO_TOOLS_H
#define TESTS_VMO_TOOLS_H

#include <zircon/eras.h>

#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)

static inline zx_handle_t make_vmo(uint64_t size, uint32_t options)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_vmo_create(fx.self, size, options, UADDR(out)), ZX_OK);
	return *out;
}

static inline zx_handle_t make_child(zx_handle_t vmo, uint32_t options, uint64_t offset,
				     uint64_t size)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_vmo_create_child(fx.self, vmo, options, offset, size, UADDR(out)),
			 ZX_OK);
	return *out;
}

static inline zx_status_t create_child(zx_handle_t vmo, uint32_t options, uint64_t offset,
				       uint64_t size)
{
	return sys_vmo_create_child(fx.self, vmo, options, offset, size, UADDR(user_scratch()));
}

static inline zx_handle_t weaker(zx_handle_t handle, zx_rights_t without)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_handle_duplicate(fx.self, handle, fixture__rights(handle) & ~without,
					      UADDR(out)),
			 ZX_OK);
	return *out;
}

static inline uint64_t size_of(zx_handle_t vmo)
{
	uint64_t *size = user_scratch();

	assert_int_equal(sys_vmo_get_size(fx.self, vmo, UADDR(size)), ZX_OK);
	return *size;
}

static inline void write_byte(zx_handle_t vmo, uint64_t offset, char value)
{
	char *byte = user_scratch();

	*byte = value;
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(byte), offset, 1), ZX_OK);
}

static inline char read_byte(zx_handle_t vmo, uint64_t offset)
{
	char *byte = user_scratch();

	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), offset, 1), ZX_OK);
	return *byte;
}

#endif
