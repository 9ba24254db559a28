/* Shared by the files that read ELF; elf.h says what it is all about. */
#ifndef LOADER_ELF_INTERNAL_H
#define LOADER_ELF_INTERNAL_H

#include <gelf.h>
#include <libelf.h>

#include "loader/elf.h"

struct elf_reader {
	Elf *elf;
	GElf_Ehdr ehdr;
	size_t phnum;
	const char *data;
	uint64_t size;
	const char *name;
	struct error *error;
	/* What gives a program for Linux away, in words; empty while nothing does. */
	char linux_sign[320];
};

/* Fails with "NAME: ..." and EXIT_NO_EXEC. */
int elf_reader__bad(struct elf_reader *reader, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int elf_reader__no_memory(struct elf_reader *reader);

static inline bool elf_reader__in_file(const struct elf_reader *reader, uint64_t offset,
				       uint64_t size)
{
	return offset <= reader->size && size <= reader->size - offset;
}

/* elf_header.c: 0 where the file begins as an ELF file for x86-64 must, before libelf sees it. */
int elf_reader__check_header(struct elf_reader *reader);
/* elf_header.c: 0 where it is of the kind that Fuchsia loads; looks at linux_sign first. */
int elf_reader__check_kind(struct elf_reader *reader);
/* elf_segments.c: segments, span, entry, stack size. */
int elf_reader__read_segments(struct elf_reader *reader, struct elf_image *image);
/* elf_dynamic.c: soname and imports. A file without a dynamic section has none. */
int elf_reader__read_dynamic(struct elf_reader *reader, struct elf_image *image);
/* elf_notes.c: interpreter, build id, and the signs of Linux that these carry. */
int elf_reader__read_interp(struct elf_reader *reader, struct elf_image *image);
void elf_reader__read_notes(struct elf_reader *reader, struct elf_image *image);

#endif
