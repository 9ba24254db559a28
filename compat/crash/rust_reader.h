/* What the parts of a name of Rust are read with, and shown. */
#ifndef COMPAT_CRASH_RUST_READER_H
#define COMPAT_CRASH_RUST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that is shown of a name. */
#define RUST_TEXT_SIZE 1024

struct rust_name {
	const char *name; /* behind "_R" */
	size_t at;
	unsigned int depth;
	unsigned int steps;
	unsigned int silent; /* what is read is not shown */
	bool failed;
	bool full; /* there is more than the text has room for */
	char text[RUST_TEXT_SIZE];
	size_t used;
};

/* The character that comes next; 0 at the end, and after a mistake. */
char rust__peek(const struct rust_name *d);
/* Takes it; an end is a mistake. */
char rust__next(struct rust_name *d);
/* Takes it if it is @c. */
bool rust__take(struct rust_name *d, char c);

/* Shows text, unless silent. */
void rust__add_bytes(struct rust_name *d, const char *bytes, size_t size);
void rust__add(struct rust_name *d, const char *text);
void rust__add_number(struct rust_name *d, const char *format, uint64_t value);

/* Around every part that can hold others: false where there is too much of it. */
bool rust__enter(struct rust_name *d);
void rust__leave(struct rust_name *d);

/* Of a hexadecimal number, or one to the base 62; -1: no digit. */
int rust__digit(char c);
/* "_" is 0, "0_" is 1, and so on. */
uint64_t rust__base_62(struct rust_name *d);
/* 0 where @tag does not come, else one more than what follows it. */
uint64_t rust__optional_base_62(struct rust_name *d, char tag);

/* Where the bytes of an identifier are, and how many. They may be encoded as of RFC 3492. */
size_t rust__identifier(struct rust_name *d, const char **bytes, bool *encoded);
void rust__add_identifier(struct rust_name *d, const char *bytes, size_t size, bool encoded);
/* One that is shown as it is read. */
void rust__plain_identifier(struct rust_name *d);

#endif
