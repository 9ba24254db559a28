/* Text in memory, and lists of strings, as the writers of pages need them. */
#ifndef ABIGEN_TEXT_H
#define ABIGEN_TEXT_H

#include "abigen.h"

/* Text that is being written, complete after text_close(). The caller frees @s. */
struct text {
	char *s;
	size_t len;
	FILE *out;
};

FILE *text_open(struct text *text);
void text_close(struct text *text);

char *text_copy(const char *s);
char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool has_prefix(const char *s, const char *prefix);
bool has_suffix(const char *s, const char *suffix);

void str_list_sort(struct str_list *list);
bool str_list_has(const struct str_list *list, const char *s);

#endif
