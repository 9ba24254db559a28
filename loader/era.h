/* The era of a program, found from what it takes from the vDSO. */
#ifndef LOADER_ERA_H
#define LOADER_ERA_H

#include <stdint.h>

#include "loader/elf.h"

/*
 * The era (enum zxabi_era) of @program, which @interp (NULL: none) starts. Names of calls came and
 * went: those that both import leave some dates over, and of these it is
 *  - the newest, for a program that runs without Fuchsia's C library;
 *  - otherwise 2020-07 where that is left over, else the newest. The C libraries of 2020-07 and
 *    2021-01 import the same names, and where the two dates differ the older meaning is the one
 *    that both know; that of a later one would show by its imports.
 */
uint32_t loader_era__detect(const struct elf_image *program, const struct elf_image *interp);

#endif
