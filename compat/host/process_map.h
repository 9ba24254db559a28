/* What lies where in a process, for those who tell people about it: mappings, and ELF images. */
#ifndef COMPAT_HOST_PROCESS_MAP_H
#define COMPAT_HOST_PROCESS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/syscalls/object.h>

#include "compat/crash/protocol.h"

struct process;
struct vmo;

struct host_map {
	uint64_t base;
	uint64_t size;
	uint64_t offset; /* in the VMO */
	uint32_t prot;   /* HOST_PROT_* */
	struct vmo *vmo; /* referenced */
	char name[ZX_MAX_NAME_LEN]; /* of the VMO, printable */
};

struct host_maps {
	struct host_map *list; /* sorted by address */
	size_t count;
};

/* Errors: false where there is no memory for it. A process that has ended has none. */
bool host_maps__collect(struct host_maps *maps, struct process *process);
void host_maps__free(struct host_maps *maps);
/* The one that holds @addr, or NULL. */
const struct host_map *host_maps__find(const struct host_maps *maps, uint64_t addr);

/*
 * Finds the ELF images among @maps, at most @room of them, as they describe themselves in the
 * memory of @process. @first: for each the index of the map that it begins with.
 */
size_t host_maps__modules(const struct host_maps *maps, struct process *process,
			  struct crash_module *modules, size_t *first, size_t room);

#endif
