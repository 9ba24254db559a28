#include "compat/crash/rust_reader.h"

#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 100
#define MAX_STEPS 4000
#define ROOM (RUST_TEXT_SIZE - sizeof("..."))

char rust__peek(const struct rust_name *d)
{
	return d->failed ? 0 : d->name[d->at];
}

char rust__next(struct rust_name *d)
{
	char c = rust__peek(d);

	if (c)
		d->at++;
	else
		d->failed = true;
	return c;
}

bool rust__take(struct rust_name *d, char c)
{
	if (rust__peek(d) != c)
		return false;
	d->at++;
	return true;
}

void rust__add_bytes(struct rust_name *d, const char *bytes, size_t size)
{
	if (d->silent || d->failed)
		return;
	if (size > ROOM - d->used) {
		d->full = true;
		d->failed = true;
		size = ROOM - d->used;
	}
	memcpy(d->text + d->used, bytes, size);
	d->used += size;
	d->text[d->used] = 0;
}

void rust__add(struct rust_name *d, const char *text)
{
	rust__add_bytes(d, text, strlen(text));
}

void rust__add_number(struct rust_name *d, const char *format, uint64_t value)
{
	char text[40];

	snprintf(text, sizeof(text), format, (unsigned long long)value);
	rust__add(d, text);
}

bool rust__enter(struct rust_name *d)
{
	if (++d->depth > MAX_DEPTH || ++d->steps > MAX_STEPS)
		d->failed = true;
	return !d->failed;
}

void rust__leave(struct rust_name *d)
{
	d->depth--;
}

/* --- Numbers --- */

int rust__digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return 10 + c - 'a';
	if (c >= 'A' && c <= 'Z')
		return 36 + c - 'A';
	return -1;
}

uint64_t rust__base_62(struct rust_name *d)
{
	uint64_t value = 0;

	if (rust__take(d, '_'))
		return 0;
	for (;;) {
		char c = rust__next(d);
		int digit = rust__digit(c);

		if (c == '_')
			break;
		if (digit < 0 || __builtin_mul_overflow(value, 62u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value)) {
			d->failed = true;
			return 0;
		}
	}
	return value + 1;
}

uint64_t rust__optional_base_62(struct rust_name *d, char tag)
{
	return rust__take(d, tag) ? rust__base_62(d) + 1 : 0;
}

/* --- Identifiers --- */

size_t rust__identifier(struct rust_name *d, const char **bytes, bool *encoded)
{
	size_t size = 0;

	*encoded = rust__take(d, 'u');
	*bytes = "";
	if (rust__peek(d) < '0' || rust__peek(d) > '9') {
		d->failed = true;
		return 0;
	}
	while (rust__peek(d) >= '0' && rust__peek(d) <= '9' && size < RUST_TEXT_SIZE) {
		size = 10 * size + (size_t)(rust__next(d) - '0');
		if (!size)
			break;
	}
	rust__take(d, '_');
	if (d->failed || size > strlen(d->name + d->at)) {
		d->failed = true;
		return 0;
	}
	*bytes = d->name + d->at;
	d->at += size;
	return size;
}

void rust__add_identifier(struct rust_name *d, const char *bytes, size_t size, bool encoded)
{
	rust__add(d, encoded ? "punycode{" : "");
	rust__add_bytes(d, bytes, size);
	rust__add(d, encoded ? "}" : "");
}

void rust__plain_identifier(struct rust_name *d)
{
	const char *bytes;
	bool encoded;
	size_t size = rust__identifier(d, &bytes, &encoded);

	rust__add_identifier(d, bytes, size, encoded);
}
