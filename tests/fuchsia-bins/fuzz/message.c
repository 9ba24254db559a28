/* Messages to services: headers that are right most of the time, and bodies that are not. */
#include "fidl_io.h"
#include "fuzz.h"
#include "string.h"

#define SIZE_MAX_BYTES 512

zx_handle_t fuzz_services[FUZZ_SERVICES];

/* fuchsia.io and fuchsia.ldsvc, of 2018 and of 2020. */
static const uint64_t ordinals[] = {
	1, 2, 3, 4, 5, 0x80000001, 0x80000004,
	0x17fe6a4c, 0x52b95687, 0x1f62df5e, 0x62423faa, 0x4585e7c8, 0x25f74184, 0x7c724dc4,
	0x0512e7a0, 0x3e5522e5, 0x782a7745, 0x42ab3a3a, 0x74c30973, 0x77e4cceb, 0x2cbadb19,
	0x2ea53c2d, 0x7072fd87, 0x3217bced, 0x4a94b0ac, 0x1b8a5e64,
	0x5a61678f293ce16f, 0x5309c5bd1c33dc44, 0x0ffcec215078dea0, 0x189d88326c18b519,
	0x78985e216314dafd, 0x29b2b7074c95208c, 0x6527ee3fbc9c5749, 0x3b6432f57914225b,
	0x4b29e1582ab379e4, 0x324968e9b8a0e394, 0x5ec8f337359a2ddb, 0x4b93b8486666d951,
	0x2c5044561d685ec0, 0x5a0ff90760a8bc23, 0x3582806bf27faa0a, 0x16b1202af0f34c71,
	0x26ae9d18763c8655, 0x0a8e00a247f3c905, 0x740604c0c7c930e7,
	0x63ba6b76d3671001, 0x48c5a151d6df2853, 0x6a8a1a1464632841, 0x57e643a9ab6e4c29,
};

static uint64_t body_word(struct fuzz *fuzz)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 4, 8, 16, 0x80000, 0x4000, 0x8000, 8192, 8193, UINT64_MAX, UINT32_MAX,
		0xffffffff00000000, INT64_MAX, 1ull << 63, 0x00660064002e002e /* "..df" */,
		0x2f2e2e2f2e2e2f2e, 0x612f612f612f6100, 0x726964, 0x656c6966, 0x0000000000002e2e,
	};

	if (fuzz__one_in(fuzz, 6))
		return fuzz__next(fuzz) >> fuzz__next(fuzz) % 64;
	return values[fuzz__next(fuzz) % RT_ARRAY_SIZE(values)];
}

static uint32_t make_message(struct fuzz *fuzz, uint8_t *bytes)
{
	uint32_t size = 16 + (uint32_t)(fuzz__next(fuzz) % 16) * 8;
	uint64_t header[2] = { fuzz__next(fuzz) % 3 | 1ull << 56,
			       ordinals[fuzz__next(fuzz) % RT_ARRAY_SIZE(ordinals)] };

	if (fuzz__next(fuzz) & 1) /* 2018: no magic number, and the ordinal in the upper half */
		header[0] &= 3, header[1] <<= 32;
	if (fuzz__one_in(fuzz, 16))
		header[fuzz__next(fuzz) % 2] ^= 1ull << fuzz__next(fuzz) % 64;
	memcpy(bytes, header, sizeof(header));
	for (uint32_t at = 16; at < size; at += 8) {
		uint64_t word = body_word(fuzz);

		memcpy(bytes + at, &word, sizeof(word));
	}
	if (fuzz__one_in(fuzz, 10))
		size = (uint32_t)(fuzz__next(fuzz) % SIZE_MAX_BYTES);
	if (fuzz__one_in(fuzz, 200))
		size = ZX_CHANNEL_MAX_MSG_BYTES;
	return size;
}

static uint32_t make_handles(struct fuzz *fuzz, zx_handle_t *handles)
{
	uint32_t count = fuzz__one_in(fuzz, 30) ? 64 : (uint32_t)(fuzz__next(fuzz) % 3);

	for (uint32_t i = 0; i < count; i++) {
		zx_handle_t other = ZX_HANDLE_INVALID;

		handles[i] = ZX_HANDLE_INVALID;
		if (fuzz__one_in(fuzz, 3)) {
			zx_handle_duplicate(fuzz__handle(fuzz, ZX_OBJ_TYPE_NONE), ZX_RIGHT_SAME_RIGHTS, &handles[i]);
		} else if (!zx_channel_create(0, &handles[i], &other)) {
			/* What is opened becomes another service. */
			if (fuzz__one_in(fuzz, 4)) {
				zx_handle_t *place = &fuzz_services[fuzz__next(fuzz) % FUZZ_SERVICES];

				other = __atomic_exchange_n(place, other, __ATOMIC_SEQ_CST);
			}
			/* One is kept, or all would be gone at the first mistake. */
			pool__adopt(fuzz, other);
		}
	}
	return count;
}

void message__send(struct fuzz *fuzz)
{
	zx_handle_t service = fuzz_services[fuzz__next(fuzz) % FUZZ_SERVICES];
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint8_t *bytes = fuzz->memory;
	uint32_t count = make_handles(fuzz, handles);
	uint32_t size = make_message(fuzz, bytes);
	uint32_t got = 0;

	fuzz->row->nr = ZXCALL_channel_write;
	fuzz->row->args[0] = service;
	fuzz->row->args[3] = size;
	fuzz->row->count++;
	zx_channel_write(service, 0, bytes, size, handles, count);
	if (fuzz__next(fuzz) & 1)
		return;
	if (zx_object_wait_one(service, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
			       zx_deadline_after(ZX_USEC(200)), NULL))
		return;
	count = 0;
	zx_channel_read(service, 0, bytes, handles, ZX_CHANNEL_MAX_MSG_BYTES, RT_ARRAY_SIZE(handles),
			&got, &count);
	for (uint32_t i = 0; i < count && i < RT_ARRAY_SIZE(handles); i++)
		pool__adopt(fuzz, handles[i]);
}
