/*
 * Names of Rust in their older form, which is that of C++ with a hash at its end, and with escapes
 * for what C++ does not have.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "compat/crash/names.h"

#define HASH_SIZE 19 /* "::h" and 16 digits */

/* The character that an escape of @size bytes stands for; 0: none. */
static char escaped(const char *escape, size_t size)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {
		{ "SP", '@' }, { "BP", '*' }, { "RF", '&' }, { "LT", '<' },
		{ "GT", '>' }, { "LP", '(' }, { "RP", ')' }, { "C", ',' },
	};
	char *end;
	long code;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == size && !memcmp(names[i].name, escape, size))
			return names[i].c;
	if (*escape != 'u')
		return 0;
	code = strtol(escape + 1, &end, 16);
	return end == escape + size && code >= ' ' && code < 0x7f ? (char)code : 0;
}

/* What begins at @from, as it is to be read; how long it was. */
static size_t next_piece(const char *from, bool begins, char *to, size_t *used)
{
	const char *end;
	char c;

	/* It makes a name of what begins with an escape. */
	if (begins && from[0] == '_' && from[1] == '$')
		return 1;
	if (from[0] == '.' && from[1] == '.') {
		to[(*used)++] = ':';
		to[(*used)++] = ':';
		return 2;
	}
	end = from[0] == '$' ? strchr(from + 1, '$') : NULL;
	c = end ? escaped(from + 1, (size_t)(end - from) - 1) : 0;
	to[(*used)++] = c ? c : from[0];
	return c ? (size_t)(end - from) + 1 : 1;
}

void rust__make_readable(char *text)
{
	size_t size = strlen(text);
	size_t used = 0;
	size_t at = 0;

	if (size <= HASH_SIZE || strncmp(text + size - HASH_SIZE, "::h", 3) ||
	    strspn(text + size - HASH_SIZE + 3, "0123456789abcdef") != HASH_SIZE - 3)
		return;
	text[size - HASH_SIZE] = 0;
	/* It never gets longer. */
	while (text[at])
		at += next_piece(text + at, !used || text[used - 1] == ':', text, &used);
	text[used] = 0;
}
