#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void no_memory(void)
{
	fputs("abigen: out of memory\n", stderr);
	exit(1);
}

FILE *text_open(struct text *text)
{
	*text = (struct text){ 0 };
	text->out = open_memstream(&text->s, &text->len);
	if (!text->out)
		no_memory();
	return text->out;
}

void text_close(struct text *text)
{
	bool bad = ferror(text->out);

	if (fclose(text->out) || bad)
		no_memory();
	text->out = NULL;
}

char *text_copy(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *text_format(const char *fmt, ...)
{
	struct text text;
	va_list args;

	text_open(&text);
	va_start(args, fmt);
	vfprintf(text.out, fmt, args);
	va_end(args);
	text_close(&text);
	return text.s;
}

bool has_prefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool has_suffix(const char *s, const char *suffix)
{
	size_t len = strlen(s), suffix_len = strlen(suffix);

	return len >= suffix_len && !strcmp(s + len - suffix_len, suffix);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void str_list_sort(struct str_list *list)
{
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), compare);
}

bool str_list_has(const struct str_list *list, const char *s)
{
	return words_index((const char *const *)list->v, list->n, s) >= 0;
}
