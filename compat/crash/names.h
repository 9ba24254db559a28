/* Names of functions as the source has them: libiberty knows those of C++ and of Rust. */
#ifndef COMPAT_CRASH_NAMES_H
#define COMPAT_CRASH_NAMES_H

/* The readable form of @name, to be freed, or NULL where it is readable as it is. */
char *names__readable(const char *name);

#endif
