#include "compat/core/vmo_copy.h"

#include "compat/core/core.h"
#include "compat/core/vmo.h"

/* What is copied at a time: small copies go through the stack, others through a borrowed buffer. */
#define SMALL 512u
#define LARGE 65536u

struct bounce {
	char small[SMALL];
	char *data;
	size_t size;
};

static zx_status_t bounce__init(struct bounce *bounce, size_t size)
{
	bounce->data = bounce->small;
	bounce->size = SMALL;
	if (size <= SMALL)
		return ZX_OK;
	bounce->size = size < LARGE ? size : LARGE;
	bounce->data = arena__alloc_raw(bounce->size);
	return bounce->data ? ZX_OK : ZX_ERR_NO_MEMORY;
}

static void bounce__free(struct bounce *bounce)
{
	if (bounce->data != bounce->small)
		arena__free(bounce->data);
}

static zx_status_t check_range(struct vmo *vmo, uint64_t offset, size_t size)
{
	uint64_t limit = vmo__size(vmo);

	return offset <= limit && size <= limit - offset ? ZX_OK : ZX_ERR_OUT_OF_RANGE;
}

zx_status_t vmo__read_to_user(struct thread *self, struct vmo *vmo, uint64_t offset,
			      user_addr_t buffer, size_t size, size_t *done)
{
	zx_status_t status = check_range(vmo, offset, size);
	struct bounce bounce;
	size_t ignored;

	if (!done)
		done = &ignored;
	*done = 0;
	if (status == ZX_OK)
		status = bounce__init(&bounce, size);
	if (status != ZX_OK)
		return status;
	while (*done < size) {
		size_t run = size - *done < bounce.size ? size - *done : bounce.size;

		status = vmo__read(vmo, bounce.data, offset + *done, run);
		if (status == ZX_OK)
			status = user__copy_out(self, buffer + *done, bounce.data, run);
		if (status != ZX_OK)
			break;
		*done += run;
	}
	bounce__free(&bounce);
	return status;
}

zx_status_t vmo__write_from_user(struct thread *self, struct vmo *vmo, uint64_t offset,
				 user_addr_t buffer, size_t size, size_t *done)
{
	zx_status_t status = check_range(vmo, offset, size);
	struct bounce bounce;
	size_t ignored;

	if (!done)
		done = &ignored;
	*done = 0;
	if (status == ZX_OK)
		status = bounce__init(&bounce, size);
	if (status != ZX_OK)
		return status;
	while (*done < size) {
		size_t run = size - *done < bounce.size ? size - *done : bounce.size;

		status = user__copy_in(self, bounce.data, buffer + *done, run);
		if (status == ZX_OK)
			status = vmo__write(vmo, bounce.data, offset + *done, run);
		if (status != ZX_OK)
			break;
		*done += run;
	}
	bounce__free(&bounce);
	return status;
}
