/* Where ld.so.1 and libraries are looked for: host directories, in order. */
#ifndef LOADER_SEARCH_H
#define LOADER_SEARCH_H

#include <stddef.h>

#include "loader/error.h"
#include "loader/file.h"
#include "loader/options.h"

struct search {
	char **dirs; /* owned, ends with NULL */
	size_t num_dirs;
};

/*
 * The --lib directories, the package's lib, then lib beside the program's folder, and that folder
 * itself; each once. Errors: EXIT_ZXRUN.
 */
int search__init(struct search *search, const struct options *options, struct error *error);
void search__free(struct search *search);

/*
 * Opens the first file @name that is found; @wanted_by names in messages who wants it. A file that
 * is there and cannot be run is an error; the search does not go on. Errors: EXIT_NOT_FOUND with a
 * line that tells all directories, and those of program_file__open().
 */
int search__open(const struct search *search, const char *name, const char *wanted_by,
		 struct program_file *file, struct error *error);

/* Writes "A, B and C" of all directories to @text, cut where it does not fit. */
void search__describe(const struct search *search, char *text, size_t size);

#endif
