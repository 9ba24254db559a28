#include "loader/map.h"

#include <gelf.h>
#include <stdio.h>
#include <zircon/errors.h>
#include <zircon/vm_types.h>

#include "compat/core/era.h"
#include "compat/core/host.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"

/* One segment on its way into memory. */
struct segment_job {
	struct thread *caller;
	struct vmar *vmar;
	struct vmo *file;
	const char *file_name;
	uint32_t options;      /* ZX_VM_SPECIFIC and permissions */
	uint32_t private_prot; /* what handles to memory of its own allow in the process's era */
};

static uint64_t page_down(uint64_t value)
{
	return value & -ELF_PAGE;
}

static uint64_t page_up(uint64_t value)
{
	return page_down(value + ELF_PAGE - 1);
}

static zx_status_t map(const struct segment_job *job, struct vmo *vmo, uint32_t prot,
		       uint64_t vmar_offset, uint64_t vmo_offset, uint64_t size)
{
	uint64_t addr;

	return vmar__map(job->caller, job->vmar, job->options, vmar_offset, vmo, prot, vmo_offset,
			 size, &addr);
}

static void set_name(struct vmo *vmo, const char *prefix, const char *file_name)
{
	char name[ZX_MAX_NAME_LEN];

	snprintf(name, sizeof(name), "%s%s", prefix, file_name);
	vmo__set_name(vmo, name);
}

/* Whole pages of the file, @size bytes from the page-aligned @offset on. */
static zx_status_t map_file(const struct segment_job *job, uint64_t vmar_offset, uint64_t offset,
			    uint64_t size)
{
	struct vmo *copy;
	zx_status_t status;

	if (!(job->options & ZX_VM_PERM_WRITE))
		return map(job, job->file, HOST_PROT_READ | HOST_PROT_EXEC, vmar_offset, offset,
			   size);
	status = vmo__create_snapshot(job->file, offset, size, false, &copy);
	if (status != ZX_OK)
		return status;
	set_name(copy, "data:", job->file_name);
	status = map(job, copy, job->private_prot, vmar_offset, 0, size);
	object__put(&copy->object);
	return status;
}

/* Memory that begins with the @partial bytes at @offset of the file and is zero beyond. */
static zx_status_t map_zero(const struct segment_job *job, uint64_t vmar_offset, uint64_t offset,
			    uint64_t partial, uint64_t size)
{
	char page[ELF_PAGE];
	struct vmo *bss;
	zx_status_t status = vmo__create(size, false, &bss);

	if (status != ZX_OK)
		return status;
	set_name(bss, "bss:", job->file_name);
	if (partial) {
		status = vmo__read(job->file, page, offset, partial);
		if (status == ZX_OK)
			status = vmo__write(bss, page, 0, partial);
	}
	if (status == ZX_OK)
		status = map(job, bss, job->private_prot, vmar_offset, 0, size);
	object__put(&bss->object);
	return status;
}

static zx_status_t map_segment(const struct segment_job *job, const struct elf_segment *segment,
			       uint64_t low)
{
	uint64_t start = page_down(segment->vaddr - low);
	uint64_t size = page_up(segment->vaddr - low + segment->memsz) - start;
	uint64_t file_start = page_down(segment->offset);
	uint64_t file_end = segment->offset + segment->filesz;
	uint64_t whole, partial;
	zx_status_t status = ZX_OK;

	if (!segment->filesz)
		return map_zero(job, start, 0, 0, size);
	if (segment->filesz == segment->memsz)
		return map_file(job, start, file_start, size);
	/* The page that holds both data and zeros is one of those made for the zeros. */
	partial = file_end % ELF_PAGE;
	whole = page_down(file_end) - file_start;
	if (whole)
		status = map_file(job, start, file_start, whole);
	if (status == ZX_OK && size > whole)
		status = map_zero(job, start + whole, file_start + whole, partial, size - whole);
	return status;
}

static uint32_t options_of(uint32_t flags)
{
	uint32_t options = ZX_VM_SPECIFIC;

	/* Access without reading cannot be had: reading comes with it, as on Fuchsia. */
	if (flags & (PF_R | PF_W | PF_X))
		options |= ZX_VM_PERM_READ;
	if (flags & PF_W)
		options |= ZX_VM_PERM_WRITE;
	if (flags & PF_X)
		options |= ZX_VM_PERM_EXECUTE;
	return options;
}

zx_status_t mapped_image__map(struct mapped_image *mapped, struct thread *caller,
			      struct vmar *root, uint32_t era, const struct elf_image *image,
			      struct vmo *vmo)
{
	struct segment_job job = {
		.caller = caller,
		.file = vmo,
		.file_name = vmo->name,
		.private_prot = HOST_PROT_READ | HOST_PROT_WRITE,
	};
	zx_status_t status;

	if (era__of(era)->vmo_rights_execute)
		job.private_prot |= HOST_PROT_EXEC;
	status = vmar__allocate(root,
				ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE |
				ZX_VM_CAN_MAP_SPECIFIC, 0, image->span, &mapped->vmar,
				&mapped->base);
	if (status != ZX_OK)
		return status;
	mapped->bias = mapped->base - image->low;
	job.vmar = mapped->vmar;
	for (size_t i = 0; i < image->num_segments && status == ZX_OK; i++) {
		job.options = options_of(image->segments[i].flags);
		status = map_segment(&job, &image->segments[i], image->low);
	}
	if (status != ZX_OK)
		object__put(&mapped->vmar->object);
	return status;
}
