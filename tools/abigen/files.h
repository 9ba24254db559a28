/* Reading sources, and writing outputs so that none is ever left half-written. */
#ifndef ABIGEN_FILES_H
#define ABIGEN_FILES_H

#include <stdbool.h>

#include "diag.h"

/* Read @path, "-" for standard input. NULL with a message on stderr when it cannot be read. */
struct source *source_read(const char *path);
void source_free(struct source *src);

/* An output being written. Text goes to @text first, and to a file next to @path on staging. */
struct out_file {
	const char *path;	/* "-" for standard output; the caller's */
	char *text;
	size_t len;
	char *temp;		/* name of the staged file; NULL when written in place */
	bool same;	/* the destination has the text already: it only becomes newer */
};

/*
 * Write @file's text beside its destination (out_file_stage()), and then put it there
 * (out_file_commit()), or remove it (out_file_discard()). Failure is false, with a message on
 * stderr.
 */
bool out_file_stage(struct out_file *file);
bool out_file_commit(struct out_file *file);
void out_file_discard(struct out_file *file);	/* frees @text too */

#endif
