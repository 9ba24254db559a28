#include "compat/services/file_vmo.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/core/vmo.h"
#include "compat/services/errno.h"

#define CHUNK ((size_t)128 << 10)

static bool all_zero(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i])
			return false;
	return true;
}

/* Pages that hold nothing but zeros stay unwritten, so that they cost no memory. */
static zx_status_t write_pages(struct vmo *vmo, const char *data, uint64_t offset, size_t size)
{
	const size_t page = 4096;
	size_t from = 0;
	size_t to = 0;

	while (to < size) {
		size_t step = size - to < page ? size - to : page;

		if (all_zero(data + to, step)) {
			if (to > from) {
				zx_status_t status = vmo__write(vmo, data + from, offset + from,
								to - from);

				if (status != ZX_OK)
					return status;
			}
			from = to + step;
		}
		to += step;
	}
	return to > from ? vmo__write(vmo, data + from, offset + from, to - from) : ZX_OK;
}

static ssize_t read_at(int fd, void *buffer, size_t size, uint64_t offset)
{
	ssize_t got;

	do
		got = pread(fd, buffer, size, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/* A file that shrinks meanwhile leaves zeros; what it grows by is not seen. */
static zx_status_t fill(struct vmo *vmo, int fd, uint64_t size)
{
	size_t chunk = size < CHUNK ? (size_t)size : CHUNK;
	char *buffer = malloc(chunk ? chunk : 1);
	zx_status_t status = ZX_OK;
	uint64_t offset = 0;

	if (!buffer)
		return ZX_ERR_NO_MEMORY;
	while (status == ZX_OK && offset < size) {
		size_t want = size - offset < chunk ? (size_t)(size - offset) : chunk;
		ssize_t got = read_at(fd, buffer, want, offset);

		if (got < 0)
			status = zx_from_errno((int)got);
		if (got <= 0)
			break;
		status = write_pages(vmo, buffer, offset, (size_t)got);
		offset += (uint64_t)got;
	}
	free(buffer);
	return status;
}

zx_status_t vmo_from_file(int fd, const char *name, struct vmo **out)
{
	struct stat st;
	struct vmo *vmo;
	zx_status_t status;

	if (fstat(fd, &st))
		return zx_from_errno(-errno);
	if (!S_ISREG(st.st_mode))
		return ZX_ERR_WRONG_TYPE;
	status = vmo__create((uint64_t)st.st_size, false, &vmo);
	if (status != ZX_OK)
		return status;
	status = fill(vmo, fd, (uint64_t)st.st_size);
	if (status == ZX_OK)
		status = vmo__set_stream_size(vmo, (uint64_t)st.st_size);
	if (status != ZX_OK) {
		object__put(&vmo->object);
		return status;
	}
	vmo->executable = true;
	vmo__set_name(vmo, name);
	*out = vmo;
	return ZX_OK;
}
