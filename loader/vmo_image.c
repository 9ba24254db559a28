#include "loader/vmo_image.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <zircon/errors.h>

#include "compat/core/vmo.h"

/* Covers the headers, and all of a small program. */
#define FIRST_READ 65536u
#define CHUNK 65536u
/* More of code and data than that, no program has; a sparse VMO could claim it. */
#define MAX_NEEDED (1ull << 30)

static bool all_zero(const char *data, size_t size)
{
	return !data[0] && !memcmp(data, data + 1, size - 1);
}

/*
 * Copies the beginning of @vmo to memory that is zero: a copy, since whoever holds the VMO may
 * write or shrink it. What is zero costs no memory.
 */
static zx_status_t copy(struct vmo *vmo, char *data, size_t size)
{
	char chunk[CHUNK];

	for (size_t at = 0; at < size; at += sizeof(chunk)) {
		size_t step = size - at < sizeof(chunk) ? size - at : sizeof(chunk);
		zx_status_t status = vmo__read(vmo, chunk, at, step);

		if (status != ZX_OK)
			return status;
		if (!all_zero(chunk, step))
			memcpy(data + at, chunk, step);
	}
	return ZX_OK;
}

static zx_status_t how_much(struct vmo *vmo, size_t *size)
{
	uint64_t whole = vmo__size(vmo);
	char first[FIRST_READ];
	size_t count = whole < sizeof(first) ? (size_t)whole : sizeof(first);
	zx_status_t status = vmo__read(vmo, first, 0, count);
	uint64_t needed;

	if (status != ZX_OK)
		return status;
	needed = elf__needed(first, count, whole);
	if (!needed || needed > MAX_NEEDED)
		return ZX_ERR_NOT_FOUND;
	*size = (size_t)needed;
	return ZX_OK;
}

zx_status_t vmo_image__parse(struct elf_image *image, struct vmo *vmo, const char *name,
			     struct error *error)
{
	size_t size;
	zx_status_t status;
	char *data;

	error__set(error, EXIT_NO_EXEC, "%s: too large or empty", name);
	status = how_much(vmo, &size);
	if (status != ZX_OK)
		return status;
	data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
	if (data == MAP_FAILED)
		return ZX_ERR_NO_MEMORY;
	status = copy(vmo, data, size);
	if (status == ZX_OK && elf_image__parse(image, data, size, name, error))
		status = error->exit_code == EXIT_NO_EXEC ? ZX_ERR_NOT_FOUND : ZX_ERR_NO_MEMORY;
	munmap(data, size);
	return status;
}
