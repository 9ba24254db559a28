/*
 * Random numbers come from Linux's generator, by way of the shim, at most RANDOM_CHUNK bytes at a
 * time.
 */
#include "vdso/vdso.h"

#define RANDOM_CHUNK 256u
/* ZX_CPRNG_DRAW_MAX_LEN of the calls that had a limit. */
#define DRAW_MAX 256u

void vdso_zx_cprng_draw(void *buffer, size_t size)
{
	int64_t (*random)(void *, uint64_t) = (void *)ZXABI_GATE_RANDOM;
	char *at = buffer;

	while (size) {
		int64_t got = random(at, size < RANDOM_CHUNK ? size : RANDOM_CHUNK);

		/*
		 * Linux refuses a pointer that Zircon's kernel would fault on: so does this
		 * store.
		 */
		if (got <= 0) {
			*(volatile char *)at = 0;
			continue;
		}
		at += got;
		size -= (size_t)got;
	}
}

zx_status_t vdso_zx_cprng_draw_once(void *buffer, size_t size)
{
	if (size > DRAW_MAX)
		return ZX_ERR_INVALID_ARGS;
	vdso_zx_cprng_draw(buffer, size);
	return ZX_OK;
}

zx_status_t vdso_zx_cprng_draw_new(void *buffer, size_t size)
{
	return vdso_zx_cprng_draw_once(buffer, size);
}
