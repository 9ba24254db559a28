/*
 * A mapped ELF image: its dynamic section, symbol lookup and relocation.
 *
 * Used by a static program for itself and the vDSO, and by the interpreter for
 * everything that it loads. Nothing here calls the system.
 */
#ifndef RT_ELF_IMAGE_H
#define RT_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf64.h"

struct elf_image {
	/* Added to every address in the file to get the address in memory. */
	uintptr_t bias;
	const struct elf64_dynamic *dynamic;
	const char *strings;
	const struct elf64_symbol *symbols;
	const uint32_t *gnu_hash;
	const char *soname;
};

/*
 * Finds the address of the symbol `name`. Returns false when there is none.
 */
typedef bool (*elf_resolve_fn)(void *ctx, const char *name, uint64_t *value);

/* Fills `image` from the dynamic section of an image loaded with `bias`. */
void elf_image__init(struct elf_image *image, uintptr_t bias, const struct elf64_dynamic *dynamic);

/*
 * Fills `image` from the ELF header at `base`, whose segments are mapped as the file lays
 * them out. False when there is no dynamic section.
 */
bool elf_image__init_at(struct elf_image *image, const void *base);

/* The value of a dynamic entry, or `none` when the image has no such entry. */
uint64_t elf_image__dynamic(const struct elf_image *image, int64_t tag, uint64_t none);

/* Looks `name` up among the image's exported symbols (DT_GNU_HASH). */
bool elf_image__lookup(const struct elf_image *image, const char *name, uint64_t *value);

/*
 * Applies the relocations that need no symbol. They come first: until then no pointer in
 * the image's data is right.
 */
void elf_image__relocate_relative(const struct elf_image *image);

/*
 * Applies the relocations against symbols; `resolve` is asked for each of them. A weak symbol
 * that nobody has is 0. Returns NULL when all is well, else the name of the
 * first symbol that was not found, or a text in brackets when the relocation itself is of a kind
 * that isn't supported.
 */
const char *elf_image__relocate_symbols(const struct elf_image *image, elf_resolve_fn resolve,
					void *ctx);

#endif
