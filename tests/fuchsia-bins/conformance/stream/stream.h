/* What the files of this program share. */
#ifndef CONFORMANCE_STREAM_H
#define CONFORMANCE_STREAM_H

#include "conformance.h"

#define BOTH_MODES (ZX_STREAM_MODE_READ | ZX_STREAM_MODE_WRITE)

static inline zx_handle_t stream_over(zx_handle_t vmo, uint32_t options, zx_off_t seek)
{
	zx_handle_t stream;

	EXPECT_OK(zx_stream_create(options, vmo, seek, &stream));
	return own(stream);
}

static inline void set_content_size(zx_handle_t vmo, uint64_t size)
{
	if (era() >= ERA_NEWEST)
		EXPECT_OK(zx_vmo_set_stream_size(vmo, size));
	else
		EXPECT_OK(zx_object_set_property(vmo, ZX_PROP_VMO_CONTENT_SIZE, &size,
						 sizeof(size)));
}

static inline uint64_t content_size(zx_handle_t vmo)
{
	uint64_t size;

	if (era() >= ERA_NEWEST)
		EXPECT_OK(zx_vmo_get_stream_size(vmo, &size));
	else
		EXPECT_OK(zx_object_get_property(vmo, ZX_PROP_VMO_CONTENT_SIZE, &size,
						 sizeof(size)));
	return size;
}

/* A VMO of a page whose content is that text. */
static inline zx_handle_t vmo_with(const char *text, size_t size)
{
	zx_handle_t vmo = make_vmo(RT_PAGE_SIZE);

	EXPECT_OK(zx_vmo_write(vmo, text, 0, size));
	set_content_size(vmo, size);
	return vmo;
}

static inline zx_handle_t any_stream(void)
{
	return stream_over(vmo_with("abcdef", 6), BOTH_MODES, 0);
}

/* A stream over a page in which the bits of the page itself are content. */
static inline zx_handle_t full_stream(void)
{
	zx_handle_t vmo = make_vmo(RT_PAGE_SIZE);

	set_content_size(vmo, RT_PAGE_SIZE);
	return stream_over(vmo, BOTH_MODES, 0);
}

static inline zx_off_t place_of(zx_handle_t stream)
{
	zx_off_t place;

	EXPECT_OK(zx_stream_seek(stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 0, &place));
	return place;
}

#endif
