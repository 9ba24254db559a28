/* Puts an ELF image into a process's address space, as elfload and process_builder do. */
#ifndef LOADER_MAP_H
#define LOADER_MAP_H

#include <stdint.h>
#include <zircon/types.h>

#include "loader/elf.h"

struct thread;
struct vmar;
struct vmo;

struct mapped_image {
	struct vmar *vmar; /* holds the segments; referenced */
	uint64_t base;     /* of that VMAR */
	uint64_t bias;     /* what to add to addresses in the file, modulo 2^64 */
};

/*
 * Maps the segments of @image, whose file is @vmo, into a new VMAR below @root, in the way of @era.
 * Pages of read-only segments are the file's own, those of writable ones a copy, and what a
 * segment has beyond the file is zero. @caller: the thread that asks. The caller puts
 * @mapped->vmar after success.
 * Errors: as zx_vmar_allocate, zx_vmar_map, zx_vmo_create; what was mapped stays then.
 */
zx_status_t mapped_image__map(struct mapped_image *mapped, struct thread *caller,
			      struct vmar *root, uint32_t era, const struct elf_image *image,
			      struct vmo *vmo);

#endif
