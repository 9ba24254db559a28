/*
 * Random numbers come from Linux's generator, by way of the shim, at most RANDOM_CHUNK bytes at a
 * time.
 */
#include "vdso/vdso.h"

#define RANDOM_CHUNK 256u
/* ZX_CPRNG_DRAW_MAX_LEN of the calls that had a limit. */
#define DRAW_MAX 256u

/* As on Zircon: there is no error that could be told. */
static _Noreturn void bad_buffer(void)
{
	for (;;)
		__asm__ volatile("ud2");
}

void vdso_zx_cprng_draw(void *buffer, size_t size)
{
	char *at = buffer;

	while (size) {
		size_t chunk = size < RANDOM_CHUNK ? size : RANDOM_CHUNK;
		int64_t got = gate_random(at, chunk);

		if (got <= 0 && chunk > ZXABI_RANDOM_SMALL)
			got = gate_random(at, ZXABI_RANDOM_SMALL);
		if (got <= 0)
			bad_buffer();
		at += got;
		size -= (size_t)got;
	}
}

/* This was a call of the kernel: a bad pointer is an error, not a fault. */
zx_status_t vdso_zx_cprng_draw_once(void *buffer, size_t size)
{
	char bytes[DRAW_MAX] = { 0 };
	int failed;

	if (size > DRAW_MAX || (uint64_t)buffer > ZXABI_SHIM_BASE - size)
		return ZX_ERR_INVALID_ARGS;
	vdso_zx_cprng_draw(bytes, size);
	failed = gate_copy(buffer, bytes, size);
	for (size_t i = 0; i < size; i++)
		((volatile char *)bytes)[i] = 0;
	return failed ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

zx_status_t vdso_zx_cprng_draw_new(void *buffer, size_t size)
{
	return vdso_zx_cprng_draw_once(buffer, size);
}
