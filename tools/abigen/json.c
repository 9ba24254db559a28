#include "json.h"

#include <stddef.h>

#include "utf8.h"

/* What stands for bytes that are no UTF-8: U+FFFD. */
#define REPLACEMENT	"\xef\xbf\xbd"

static void line(struct json *js)
{
	fputc('\n', js->out);
	for (unsigned i = 0; i < js->depth; i++)
		fputs("  ", js->out);
}

static void print_char(FILE *out, char c)
{
	switch (c) {
	case '"':
	case '\\':
		fprintf(out, "\\%c", c);
		return;
	case '\b':
		fputs("\\b", out);
		return;
	case '\t':
		fputs("\\t", out);
		return;
	case '\n':
		fputs("\\n", out);
		return;
	case '\f':
		fputs("\\f", out);
		return;
	case '\r':
		fputs("\\r", out);
		return;
	default:
		if (c < ' ')
			fprintf(out, "\\u%04x", (unsigned)c);
		else
			fputc(c, out);
	}
}

static void print_text(FILE *out, const char *text)
{
	while (*text) {
		unsigned len = utf8_len(text);

		if (len == 1)
			print_char(out, *text);
		else if (len)
			fwrite(text, 1, len, out);
		else
			fputs(REPLACEMENT, out);
		text += len ? len : 1;
	}
}

static void print_string(FILE *out, const char *text)
{
	fputc('"', out);
	print_text(out, text);
	fputc('"', out);
}

/* All that goes before a value. */
static void begin(struct json *js, const char *key)
{
	if (js->filled)
		fputc(',', js->out);
	if (js->depth)
		line(js);
	js->filled = true;
	if (key) {
		print_string(js->out, key);
		fputs(": ", js->out);
	}
}

void json_open(struct json *js, const char *key, char bracket)
{
	begin(js, key);
	fputc(bracket, js->out);
	js->depth++;
	js->filled = false;
}

void json_close(struct json *js, char bracket)
{
	js->depth--;
	if (js->filled)
		line(js);
	fputc(bracket, js->out);
	js->filled = true;
	if (!js->depth)
		fputc('\n', js->out);
}

void json_bool(struct json *js, const char *key, bool value)
{
	begin(js, key);
	fputs(value ? "true" : "false", js->out);
}

void json_number(struct json *js, const char *key, uint32_t value)
{
	begin(js, key);
	fprintf(js->out, "%u", (unsigned)value);
}

void json_string(struct json *js, const char *key, const char *text)
{
	begin(js, key);
	print_string(js->out, text);
}

void json_lines(struct json *js, const char *key, char *const *lines, size_t n)
{
	begin(js, key);
	fputc('"', js->out);
	for (size_t i = 0; i < n; i++) {
		if (i)
			fputs("\\n", js->out);
		print_text(js->out, lines[i]);
	}
	fputc('"', js->out);
}
