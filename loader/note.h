/* Lines that zxrun prints on standard error, each beginning with "zxrun: ". */
#ifndef LOADER_NOTE_H
#define LOADER_NOTE_H

#include "loader/options.h"

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same, but only where -v was given. */
void note(const struct options *options, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
