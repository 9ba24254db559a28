/*
 * Makes small ELF images in memory: a good program for Fuchsia to begin with, which a test then
 * changes. Nothing in it ever runs.
 */
#ifndef TESTS_LOADER_IMAGE_H
#define TESTS_LOADER_IMAGE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_PAGE 0x1000u
#define IMAGE_SIZE (3 * IMAGE_PAGE)
#define IMAGE_ENTRY 0x1010u
#define IMAGE_MAX_PHDRS 16u

/* The file: headers and small things (readable), a page of code, a page of data. */
struct image {
	unsigned char *bytes; /* IMAGE_SIZE of them */
	uint32_t used;        /* of the first page */
};

/* A static program: three segments, the last with bss behind it. Ends the test without memory. */
void image__init(struct image *image);
void image__free(struct image *image);

Elf64_Ehdr *image__ehdr(struct image *image);
/* The @index'th program header of @type; ends the test where there is none. */
Elf64_Phdr *image__phdr(struct image *image, uint32_t type, unsigned int index);
/* One more program header, with nothing in it but its type. */
Elf64_Phdr *image__add_phdr(struct image *image, uint32_t type);

void image__add_interp(struct image *image, const char *path);
/* PT_GNU_STACK that asks for @size bytes. */
void image__add_stack(struct image *image, uint64_t size);
void image__add_build_id(struct image *image, const void *id, uint32_t size);
/* The note that says for which system's C library a program was made; 0 is Linux. */
void image__add_abi_tag(struct image *image, uint32_t os);

/*
 * A dynamic section with the soname (NULL: none), up to 4 needed libraries and 16 undefined
 * symbols, both lists ending with NULL. @hash: DT_GNU_HASH or DT_HASH.
 */
void image__add_dynamic(struct image *image, int64_t hash, const char *soname,
			const char *const *needed, const char *const *imports);

#endif
