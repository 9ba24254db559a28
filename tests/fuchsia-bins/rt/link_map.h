/* How a dynamic linker tells debuggers what it has loaded: the list that <link.h> describes. */
#ifndef RT_LINK_MAP_H
#define RT_LINK_MAP_H

#include <stdint.h>

struct elf64_dynamic;

struct link_map {
	uintptr_t bias;
	const char *name;
	const struct elf64_dynamic *dynamic;
	struct link_map *next;
	struct link_map *previous;
};

enum link_state { LINK_CONSISTENT, LINK_ADDS, LINK_DELETES };

/* What ZX_PROP_PROCESS_DEBUG_ADDR points at. */
struct link_debug {
	int version;
	struct link_map *map;
	uintptr_t changed;	/* a function that is called when the list changes */
	int state;
	uintptr_t linker;	/* its own base */
};

#endif
