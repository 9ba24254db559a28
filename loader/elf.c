#include "loader/elf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/elf_internal.h"

int elf_reader__bad(struct elf_reader *reader, const char *fmt, ...)
{
	char text[640];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return error__set(reader->error, EXIT_NO_EXEC, "%s: %s", reader->name, text);
}

int elf_reader__no_memory(struct elf_reader *reader)
{
	return error__set(reader->error, EXIT_ZXRUN, "%s: out of memory while reading it",
			  reader->name);
}

static int read_image(struct elf_reader *reader, struct elf_image *image)
{
	if (elf_reader__read_interp(reader, image))
		return -1;
	elf_reader__read_notes(reader, image);
	/* Linux first: "for Linux" tells a user more than "at a fixed address". */
	if (elf_reader__check_kind(reader))
		return -1;
	if (elf_reader__read_segments(reader, image))
		return -1;
	if (elf_reader__read_dynamic(reader, image))
		return -1;
	return elf_reader__check_kind(reader);
}

int elf_image__parse(struct elf_image *image, void *data, size_t size, const char *name,
		     struct error *error)
{
	struct elf_reader reader = {
		.data = data, .size = size, .name = name, .error = error,
	};
	Elf64_Ehdr *header = data;
	int err;

	memset(image, 0, sizeof(*image));
	if (elf_reader__check_header(&reader))
		return -1;
	/* Sections mean nothing to a loader: libelf need not look at what they say. */
	header->e_shoff = 0;
	header->e_shnum = 0;
	header->e_shstrndx = 0;

	elf_version(EV_CURRENT);
	reader.elf = elf_memory(data, size);
	if (!reader.elf)
		return elf_reader__no_memory(&reader);
	if (!gelf_getehdr(reader.elf, &reader.ehdr) ||
	    elf_getphdrnum(reader.elf, &reader.phnum) < 0)
		err = elf_reader__bad(&reader, "damaged ELF file (%s)", elf_errmsg(-1));
	else
		err = read_image(&reader, image);
	elf_end(reader.elf);
	if (err)
		elf_image__free(image);
	return err;
}

void elf_image__free(struct elf_image *image)
{
	for (size_t i = 0; i < image->num_imports; i++)
		free(image->imports[i]);
	free(image->imports);
	free(image->segments);
	free(image->interp);
	free(image->soname);
	memset(image, 0, sizeof(*image));
}

uint64_t elf__needed(const void *data, size_t size, uint64_t file_size)
{
	const char *bytes = data;
	Elf64_Ehdr header;
	uint64_t needed;

	if (size < sizeof(header))
		return file_size;
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_phentsize != sizeof(Elf64_Phdr) ||
	    header.e_phoff > size || header.e_phnum > (size - header.e_phoff) / sizeof(Elf64_Phdr))
		return file_size;
	needed = header.e_phoff + (uint64_t)header.e_phnum * sizeof(Elf64_Phdr);
	for (unsigned int i = 0; i < header.e_phnum; i++) {
		Elf64_Phdr phdr;
		uint64_t end;

		memcpy(&phdr, bytes + header.e_phoff + i * sizeof(phdr), sizeof(phdr));
		if (phdr.p_type == PT_NULL || phdr.p_type == PT_GNU_STACK)
			continue;
		if (__builtin_add_overflow(phdr.p_offset, phdr.p_filesz, &end) || end > file_size)
			return file_size;
		if (end > needed)
			needed = end;
	}
	return needed;
}
