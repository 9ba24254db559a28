/* Texts in definitions may have any bytes; formats that ask for UTF-8 look here. */
#ifndef ABIGEN_UTF8_H
#define ABIGEN_UTF8_H

/*
 * Bytes of the UTF-8 character at @s; 0 when there is none: a form that is longer than it need be,
 * half of a surrogate pair, a number that is too large, or not the form at all.
 */
unsigned utf8_len(const char *s);

#endif
