/* VMOs' memory: a memfd each; the id is its descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "compat/host/fd_reserve.h"
#include "compat/host/host.h"

static zx_status_t status_of_errno(int error)
{
	switch (error) {
	case 0:
		return ZX_OK;
	case ENOMEM:
	case ENOSPC:
	case EMFILE:
	case ENFILE:
		return ZX_ERR_NO_MEMORY;
	case EFBIG:
	case EINVAL:
		return ZX_ERR_OUT_OF_RANGE;
	default:
		return ZX_ERR_INTERNAL;
	}
}

zx_status_t host__mem_create(uint64_t size, uint32_t others, int *out_id)
{
	int fd;

	/* Linux cannot make a file of more than 2^63 - 1 bytes. */
	if (size > INT64_MAX)
		return ZX_ERR_NO_MEMORY;
	fd = host__keep_share(memfd_create("vmo", MFD_CLOEXEC), others);
	if (fd < 0)
		return status_of_errno(errno);
	if (size && ftruncate(fd, (off_t)size)) {
		int error = errno;

		close(fd);
		return error == EFBIG ? ZX_ERR_NO_MEMORY : status_of_errno(error);
	}
	*out_id = fd;
	return ZX_OK;
}

zx_status_t host__mem_create_shared(uint64_t size, int *out_id, void **out_addr)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	zx_status_t status = ZX_ERR_NO_MEMORY;
	int fd;

	if (size > INT64_MAX)
		return ZX_ERR_NO_MEMORY;
	fd = host__keep_reserve(memfd_create("vmo", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	if (fd < 0)
		return status_of_errno(errno);
	/* With pages there and no way to take them off, an access here cannot fault. */
	if (!ftruncate(fd, (off_t)size))
		status = host__mem_commit(fd, 0, size);
	if (status == ZX_OK && fcntl(fd, F_ADD_SEALS, seals))
		status = status_of_errno(errno);
	if (status == ZX_OK) {
		*out_addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (*out_addr == MAP_FAILED)
			status = status_of_errno(errno);
	}
	if (status != ZX_OK)
		close(fd);
	else
		*out_id = fd;
	return status;
}

void host__mem_unmap_shared(void *addr, uint64_t size)
{
	munmap(addr, size);
}

void host__mem_destroy(int id)
{
	close(id);
}

zx_status_t host__mem_resize(int id, uint64_t size)
{
	if (size > INT64_MAX)
		return ZX_ERR_NO_MEMORY;
	return ftruncate(id, (off_t)size) ? status_of_errno(errno) : ZX_OK;
}

zx_status_t host__mem_read(int id, uint64_t offset, void *buffer, size_t size)
{
	char *at = buffer;

	while (size) {
		ssize_t got = pread(id, at, size, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return status_of_errno(errno);
		if (!got)
			return ZX_ERR_OUT_OF_RANGE; /* shrunk meanwhile */
		at += got;
		offset += (uint64_t)got;
		size -= (size_t)got;
	}
	return ZX_OK;
}

zx_status_t host__mem_write(int id, uint64_t offset, const void *buffer, size_t size)
{
	const char *at = buffer;

	while (size) {
		ssize_t put = pwrite(id, at, size, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return status_of_errno(errno);
		at += put;
		offset += (uint64_t)put;
		size -= (size_t)put;
	}
	return ZX_OK;
}

/* One run of data, copied by the kernel. */
static zx_status_t copy_run(int dst, uint64_t dst_offset, int src, uint64_t src_offset,
			    uint64_t size)
{
	char buffer[1 << 16];

	while (size) {
		size_t step = size < sizeof(buffer) ? size : sizeof(buffer);
		zx_status_t status = host__mem_read(src, src_offset, buffer, step);

		if (status == ZX_OK)
			status = host__mem_write(dst, dst_offset, buffer, step);
		if (status != ZX_OK)
			return status;
		src_offset += step;
		dst_offset += step;
		size -= step;
	}
	return ZX_OK;
}

/*
 * Bytes of @id that have pages, and of how many; the fast answer to what a search would find. It
 * knows of pages too that were committed and never written, which a search takes for holes.
 */
static bool pages_of(int id, uint64_t *pages, uint64_t *size)
{
	struct stat st;

	if (fstat(id, &st))
		return false;
	*pages = (uint64_t)st.st_blocks * 512;
	*size = (uint64_t)st.st_size;
	return true;
}

bool host__mem_next_data(int id, uint64_t from, uint64_t end, uint64_t *begin, uint64_t *stop)
{
	uint64_t pages;
	uint64_t size;
	off_t data;
	off_t hole;

	if (from < end && pages_of(id, &pages, &size) && pages >= size && end <= size) {
		*begin = from;
		*stop = end;
		return true;
	}
	data = lseek(id, (off_t)from, SEEK_DATA);
	if (data < 0 || (uint64_t)data >= end)
		return false;
	hole = lseek(id, data, SEEK_HOLE);
	*begin = (uint64_t)data;
	*stop = hole < 0 || (uint64_t)hole > end ? end : (uint64_t)hole;
	return true;
}

zx_status_t host__mem_copy(int dst, uint64_t dst_offset, int src, uint64_t src_offset,
			   uint64_t size)
{
	uint64_t end = src_offset + size;
	uint64_t at = src_offset;
	uint64_t begin;
	uint64_t stop;

	while (at < end && host__mem_next_data(src, at, end, &begin, &stop)) {
		zx_status_t status = copy_run(dst, dst_offset + (begin - src_offset), src, begin,
					      stop - begin);

		if (status != ZX_OK)
			return status;
		at = stop;
	}
	return ZX_OK;
}

zx_status_t host__mem_commit(int id, uint64_t offset, uint64_t size)
{
	struct sysinfo info;

	if (!size)
		return ZX_OK;
	/* Linux would try, and have something else killed for want of memory. */
	if (!sysinfo(&info) && size > (uint64_t)info.totalram * info.mem_unit)
		return ZX_ERR_NO_MEMORY;
	return fallocate(id, 0, (off_t)offset, (off_t)size) ? status_of_errno(errno) : ZX_OK;
}

zx_status_t host__mem_decommit(int id, uint64_t offset, uint64_t size)
{
	if (!size)
		return ZX_OK;
	return fallocate(id, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)size)
		       ? status_of_errno(errno)
		       : ZX_OK;
}

uint64_t host__mem_committed(int id, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size;
	uint64_t total = 0;
	uint64_t pages;
	uint64_t whole;
	uint64_t begin;
	uint64_t stop;

	if (pages_of(id, &pages, &whole) && (!pages || (!offset && end >= whole)))
		return pages;
	while (offset < end && host__mem_next_data(id, offset, end, &begin, &stop)) {
		total += stop - begin;
		offset = stop;
	}
	return total;
}

int host__mem_fd(int id, bool writable, bool *temporary)
{
	char path[32];
	int fd;

	*temporary = false;
	if (writable)
		return id;
	/* A mapping of a descriptor that cannot write can never be made writable. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", id);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*temporary = true;
	return fd;
}
