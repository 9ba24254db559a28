#include "compat/host/trace_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DIGITS 20

void trace_line__bytes(struct trace_line *line, const char *bytes, size_t size)
{
	size_t room = line->size - line->used;

	if (size > room)
		size = room;
	memcpy(line->text + line->used, bytes, size);
	line->used += size;
}

void trace_line__add(struct trace_line *line, const char *string)
{
	trace_line__bytes(line, string, strlen(string));
}

void trace_line__decimal(struct trace_line *line, uint64_t value)
{
	char digits[DIGITS];
	size_t first = DIGITS;

	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	trace_line__bytes(line, digits + first, DIGITS - first);
}

void trace_line__signed(struct trace_line *line, int64_t value)
{
	if (value < 0)
		trace_line__add(line, "-");
	trace_line__decimal(line, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void trace_line__hex(struct trace_line *line, uint64_t value)
{
	char digits[DIGITS];
	size_t first = DIGITS;

	if (!value) {
		trace_line__add(line, "0");
		return;
	}
	for (; value; value >>= 4)
		digits[--first] = "0123456789abcdef"[value & 15];
	digits[--first] = 'x';
	digits[--first] = '0';
	trace_line__bytes(line, digits + first, DIGITS - first);
}

/* What stands for the byte @c, before @next (-1: none): an octal escape must not eat a digit. */
static void add_byte(struct trace_line *line, unsigned char c, int next)
{
	static const char named[] = "\"\"\\\\\nn\tt\rr";
	char escape[8];

	for (size_t i = 0; i + 1 < sizeof(named) - 1; i += 2) {
		if (c == (unsigned char)named[i]) {
			escape[0] = '\\';
			escape[1] = named[i + 1];
			trace_line__bytes(line, escape, 2);
			return;
		}
	}
	if (c >= ' ' && c < 0x7f) {
		escape[0] = (char)c;
		trace_line__bytes(line, escape, 1);
		return;
	}
	snprintf(escape, sizeof(escape), next >= '0' && next <= '7' ? "\\%03o" : "\\%o", c);
	trace_line__add(line, escape);
}

void trace_line__quoted(struct trace_line *line, const void *bytes, size_t size, int more)
{
	const unsigned char *p = bytes;

	trace_line__add(line, "\"");
	for (size_t i = 0; i < size; i++)
		add_byte(line, p[i], i + 1 < size ? p[i + 1] : -1);
	trace_line__add(line, more ? "\"..." : "\"");
}

void trace_line__print(struct trace_line *line, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	trace_line__add(line, text);
}
