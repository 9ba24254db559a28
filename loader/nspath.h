/* Paths in a program's namespace. */
#ifndef LOADER_NSPATH_H
#define LOADER_NSPATH_H

#include <stdbool.h>

#include "loader/error.h"

/*
 * 0 where @path is one that a directory can be shown at: absolute, with at least one component,
 * none of them empty, "." or "..", at most 4095 bytes (fuchsia.io's limit of a path).
 */
int nspath__check(const char *path, struct error *error);

/* True where @path is @dir or lies below it. */
bool nspath__below(const char *path, const char *dir);

#endif
