#include "go_names.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abigen.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Keywords, and what generated functions use. What begins with a capital is known by that. */
static const char *const reserved[] = {
	"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough",
	"for", "func", "go", "goto", "if", "import", "interface", "map", "package", "range",
	"return", "select", "struct", "switch", "type", "var",
	"bool", "byte", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
	"uintptr", "string", "unsafe", "result",
};

char *go_format(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = xcalloc((size_t)len + 1, 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return s;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Small letters and digits, with single `_` between them, and a letter in front. */
static bool is_regular(const char *name)
{
	char before = '_';

	if (!is_small(*name))
		return false;
	for (const char *p = name; *p; before = *p++)
		if (!is_small(*p) && !is_digit(*p) && (*p != '_' || before == '_'))
			return false;
	return before != '_';
}

/* The `_` in front of a digit stays: `a_1` and `a1` are two names. */
char *go_name(const char *name)
{
	bool start = true;
	char *s, *to;

	if (!is_regular(name))
		return go_format("X_%s", name);
	s = to = xcalloc(strlen(name) + 1, 1);
	for (const char *p = name; *p; p++) {
		if (*p == '_' && is_small(p[1])) {
			start = true;
			continue;
		}
		*to++ = start && is_small(*p) ? (char)(*p - 'a' + 'A') : *p;
		start = false;
	}
	return s;
}

char *go_type_name(const char *type)
{
	size_t len = strlen(type);
	char *inner, *name;

	if (len < 6 || strncmp(type, "zx_", 3) || strcmp(type + len - 2, "_t"))
		return go_format("C_%s", type);
	inner = xstrndup(type + 3, len - 5);
	name = go_name(inner);
	free(inner);
	return name;
}

char *go_arg_name(const char *name)
{
	size_t len = strlen(name);
	char *stem;
	bool taken;

	while (len && name[len - 1] == '_')
		len--;
	stem = xstrndup(name, len);
	taken = !len || (*name >= 'A' && *name <= 'Z') ||
		words_index(reserved, COUNT(reserved), stem) >= 0;
	free(stem);
	return go_format("%s%s", name, taken ? "_" : "");
}

char *go_status_name(const char *status)
{
	char *small = xstrndup(status + 3, strlen(status + 3));
	char *name;

	for (char *p = small; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	name = go_name(small);
	free(small);
	return name;
}
