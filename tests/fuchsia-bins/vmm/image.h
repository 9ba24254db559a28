/* The images of guests: files in the monitor's namespace. */
#ifndef VMM_IMAGE_H
#define VMM_IMAGE_H

#include "machine.h"

struct image {
	zx_vaddr_t addr; /* where the monitor has it mapped, for reading */
	uint64_t size;
};

/* What the processor begins with. */
struct entry {
	uint64_t rip;
	uint64_t rdi;
	uint64_t rsi;
};

/* @path begins with a directory of the namespace, as in /pkg/guest.bin. */
zx_status_t image__open(struct image *image, const char *path);

/* An image that runs as it is, at PLATFORM_IMAGE. */
zx_status_t image__load_flat(const struct image *image, struct machine *machine,
			     const char *command_line, struct entry *out);

/* Copies a part of the image into the guest. Errors: ZX_ERR_OUT_OF_RANGE. */
zx_status_t image__copy(const struct image *image, uint64_t offset, uint64_t size,
			struct machine *machine, uint64_t addr);
/* Puts the command line to its place. Errors: ZX_ERR_OUT_OF_RANGE. */
zx_status_t image__set_command_line(struct machine *machine, const char *command_line);

#endif
