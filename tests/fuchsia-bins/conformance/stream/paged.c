/* Streams over memory whose pages come no more. */
#include "stream.h"

#define PAGE RT_PAGE_SIZE

static char bytes[16];
static const zx_iovec_t one = { bytes, sizeof(bytes) };

/* A stream over a page that its pager has not supplied, and never will. */
static zx_handle_t orphaned_stream(void)
{
	zx_handle_t pager, vmo;

	EXPECT_OK(zx_pager_create(0, &pager));
	own(pager);
	EXPECT_OK(zx_pager_create_vmo(pager, 0, make_port(), 1, PAGE, &vmo));
	own(vmo);
	EXPECT_OK(zx_pager_detach_vmo(pager, vmo));
	return stream_over(vmo, BOTH_MODES, 0);
}

REFUSES(stream_readv, ZX_ERR_BAD_STATE, pager_is_detached,
	zx_stream_readv(orphaned_stream(), 0, (zx_iovec_t *)&one, 1, NULL))
REFUSES(stream_readv_at, ZX_ERR_BAD_STATE, pager_is_detached,
	zx_stream_readv_at(orphaned_stream(), 0, 0, (zx_iovec_t *)&one, 1, NULL))
REFUSES(stream_writev, ZX_ERR_BAD_STATE, pager_is_detached,
	zx_stream_writev(orphaned_stream(), 0, &one, 1, NULL))
REFUSES(stream_writev_at, ZX_ERR_BAD_STATE, pager_is_detached,
	zx_stream_writev_at(orphaned_stream(), 0, 0, &one, 1, NULL))
