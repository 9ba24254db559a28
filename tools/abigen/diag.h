/* Where something stands in an input, and how errors about it are reported. */
#ifndef ABIGEN_DIAG_H
#define ABIGEN_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One input, whole in memory and terminated by a NUL beyond @len. */
struct source {
	char *path;
	char *text;
	size_t len;
};

/* @line and @col count from 1; columns are bytes. */
struct pos {
	const struct source *src;
	unsigned line, col;
};

/* Errors are written to @out; after @limit of them reading goes on in silence. */
struct diag {
	FILE *out;
	unsigned errors;
	unsigned limit;
};

/*
 * Report an error at @pos: `path:line:column: message`, the line, and a caret below the column.
 * Says once that more were left out when the limit is passed.
 */
void diag_error(struct diag *diag, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* True when the limit has been passed, and reading on is pointless. */
bool diag_full(const struct diag *diag);

#endif
