/* A program file or an interpreter on the host: opened, and its ELF part read. */
#ifndef LOADER_FILE_H
#define LOADER_FILE_H

#include "loader/elf.h"
#include "loader/error.h"

struct program_file {
	char *path;
	int fd;
	struct elf_image image;
};

/*
 * Opens @path and reads what it is: something that can be started, with its entry checked.
 * Errors: EXIT_NOT_FOUND, EXIT_NO_EXEC, EXIT_ZXRUN.
 * program_file__close() only after success.
 */
int program_file__open(struct program_file *file, const char *path, struct error *error);
void program_file__close(struct program_file *file);

/* The part of @path after its last slash; it belongs to @path. */
const char *path__base(const char *path);

#endif
