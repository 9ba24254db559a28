/* Names of functions as the source has them. */
#ifndef COMPAT_CRASH_NAMES_H
#define COMPAT_CRASH_NAMES_H

/* Before the sandbox closes: looks for what makes names of C++ readable. */
void names__init(void);
/* The readable form of @name, to be freed, or NULL where it is readable as it is. */
char *names__readable(const char *name);

/* rust.c: the same for names of Rust that begin with "_R". */
char *rust__readable(const char *name);
/* rust_old.c: makes of the form that looks like C++, taken apart, what the source has. */
void rust__make_readable(char *text);

#endif
