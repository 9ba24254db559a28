/* Programs and libraries that are VMOs already. */
#ifndef LOADER_VMO_IMAGE_H
#define LOADER_VMO_IMAGE_H

#include <zircon/types.h>

#include "loader/elf.h"
#include "loader/error.h"

struct vmo;

/*
 * As elf_image__parse(), from @vmo. elf_image__free() only after success.
 * Errors: ZX_ERR_NOT_FOUND where Fuchsia could not load it (@error says why), which is what its own
 * launchers answer, ZX_ERR_NO_MEMORY, and those of reading it.
 */
zx_status_t vmo_image__parse(struct elf_image *image, struct vmo *vmo, const char *name,
			     struct error *error);

#endif
