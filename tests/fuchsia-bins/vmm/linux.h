/* Linux's kernel as a guest, by its 64-bit boot protocol. */
#ifndef VMM_LINUX_H
#define VMM_LINUX_H

#include "image.h"

/* Whether it is a bzImage, or the ELF file that lies in one. */
bool linux__knows(const struct image *image);

/* Loads it, and adds what it looks for and does not find here as devices without effect. */
zx_status_t linux__load(const struct image *image, struct machine *machine,
			const char *command_line, struct entry *out);

#endif
