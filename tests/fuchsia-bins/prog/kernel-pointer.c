/* Pointers beyond the end of the address space are bad ones, wherever a call takes them. */
#include "check.h"
#include "rt.h"

/* Distances from the end: the next byte, and some way into what lies there. */
static const uint64_t beyond[] = { 0, 0x10000, 0x12000, 0x1000000, 0x2000000, 0x2010000,
				   0x10000000, 0x1000000000 };

static uint64_t space_end(void)
{
	zx_info_vmar_t info = { 0 };

	CHECK_OK(zx_object_get_info(rt_boot.root_vmar, ZX_INFO_VMAR, &info, sizeof(info), NULL,
				    NULL));
	return info.base + info.len;
}

static void read_from(void)
{
	uint64_t end = space_end();
	zx_handle_t a, b;
	uint32_t i;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	for (i = 0; i < RT_ARRAY_SIZE(beyond); i++)
		CHECK_STATUS(zx_channel_write(a, 0, (void *)(end + beyond[i]), 16, NULL, 0),
			     ZX_ERR_INVALID_ARGS);
	/* Nothing of it has arrived. */
	CHECK_STATUS(zx_channel_read(b, 0, NULL, NULL, 0, 0, NULL, NULL), ZX_ERR_SHOULD_WAIT);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void written_to(void)
{
	uint64_t end = space_end();
	zx_handle_t vmo;
	uint32_t i;

	REQUIRE_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	for (i = 0; i < RT_ARRAY_SIZE(beyond); i++) {
		CHECK_STATUS(zx_vmo_get_size(vmo, (uint64_t *)(end + beyond[i])),
			     ZX_ERR_INVALID_ARGS);
		CHECK_STATUS(zx_object_get_info(rt_boot.process, ZX_INFO_HANDLE_BASIC,
						(void *)(end + beyond[i]),
						sizeof(zx_info_handle_basic_t), NULL, NULL),
			     ZX_ERR_INVALID_ARGS);
	}
	zx_handle_close(vmo);
}

static void straddling(void)
{
	uint64_t end = space_end();
	zx_handle_t a, b;

	REQUIRE_OK(zx_channel_create(0, &a, &b));
	CHECK_STATUS(zx_channel_write(a, 0, (void *)(end - 8), 16, NULL, 0), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_channel_write(a, 0, (void *)(UINT64_MAX - 7), 16, NULL, 0),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(a);
	zx_handle_close(b);
}

int main(void)
{
	RUN(read_from);
	RUN(written_to);
	RUN(straddling);
	return rt_check_result();
}
