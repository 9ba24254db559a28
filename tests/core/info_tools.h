/* What tests of zx_object_get_info share. */
#ifndef TESTS_CORE_INFO_TOOLS_H
#define TESTS_CORE_INFO_TOOLS_H

#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)

static inline zx_handle_t handle_to(void *object, zx_rights_t rights)
{
	object__get(object);
	return fixture__handle(object, rights);
}

static inline zx_handle_t self_process(void)
{
	return handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS);
}

static inline zx_handle_t make_vmo(uint64_t size, bool resizable, const char *name)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(size, resizable, &vmo), ZX_OK);
	vmo__set_name(vmo, name);
	return fixture__handle(&vmo->object, ZX_DEFAULT_VMO_RIGHTS);
}

/* What the last call of info() told. */
static size_t actual;
static size_t avail;

/* Asks with @size bytes of room; the answer stays in the scratch memory. */
static inline zx_status_t info(zx_handle_t handle, uint32_t topic, size_t size)
{
	size_t *counts = user_alloc(2 * sizeof(*counts));
	zx_status_t status;

	memset(user_scratch(), 0xaa, FIXTURE_SCRATCH_SIZE);
	counts[0] = 77;
	counts[1] = 77;
	status = sys_object_get_info(fx.self, handle, topic, UADDR(user_scratch()), size,
				     UADDR(&counts[0]), UADDR(&counts[1]));
	actual = counts[0];
	avail = counts[1];
	return status;
}

/* For topics with one record: it must fit exactly, and one byte less must not do. */
static inline void *one(zx_handle_t handle, uint32_t topic, size_t size)
{
	assert_int_equal(info(handle, topic, size - 1), ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(actual, 0);
	assert_int_equal(avail, 1);
	assert_int_equal(info(handle, topic, size), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(avail, 1);
	/* Not a byte more was written. */
	assert_int_equal(((unsigned char *)user_scratch())[size], 0xaa);
	return user_scratch();
}

#endif
