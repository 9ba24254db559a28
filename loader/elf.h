/*
 * What zxrun has to know of an ELF file before it maps it: read and checked once, through
 * elfutils, so that nothing after it meets a number that it cannot trust.
 */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/error.h"

#define ELF_PAGE 4096ull

/* A PT_LOAD with something in it. Sorted by @vaddr; no two of them share a page of memory. */
struct elf_segment {
	uint64_t vaddr;
	uint64_t offset; /* @filesz bytes from here on; same place in a page as @vaddr */
	uint64_t filesz;
	uint64_t memsz;  /* not less than @filesz */
	uint32_t flags;  /* PF_* */
};

struct elf_image {
	struct elf_segment *segments;
	size_t num_segments;
	uint64_t low;        /* page of the first segment */
	uint64_t span;       /* bytes from there to the end of the last one, whole pages */
	uint64_t entry;      /* 0: none; else see elf_image__check_entry() */
	char *interp;        /* NULL: none asked for */
	char *soname;        /* NULL: none */
	uint64_t stack_size; /* what PT_GNU_STACK asks for in bytes; 0: nothing */
	/* Names of the undefined symbols that begin with zx_ or _zx_, without that. */
	char **imports;
	size_t num_imports;
	uint8_t build_id[64];
	size_t build_id_size;
};

/*
 * Reads an ELF image of @size bytes at @data; @name is for messages only. The section headers'
 * place is wiped out in @data, as loading goes by the segments alone. Returns 0; or -1 with
 * EXIT_NO_EXEC where it is no program that Fuchsia on x86-64 could load, or EXIT_ZXRUN where
 * there is no memory. elf_image__free() only after success.
 */
int elf_image__parse(struct elf_image *image, void *data, size_t size, const char *name,
		     struct error *error);
void elf_image__free(struct elf_image *image);
/* 0 where execution can begin at the entry; else -1 with EXIT_NO_EXEC. */
int elf_image__check_entry(const struct elf_image *image, const char *name, struct error *error);

/*
 * How much of the beginning of the file elf_image__parse() wants to see, by the first @size bytes
 * of it; @file_size where these do not tell. Debug information mostly lies beyond.
 */
uint64_t elf__needed(const void *data, size_t size, uint64_t file_size);

#endif
