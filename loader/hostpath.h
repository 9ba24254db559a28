/* Host files by the paths that programs know them by. */
#ifndef LOADER_HOSTPATH_H
#define LOADER_HOSTPATH_H

struct options;

/*
 * Opens the host file that programs see as @path in a directory of --map or --pkg, for reading.
 * Links that lead out of that directory are not followed. Returns a descriptor, or a negative errno.
 */
int hostpath__open(const struct options *options, const char *path);

#endif
