/*
 * The segments. Taken is what elfload and ld.so.1 of 2018 to 2021 take: PT_LOADs in ascending
 * order, each on pages of its own; nothing else matters to where a program may put them.
 */
#include <stdlib.h>

#include "loader/elf_internal.h"

/* Half of the address space: what is larger fits nowhere beside stack and libraries. */
#define MAX_SPAN (1ull << 46)

static uint64_t page_down(uint64_t value)
{
	return value & -ELF_PAGE;
}

static uint64_t page_up(uint64_t value)
{
	return (value + ELF_PAGE - 1) & -ELF_PAGE;
}

static int check_segment(struct elf_reader *reader, size_t index, const GElf_Phdr *phdr)
{
	const unsigned long long offset = phdr->p_offset;
	const unsigned long long vaddr = phdr->p_vaddr;

	if (phdr->p_filesz > phdr->p_memsz)
		return elf_reader__bad(reader, "damaged ELF file (segment %zu has more bytes in "
				       "the file than in memory)", index);
	if (!elf_reader__in_file(reader, phdr->p_filesz ? phdr->p_offset : 0, phdr->p_filesz))
		return elf_reader__bad(reader, "truncated ELF file (segment %zu wants %llu bytes "
				       "at %#llx, %llu bytes in all)", index,
				       (unsigned long long)phdr->p_filesz, offset,
				       (unsigned long long)reader->size);
	if (vaddr > MAX_SPAN || phdr->p_memsz > MAX_SPAN)
		return elf_reader__bad(reader, "segment %zu (%#llx bytes at %#llx) fits in no "
				       "address space", index, (unsigned long long)phdr->p_memsz,
				       vaddr);
	if (phdr->p_align & (phdr->p_align - 1))
		return elf_reader__bad(reader, "damaged ELF file (segment %zu is aligned to %#llx)",
				       index, (unsigned long long)phdr->p_align);
	if (phdr->p_filesz && (offset - vaddr) % ELF_PAGE)
		return elf_reader__bad(reader, "segment %zu cannot be mapped: it lies at %#llx of "
				       "its page in the file, at %#llx in memory", index,
				       offset % ELF_PAGE, vaddr % ELF_PAGE);
	return 0;
}

static int add_segment(struct elf_reader *reader, struct elf_image *image, size_t index,
		       const GElf_Phdr *phdr)
{
	struct elf_segment *segment = &image->segments[image->num_segments];

	if (check_segment(reader, index, phdr))
		return -1;
	*segment = (struct elf_segment){
		.vaddr = phdr->p_vaddr,
		.offset = phdr->p_offset,
		.filesz = phdr->p_filesz,
		.memsz = phdr->p_memsz,
		.flags = phdr->p_flags,
	};
	if (image->num_segments) {
		const struct elf_segment *last = segment - 1;

		if (segment->vaddr < last->vaddr)
			return elf_reader__bad(reader, "damaged ELF file (segment %zu is out of "
					       "order)", index);
		if (page_down(segment->vaddr) < page_up(last->vaddr + last->memsz))
			return elf_reader__bad(reader, "segment %zu shares memory with the one "
					       "before it", index);
	}
	image->num_segments++;
	return 0;
}

int elf_image__check_entry(const struct elf_image *image, const char *name, struct error *error)
{
	if (!image->entry)
		return error__set(error, EXIT_NO_EXEC,
				  "%s: no entry point; is it a shared library?", name);
	for (size_t i = 0; i < image->num_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (image->entry >= segment->vaddr &&
		    image->entry - segment->vaddr < segment->memsz && segment->flags & PF_X)
			return 0;
	}
	return error__set(error, EXIT_NO_EXEC,
			  "%s: damaged ELF file (there is no code at its entry point %#llx)", name,
			  (unsigned long long)image->entry);
}

int elf_reader__read_segments(struct elf_reader *reader, struct elf_image *image)
{
	const struct elf_segment *last;

	image->segments = calloc(reader->phnum, sizeof(*image->segments));
	if (!image->segments)
		return elf_reader__no_memory(reader);
	for (size_t i = 0; i < reader->phnum; i++) {
		GElf_Phdr phdr;

		if (!gelf_getphdr(reader->elf, i, &phdr))
			return elf_reader__bad(reader, "damaged ELF file (%s)", elf_errmsg(-1));
		if (phdr.p_type == PT_GNU_STACK && !image->stack_size)
			image->stack_size = phdr.p_memsz;
		if (phdr.p_type == PT_LOAD && phdr.p_memsz &&
		    add_segment(reader, image, i, &phdr))
			return -1;
	}
	if (!image->num_segments)
		return elf_reader__bad(reader, "no PT_LOAD segment, so there is nothing to load");
	last = &image->segments[image->num_segments - 1];
	image->low = page_down(image->segments[0].vaddr);
	image->span = page_up(last->vaddr + last->memsz) - image->low;
	if (image->span > MAX_SPAN)
		return elf_reader__bad(reader, "its segments span %#llx bytes, more than an "
				       "address space has", (unsigned long long)image->span);
	image->entry = reader->ehdr.e_entry;
	return 0;
}
