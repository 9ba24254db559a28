/*
 * A failure on its way up: what zxrun will say about it, in one line, and the exit status that it
 * ends with. Functions that fill one in return -1; main() prints it.
 */
#ifndef LOADER_ERROR_H
#define LOADER_ERROR_H

#include <zircon/types.h>

/* zxrun's own exit statuses, those that a shell has for the same trouble. */
#define EXIT_ZXRUN 125    /* zxrun itself failed, or was called wrongly */
#define EXIT_NO_EXEC 126  /* the program is there but cannot be run */
#define EXIT_NOT_FOUND 127
#define EXIT_EXCEPTION 134 /* the program died of an exception that nobody handled */
#define EXIT_SIGNAL 128    /* and the signal's number on top */

struct error {
	int exit_code;
	char text[1024];
};

/* Fills in @error and returns -1; text that does not fit is cut. */
int error__set(struct error *error, int exit_code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts '?' for control characters: names come from outside, and one line must stay one line. */
void text__clean(char *text);

/* The name of a status, or "an unknown status". */
const char *status__name(zx_status_t status);

#endif
