/* Messages to services: headers that are right most of the time, and bodies that are not. */
#include "fuzz.h"
#include "string.h"

#define SIZE_MAX_BYTES 512

zx_handle_t fuzz_services[FUZZ_SERVICES];

/* fuchsia.io and fuchsia.ldsvc, of 2018 and of 2020. */
static const uint64_t ordinals[] = {
	1, 2, 3, 4, 5, 0x80000001, 0x80000004,
	0x80000002, 0x80000006, 0x81000002, 0x82000001, 0x82000003, 0x82000005, 0x82000009,
	0x83000001, 0x83000002, 0x83000003, 0x83000005, 0x83000006, 0x83000008,
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

/* What follows the header of a request that is well formed; the letters say what. */
static const char *const bodies[] = {
	"",	/* Describe, Close, Sync, GetAttr */
	"n",	/* Read, Truncate, ReadDirents, GetBuffer */
	"nn",	/* ReadAt, Seek */
	"vt",	/* Write, Unlink, LoadObject */
	"vnt",	/* WriteAt */
	"nh",	/* Clone with flags; LoaderService.Clone without the first */
	"h",
	"nvht", /* Open */
	"vhvtt", /* Rename, Link */
	"nvvttt",
};

/* One word, or the text of a vector: @length is what the vector before said. */
static uint32_t put_part(struct fuzz *fuzz, uint8_t *at, char part, uint32_t *length)
{
	static const char *const texts[] = { "a", "b", "d/a", ".", "..", "", "data/greeting", "/", "d//a",
					     "a/", "\xff\xfe", "fuzz" };
	const char *text = texts[fuzz__next(fuzz) % RT_ARRAY_SIZE(texts)];
	uint64_t words[2] = { body_word(fuzz), UINT64_MAX };
	uint32_t size = sizeof(uint64_t);

	switch (part) {
	case 'h':
		words[0] = fuzz__one_in(fuzz, 12) ? body_word(fuzz) : UINT32_MAX;
		break;
	case 'v':
		*length = (uint32_t)(fuzz__next(fuzz) % 16);
		words[0] = fuzz__one_in(fuzz, 12) ? body_word(fuzz) : *length;
		size = 2 * sizeof(uint64_t);
		break;
	case 't':
		memset(at, 0, 16);
		memcpy(at, text, strlen(text) < *length ? strlen(text) : *length);
		return (*length + 7) & ~7u;
	default:
		if (fuzz__next(fuzz) & 1)
			words[0] = fuzz__next(fuzz) % 64;
	}
	memcpy(at, words, size);
	return size;
}

static uint32_t make_body(struct fuzz *fuzz, uint8_t *bytes, uint32_t size)
{
	const char *body = bodies[fuzz__next(fuzz) % RT_ARRAY_SIZE(bodies)];
	uint32_t length = 0;

	for (; *body; body++)
		size += put_part(fuzz, bytes + size, *body, &length);
	return size;
}

static uint32_t make_junk(struct fuzz *fuzz, uint8_t *bytes, uint32_t size)
{
	for (uint64_t words = fuzz__next(fuzz) % 16; words; words--) {
		uint64_t word = body_word(fuzz);

		memcpy(bytes + size, &word, sizeof(word));
		size += (uint32_t)sizeof(word);
	}
	return size;
}

static uint32_t make_message(struct fuzz *fuzz, uint8_t *bytes)
{
	uint64_t header[2] = { (fuzz__next(fuzz) % 3 + 1) | 1ull << 56,
			       ordinals[fuzz__next(fuzz) % RT_ARRAY_SIZE(ordinals)] };
	uint32_t size = sizeof(header);

	if (fuzz__one_in(fuzz, 8)) /* 2018: no magic number, and the ordinal in the upper half */
		header[0] &= 3, header[1] <<= 32;
	if (fuzz__one_in(fuzz, 16))
		header[fuzz__next(fuzz) % 2] ^= 1ull << fuzz__next(fuzz) % 64;
	memcpy(bytes, header, sizeof(header));
	size = fuzz__one_in(fuzz, 4) ? make_junk(fuzz, bytes, size) : make_body(fuzz, bytes, size);
	if (fuzz__one_in(fuzz, 20))
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
		if (fuzz__one_in(fuzz, 3))
			zx_handle_duplicate(fuzz__handle(fuzz, ZX_OBJ_TYPE_NONE), ZX_RIGHT_SAME_RIGHTS,
					    &handles[i]);
		else if (!zx_channel_create(0, &handles[i], &other))
			pool__adopt(fuzz, other);
	}
	return count;
}

struct clone_request {
	uint64_t header[2];
	uint32_t flags;
	uint32_t handle;
};

struct open_request {
	uint64_t header[2];
	uint32_t flags;
	uint32_t mode;
	uint64_t length;
	uint64_t present;
	uint64_t handle;
	char path[8];
};

/* A new connection, to a directory or to a file in it: a message that is wrong ends it. */
static zx_handle_t connect(struct fuzz *fuzz)
{
	zx_handle_t service = fuzz_services[fuzz__next(fuzz) % FUZZ_SERVICES];
	struct clone_request clone = { { 1ull << 56, 0x5a61678f293ce16f }, 3, UINT32_MAX };
	struct open_request open = { { 1ull << 56, 0x2c5044561d685ec0 },
				     3 | (uint32_t)(fuzz__next(fuzz) % 16) << 16, 0, 1, UINT64_MAX,
				     UINT32_MAX, { (char)('a' + fuzz__next(fuzz) % 4) } };
	zx_handle_t ends[2];

	if (zx_channel_create(0, &ends[0], &ends[1]))
		return ZX_HANDLE_INVALID;
	if (fuzz__one_in(fuzz, 3))
		zx_channel_write(service, 0, &clone, sizeof(clone), &ends[1], 1);
	else
		zx_channel_write(service, 0, &open, sizeof(open), &ends[1], 1);
	return ends[0];
}

static void send(struct fuzz *fuzz, zx_handle_t service)
{
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint8_t *bytes = fuzz->memory;
	uint32_t count = make_handles(fuzz, handles);
	uint32_t size = make_message(fuzz, bytes);

	fuzz->row->nr = ZXCALL_channel_write;
	memset(fuzz->row->args, 0, sizeof(fuzz->row->args));
	fuzz->row->args[0] = service;
	memcpy(&fuzz->row->args[1], bytes, 16);
	fuzz->row->args[3] = size;
	fuzz->row->count++;
	zx_channel_write(service, 0, bytes, size, handles, count);
}

static void receive(struct fuzz *fuzz, zx_handle_t service)
{
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t count = 0;
	uint32_t size;

	if (zx_object_wait_one(service, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
			       zx_deadline_after(ZX_USEC(200)), NULL))
		return;
	zx_channel_read(service, 0, fuzz->memory, handles, ZX_CHANNEL_MAX_MSG_BYTES,
			RT_ARRAY_SIZE(handles), &size, &count);
	for (uint32_t i = 0; i < count && i < RT_ARRAY_SIZE(handles); i++)
		pool__adopt(fuzz, handles[i]);
}

void message__send(struct fuzz *fuzz)
{
	zx_handle_t service = connect(fuzz);

	for (uint64_t i = fuzz__next(fuzz) % 8; i; i--) {
		send(fuzz, service);
		if (fuzz__next(fuzz) & 1)
			receive(fuzz, service);
	}
	pool__adopt(fuzz, service);
}
