/* A small printf family: formatting into memory only. */
#ifndef RT_FORMAT_H
#define RT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Formats into `buffer` of `size` bytes, always ending it with a zero byte, and returns the
 * number of characters stored. Knows %d %i %u %x %X %p %s %c %%, the lengths l, ll and z, the flags
 * 0 and -, a width and, for %s, a precision (both may be *).
 */
size_t rt_vformat(char *buffer, size_t size, const char *format, va_list args);
size_t rt_format(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
