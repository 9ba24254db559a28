/* Facts about the machine. */
#include "vdso/vdso.h"

#define PAGE_SIZE_BYTES 4096u

uint32_t vdso_zx_system_get_num_cpus(void)
{
	return boot->num_cpus;
}

uint32_t vdso_zx_system_get_page_size(void)
{
	return PAGE_SIZE_BYTES;
}

uint32_t vdso_zx_system_get_dcache_line_size(void)
{
	return boot->dcache_line;
}

uint64_t vdso_zx_system_get_physmem(void)
{
	return boot->physmem;
}

zx_status_t vdso_zx_system_get_features(uint32_t kind, uint32_t *features)
{
	if (kind >= sizeof(boot->features) / sizeof(boot->features[0]))
		return ZX_ERR_NOT_SUPPORTED;
	/*
	 * The kinds that x86-64 defines; the address tagging of other machines is not among them.
	 */
	if (kind > 2)
		return ZX_ERR_NOT_SUPPORTED;
	*features = boot->features[kind];
	return ZX_OK;
}

static size_t version_length(void)
{
	size_t length = 0;

	while (boot->version[length])
		length++;
	return length;
}

zx_status_t vdso_zx_system_get_version(char *version, size_t size)
{
	size_t length = version_length();

	if (size < length + 1)
		return ZX_ERR_BUFFER_TOO_SMALL;
	for (size_t i = 0; i <= length; i++)
		version[i] = boot->version[i];
	return ZX_OK;
}

zx_string_view_t vdso_zx_system_get_version_string(void)
{
	return (zx_string_view_t){ .c_str = boot->version, .length = version_length() };
}

/* Instruction and data caches of x86-64 are coherent: only the arguments are checked. */
zx_status_t vdso_zx_cache_flush(const void *addr, size_t size, uint32_t options)
{
	(void)addr;
	(void)size;
	switch (options) {
	case ZX_CACHE_FLUSH_INSN:
	case ZX_CACHE_FLUSH_DATA:
	case ZX_CACHE_FLUSH_DATA | ZX_CACHE_FLUSH_INSN:
	case ZX_CACHE_FLUSH_DATA | ZX_CACHE_FLUSH_INVALIDATE:
	case ZX_CACHE_FLUSH_DATA | ZX_CACHE_FLUSH_INVALIDATE | ZX_CACHE_FLUSH_INSN:
		return ZX_OK;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
}
