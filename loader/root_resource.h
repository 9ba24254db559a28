/* --root-resource: what the first program of a booted Zircon finds beside other programs' handles. */
#ifndef LOADER_ROOT_RESOURCE_H
#define LOADER_ROOT_RESOURCE_H

#include <stdint.h>
#include <zircon/types.h>

struct bootstrap;

/* Adds the resources that allow everything, as a program of @era gets them. */
zx_status_t root_resource__add(struct bootstrap *bootstrap, uint32_t era);

#endif
