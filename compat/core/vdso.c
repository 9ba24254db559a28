#include "compat/core/vdso.h"

#include <stddef.h>

#include "compat/core/core.h"

/* What is needed of an ELF file's headers (System V ABI, chapter 4 and 5; 64 bits). */
struct elf_header {
	char ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
};

struct elf_phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

_Static_assert(offsetof(struct elf_header, phnum) == 56, "as in the file");
_Static_assert(sizeof(struct elf_phdr) == 56, "as in the file");

#define ELF_LOAD 1u
#define ELF_EXECUTABLE 1u

/* The pages of the segment that holds the code of @vmo. ZX_ERR_ACCESS_DENIED where it has none. */
static zx_status_t find_code(struct vmo *vmo, uint64_t *offset, uint64_t *size)
{
	struct elf_header header;

	if (vmo__read(vmo, &header, 0, sizeof(header)) != ZX_OK)
		return ZX_ERR_ACCESS_DENIED;
	for (uint64_t i = 0; i < header.phnum; i++) {
		struct elf_phdr segment;
		uint64_t end;

		if (vmo__read(vmo, &segment, header.phoff + i * sizeof(segment), sizeof(segment)) !=
		    ZX_OK)
			return ZX_ERR_ACCESS_DENIED;
		if (segment.type != ELF_LOAD || !(segment.flags & ELF_EXECUTABLE))
			continue;
		end = (segment.offset + segment.filesz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		*offset = segment.offset & ~(PAGE_SIZE - 1);
		*size = end - *offset;
		return ZX_OK;
	}
	return ZX_ERR_ACCESS_DENIED;
}

zx_status_t vdso__check_map(const struct process *process, const struct mapping *mapping,
			    uint64_t *code_offset)
{
	uint64_t size;
	zx_status_t status;

	if (process->vdso_code_size)
		return ZX_ERR_ACCESS_DENIED;
	status = find_code(mapping->vmo, code_offset, &size);
	if (status != ZX_OK)
		return status;
	if (mapping->vmo_offset != *code_offset || mapping->region.size != size)
		return ZX_ERR_ACCESS_DENIED;
	return ZX_OK;
}

void vdso__mapped(struct process *process, const struct mapping *mapping, uint64_t code_offset)
{
	process->vdso_code = mapping->region.base;
	process->vdso_code_size = mapping->region.size;
	process->vdso_base = mapping->region.base - code_offset;
}

bool vdso__in_range(const struct process *process, uint64_t addr, uint64_t size)
{
	return process->vdso_code_size && process->vdso_code < addr + size &&
	       addr < process->vdso_code + process->vdso_code_size;
}
