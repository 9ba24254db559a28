/* Mapping of an ELF file's segments. */
#include "interp.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>

#include "era.h"
#include "string.h"

#define PAGE_SIZE 4096ul
#define PAGE_DOWN(value) ((value) & ~(PAGE_SIZE - 1))
#define PAGE_UP(value) PAGE_DOWN((value) + PAGE_SIZE - 1)

/* Up to 2019-01 this was another call, whose children could be resized without asking. */
#define VMO_CLONE_COPY_ON_WRITE_2018 1u

/* The headers of the file that is being mapped: they lie in its first page. */
static uint8_t file_start[PAGE_SIZE] __attribute__((aligned(8)));

static const struct elf64_segment *segments(void)
{
	const struct elf64_header *header = (const void *)file_start;

	return (const void *)(file_start + header->phoff);
}

static int segment_count(void)
{
	return ((const struct elf64_header *)file_start)->phnum;
}

static bool read_headers(zx_handle_t vmo)
{
	const struct elf64_header *header = (const void *)file_start;
	uint32_t magic;
	uint64_t size;

	if (zx_vmo_get_size(vmo, &size) != ZX_OK || size < sizeof(*header))
		return false;
	memset(file_start, 0, sizeof(file_start));
	if (zx_vmo_read(vmo, file_start, 0, size < PAGE_SIZE ? size : PAGE_SIZE) != ZX_OK)
		return false;
	memcpy(&magic, header->ident, sizeof(magic));
	return magic == ELF_IDENT_MAGIC && header->ident[4] == ELF_CLASS_64 &&
	       header->ident[5] == ELF_DATA_LSB && header->type == ELF_TYPE_DYN &&
	       header->machine == ELF_MACHINE_X86_64 &&
	       header->phentsize == sizeof(struct elf64_segment) && header->phoff % 8 == 0 &&
	       header->phoff <= PAGE_SIZE &&
	       header->phnum <= (PAGE_SIZE - header->phoff) / sizeof(struct elf64_segment);
}

/* A private copy of the part of a file that a data segment starts from. */
static zx_status_t copy_data(zx_handle_t vmo, uint64_t offset, uint64_t size, uint64_t total,
			     zx_handle_t *copy)
{
	zx_status_t status;

	if (!size)
		return zx_vmo_create(total, 0, copy);
#if RT_ERA == 2018
	status = zx_vmo_clone(vmo, VMO_CLONE_COPY_ON_WRITE_2018, offset, size, copy);
#else
	status = zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE |
						  ZX_VMO_CHILD_RESIZABLE,
				     offset, size, copy);
#endif
	if (status == ZX_OK && total > size) {
		status = zx_vmo_set_size(*copy, total);
		if (status != ZX_OK)
			zx_handle_close(*copy);
	}
	return status;
}

static uint32_t permissions(uint32_t flags)
{
	uint32_t options = 0;

	if (flags & ELF_PF_R)
		options |= ZX_VM_PERM_READ;
	if (flags & ELF_PF_W)
		options |= ZX_VM_PERM_WRITE;
	if (flags & ELF_PF_X)
		options |= ZX_VM_PERM_EXECUTE;
	return options;
}

static zx_status_t map_segment(struct module *module, const struct elf64_segment *segment,
			       zx_handle_t vmo)
{
	uintptr_t start = PAGE_DOWN(segment->vaddr);
	uintptr_t file_end = segment->vaddr + segment->filesz;
	size_t total = PAGE_UP(segment->vaddr + segment->memsz) - start;
	uint64_t offset = PAGE_DOWN(segment->offset);
	size_t at = module->image.bias + start - module->base;
	uint32_t options = ZX_VM_SPECIFIC | permissions(segment->flags);
	zx_handle_t copy = ZX_HANDLE_INVALID;
	zx_vaddr_t mapped;
	zx_status_t status;

	if (!total)
		return ZX_OK;
	if (segment->flags & ELF_PF_W) {
		size_t data = segment->filesz ? PAGE_UP(file_end) - start : 0;

		status = copy_data(vmo, offset, data, total, &copy);
		if (status != ZX_OK)
			return status;
		vmo = copy;
		offset = 0;
	} else if (segment->memsz > segment->filesz) {
		return ZX_ERR_NOT_SUPPORTED;
	}
	status = zx_vmar_map(module->vmar, options, at, vmo, offset, total, &mapped);
	if (copy != ZX_HANDLE_INVALID)
		zx_handle_close(copy);
	if (status != ZX_OK)
		return status;

	/* What the file has behind the data, in its last page, is not the program's. */
	if (segment->flags & ELF_PF_W && segment->filesz && segment->memsz > segment->filesz)
		memset((void *)(module->image.bias + file_end), 0, PAGE_UP(file_end) - file_end);
	return ZX_OK;
}

static bool find_extent(uint64_t *low, uint64_t *high, uint64_t *dynamic)
{
	const struct elf64_segment *segment = segments();
	int i;

	*low = UINT64_MAX;
	*high = 0;
	*dynamic = 0;
	for (i = 0; i < segment_count(); i++, segment++) {
		if (segment->type == ELF_PT_DYNAMIC)
			*dynamic = segment->vaddr;
		if (segment->type != ELF_PT_LOAD)
			continue;
		if (segment->vaddr % PAGE_SIZE != segment->offset % PAGE_SIZE)
			return false;
		if (segment->vaddr < *low)
			*low = segment->vaddr;
		if (segment->vaddr + segment->memsz > *high)
			*high = segment->vaddr + segment->memsz;
	}
	*low = PAGE_DOWN(*low);
	*high = PAGE_UP(*high);
	return *low < *high && *dynamic;
}

void module__map(struct module *module, const char *name, zx_handle_t vmo, zx_handle_t parent)
{
	const struct elf64_segment *segment;
	uint64_t low, high, dynamic;
	zx_status_t status;
	int i;

	if (!read_headers(vmo) || !find_extent(&low, &high, &dynamic))
		interp_die("%s: not a program or library for this machine", name);
	status = zx_vmar_allocate(parent,
				  ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
					  ZX_VM_CAN_MAP_EXECUTE | ZX_VM_CAN_MAP_SPECIFIC,
				  0, high - low, &module->vmar, &module->base);
	if (status != ZX_OK)
		interp_die("%s: no address space (%d)", name, status);

	module->image.bias = module->base - low;
	for (i = 0, segment = segments(); i < segment_count(); i++, segment++) {
		if (segment->type == ELF_PT_TLS)
			interp_die("%s: thread-local data is not supported", name);
		if (segment->type == ELF_PT_GNU_RELRO) {
			module->relro_start = PAGE_DOWN(module->image.bias + segment->vaddr);
			module->relro_end = PAGE_DOWN(module->image.bias + segment->vaddr +
						      segment->memsz);
		}
		if (segment->type != ELF_PT_LOAD)
			continue;
		status = map_segment(module, segment, vmo);
		if (status != ZX_OK)
			interp_die("%s: can't map a segment (%d)", name, status);
	}
	module->entry = module->image.bias + ((const struct elf64_header *)file_start)->entry;
	elf_image__init(&module->image, module->image.bias,
			(const void *)(module->image.bias + dynamic));
}

void module__protect(struct module *module)
{
	zx_status_t status;

	if (module->relro_start < module->relro_end) {
		status = zx_vmar_protect(module->vmar, ZX_VM_PERM_READ, module->relro_start,
					 module->relro_end - module->relro_start);
		if (status != ZX_OK)
			interp_die("%s: can't protect its data (%d)", module->name, status);
	}
	zx_handle_close(module->vmar);
	module->vmar = ZX_HANDLE_INVALID;
}
