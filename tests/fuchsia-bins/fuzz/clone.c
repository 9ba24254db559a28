/*
 * A copy of this program, as it is in memory now, in a new process and at the same addresses: what
 * points to something points to the copy of it there. Only the handles mean nothing.
 */
#include <zircon/errors.h>

#include "elf_image.h"
#include "fuzz.h"
#include "string.h"
#include "vmar.h"

#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define STACK_SIZE (16 * PAGE)

extern const struct elf64_header __ehdr_start __attribute__((visibility("hidden")));

static zx_status_t base_of(zx_handle_t vmar, uint64_t *base)
{
	zx_info_vmar_t info;
	zx_status_t status =
		zx_object_get_info(vmar, ZX_INFO_VMAR, &info, sizeof(info), NULL, NULL);

	*base = info.base;
	return status;
}

/* A new VMO with what lies in [start, start + size), mapped there. */
static zx_status_t copy_segment(zx_handle_t vmar, uint64_t root, uint32_t options, uint64_t start,
				uint64_t size)
{
	zx_vaddr_t at;
	zx_handle_t vmo;
	zx_status_t status = zx_vmo_create(size, 0, &vmo);

	if (status != ZX_OK)
		return status;
	status = zx_vmo_write(vmo, (const void *)start, 0, size);
	if (status == ZX_OK && options & ZX_VM_PERM_EXECUTE)
		status = zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo);
	if (status == ZX_OK)
		status = rt_vmar__map(vmar, options | ZX_VM_SPECIFIC, start - root, vmo, 0, size,
				      &at);
	zx_handle_close(vmo);
	return status;
}

static uint32_t options_of(const struct elf64_segment *segment)
{
	return ZX_VM_PERM_READ | (segment->flags & ELF_PF_W ? ZX_VM_PERM_WRITE : 0) |
	       (segment->flags & ELF_PF_X ? ZX_VM_PERM_EXECUTE : 0);
}

static zx_status_t copy_program(zx_handle_t vmar, uint64_t root)
{
	uint64_t bias = (uintptr_t)&__ehdr_start;
	const struct elf64_segment *segment = (const void *)(bias + __ehdr_start.phoff);
	zx_status_t status = ZX_OK;

	for (int i = 0; i < __ehdr_start.phnum && status == ZX_OK; i++) {
		uint64_t start = (bias + segment[i].vaddr) & ~(PAGE - 1);
		uint64_t end = (bias + segment[i].vaddr + segment[i].memsz + PAGE - 1) & ~(PAGE - 1);

		if (segment[i].type == ELF_PT_LOAD)
			status = copy_segment(vmar, root, options_of(&segment[i]), start, end - start);
	}
	return status;
}

/* As its program headers say; Zircon allows it in no other way. */
static zx_status_t map_vdso(zx_handle_t parent, uint64_t root)
{
	const struct elf64_header *header = rt_boot.vdso;
	const struct elf64_segment *segment = (const void *)((const char *)header + header->phoff);
	zx_handle_t vmo = rt_boot__handle(PA_VMO_VDSO, 0);
	zx_status_t status = ZX_OK;

	for (int i = 0; i < header->phnum && status == ZX_OK; i++) {
		uint64_t start = segment[i].vaddr & ~(PAGE - 1);
		uint64_t end = (segment[i].vaddr + segment[i].memsz + PAGE - 1) & ~(PAGE - 1);
		zx_vaddr_t at;

		if (segment[i].type == ELF_PT_LOAD)
			status = rt_vmar__map(parent, options_of(&segment[i]) | ZX_VM_SPECIFIC,
					      (uintptr_t)header + start - root, vmo,
					      segment[i].offset & ~(PAGE - 1), end - start, &at);
	}
	return status;
}

static zx_status_t map_stack(zx_handle_t vmar, zx_vaddr_t *top)
{
	zx_handle_t vmo;
	zx_status_t status = zx_vmo_create(STACK_SIZE, 0, &vmo);

	if (status != ZX_OK)
		return status;
	status = rt_vmar__map(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0, STACK_SIZE, top);
	*top += STACK_SIZE;
	zx_handle_close(vmo);
	return status;
}

static zx_status_t start(struct clone *clone, void (*entry)(zx_handle_t channel, uintptr_t arg))
{
	zx_handle_t thread = ZX_HANDLE_INVALID;
	zx_handle_t theirs;
	zx_vaddr_t stack;
	uint64_t root;
	zx_status_t status = base_of(clone->vmar, &root);

	if (status == ZX_OK)
		status = copy_program(clone->vmar, root);
	if (status == ZX_OK)
		status = map_vdso(clone->vmar, root);
	if (status == ZX_OK)
		status = map_stack(clone->vmar, &stack);
	if (status == ZX_OK)
		status = zx_thread_create(clone->process, "clone", 5, 0, &thread);
	if (status == ZX_OK)
		status = zx_channel_create(0, &clone->channel, &theirs);
	if (status == ZX_OK)
		status = zx_process_start(clone->process, thread, (uintptr_t)entry, stack - 8, theirs,
					  (uintptr_t)rt_boot.vdso);
	zx_handle_close(thread);
	return status;
}

zx_status_t clone__start(struct clone *clone, zx_handle_t job, const char *name,
			 void (*entry)(zx_handle_t channel, uintptr_t arg))
{
	zx_status_t status;

	*clone = (struct clone){ 0 };
	status = zx_process_create(job, name, strlen(name), 0, &clone->process, &clone->vmar);
	if (status == ZX_OK)
		status = start(clone, entry);
	if (status != ZX_OK)
		clone__close(clone);
	return status;
}

void clone__close(struct clone *clone)
{
	zx_handle_t handles[] = { clone->process, clone->vmar, clone->channel };

	zx_handle_close_many(handles, RT_ARRAY_SIZE(handles));
	*clone = (struct clone){ 0 };
}
