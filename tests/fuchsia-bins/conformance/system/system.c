/* The system as a whole: facts, features, caches, random numbers, barriers. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/features.h>
#include <zircon/syscalls/system.h>

#include "string.h"

static uint8_t buffer[1024];

CHECK(system_get_num_cpus, at_least_one)
{
	uint32_t count = zx_system_get_num_cpus();

	EXPECT(count >= 1);
	EXPECT_EQ(zx_system_get_num_cpus(), count);
}

CHECK(system_get_page_size, size)
{
	EXPECT_EQ(zx_system_get_page_size(), RT_PAGE_SIZE);
}

CHECK(system_get_dcache_line_size, power_of_two)
{
	uint32_t size = zx_system_get_dcache_line_size();

	EXPECT(size >= 16);
	EXPECT_EQ(size & (size - 1), 0);
}

CHECK(system_get_physmem, whole_pages)
{
	EXPECT(zx_system_get_physmem() > 0);
	EXPECT_EQ(zx_system_get_physmem() % RT_PAGE_SIZE, 0);
}

CHECK(system_get_version_string, text)
{
	zx_string_view_t version = zx_system_get_version_string();

	EXPECT(version.length > 0);
	EXPECT_EQ(strlen(version.c_str), version.length);
}

REFUSES(system_get_version, ZX_ERR_BUFFER_TOO_SMALL, empty,
	zx_system_get_version((char *)buffer, 0))

CHECK_ERROR(system_get_version, ZX_ERR_BUFFER_TOO_SMALL, no_room_for_the_end)
{
	size_t length;

	EXPECT_OK(zx_system_get_version((char *)buffer, sizeof(buffer)));
	length = strlen((char *)buffer);
	EXPECT_STATUS(zx_system_get_version((char *)buffer, length), ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_OK(zx_system_get_version((char *)buffer, length + 1));
}

CHECK_ERROR(system_get_features, ZX_ERR_NOT_SUPPORTED, kind)
{
	uint32_t features;

	EXPECT_STATUS(zx_system_get_features(77, &features), ZX_ERR_NOT_SUPPORTED);
}

CHECK(system_get_features, processor)
{
	uint32_t features = 0;

	EXPECT_OK(zx_system_get_features(ZX_FEATURE_KIND_CPU, &features));
	EXPECT_EQ(features & ZX_HAS_CPU_FEATURES, ZX_HAS_CPU_FEATURES);
}

CHECK(status_get_string, names)
{
	EXPECT(!strcmp(zx_status_get_string(ZX_OK), "ZX_OK"));
	EXPECT(!strcmp(zx_status_get_string(ZX_ERR_BAD_HANDLE), "ZX_ERR_BAD_HANDLE"));
	EXPECT(zx_status_get_string(-12345) != NULL);
}

REFUSES(cache_flush, ZX_ERR_INVALID_ARGS, nothing,
	zx_cache_flush(buffer, sizeof(buffer), 0), .line = "neither")
REFUSES(cache_flush, ZX_ERR_INVALID_ARGS, unknown,
	zx_cache_flush(buffer, sizeof(buffer), ZX_CACHE_FLUSH_DATA | 1 << 10), .line = "unknown")
REFUSES(cache_flush, ZX_ERR_INVALID_ARGS, invalidate_alone,
	zx_cache_flush(buffer, sizeof(buffer), ZX_CACHE_FLUSH_INVALIDATE), .line = "without")

CHECK(cache_flush, keeps_the_data)
{
	memset(buffer, 7, sizeof(buffer));
	EXPECT_OK(zx_cache_flush(buffer, sizeof(buffer), ZX_CACHE_FLUSH_DATA));
	EXPECT_OK(zx_cache_flush(buffer, sizeof(buffer), ZX_CACHE_FLUSH_INSN));
	EXPECT_OK(zx_cache_flush(buffer, sizeof(buffer),
				 ZX_CACHE_FLUSH_DATA | ZX_CACHE_FLUSH_INVALIDATE));
	EXPECT_EQ(buffer[0], 7);
	EXPECT_EQ(buffer[sizeof(buffer) - 1], 7);
}

/* How many bytes are other than 0: of a thousand random ones nearly all. */
static size_t count_set(void)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < sizeof(buffer); i++)
		count += buffer[i] != 0;
	return count;
}

CHECK(cprng_draw, fills_the_buffer, .from = ERA_2018_10)
{
	memset(buffer, 0, sizeof(buffer));
	zx_cprng_draw(buffer, sizeof(buffer));
	EXPECT(count_set() > sizeof(buffer) / 2);
}

CHECK(cprng_draw, differs, .from = ERA_2018_10)
{
	uint8_t first[32], second[32];

	zx_cprng_draw(first, sizeof(first));
	zx_cprng_draw(second, sizeof(second));
	EXPECT(memcmp(first, second, sizeof(first)));
}

REFUSES(cprng_add_entropy, ZX_ERR_INVALID_ARGS, size,
	zx_cprng_add_entropy(buffer, ZX_CPRNG_ADD_ENTROPY_MAX_LEN + 1), .line = "buffer_size")
REFUSES(cprng_add_entropy, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_cprng_add_entropy(BAD_POINTER, 8), .line = "bad pointer")

CHECK(cprng_add_entropy, takes_it)
{
	EXPECT_OK(zx_cprng_add_entropy(buffer, ZX_CPRNG_ADD_ENTROPY_MAX_LEN));
}

REFUSES(cprng_draw_new, ZX_ERR_INVALID_ARGS, size,
	zx_cprng_draw_new(buffer, ZX_CPRNG_DRAW_MAX_LEN + 1), .line = "buffer_size")
REFUSES(cprng_draw_new, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_cprng_draw_new(BAD_POINTER, 8), .line = "bad pointer")

CHECK(cprng_draw_new, fills_the_buffer)
{
	memset(buffer, 0, sizeof(buffer));
	EXPECT_OK(zx_cprng_draw_new(buffer, ZX_CPRNG_DRAW_MAX_LEN));
	EXPECT(count_set() > ZX_CPRNG_DRAW_MAX_LEN / 2);
}

CHECK(membarrier_sync_process_data, returns)
{
	zx_membarrier_sync_process_data();
}

CHECK(membarrier_sync_process_insn, returns)
{
	zx_membarrier_sync_process_insn();
}
